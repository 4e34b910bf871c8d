"""What a site needs before it can serve: a database that answers, and the courses of its folder."""

import hashlib
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from lms import __version__
from lms.catalogue.queries import course_outlines
from lms.catalogue.source import RENDERER
from lms.foundation.db import db, session
from lms.foundation.errors import Refusal
from lms.foundation.i18n import N_


class DatabaseUnreachable(Refusal):
    """Nobody answers at DATABASE_URL, or not to us."""

    message = N_("Không mở được cơ sở dữ liệu %(url)s: %(reason)s. Hãy xem lại DATABASE_URL.")


def reach_database() -> None:
    """Open one connection. Raises DatabaseUnreachable with the driver's own first line."""
    try:
        with db.engine.connect():
            pass
    except SQLAlchemyError as error:
        lines = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
        url = db.engine.url.render_as_string(hide_password=True)
        raise DatabaseUnreachable(url=url, reason=lines[0].rstrip(".")) from error


def let_go_of_database() -> None:
    """Close every connection of this process."""
    session.remove()
    db.engine.dispose()


def state_of_courses(folder: Path) -> str:
    """A digest of the course files, of what renders them, and of what is published.

    Unless it is the one noted after the last load, something is to be loaded.
    """
    digest = hashlib.sha256(f"{__version__} {RENDERER}".encode())
    for outline in course_outlines():
        digest.update(f"{outline.slug} {outline.published_at}".encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
