"""Very many rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

Values go to the drivers as they are: numbers, truth values, dates as ISO text, instants by `Rows.instant`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.demo.queries import last_id
from lms.foundation.db import Base, lock_against_writers, session

Table = type[Base]
Row = tuple[Any, ...]


def as_json(value: Any) -> str:
    """The value of a JSON column."""
    return json.dumps(value, ensure_ascii=False)


class Rows:
    """Rows gathered by table and written in the tables' order, which is that of their foreign keys.

    For `numbered` tables ids are given here, so that rows can name each other before they are written.
    """

    def __init__(self, columns: Mapping[Table, Sequence[str]], numbered: Sequence[Table]) -> None:
        lock_against_writers(*numbered)
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._instants: dict[datetime, str] = {}
        self._columns = columns
        self._waiting: dict[Table, list[Row]] = {table: [] for table in columns}
        self._ids = {table: last_id(table) for table in numbered}

    def new_id(self, table: Table) -> int:
        """The next free id."""
        self._ids[table] += 1
        return self._ids[table]

    def instant(self, at: datetime) -> str:
        """The instant as a column keeps it: with its zone, but on SQLite, which knows none."""
        if at not in self._instants:
            self._instants[at] = f"{at:%Y-%m-%d %H:%M:%S.%f}" if self._is_sqlite else at.isoformat()
        return self._instants[at]

    def add(self, table: Table, *row: Any) -> None:
        """One row, its values in the order of the table's columns."""
        self._waiting[table].append(row)

    def write(self) -> None:
        """Write what is waiting, in the caller's transaction."""
        for table, rows in self._waiting.items():
            if rows:
                self._write(table.__tablename__, self._columns[table], rows)
                rows.clear()

    def finish(self) -> None:
        """Write the rest; PostgreSQL's sequences go on after the ids given here, as SQLite's do anyway."""
        self.write()
        if not self._is_sqlite:
            for table, highest in self._ids.items():
                sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
                session.execute(select(func.setval(sequence, max(1, highest))))

    def _write(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        driver: Any = session.connection().connection.driver_connection
        names = ", ".join(columns)
        if self._is_sqlite:
            places = ", ".join("?" * len(columns))
            driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 (our own names)
            return
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
