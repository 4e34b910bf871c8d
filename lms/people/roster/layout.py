"""Where the table of a sheet is: its header lines, which column is what, and which rows are people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.foundation.text import clean, fold
from lms.people.roster.reading import Cell, Sheet

# Headings as provinces write them, folded (docs/glossary.md: roster).
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("stt", "tt", "so tt", "so thu tu"),
    "name": (
        "ho va ten",
        "ho ten",
        "ho chu dem va ten",
        "ten thanh vien",
        "ho va ten thanh vien",
        "ho ten thanh vien",
    ),
    "family": ("ho dem", "ho va dem", "ho chu dem", "ho va chu dem"),
    "given": ("ten",),
    "birth": (
        "ngay sinh",
        "ngay thang nam sinh",
        "nam sinh",
        "sinh nam",
        "ngay thang nam",
        "ngay sinh nam sinh",
    ),
    "birth_male": ("nam",),
    "birth_female": ("nu",),
    "sex": ("gioi tinh", "gt", "nam nu"),
    "role": (
        "chuc vu trong to",
        "chuc danh",
        "vai tro",
        "nhiem vu",
        "chuc danh trong to",
        "chuc vu to",
        "nhiem vu trong to",
    ),
    "organisation": (
        "don vi doan the",
        "chuc vu cong tac",
        "nghe nghiep",
        "noi cong tac",
        "don vi",
        "doan the",
        "chuc vu",
        "co quan don vi",
        "don vi cong tac",
    ),
    "phone": (
        "so dien thoai",
        "sdt",
        "dien thoai",
        "di dong",
        "so dt",
        "so dt zalo",
        "so dien thoai zalo",
        "dien thoai di dong",
        "so di dong",
    ),
    "village": (
        "thon tdp",
        "thon",
        "ap",
        "khu pho",
        "to dan pho",
        "ban",
        "thon ban",
        "thon to dan pho",
        "ap khu pho",
        "thon ban tdp",
        "tdp",
        "thon xom",
        "dia ban",
    ),
    "team": ("to cong nghe so", "ten to", "to", "to cong nghe so cong dong"),
    "commune": ("xa phuong", "xa", "phuong", "xa phuong dac khu", "xa phuong thi tran"),
    "note": ("ghi chu",),
}
_FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}
_ENOUGH = 2  # known headings, the name among them
_SEARCHED = 40  # rows from the top in which a header is looked for
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_TOTAL = ("tong cong", "tong so", "cong")
_DECISION_DAY = re.compile(r"ngày\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")


@dataclass(frozen=True)
class Layout:
    """The table found on a sheet; rows are 1-based, as the spreadsheet shows them."""

    sheet: str
    header_rows: tuple[int, ...]
    columns: dict[str, int]  # field → 0-based column


@dataclass(frozen=True)
class LaidRow:
    """One row after the header: what kind it is, and for a person the text of each known column."""

    row: int
    kind: str  # person, group, skip
    why: str = ""
    fields: dict[str, str] | None = None
    group: str = ""  # the village that a group row above names


def find_layout(sheet: Sheet) -> Layout | None:
    """The row, or pair of rows, with most known headings: the name and one more at least; else nothing."""
    best: Layout | None = None
    for place in range(min(_SEARCHED, len(sheet.rows))):
        for depth in (1, 2):
            columns = _columns(sheet.rows[place : place + depth])
            is_known = "name" in columns or {"family", "given"} <= columns.keys()
            better = best is None or len(columns) > len(best.columns)
            if is_known and len(columns) >= _ENOUGH and better:
                best = Layout(sheet.name, tuple(range(place + 1, place + 1 + depth)), columns)
    return best


def _columns(rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Field → column for header lines laid over each other; a heading below one that is known says more."""
    found: dict[str, int] = {}
    for line in rows:
        for column, cell in enumerate(line):
            field = _FIELD_OF.get(fold(str(cell))) if cell is not None else None
            if field is not None and column not in found.values():
                found.setdefault(field, column)
    below = rows[1] if len(rows) == 2 else ()
    for column, cell in enumerate(below):
        field = _FIELD_OF.get(fold(str(cell))) if cell is not None else None
        if field in ("birth_male", "birth_female"):
            found[field] = column
            if found.get("birth") == column:
                del found["birth"]
    if "birth_male" not in found or "birth_female" not in found:
        found = {
            field: column for field, column in found.items() if field not in ("birth_male", "birth_female")
        }
    return found


def lay_out(sheet: Sheet, layout: Layout) -> list[LaidRow]:
    """Every row of the sheet in order; wholly blank ones are left out."""
    laid: list[LaidRow] = []
    group = ""
    for number, cells in enumerate(sheet.rows, 1):
        texts = [as_text(cell) for cell in cells]
        if not any(texts):
            continue
        row = _laid(number, texts, layout, group)
        if row.kind == "group":
            group = row.group
        laid.append(row)
    return laid


def _laid(number: int, texts: list[str], layout: Layout, group: str) -> LaidRow:
    filled = [text for text in texts if text]
    if why := _outside(number, filled, layout):
        return LaidRow(number, "skip", why)
    fields = {field: texts[column] for field, column in layout.columns.items() if column < len(texts)}
    name = fields.get("name") or f"{fields.get('family', '')} {fields.get('given', '')}".strip()
    if name:
        return LaidRow(number, "person", "", fields | {"name": name}, group)
    if len(filled) == 1 and texts[0]:
        return LaidRow(number, "group", "group row", group=_village(filled[0]))
    is_numbered = bool(fields.get("number")) and len(filled) > 1
    return LaidRow(number, "person" if is_numbered else "skip", "signature block", fields, group)


def _outside(number: int, filled: list[str], layout: Layout) -> str:
    """Why a row is no person's and no village's, as far as its shape tells; empty if it may be one."""
    if number < layout.header_rows[0]:
        return "heading"
    if number in layout.header_rows:
        return "header"
    if all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
        return "row of column numbers"
    if fold(filled[0]).startswith(_TOTAL):
        return "total row"
    return "repeated header" if sum(fold(text) in _FIELD_OF for text in filled) >= _ENOUGH + 1 else ""


def _village(text: str) -> str:
    """'II. THÔN MẪU HAI' → 'Thôn Mẫu Hai'."""
    bare = re.sub(r"^[IVXLC\d]+\s*[.)/-]\s*", "", clean(text))
    return bare if bare != bare.upper() else " ".join(word.capitalize() for word in bare.split())


def as_text(cell: Cell) -> str:
    """The cell as an officer sees it: dates day first, whole numbers without a point."""
    if cell is None:
        return ""
    if hasattr(cell, "strftime"):
        return f"{cell:%d/%m/%Y}"
    return clean(str(cell))


def decision_day(sheet: Sheet, layout: Layout) -> tuple[int, int, int] | None:
    """Day, month, year of the decision named above the table ("Kèm theo Quyết định … ngày 15/8/2025")."""
    for cells in sheet.rows[: layout.header_rows[0] - 1]:
        for cell in cells:
            if found := _DECISION_DAY.search(str(cell or "")):
                day, month, year = map(int, found.groups())
                return day, month, year
    return None
