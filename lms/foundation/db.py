"""The database: declarative base, column types, and the one place that commits."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Float,
    MetaData,
    String,
    any_,
    bindparam,
    cast,
    event,
    extract,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeDecorator

from lms.foundation.errors import Conflict
from lms.foundation.i18n import N_


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC. Refuses naive values instead of guessing their zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every instant carries its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Written by text.collate(), compared byte by byte on both databases.
SortKey = Annotated[str, mapped_column(String().with_variant(String(collation="C"), "postgresql"))]
Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Every table; constraints have names so that a migration can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
session = db.session

_writing: ContextVar[bool] = ContextVar("writing", default=False)
AfterCommit = Callable[[], None]


class AlreadyDone(Conflict):
    """A unique constraint said that this was done before, most often by a double click."""

    message = N_("Việc này đã được ghi nhận rồi. Tải lại trang để xem.")


_PRAGMAS = (
    *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"),
    # Read where the system has the file in memory already, all of it if it is below 2 GB: a third quicker.
    "mmap_size=2147418112",
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """SQLite as a real database: foreign keys, readers beside a writer, acknowledged means on disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # We emit BEGIN ourselves, below.
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """A write takes SQLite's lock at its start: upgrading a read later fails whatever the timeout."""
    if connection.dialect.name != "sqlite":
        return
    if _writing.get():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")  # Waits for nobody: SQLAlchemy's care would cost ten times as much.


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work: commits at the end, rolls back on any exception. Doors open it, once.

    What was read before it is forgotten, so that decisions rest on what is true under the lock.
    Raises Conflict where a unique constraint refuses the deed.
    """
    if _writing.get():
        raise RuntimeError("transaction() inside transaction(): only the door commits")
    session.rollback()
    session.expire_all()
    with _turn():
        token = _writing.set(True)
        try:
            yield
            session.commit()
        except BaseException as error:
            session.rollback()
            session().info.pop("after_commit", None)
            if isinstance(error, IntegrityError) and _is_double(error):
                raise AlreadyDone from error
            raise
        finally:
            _writing.reset(token)
    for call in session().info.pop("after_commit", []):
        call()


@contextmanager
def _turn() -> Iterator[None]:
    """Let the writers of an SQLite file queue in the kernel, across threads and processes.

    SQLite alone lets them ask again after longer and longer naps: of four busy writers one waited for 4 s,
    of forty some would give up. The lock falls with the file that carries it, also when a process dies.
    """
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    place = os.open(f"{url.database}.turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _is_double(error: IntegrityError) -> bool:
    """Whether a unique constraint was met; a broken foreign key or check is a bug and stays one."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        return error.orig.sqlite_errorname in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
    return getattr(error.orig, "sqlstate", None) == "23505"


_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
# Classes of PostgreSQL's states: no connection, no resources left, an operator stops or starts it.
_POSTGRES_AWAY = ("08", "53", "57")


DatabaseFailure = SQLAlchemyError  # for the doors, which never import SQLAlchemy


def is_away(error: DatabaseFailure) -> bool:
    """Whether the database cannot be reached or cannot work just now; anything else is a bug of ours."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionFree)
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None) or "08"  # None: it never came to a connection
    return error.connection_invalidated or (
        isinstance(error, OperationalError) and state.startswith(_POSTGRES_AWAY)
    )


def after_commit(call: AfterCommit) -> None:
    """Run once the present transaction is durable; forgotten if it rolls back."""
    session().info.setdefault("after_commit", []).append(call)


def rows_of(
    statement: TypedReturnsRows[*tuple[Any, ...]], **values: object
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement made beforehand, with its `bindparam`s filled; entities are not among them.

    For what every page asks: building a statement and passing the ORM take longer than the read itself.
    """
    return connection().execute(statement, values)


def plain_rows_of(statement: TypedReturnsRows[*tuple[Any, ...]], **values: object) -> list[Any]:
    """The same as tuples from the driver: for columns that need no conversion, by the hundred thousand."""
    with connection().execute(statement, values) as found:
        cursor: Any = found.cursor
        rows: list[Any] = cursor.fetchall()
        return rows


def connection() -> Connection:
    """The connection of the present transaction; asked for again, without a walk through the ORM."""
    known = session().info
    held: Connection | None = known.get("connection")
    if held is None or held.closed:
        held = known["connection"] = session.connection()
    return held


def one_of(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column has one of these numbers or texts, for values by the thousand: as one parameter.

    A place for each would take longer than the read, and there can be 32,766 of them in SQLite.
    """
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, [*values], type_=ARRAY(column.type)))
    each = func.json_each(json.dumps([*values])).table_valued("value")
    return column.in_(select(each.c.value))


def upsert(table: type[Base]) -> PostgresInsert | SqliteInsert:
    """An INSERT that knows ON CONFLICT, which both databases write alike and SQLAlchemy spells twice."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def seconds_of(instant: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> ColumnElement[float]:
    """An instant as seconds of some clock that both databases can subtract."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(extract("epoch", instant), Float)
    return type_coerce(func.julianday(instant) * 86400, Float)


def lock_against_writers(*tables: type[Base]) -> None:
    """Let nobody else write these tables until the transaction ends; SQLite's write lock does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(table.__tablename__ for table in tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def engine_options(url: str) -> dict[str, Any]:
    """PostgreSQL connections are proven before use; a failing statement tells nobody's data.

    Who asks while the database is away is told so before a phone gives up, which it does after 8 s.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 6}
        options["connect_args"] = {"connect_timeout": 6}
    return options
