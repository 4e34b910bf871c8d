"""A sheet with a question a row: columns "Câu hỏi", "A", "B" …, "Đáp án", and more if wanted. In only.

The file is opened by a process of its own, like every spreadsheet from outside.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from lms.foundation.text import clean, fold
from lms.people.roster.reading import Cell, Sheet, UnreadableRoster, read_workbook
from lms.quiz.exchange.format import Ears, Format
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.lettered import Lettered
from lms.quiz.exchange.texts import objective_of

_STEM, _KEY, _WHY, _ID, _OBJECTIVE = "stem", "key", "why", "id", "objective"
_COLUMNS = {
    _STEM: ("cau hoi", "noi dung", "noi dung cau hoi", "question"),
    _KEY: ("dap an", "dap an dung", "tra loi", "answer", "key"),
    _WHY: ("giai thich", "loi giai", "huong dan giai", "explanation"),
    _ID: ("ma", "ma cau hoi", "ten", "id"),
    _OBJECTIVE: ("muc tieu", "objective"),
}
_OPTION = re.compile(r"(?:dap an |phuong an |lua chon |option )?([a-z])")
_MOST_ROWS_ABOVE = 20
_EXPECTED = "một dòng đầu có: Câu hỏi, A, B, C, D, Đáp án"


class QuestionSheet(Format):
    """Reads the first sheet that has the columns."""

    name = "xlsx"
    suffixes = (".xlsx", ".xls", ".ods", ".csv")

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every row, or its mistake."""
        try:
            sheets = read_workbook(content)
        except UnreadableRoster as refusal:
            ears.mistake(1, str(refusal), seen="tệp này", expected="một bảng tính .xlsx")
            return []
        for sheet in sheets:
            for place, row in enumerate(sheet.rows[:_MOST_ROWS_ABOVE]):
                columns = _columns(row)
                if columns:
                    return list(_items(sheet, place, columns, ears))
        ears.mistake(1, "Không thấy dòng tên cột.", seen=_seen(sheets), expected=_EXPECTED)
        return []


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    """Which column is what, empty if this is no row of names; options under their letters."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        name = fold(str(cell or ""))
        meaning = next((key for key, names in _COLUMNS.items() if name in names), "")
        option = _OPTION.fullmatch(name)
        if meaning or option:
            found.setdefault(meaning or (option[1].upper() if option else ""), place)
    return found if _STEM in found and _KEY in found else {}


def _items(sheet: Sheet, heads: int, columns: dict[str, int], ears: Ears) -> Iterator[Item]:
    letters = sorted(key for key in columns if len(key) == 1)
    for number, row in enumerate(sheet.rows[heads + 1 :], heads + 2):
        cells = {key: _text(row, place) for key, place in columns.items()}
        if not any(cells.values()):
            continue
        options = {letter: cells[letter] for letter in letters if cells[letter]}
        if list(options) != letters[: len(options)]:
            ears.mistake(
                number, "Giữa các đáp án có ô trống.", seen=", ".join(options), expected="A, B, C … liền nhau"
            )
            continue
        written = Lettered(
            number,
            cells[_STEM],
            options,
            explanation=cells.get(_WHY, ""),
            id=cells.get(_ID, ""),
            objective=objective_of(cells[_OBJECTIVE], number, ears) if cells.get(_OBJECTIVE) else "",
        )
        if item := written.item(cells[_KEY], ears):
            yield item


def _text(row: Sequence[Cell], place: int) -> str:
    """A cell as text, its lines kept."""
    value = row[place] if place < len(row) else None
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    lines = str(value).replace("\r\n", "\n").split("\n")
    return "\n".join(filter(None, map(clean, lines)))


def _seen(sheets: Sequence[Sheet]) -> str:
    first = next((row for sheet in sheets for row in sheet.rows if any(row)), ())
    return ", ".join(str(cell) for cell in first if cell) or "bảng trống"
