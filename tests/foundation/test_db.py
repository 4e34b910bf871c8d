"""Transactions, the columns' types, and what SQLite and PostgreSQL must do alike."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, func, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from lms.foundation.audit import AuditEntry, AuditValue
from lms.foundation.db import (
    AlreadyDone,
    after_commit,
    db,
    engine_options,
    lock_against_writers,
    one_of,
    rows_of,
    session,
    transaction,
    upsert,
)
from lms.foundation.jobs import Job
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database


def a_job(**values: object) -> Job:
    made = Job(**{"kind": "count", "arguments": {}, "created_at": NOON} | values)
    session.add(made)
    session.flush()
    return made


def elsewhere(app: Flask, call: Callable[[], object]) -> object:
    """What the call returns in a thread and a context of its own, as in another request."""

    def in_context() -> object:
        with app.app_context():
            return call()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(in_context).result(timeout=30)


def do(*deeds: Callable[[], object]) -> None:
    """The deeds in one transaction."""
    with transaction():
        for deed in deeds:
            deed()


def fail(error: type[BaseException] = ValueError) -> None:
    raise error("on purpose")


def count_jobs() -> int:
    return session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_transaction_is_durable_at_its_end_and_not_before(app: Flask):
    with transaction():
        a_job()
        assert elsewhere(app, count_jobs) == 0
    assert elsewhere(app, count_jobs) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_any_exception_leaves_nothing_behind(app: Flask, error: type[BaseException]):
    with pytest.raises(error, match="on purpose"):
        do(a_job, lambda: fail(error))
    assert count_jobs() == 0


def test_only_the_door_opens_a_transaction(app: Flask):
    with pytest.raises(RuntimeError, match="only the door commits"), transaction(), transaction():
        pass
    with transaction():  # The refused one left nothing that would refuse the next.
        a_job()


def test_what_was_read_before_a_transaction_is_read_again_in_it(app: Flask):
    with transaction():
        job = a_job()
    assert job.progress == 0

    def go_on() -> None:
        with transaction():
            session.execute(update(Job).values(progress=5))

    elsewhere(app, go_on)
    with transaction():
        assert session.get_one(Job, job.id).progress == 5


def test_what_waits_for_the_commit_sees_it_done(app: Flask):
    seen: list[object] = []
    with transaction():
        a_job()
        after_commit(lambda: seen.append(elsewhere(app, count_jobs)))
        assert seen == []
    assert seen == [1]


def test_what_waits_for_the_commit_is_forgotten_with_it(app: Flask):
    called: list[int] = []
    with pytest.raises(ValueError, match="on purpose"):
        do(lambda: after_commit(lambda: called.append(1)), fail)
    do(a_job)
    assert called == []


def test_doing_the_same_twice_is_a_conflict_and_no_bug(app: Flask):
    def record() -> None:
        with transaction():
            session.add(AuditEntry(id=1, at=NOON, action="a", subject_kind="job", fields=[]))
            session.flush()

    record()
    with pytest.raises(AlreadyDone):
        elsewhere(app, record)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: AuditValue(entry_id=4711, field="name"),  # no such entry
        lambda: Job(kind="count", arguments={}, created_at=NOON, state="confused"),
    ],
    ids=["foreign key", "check"],
)
def test_a_broken_promise_of_the_database_stays_a_bug(app: Flask, broken: Callable[[], object]):
    with pytest.raises(IntegrityError):
        do(lambda: session.add(broken()))


def test_what_a_failing_statement_tells_holds_no_values(app: Flask):
    with pytest.raises(IntegrityError) as failed:
        do(lambda: a_job(state="0912345678"))
    assert "0912345678" not in str(failed.value).partition("[SQL")[2]


def test_an_instant_comes_back_as_the_same_instant_in_utc(app: Flask):
    evening = datetime(2026, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=7)))
    with transaction():
        job = a_job(created_at=evening, started_at=None)
    session.expire_all()
    read = session.get_one(Job, job.id)
    assert (read.created_at, read.created_at.tzname(), read.started_at) == (evening, "UTC", None)


def test_an_instant_without_its_zone_is_refused(app: Flask):
    with pytest.raises(StatementError, match="naive datetime"), transaction():
        a_job(created_at=datetime(2026, 11, 24, 12))  # noqa: DTZ001 (that is the point)


def test_four_writers_at_once_lose_nothing_and_are_never_told_to_come_back(app: Flask):
    """Each reads, then writes what it read plus one: the pattern that a plain BEGIN loses or locks."""
    with transaction():
        job_id = a_job().id

    def count_up() -> None:
        with app.app_context():
            for _ in range(10):
                with transaction():
                    now = session.scalars(
                        select(Job.progress).where(Job.id == job_id).with_for_update()
                    ).one()
                    session.execute(update(Job).where(Job.id == job_id).values(progress=now + 1))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count_up) for _ in range(4)]:
            done.result(timeout=60)
    session.rollback()
    assert session.scalars(select(Job.progress)).one() == 40


def test_writers_of_a_file_queue_and_need_no_patience(app: Flask, database: str):
    """With the patience of SQLite taken away, whoever did not queue would be told that it is locked."""
    if database != "sqlite":
        return

    def lose_patience(connection: sqlite3.Connection, *_rest: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    def write(_number: int) -> None:
        with app.app_context():
            for _ in range(10):
                with transaction():
                    a_job()

    session.rollback()
    event.listen(db.engine, "checkout", lose_patience)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
    finally:
        event.remove(db.engine, "checkout", lose_patience)
        db.engine.dispose()
    assert count_jobs() == 40


def test_a_reader_waits_for_no_writer(app: Flask):
    written, read = Event(), Event()

    def write_slowly() -> None:
        with app.app_context(), transaction():
            a_job()
            written.set()
            assert read.wait(20)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_slowly)
        assert written.wait(20)
        assert count_jobs() == 0
        read.set()
        writing.result(timeout=20)


def test_a_table_can_be_closed_to_other_writers(app: Flask, database: str):
    with transaction():
        lock_against_writers(Job)
        if database == "postgres":
            modes = session.scalars(text("SELECT mode FROM pg_locks WHERE relation = 'job'::regclass")).all()
            assert "ShareRowExclusiveLock" in modes
        assert elsewhere(app, count_jobs) == 0  # Readers are let in.


def test_sqlite_is_used_as_a_real_database(app: Flask, database: str):
    if database != "sqlite":
        assert engine_options(app.config["SQLALCHEMY_DATABASE_URI"])["pool_pre_ping"]
        return
    names = ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
    assert [session.scalar(text(f"PRAGMA {name}")) for name in names] == [1, "wal", 2, 10_000]


def test_an_insert_can_give_way_to_what_is_there(app: Flask):
    value = {"entry_id": 1, "field": "name"}
    with transaction():
        session.add(AuditEntry(id=1, at=NOON, action="a", subject_kind="job", fields=[]))
        session.flush()
        for after in ("first", "second"):
            statement = upsert(AuditValue).values(**value, after=after)
            session.execute(
                statement.on_conflict_do_update(index_elements=["entry_id", "field"], set_={"after": after})
            )
    assert session.scalars(select(AuditValue.after)).all() == ["second"]


def test_rows_can_be_read_by_a_statement_made_beforehand(app: Flask):
    with transaction():
        a_job(kind="one")
        a_job(kind="two")
    statement = select(Job.kind).where(Job.kind == bindparam("kind"))
    assert [row.kind for row in rows_of(statement, kind="two")] == ["two"]


def test_every_constraint_has_a_name_that_a_migration_can_speak_of(app: Flask):
    unnamed = [
        f"{table.name}: {type(constraint).__name__}"
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert unnamed == []


def test_any_number_of_values_is_one_parameter(app: Flask):
    with transaction():
        job_id = a_job(kind="count").id
    many = [*range(job_id, job_id + 100_000)]
    for column, values, found in (
        (Job.id, many, [job_id]),
        (Job.kind, ["count", "kh'ông"], [job_id]),
        (Job.kind, ["kh'ông"], []),
        (Job.id, [], []),
    ):
        assert session.scalars(select(Job.id).where(one_of(column, values))).all() == found
