"""Whether the site can serve, asked of the database itself."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from lms.app import create_app
from lms.foundation.db import db, is_away, session, transaction
from lms.foundation.jobs import Job
from lms.foundation.readiness import readiness
from tests.conftest import every_database, settings_for
from tests.times import NOON


@every_database
def test_a_whole_site_is_ready(app: Flask):
    state = readiness(NOON)
    assert state.is_ready
    assert state.parts == {"database": "ok", "migrations": "ok", "jobs": "ok"}


@every_database
def test_a_queue_that_stands_still_is_told_and_takes_nothing_away(app: Flask):
    with transaction():
        session.add(Job(kind="any", arguments={}, created_at=NOON - timedelta(minutes=11)))
    state = readiness(NOON)
    assert state.is_ready
    assert state.parts["jobs"].startswith("1 waiting")


def test_a_database_without_this_releases_tables_is_not_ready(tmp_path: Path):
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path))
    with app.app_context():
        state = readiness(NOON)
        db.engine.dispose()
    assert not state.is_ready
    assert state.parts["migrations"] == "run: flask --app wsgi db upgrade"


def test_a_site_without_its_database_answers_and_is_not_ready(tmp_path: Path):
    app = create_app(settings_for("postgresql://nobody@127.0.0.1:1/nothing", tmp_path))
    with app.app_context():
        state = readiness(NOON)
    assert not state.is_ready
    assert state.parts["database"] == "unreachable"


def test_the_door_says_so_in_its_status(tmp_path: Path):
    client = create_app(settings_for("postgresql://nobody@127.0.0.1:1/nothing", tmp_path)).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "unreachable")


@pytest.mark.parametrize(
    ("error", "is_away_now"),
    [
        (NoConnectionFree(), True),
        (OperationalError("", {}, psycopg.OperationalError("connection refused")), True),
        (OperationalError("", {}, psycopg.errors.AdminShutdown()), True),
        (OperationalError("", {}, psycopg.errors.TooManyConnections()), True),
        (OperationalError("", {}, psycopg.errors.DeadlockDetected()), False),
        (DBAPIError("", {}, psycopg.InterfaceError(), connection_invalidated=True), True),
        (ProgrammingError("", {}, psycopg.errors.UndefinedTable()), False),
        (NoResultFound(), False),
    ],
)
def test_a_mistake_of_ours_is_not_called_an_absence_of_the_database(error, is_away_now):
    assert is_away(error) == is_away_now


@pytest.mark.parametrize(
    ("statement", "is_away_now"),
    [("INSERT INTO full VALUES (zeroblob(99999))", True), ("SELECT nothing FROM nowhere", False)],
)
def test_a_full_disk_is_an_absence_and_a_wrong_statement_is_not(statement, is_away_now):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE full (a)")
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite3.OperationalError) as told:
            connection.execute(statement)
    assert is_away(OperationalError(statement, {}, told.value)) == is_away_now
