"""What a day of the site leaves in its log, told as loudly as can be set: ids and rules, nobody's data."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.foundation import logs
from lms.foundation.db import session, transaction
from lms.foundation.jobs import Progress, job_kind, submit_job
from tests import make
from tests.conftest import every_database
from tests.times import NOON
from tests.web.hidden import FILE_NAME, LEARNER, ROSTER, WAITING, Hidden, hide

pytestmark = [every_database, pytest.mark.weasyprint]
SECRET = "một câu không ai đoán ra"
PHONE = "+84987111223"  # of who waits


@pytest.fixture
def hidden(app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hidden:
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)
    monkeypatch.setitem(app.config, "TESTING", False)  # A bug is answered and logged, as in production.
    return hide(app, tmp_path)


@pytest.fixture
def log(hidden: Hidden) -> Iterator[io.StringIO]:
    """Everything that any logger writes from now on."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logs.JsonFormatter())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@job_kind("tests.leak")
def leak(_progress: Progress, arguments: dict[str, object]) -> dict[str, object]:
    raise ValueError(f"no such person: {arguments['name']}")


def come_in(app: Flask, hidden: Hidden) -> None:
    """By the QR of a slip, by its code, by number and PIN, rightly and wrongly."""
    browser = app.test_client()
    browser.get(f"/activate/{hidden.values['token']}")
    browser.post(f"/activate/{hidden.values['token']}")
    browser.post("/activate/confirm", data={"secret": "582931", "repeated": "582931"})
    for who, secret in (("0987 111 222", "000000"), ("0987 111 222", make.PIN), (LEARNER, SECRET)):
        app.test_client().post("/sign-in", data={"who": who, "secret": secret})
    app.test_client().get(f"/verify/{hidden.values['code']}")
    app.test_client().get("/verify", query_string={"code": hidden.values["code"]})


def look_after_people(client: FlaskClient, hidden: Hidden) -> None:
    make.signed_in(client, hidden.manager_id)
    person, team = hidden.values["person_id"], hidden.values["team_id"]
    for path in (
        "/people?q=" + WAITING,
        f"/people/{person}",
        f"/teams/{team}",
        f"/rosters/12586?q={LEARNER}",
    ):
        client.get(path)
    client.post(f"/people/{person}/phone")
    client.post(f"/people/{person}/slip")
    client.get(f"/teams/{team}/slips.pdf")
    client.get("/rosters/12586.xlsx")
    file = (io.BytesIO(ROSTER.encode()), FILE_NAME)
    client.post("/people/import", data={"commune": "12586", "file": file})
    client.post(f"/people/import/{hidden.values['batch_id']}", data={"action": "commit"})


def break_down(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, hidden: Hidden) -> None:
    """A bug behind an address with a code, a value that no column takes, and work that fails."""

    def bug(**_values: object) -> None:
        raise KeyError(LEARNER)

    def broken(**_values: object) -> None:
        with transaction():
            make.person(WAITING, phone=PHONE, sex="unheard of")

    for endpoint, view in (("activate_by_token", bug), ("privacy", broken)):
        monkeypatch.setitem(app.view_functions, f"accounts.{endpoint}", view)
    assert client.get(f"/activate/{hidden.values['token']}").status_code == 500
    assert client.get("/privacy").status_code == 500
    session.rollback()
    with transaction():
        submit_job("tests.leak", {"name": LEARNER}, owner_id=None, now=NOON)


def test_a_day_of_the_site_leaves_nobodys_data_in_the_log(
    app: Flask, client: FlaskClient, hidden: Hidden, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    come_in(app, hidden)
    look_after_people(client, hidden)
    break_down(app, client, monkeypatch, hidden)
    text = log.getvalue()
    assert hidden.shown_in(text) == []
    assert not [word for word in (SECRET, make.PIN, "582931", "Giàng") if word in text]
    lines = [json.loads(line) for line in text.splitlines()]
    asked = [line for line in lines if line["logger"] == "lms.request"]
    assert len([line for line in asked if line["status"] in (200, 302)]) > 14
    assert len({line["request"] for line in asked}) == len(asked)
    assert {"/activate/<token>", "/people/<int:person_id>", "/verify/<code>"} <= {
        line["rule"] for line in asked
    }
    told = [line for line in lines if "error" in line]
    assert {line["rule"] for line in told if line["event"] == "bug"} == {"/activate/<token>", "/privacy"}
    assert any(line["event"] == "job failed" for line in told)


def test_the_log_tells_who_by_number_and_how_it_went(client: FlaskClient, hidden: Hidden, log: io.StringIO):
    make.signed_in(client, hidden.learner_id)
    client.get("/me")
    client.get("/rosters")
    asked = [json.loads(line) for line in log.getvalue().splitlines()]
    facts = [
        (line["method"], line["rule"], line["status"], line["person"]) for line in asked if "rule" in line
    ]
    assert facts == [("GET", "/me", 200, hidden.learner_id), ("GET", "/rosters", 403, hidden.learner_id)]


def test_what_watches_the_site_fills_no_log(client: FlaskClient, hidden: Hidden, log: io.StringIO):
    client.get("/healthz")
    client.get("/readyz")
    assert "lms.request" not in log.getvalue()
