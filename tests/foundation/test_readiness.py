"""Whether the site can serve, asked of the database itself."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from lms.app import create_app
from lms.foundation.db import db, session, transaction
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
