"""Files made for one person: typed by the ending of their name, kept by no cache on the way."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Response

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
}


def download(content: bytes, name: str) -> Response:
    """To be saved under this name."""
    return _file(content, name, "attachment")


def shown(content: bytes, name: str) -> Response:
    """To be opened at once, and printed from there."""
    return _file(content, name, "inline")


def written(name: str, write: Callable[[Path], object]) -> Response:
    """To be saved under this name: what `write` puts into the file it is given."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        write(file)
        return download(file.read_bytes(), name)


def _file(content: bytes, name: str, how: str) -> Response:
    response = Response(content, content_type=_TYPES[Path(name).suffix])
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
