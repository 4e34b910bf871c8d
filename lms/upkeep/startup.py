"""What a site needs before it can serve: a database that answers, and nothing open when it forks."""

from sqlalchemy.exc import SQLAlchemyError

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
