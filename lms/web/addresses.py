"""What no address and no form of the site may hold, whichever page it is for."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1  # an INTEGER of PostgreSQL


class RowNumber(IntegerConverter):
    """The id of a row. A number that no table reaches is no address: databases break on it."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, max=LARGEST_ID, **options)


def install_addresses(app: Flask) -> None:
    """Set the bounds; before any route is registered."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """The character NUL: nobody types it, and PostgreSQL keeps no text with it."""
    sent = [request.path, *_texts(request.args), *(_texts(request.form) if request.method == "POST" else ())]
    if any("\0" in text for text in sent):
        abort(400)


def _texts(fields: Any) -> list[str]:
    return [text for _, texts in fields.lists() for text in texts]
