"""Rosters as files: a table, written as .xlsx or .csv row by row."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from lms.catalogue.outline import ModuleLine
from lms.foundation.clock import local_date
from lms.foundation.i18n import N_, translate
from lms.people.phones import masked_phone, spoken_phone
from lms.people.rules import ROLE_NAMES
from lms.rosters.queries import PersonRow, read_mark
from lms.rosters.rules import STATES
from lms.rosters.views import UnitLine, UnitRoster
from lms.study.rules import DONE, FAILED, LEARNING, PASSED

Cell = str | int | float | None
_FORMULA = frozenset("=+-@\t\r")


@dataclass(frozen=True)
class Table:
    """Column heads, all different; rows as they come; and what the table is, as pairs of words."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]]


def units_table(
    roster: UnitRoster, modules: Sequence[ModuleLine], chosen: str, about: Sequence[tuple[str, str]]
) -> Table:
    """A line a unit and the total; `chosen` says of whom the share is counted."""
    of_nation = roster.total.unit.level == "nation"
    heads = [N_("Đơn vị"), N_("Mã"), *([N_("Xã, phường")] if of_nation else []), N_("Tổ"), N_("Thành viên")]
    heads += [N_("Đã kích hoạt"), N_("Đã kích hoạt (%)")]
    words = [*map(translate, heads), chosen, f"{chosen} (%)", *map(_module_head, modules)]
    rows = [_unit_row(line, modules, of_nation=of_nation) for line in roster.lines]
    total: list[Cell] = [
        translate(N_("Tổng cộng")),
        "",
        *_unit_row(roster.total, modules, of_nation=of_nation)[2:],
    ]
    return Table(words, [*rows, total], about)


def _unit_row(line: UnitLine, modules: Sequence[ModuleLine], *, of_nation: bool) -> list[Cell]:
    sums, name = line.sums, line.unit.full_name
    communes = [line.communes] if of_nation else []
    if line.last_day is not None:
        name += f" ({translate(N_('chưa phân bổ'))})"
    return [
        name,
        line.unit.code,
        *communes,
        *(sums.teams, sums.enrolled, sums.activated, line.activated_share, line.chosen, line.chosen_share),
        *(sums.done.get(module.id, 0) for module in modules),
    ]


def _module_head(module: ModuleLine) -> str:
    return f"{module.number}. {module.title}"


def people_table(
    people: Iterable[PersonRow],
    modules: Sequence[ModuleLine],
    names: Mapping[int, tuple[str, str]],
    about: Sequence[tuple[str, str]],
    *,
    with_province: bool,
    with_phones: bool,
) -> Table:
    """A line a person, phones in full or their middle hidden; `names` are of communes and their provinces."""
    heads = [
        *(N_("Họ và tên"), N_("Mã thành viên"), N_("Vai trò"), N_("Công tác"), N_("Điện thoại"), N_("Tổ")),
        *(N_("Xã, phường"), *([N_("Tỉnh, thành phố")] if with_province else []), N_("Kích hoạt")),
    ]
    last = (N_("Số chuyên đề đạt"), N_("Lần học cuối"), N_("Hoàn thành khóa"))
    words = [*map(translate, heads), *map(_module_head, modules), *map(translate, last)]
    parts = 2 if with_province else 1
    where = {commune_id: name[:parts] for commune_id, name in names.items()}
    spoken = spoken_phone if with_phones else masked_phone
    return Table(words, _people_rows(people, [module.id for module in modules], where, spoken), about)


def _people_rows(
    people: Iterable[PersonRow],
    module_ids: Sequence[int],
    where: Mapping[int, tuple[str, ...]],
    spoken: Callable[[str], str],
) -> Iterator[list[Cell]]:
    yes, no, words, days = translate(N_("có")), translate(N_("chưa")), _Words(), _Days()
    roles = {role: translate(word) for role, word in ROLE_NAMES.items()}
    for one in people:
        active, completed = one.last_active_on, one.completed_at
        said = dict(map(words.__getitem__, one.codes.split(","))) if one.codes else {}
        yield [
            *(one.full_name, one.member_code, roles[one.role], one.occupation),
            *(spoken(one.phone) if one.phone else None, one.team_title, *where[one.commune_id]),
            yes if one.is_activated else no,
            *map(said.get, module_ids),
            one.done_count,
            days[active] if active else None,
            f"{local_date(completed):%d/%m/%Y}" if completed else None,
        ]


class _Days(dict[date, str]):
    """How days are written: many people were last seen on the same."""

    def __missing__(self, day: date) -> str:
        self[day] = f"{day:%d/%m/%Y}"
        return self[day]


class _Words(dict[str, tuple[int, str]]):
    """What a mark's code says in a cell: the percent if the module is done, else the state as well."""

    def __missing__(self, code: str) -> tuple[int, str]:
        module_id, mark = read_mark(code)
        percent = "" if mark.percent is None else f"{mark.percent}"
        state = "" if mark.state == DONE else translate(_SAID[mark.state])
        self[code] = module_id, ", ".join(filter(None, (percent, state))) or translate(STATES[DONE])
        return self[code]


_SAID = {LEARNING: N_("đang học"), FAILED: N_("chưa đạt"), PASSED: N_("còn bài chưa đọc")}


def write(table: Table, form: str, file: Path) -> None:
    """The table as .csv or .xlsx. Whoever opens it sees it whole or not at all."""
    begun = file.with_name(f"{file.name}.part")
    (write_csv if form == "csv" else write_xlsx)(table, begun)
    begun.replace(file)


def write_csv(table: Table, file: Path) -> None:
    """UTF-8 as Excel knows it; no cell can start a formula."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("\ufeff")
        writer = csv.writer(out)
        writer.writerow(_plain(table.heads))
        writer.writerows(map(_plain, table.rows))


def _plain(row: Sequence[Cell]) -> list[Cell]:
    """Texts that a spreadsheet would take for formulas get an apostrophe before them."""
    return [f"'{cell}" if cell.__class__ is str and cell[:1] in _FORMULA else cell for cell in row]


def write_xlsx(table: Table, file: Path) -> None:
    """The table on one sheet (head frozen, filter on, texts as texts), what it is on another."""
    from rustpy_xlsxwriter import write_worksheets

    sheet, about = translate(N_("Danh sách")), translate(N_("Về bảng này"))
    what, how = translate(N_("Mục")), translate(N_("Nội dung"))
    rows = iter(table.rows)
    first = next(rows, [None] * len(table.heads))  # The library takes the heads from the first row.
    write_worksheets(
        [
            (sheet, (dict(zip(table.heads, row, strict=True)) for row in chain([first], rows))),
            (about, [{what: key, how: value} for key, value in table.about]),
        ],
        str(file),
        bold_headers=True,
        freeze_panes={sheet: {"row": 1, "col": 1}},
        autofilter={sheet: True},
    )
