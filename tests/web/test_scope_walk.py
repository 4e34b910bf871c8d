"""Every address of the site is either open to all, one's own, or inside somebody's scope; none is forgotten.

A new route fails the first test until it is put in one of the three lists.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job
from lms.people.models import ImportBatch
from lms.quiz.actions import start_attempt
from tests import make
from tests.conftest import ROOT, every_database
from tests.times import NOON

OPEN = {
    "home.index", "accounts.activate", "accounts.activate_by_token", "accounts.confirm", "accounts.not_me",
    "accounts.privacy", "accounts.sign_in", "accounts.sign_in_officer", "accounts.sign_out",
    "certificates.ask", "certificates.verify", "health.healthz", "health.readyz", "media.media", "static",
    "study.course", "study.module", "study.lesson", "study.check", "study.position", "study.read",
    "quiz.start", "quiz.begin", "certificates.pdf",
}  # fmt: skip
OWN = {"accounts.notice", "certificates.mine", "me.me", "me.secret", "people.index", "rosters.index"} | {
    "imports.index", "imports.upload"
}  # fmt: skip
OF_ONE = {
    "quiz.attempt": "attempt_id", "quiz.answer": "attempt_id", "quiz.save": "attempt_id",
    "quiz.result": "attempt_id", "quiz.submit": "attempt_id", "jobs.job": "job_id", "jobs.file": "job_id",
}  # fmt: skip
WITHIN_A_SCOPE = {
    "imports.preview", "imports.change", "imports.mend", "imports.finish", "imports.report",
    "people.person", "people.edit",
    "people.change_membership", "people.show_phone", "people.renew_slip", "people.slip_sheet", "people.team",
    "people.slips", "people.renew_slips", "teams.team", "teams.slips", "teams.renew_slips",
    "teams.new_member", "rosters.unit", "rosters.export",
}  # fmt: skip
ELSEWHERE = "04252"  # a commune of another province


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint in {*OF_ONE, *WITHIN_A_SCOPE}]


@pytest.fixture
def here(app: Flask, tmp_path) -> dict[str, object]:
    """What belongs to one commune and to one person there: the values that addresses are filled with."""
    courses, _ = read_courses(ROOT / "courses")
    for course in courses:
        with transaction():
            publish_course(course, Shelf(tmp_path), NOON)
    team = make.team()
    person = make.member(team)
    batch = ImportBatch(
        unit_id=make.unit_id(), file_name="to.xlsx", file_sha256="0", layout={}, uploaded_at=NOON
    )
    job = Job(kind="export", owner_id=person.id, arguments={}, state="done", created_at=NOON)
    session.add_all([batch, job])
    session.flush()
    attempt = start_attempt(person.id, make.quiz(), "citizen", NOON)
    session.commit()
    return {
        "team_id": team.id, "person_id": person.id, "batch_id": batch.id, "job_id": job.id,
        "attempt_id": attempt, "key": make.HUNG_HA, "form": "csv",
    }  # fmt: skip


def strangers(app: Flask) -> dict[str, FlaskClient]:
    """People with every right there is, elsewhere."""
    away = make.team("Tổ công nghệ số nơi khác", unit=ELSEWHERE)
    found = {"nobody": app.test_client()}
    for who, right in (("learner", ""), ("leader", ""), ("manager", "manager"), ("author", "instructor")):
        person = make.member(away, role="leader" if who == "leader" else "member")
        if right:
            make.grant(person, right, unit=ELSEWHERE if right == "manager" else None)
        found[who] = app.test_client()
        make.signed_in(found[who], person.id)
    return found


def test_every_address_is_known(app):
    known = {*OPEN, *OWN, *OF_ONE, *WITHIN_A_SCOPE}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - known == set()


@every_database
def test_nothing_outside_ones_scope_opens(app, client, here):
    opened = [
        f"{who}: {method} {rule.rule} → {status}"
        for who, browser in strangers(app).items()
        for rule in rules(app)
        for method in rule.methods & {"GET", "POST"}
        if (status := ask(app, browser, rule, method, here)) not in refusals(who)
    ]
    assert opened == []


def refusals(who: str) -> set[int]:
    """The door for who is not signed in; for others the same answer whether the thing exists or not."""
    return {302} if who == "nobody" else {403, 404}


def ask(app: Flask, browser: FlaskClient, rule: Rule, method: str, values: dict[str, object]) -> int:
    with app.test_request_context():
        address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
    answer = browser.open(address, method=method)
    if answer.status_code == 302:
        assert "/sign-in" in answer.location, f"{method} {address} leads to {answer.location}"
    return answer.status_code


@every_database
def test_the_manager_of_the_place_comes_in(app, client, here):
    manager = make.person("Lê Minh Tuấn")
    make.grant(manager, "manager", unit=make.HUNG_HA)
    make.signed_in(client, manager.id)
    for address in (f"/teams/{here['team_id']}", f"/people/{here['person_id']}", "/rosters/12586"):
        assert client.get(address).status_code == 200, address
