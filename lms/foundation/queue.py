"""Which queue carries job ids: PostgreSQL's own where the site runs on it, else a SQLite file."""

from pathlib import Path
from typing import Protocol

from huey import MemoryHuey, SqliteHuey
from huey.api import Huey


class QueueSettings(Protocol):
    """The part of the site's settings a queue needs."""

    @property
    def env(self) -> str: ...
    @property
    def database_url(self) -> str: ...
    @property
    def data_folder(self) -> Path: ...


def queue_for(settings: QueueSettings) -> Huey:
    """A queue for this site; in tests jobs run at once, in the caller's process."""
    if settings.env == "test":
        return MemoryHuey("lop-so", immediate=True)
    if settings.database_url.startswith("postgresql"):
        from huey import PostgresHuey

        dsn = settings.database_url.replace("+psycopg", "", 1)
        # Its tables are made by `serve` and the worker: the site must start, and say so, without a database.
        return PostgresHuey("lop-so", dsn=dsn, create_tables=False)
    return SqliteHuey("lop-so", filename=str(settings.data_folder / "queue.db"))
