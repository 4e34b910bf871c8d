"""Copies of a PostgreSQL database by pg_dump and psql, programs of PostgreSQL's client package."""

import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from lms.foundation.db import db
from lms.foundation.i18n import N_
from lms.upkeep.queries import table_counts
from lms.upkeep.refusals import BackupRefused

FILE_NAME = "database.sql"
# Whoever still reads or writes gets half a minute to end; then the restore gives up, and changes nothing.
EMPTY = "SET LOCAL lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def copy_out(target: Path) -> dict[str, int]:
    """Dump the site's database to `target`; returns its tables' rows, counted in the dump's own snapshot."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        counts = table_counts(connection)
        _run("pg_dump", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={target}")
    return counts


def copy_in(source: Path) -> None:
    """Put this dump in the place of everything in the site's database: in one transaction, all or nothing."""
    db.engine.dispose()
    quietly = ["--quiet", "--no-psqlrc", "--output=/dev/null"]
    whole = ["--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run("psql", *quietly, *whole, f"--command={EMPTY}", f"--file={source}")


def _run(program: str, *options: str) -> None:
    """Run a client program on the site's database. Raises BackupRefused with its own last words."""
    path = shutil.which(program)
    if path is None:
        raise BackupRefused(
            N_("Máy này chưa có %(program)s. Hãy gõ: sudo apt-get install postgresql-client"), program=program
        )
    url = db.engine.url
    done = subprocess.run(  # noqa: S603 (our own arguments; the password does not stand among them)
        [path, f"--dbname={_without_password(url)}", *options],
        env={"PGPASSWORD": str(url.password)} if url.password else {},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise BackupRefused(N_("%(program)s dừng lại: %(reason)s"), program=program, reason=last)


def _without_password(url: URL) -> str:
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string()
