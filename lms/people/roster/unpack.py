"""Runs as a process of its own: a spreadsheet comes in on standard input, its rows go out, one JSON a line.

A hostile file can make any reader ask for all the memory there is, and Rust then aborts the process. So the
site never opens one itself; here memory and time have an end. Imports nothing of the site.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
MOST_ROWS, MOST_COLUMNS = 400_000, 100
# A formula whose result was never stored: `<f>…</f>` with no value after it.
_UNCALCULATED = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>')


def main() -> None:
    """The first line says what the file is: {"problem": …}, or nothing; then a line a sheet or a row."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    for line in _lines(content):
        sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


def _lines(content: bytes) -> Iterator[Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        if cell := _uncalculated_cell(content):
            yield {"problem": "formula", "where": cell}
            return
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, about in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(place)
            last_row, last_column = sheet.end or (0, 0)
            if last_row >= MOST_ROWS or last_column >= MOST_COLUMNS:
                yield {"problem": "size", "where": about.name}
                return
            is_hidden = "Visible" not in str(about.visible)
            yield {"sheet": about.name, "hidden": is_hidden, "merged": sheet.merged_cell_ranges or []}
            # Rows above the first filled one are given, columns left of it are not.
            left = [None] * (sheet.start[1] if sheet.start else 0)
            yield from ([*left, *map(_cell, row)] for row in sheet.iter_rows())
    except PasswordError:
        yield {"problem": "password"}
    except (CalamineError, zipfile.BadZipFile, OSError):
        yield {"problem": "unreadable"}


def _uncalculated_cell(content: bytes) -> str:
    """Where an .xlsx has a formula without its result; empty if nowhere, or if it is no .xlsx."""
    if not content.startswith(b"PK"):
        return ""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                with archive.open(entry) as file:
                    # No more than it says it is: an entry that lies fails its checksum here, soon.
                    found = _UNCALCULATED.search(file.read(entry.file_size))
                if found:
                    return found[1].decode()
    return ""


def _cell(value: object) -> object:
    """Text and numbers as they are, days as {"day": …}; times of day and truth values say nothing here."""
    if isinstance(value, datetime | date):
        return {"day": f"{value:%Y-%m-%d}"}
    if isinstance(value, bool) or value in ("", None):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float) else None


if __name__ == "__main__":
    main()
