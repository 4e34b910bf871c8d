"""calendar.md: a table of months and modules, and below it a guide to each month's meeting."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lms.catalogue.source.blocks import CodeFence
from lms.catalogue.source.elements import CalendarMonth, CalendarSource
from lms.catalogue.source.files import SLUG, SourceText
from lms.catalogue.source.front_matter import read_front_matter
from lms.catalogue.source.keys import CalendarKeys
from lms.catalogue.source.problems import choice_of
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_MODULE = re.compile(rf"(?:({SLUG})/)?({SLUG})")
_RULE = re.compile(r"[|:\- \t]+")
_HEADING = re.compile(r"##(?!#)(.*)")
_ROW_EXAMPLE = "| 2026-12 | trinh-duyet-an-toan |"


@dataclass(frozen=True)
class _Row:
    line: int
    month: str
    course: str
    module: str


def read_calendar(
    text: SourceText,
    course: str,
    modules: Collection[str],
    guide_of: Callable[[Sequence[Line]], str],
    report: Report,
) -> CalendarSource:
    """The calendar, as far as it could be read. Modules of other courses are not checked here."""
    lines = text.lines
    if lines[0].text.strip() == "---":
        _, lines = read_front_matter(text, CalendarKeys, report)
    table, guides = _parts(lines, report)
    months = []
    for row in _rows(table, course, report):
        if row.course == course and row.module not in modules:
            report(
                row.line,
                "Khóa học không có chuyên đề này.",
                seen=row.module,
                expected=f"một trong: {choice_of(sorted(modules))}; hoặc khóa-khác/chuyên-đề",
            )
        _, guide = guides.pop(row.month, (None, []))
        months.append(CalendarMonth(row.month, row.course, row.module, guide_of(guide) if guide else ""))
    for month, (heading, _) in guides.items():
        report(
            heading.number, "Tháng này không có trong bảng.", seen=month, expected=f"một dòng {_ROW_EXAMPLE}"
        )
    return CalendarSource(text, tuple(months))


def _parts(lines: Sequence[Line], report: Report) -> tuple[list[Line], dict[str, tuple[Line, list[Line]]]]:
    """The lines above the first heading, and each month's heading with the lines below it."""
    fence = CodeFence()
    above: list[Line] = []
    guides: dict[str, tuple[Line, list[Line]]] = {}
    current = above
    for line in lines:
        heading = None if fence.holds(line) else _HEADING.fullmatch(line.text)
        if heading is None:
            current.append(line)
            continue
        month = heading[1].strip()
        if not _MONTH.fullmatch(month) or month in guides:
            report(
                line.number,
                "Đề mục phải là một tháng, mỗi tháng một lần.",
                seen=line.text,
                expected="## 2026-12",
            )
            current = []
        else:
            current = guides.setdefault(month, (line, []))[1]
    fence.report_unclosed(report)
    return above, guides


def _rows(lines: Sequence[Line], course: str, report: Report) -> list[_Row]:
    """The table's rows; its first line is the head."""
    table = [line for line in lines if line.text.strip().startswith("|")]
    rows: dict[str, _Row] = {}
    for line in table[1:]:
        if _RULE.fullmatch(line.text):
            continue
        cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")]
        module = _MODULE.fullmatch(cells[1]) if len(cells) == 2 else None
        if module is None or not _MONTH.fullmatch(cells[0]):
            report(line.number, "Dòng này của bảng viết chưa đúng.", seen=line.text, expected=_ROW_EXAMPLE)
        elif cells[0] in rows:
            report(line.number, "Tháng này đã có ở trên.", seen=cells[0], expected="mỗi tháng một dòng")
        else:
            rows[cells[0]] = _Row(line.number, cells[0], module[1] or course, module[2])
    if not table:
        report(
            1,
            "Lịch thiếu bảng tháng và chuyên đề.",
            seen="không có bảng",
            expected=f"| Tháng | Chuyên đề |\n| --- | --- |\n{_ROW_EXAMPLE}",
        )
    return list(rows.values())
