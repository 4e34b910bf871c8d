"""Where the table of a sheet is: its header lines, which column is what, and which rows are people."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.foundation.text import clean, fold
from lms.people.roster.cells import ROLES, name_case
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
        "vai tro trong to",
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
        "dien thoai lien he",
        "so dien thoai lien he",
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
    "district": ("huyen quan", "quan huyen", "huyen", "quan", "huyen thi xa", "quan huyen thi xa"),
    "note": ("ghi chu",),
}
_SPANNING = set(SYNONYMS["birth"])  # a heading over the columns Nam and Nữ is itself no column
_FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}
_TELLING = ("phone", "birth", "birth_male", "birth_female")
_ENOUGH = 2  # known headings, the name among them
_SEARCHED = 40  # rows from the top in which a header is looked for
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong)(?: \d.*| so nguoi.*)?")
_SIGNATURE = re.compile(
    r"(?:tm|kt|tl|tuq) |(?:pho )?chu tich\b|nguoi (?:lap|ky)\b|noi nhan\b|da ky$|"
    r"(?:uy ban nhan dan|ubnd|mat tran to quoc|dang uy|hoi dong nhan dan)\b"
)
_VILLAGE = re.compile(
    r"(?:(?:[ivxl]+|\d{1,2}|[a-z]) )?"
    r"(?:thon|ap|ban|buon|bon|plei|lang|xom|khom|khoi|khu|tdp|to dan pho|tieu khu|so?c)\b.*"
)
_DECISION_DAY = re.compile(r"ngày\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")


@dataclass(frozen=True)
class Layout:
    """The table found on a sheet; rows are 1-based, as the spreadsheet shows them."""

    sheet: str
    header_rows: tuple[int, ...]
    columns: dict[str, int]  # field → 0-based column
    ignored: tuple[str, ...] = ()  # headings of columns that are not taken in


@dataclass(frozen=True)
class LaidRow:
    """One row after the header: what kind it is, and for a person the text of each known column."""

    row: int
    kind: str  # person, group, skip
    why: str
    texts: tuple[str, ...]  # every cell of the row
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
    return _settled(sheet, best) if best else None


def _settled(sheet: Sheet, layout: Layout) -> Layout:
    """What only the rows below can tell: whether "Chức vụ" means the role in the team; what is left aside."""
    columns = dict(layout.columns)
    below = sheet.rows[layout.header_rows[-1] :]
    if "role" not in columns and "organisation" in columns:
        texts = [
            fold(as_text(row[columns["organisation"]])) for row in below if len(row) > columns["organisation"]
        ]
        filled = [text for text in texts if text]
        if filled and 2 * sum(text in ROLES for text in filled) >= len(filled):
            columns["role"] = columns.pop("organisation")
    ignored = [
        as_text(cell)
        for number in layout.header_rows
        for column, cell in enumerate(sheet.rows[number - 1])
        if cell is not None and column not in columns.values() and fold(str(cell)) not in _SPANNING
    ]
    return Layout(layout.sheet, layout.header_rows, columns, tuple(ignored))


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
    group = sheet.name if is_village(sheet.name) else ""
    is_over = False
    for number, cells in enumerate(sheet.rows, 1):
        texts = tuple(map(as_text, cells))
        if not any(texts):
            continue
        row = _laid(number, texts, layout, group, is_over=is_over)
        is_over = is_over or row.why == "total row"
        if row.kind == "group":
            group = row.group
        laid.append(row)
    return laid


def is_village(text: str) -> bool:
    """Whether the words begin like a village's name: thôn, ấp, khu phố, …"""
    return _VILLAGE.fullmatch(fold(text)) is not None


def _laid(number: int, texts: tuple[str, ...], layout: Layout, group: str, *, is_over: bool) -> LaidRow:
    filled = [text for text in texts if text]
    if why := _outside(number, filled, layout):
        return LaidRow(number, "skip", why, texts)
    fields = {field: texts[column] for field, column in layout.columns.items() if column < len(texts)}
    if len(filled) == 1 and (is_village(filled[0]) or (texts[0] and not fields.get("name"))):
        return LaidRow(number, "group", "group row", texts, group=_village(filled[0]))
    name = fields.get("name") or f"{fields.get('family', '')} {fields.get('given', '')}".strip()
    fields |= {"name": name}
    is_numbered = fields.get("number", "").isdecimal()
    if not is_numbered and (is_over or any(_SIGNATURE.match(fold(text) + " ") for text in filled)):
        return LaidRow(number, "skip", "signature block", texts)
    says_more = is_numbered or any(char.isdigit() for key in _TELLING for char in fields.get(key, ""))
    if name or says_more:
        return LaidRow(number, "person", "", texts, fields, group)
    return LaidRow(number, "skip", "signature block", texts)


def _outside(number: int, filled: list[str], layout: Layout) -> str:
    """Why a row is no person's and no village's, as far as its shape tells; empty if it may be one."""
    if number < layout.header_rows[0]:
        return "heading"
    if number in layout.header_rows:
        return "header"
    if all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
        return "row of column numbers" if len(filled) > 1 else "numbered but empty row"
    if _TOTAL.fullmatch(fold(filled[0])):
        return "total row"
    if fold(filled[-1]) in _FIELD_OF and sum(fold(text) in _FIELD_OF for text in filled) > _ENOUGH:
        return "repeated header"
    return ""


def _village(text: str) -> str:
    """'II. THÔN MẪU HAI' → 'Thôn Mẫu Hai'."""
    bare = re.sub(r"^(?:[IVXLC]+|\d+|[A-Z])\s*[.)/-]\s*", "", clean(text))
    if bare != bare.upper():
        return bare
    words = name_case(bare)
    return re.sub(r"^(Tổ Dân Phố|Khu Phố|Tiểu Khu)", lambda found: found[0].capitalize(), words)


def as_text(cell: Cell) -> str:
    """The cell as an officer sees it: dates day first, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return clean(cell) if isinstance(cell, str) else str(cell)


def decision_day(sheet: Sheet, layout: Layout) -> date | None:
    """The day of the decision named above the table ("Kèm theo Quyết định … ngày 15/8/2025")."""
    for cells in sheet.rows[: layout.header_rows[0] - 1]:
        for cell in cells:
            if found := _DECISION_DAY.search(str(cell or "")):
                day, month, year = map(int, found.groups())
                return date(year, month, day) if _is_day(year, month, day) else None
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
