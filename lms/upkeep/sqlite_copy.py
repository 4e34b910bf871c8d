"""Copies of a SQLite database by its own backup interface: whole and consistent while the site runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from lms.foundation.db import db
from lms.foundation.i18n import N_
from lms.upkeep.queries import table_counts
from lms.upkeep.refusals import BackupRefused

FILE_NAME = "database.sqlite"
WAIT_FOR_WRITERS = 30  # seconds


def copy_out(target: Path) -> dict[str, int]:
    """Write the site's database to `target`; returns its tables' rows, counted in the copy itself."""
    with closing(sqlite3.connect(_present())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # One file, without a log beside it.
    engine = create_engine(f"sqlite:///{target}")
    try:
        with engine.connect() as connection:
            return table_counts(connection)
    finally:
        engine.dispose()


def copy_in(source: Path) -> None:
    """Put this copy in the place of the site's database, in one step that other processes see whole."""
    db.engine.dispose()
    try:
        with closing(sqlite3.connect(source)) as copy:
            _check(copy)
            with closing(sqlite3.connect(_present(), timeout=WAIT_FOR_WRITERS)) as target:
                copy.backup(target)
                target.execute("PRAGMA journal_mode=WAL")
    except sqlite3.DatabaseError as error:
        raise BackupRefused(N_("Không khôi phục được cơ sở dữ liệu: %(reason)s"), reason=error) from error


def _check(copy: sqlite3.Connection) -> None:
    (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise BackupRefused(N_("Cơ sở dữ liệu trong tệp sao lưu bị hỏng: %(reason)s"), reason=verdict)


def _present() -> str:
    """The file of the site's database."""
    return str(db.engine.url.database)
