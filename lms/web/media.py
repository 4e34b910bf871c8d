"""Pictures, recordings and documents of lessons: whole or by range, kept by browsers for ever."""

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue

from lms.catalogue.queries import media_file, new_address
from lms.catalogue.shelf import Shelf
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.web.access import public

blueprint = Blueprint("media", __name__)

# A drawing opened by itself may style itself and do nothing else.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SHOWN = ("image/", "audio/", "video/")


class NoSuchFile(NotFound):
    """The module has no such file."""

    message = N_("Không có tệp này. Mở lại bài học để xem tệp mới.")


@blueprint.get("/courses/<course>/<module>/media/<path:name>")
@public
def media(course: str, module: str, name: str) -> ResponseReturnValue:
    """The file; an address that carries its content's hash never changes and is cached for a year."""
    found = media_file(course, module, f"media/{name}")
    if found is None and (moved := new_address(course, module)):
        found = media_file(course, moved[0], f"media/{name}")
    if found is None:
        raise NoSuchFile
    sha256, content_type = found
    shelf = Shelf(current_app.extensions["settings"].data_folder / "media")
    response = send_file(
        shelf.path(sha256),
        mimetype=content_type,
        as_attachment=not content_type.startswith(_SHOWN),
        download_name=name,
        conditional=True,
        etag=sha256,
    )
    named = request.args.get("v") == sha256[:12]
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named else "public, no-cache"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
