"""Opens a spreadsheet by what it is, not by its name; formulas are never run, only their values read."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_

Cell = str | int | float | date | None
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 400_000, 100
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


class UnreadableRoster(Invalid):
    """The file is no spreadsheet we can read; the sentence says what to do."""

    message = N_("Không đọc được tệp này. Mở tệp bằng Excel, chọn Lưu thành (Save As) .xlsx rồi tải lên lại.")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells row by row, merged cells filled where they were merged."""

    name: str
    is_hidden: bool
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(content: bytes) -> list[Sheet]:
    """Every sheet of an .xlsx, .xls, .ods or .csv. Raises UnreadableRoster."""
    if not content.strip():
        raise UnreadableRoster(N_("Tệp này trống. Chọn lại tệp danh sách."))
    if len(content) > MOST_BYTES:
        raise UnreadableRoster(N_("Tệp lớn hơn 20 MB. Chia danh sách thành nhiều tệp nhỏ hơn."))
    if content.startswith(_PDF):
        raise UnreadableRoster(N_("Đây là tệp PDF, không phải bảng tính. Xin tệp Excel của danh sách này."))
    if content.startswith(_ZIP):
        _refuse_bomb(content)
    if content.startswith((_ZIP, _OLE)):
        return list(_spreadsheet(content))
    return [_text(content)]


def _refuse_bomb(content: bytes) -> None:
    """Before anything is unpacked: how much would come out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableRoster from error
    if len(entries) > 2_000 or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableRoster(N_("Tệp bung ra quá lớn, không giống một danh sách. Xem lại tệp."))


def _spreadsheet(content: bytes) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, about in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(place)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                raise UnreadableRoster(
                    N_("Trang “%(sheet)s” quá nhiều dòng hoặc cột. Xóa phần trống rồi lưu lại."),
                    sheet=about.name,
                )
            rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            _fill_merged(rows, sheet.merged_cell_ranges or [])
            hidden = about.visible != SheetVisibleEnum.Visible
            yield Sheet(about.name, hidden, tuple(tuple(row) for row in rows))
    except PasswordError as error:
        raise UnreadableRoster(N_("Tệp có mật khẩu. Gỡ mật khẩu trong Excel rồi tải lên lại.")) from error
    except CalamineError as error:
        raise UnreadableRoster from error


def _cell(value: object) -> Cell:
    if value == "" or value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | int | float | date) else str(value)


def _fill_merged(rows: list[list[Cell]], merges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged down stands for every row it covers; merged across it stays where it began."""
    for (top, left), (bottom, _right) in merges:
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]


def _text(content: bytes) -> Sheet:
    """A CSV in UTF-8, UTF-16 (Excel's "Unicode text") or the Windows code page for Vietnamese."""
    for encoding in ("utf-8-sig", "utf-16", "cp1258"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            break
    else:
        raise UnreadableRoster
    delimiter = max(",;\t", key=text[:4000].count)
    if not text[:4000].count(delimiter):
        raise UnreadableRoster
    try:
        rows = [
            tuple(value.strip() or None for value in row)
            for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise UnreadableRoster from error
    return Sheet("CSV", False, tuple(rows[:MOST_ROWS]))
