"""Rosters as files: a table, written as .xlsx or .csv, row by row."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lms.catalogue.outline import ModuleLine
from lms.foundation.i18n import N_, translate
from lms.rosters.queries import PersonRow, Sums
from lms.rosters.views import UnitLine

Cell = str | int | None
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

ROLES = {
    "leader": N_("Tổ trưởng"),
    "deputy": N_("Tổ phó"),
    "secretary": N_("Thư ký"),
    "member": N_("Thành viên"),
}


@dataclass(frozen=True)
class Table:
    """Column heads, rows as they come, and what the table is: pairs for a sheet of its own."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]]


def units_table(
    lines: Iterable[UnitLine], total: Sums, modules: Sequence[ModuleLine], about: Sequence[tuple[str, str]]
) -> Table:
    """A line a unit and the total, with people who completed each module."""
    heads = [translate(head) for head in (N_("Mã"), N_("Đơn vị"), N_("Tổ"), N_("Thành viên"))]
    heads += [translate(head) for head in (N_("Đã kích hoạt"), N_("Hoàn thành khóa"))]
    heads += [f"{module.number}. {module.title}" for module in modules]
    rows = [_unit_row(line.unit.code, _name(line), line.sums, modules) for line in lines]
    rows.append(_unit_row("", translate(N_("Tổng cộng")), total, modules))
    return Table(heads, rows, about)


def _name(line: UnitLine) -> str:
    waits = translate(N_("chưa phân bổ"))
    return f"{line.unit.full_name} ({waits})" if line.is_unassigned else line.unit.full_name


def _unit_row(code: str, name: str, sums: Sums, modules: Sequence[ModuleLine]) -> list[Cell]:
    counts = [sums.teams, sums.enrolled, sums.activated, sums.completed]
    return [code, name, *counts, *(sums.done.get(module.id, 0) for module in modules)]


def people_table(
    people: Iterable[PersonRow],
    modules: Sequence[ModuleLine],
    commune_name: Callable[[int], str],
    about: Sequence[tuple[str, str]],
) -> Table:
    """A line a person: percent of a tried module, a word for a begun one, nothing for the others."""
    words = (
        N_("Họ và tên"),
        N_("Tổ"),
        N_("Xã, phường"),
        N_("Vai trò"),
        N_("Công tác"),
        N_("Điện thoại"),
        N_("Kích hoạt"),
    )
    heads = [translate(word) for word in words]
    heads += [f"{module.number}. {module.title}" for module in modules]
    heads += [translate(N_("Số chuyên đề đạt")), translate(N_("Học lần cuối"))]
    return Table(heads, _people_rows(people, modules, commune_name), about)


def _people_rows(
    people: Iterable[PersonRow], modules: Sequence[ModuleLine], commune_name: Callable[[int], str]
) -> Iterator[list[Cell]]:
    yes, no, learning = translate(N_("có")), translate(N_("chưa")), translate(N_("đang học"))
    roles = {role: translate(word) for role, word in ROLES.items()}
    for person in people:
        row: list[Cell] = [
            person.full_name,
            person.team_title,
            commune_name(person.commune_id),
            roles[person.role],
            person.occupation,
            local_phone(person.phone),
            yes if person.is_activated else no,
        ]
        for module in modules:
            mark = person.marks.get(module.id)
            row.append(
                None if mark is None else round(mark.percent) if mark.percent is not None else learning
            )
        last = person.last_active_on
        yield [*row, person.done_count, f"{last:%d/%m/%Y}" if last else None]


def local_phone(phone: str | None) -> str:
    """+84912345678 as people here write it: 0912345678; kept as text everywhere."""
    return "0" + phone.removeprefix("+84") if phone else ""


def masked(person: PersonRow) -> PersonRow:
    """The person with the middle of the phone number hidden: for those who only look."""
    phone = person.phone
    return replace(person, phone=f"{phone[:-6]}***{phone[-3:]}") if phone else person


def as_csv(table: Table) -> Iterator[str]:
    """Lines of a CSV that Excel opens as UTF-8; no cell can start a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([_plain(head) for head in table.heads])
    yield _emptied(buffer)
    for count, row in enumerate(table.rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if count % 500 == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _plain(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write_csv(table: Table, file: Path) -> None:
    """The CSV as a file."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(as_csv(table))


def write_xlsx(table: Table, file: Path) -> None:
    """The table on one sheet (head frozen, filter on, texts as texts), what it is on another."""
    from rustpy_xlsxwriter import write_worksheets

    sheet, about = translate(N_("Danh sách")), translate(N_("Về bảng này"))
    what, how = translate(N_("Mục")), translate(N_("Nội dung"))
    write_worksheets(
        [
            (sheet, [dict(zip(table.heads, row, strict=True)) for row in table.rows]),
            (about, [{what: key, how: value} for key, value in table.about]),
        ],
        str(file),
        bold_headers=True,
        freeze_panes={sheet: {"row": 1, "col": 1}},
        autofilter={sheet: True},
    )


def about_lines(
    place: str, course: str, edition: str, filters: str, made_by: str, on: date
) -> list[tuple[str, str]]:
    """What an export says of itself."""
    return [
        (translate(N_("Địa bàn")), place),
        (translate(N_("Khóa học")), course),
        (translate(N_("Bản")), edition),
        (translate(N_("Bộ lọc")), filters or translate(N_("không lọc"))),
        (translate(N_("Ngày xuất")), f"{on:%d/%m/%Y}"),
        (translate(N_("Người xuất")), made_by),
    ]
