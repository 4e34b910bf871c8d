"""Opens a spreadsheet by what it is, not by its name; formulas are never run, only their values read."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.people.roster.unpack import MOST_COLUMNS, MOST_ROWS, SECONDS

Cell = str | int | float | date | None
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream in which a password puts an .xlsx
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNPACK = Path(__file__).with_name("unpack.py")
_TOO_BIG = N_("Trang “%(where)s” có ô nằm quá xa hoặc quá nhiều dòng. Xóa phần thừa rồi lưu lại.")
_LOCKED = N_("Tệp có mật khẩu. Gỡ mật khẩu trong Excel rồi tải lên lại.")


class UnreadableRoster(Invalid):
    """The file is no spreadsheet we can read; the sentence says what to do."""

    message = N_("Không đọc được tệp này. Mở tệp bằng Excel, chọn Lưu thành (Save As) .xlsx rồi tải lên lại.")


_PROBLEMS = {
    "formula": N_("Ô %(where)s có công thức chưa có kết quả. Mở tệp bằng Excel, bấm Lưu rồi tải lên lại."),
    "password": _LOCKED,
    "size": _TOO_BIG,
    "unreadable": UnreadableRoster.message,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells row by row, cells merged downwards filled into every row they cover."""

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
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise UnreadableRoster(_LOCKED)
    if content.startswith(_ZIP):
        _refuse_bomb(content)
    if content.startswith((_ZIP, _OLE)):
        return list(_sheets(_unpacked(content)))
    return [_text(content)]


def _refuse_bomb(content: bytes) -> None:
    """Before anything is unpacked: how much would come out, as the file itself says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableRoster from error
    if len(entries) > 2_000 or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableRoster(N_("Tệp bung ra quá lớn, không giống một danh sách. Xem lại tệp."))


def _unpacked(content: bytes) -> list[Any]:
    """What the unpacking process says, line by line."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program, nothing of the file on its command line)
            [sys.executable, "-I", str(_UNPACK)],
            input=content,
            capture_output=True,
            timeout=2 * SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise UnreadableRoster from error
    return [json.loads(line) for line in done.stdout.splitlines()]


def _sheets(lines: Iterable[Any]) -> Iterator[Sheet]:
    about: dict[str, Any] = {}
    rows: list[list[Cell]] = []
    for line in lines:
        if isinstance(line, list):
            rows.append([_cell(value) for value in line])
            continue
        if "problem" in line:
            raise UnreadableRoster(_PROBLEMS[line["problem"]], where=line.get("where", ""))
        if about:
            yield _sheet(about, rows)
        about, rows = line, []
    if about:
        yield _sheet(about, rows)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return value if isinstance(value, str | int | float) else None


def _sheet(about: dict[str, Any], rows: list[list[Cell]]) -> Sheet:
    """A cell merged down stands for every row it covers; merged across it stays where it began."""
    for (top, left), (bottom, _right) in about["merged"]:
        covered = rows[top : bottom + 1]
        if covered and left < len(covered[0]):
            for row in covered[1:]:
                row[left] = covered[0][left]
    return Sheet(about["sheet"], about["hidden"], tuple(tuple(row) for row in rows))


def _text(content: bytes) -> Sheet:
    """A CSV in UTF-8, UTF-16 (Excel's "Unicode text") or the Windows code page for Vietnamese."""
    text = _decoded(content)
    lines = text[:8_000].splitlines()[:20]
    delimiter = max(
        ";\t,", key=lambda sign: (sum(line.count(sign) > 0 for line in lines), text[:8_000].count(sign))
    )
    if delimiter not in text[:8_000]:
        raise UnreadableRoster
    rows: list[tuple[Cell, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(row) > MOST_COLUMNS or len(rows) >= MOST_ROWS:
                raise UnreadableRoster(_TOO_BIG, where="CSV")
            rows.append(tuple(value.strip() or None for value in row))
    except csv.Error as error:
        raise UnreadableRoster from error
    return Sheet("CSV", False, tuple(rows))


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1258")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableRoster
