"""Every address of the site, asked by everybody who has no business with what it shows.

A new route is walked without being named here. One with a parameter that `hidden.hide` does not fill fails
the walk, until something real is hidden behind it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.foundation.db import Base, session
from lms.web.access import DOORS
from tests import make
from tests.conftest import every_database
from tests.times import NOON
from tests.web.hidden import FILE_NAME, Hidden, hide, neighbours

pytestmark = every_database

# Parameters that name a thing of somebody's; the others name what is published for all.
OF_SOMEBODY = {"person_id", "team_id", "batch_id", "job_id", "attempt_id", "key", "code"}
# Whoever holds the paper has the code that is printed on it, and may read what the paper says.
BY_A_PAPER = {"accounts.activate_by_token", "certificates.verify"}
# What addresses may ask for besides; an officer elsewhere asks for it here.
ASKED = "unit=12586&q=ngoc+quyen&team={team_id}&person_id={person_id}&view=people&tab=slips&edition=member"
# Rows that may differ afterwards: they belong to nobody.
NOBODYS = {"sign_in_throttle", "audit_entry", "audit_value"}


@pytest.fixture
def hidden(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hidden:
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # The walk is turned away by its scope alone.
    return hide(app, tmp_path)


def door(app: Flask, rule: Rule) -> str:
    view = app.view_functions[rule.endpoint]
    return DOORS[f"{view.__module__}.{view.__qualname__}"]


def addresses(app: Flask, hidden: Hidden) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with a method and an address filled with what is hidden."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            unknown = rule.arguments - hidden.values.keys()
            assert not unknown, f"{rule.rule}: let tests/web/hidden.py hide a {unknown}"
            path = app.url_for(rule.endpoint, **{name: hidden.values[name] for name in rule.arguments})
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method, path


class Answer(NamedTuple):
    """What came back, read and closed: headers are searched for leaks like the page."""

    status: int
    location: str
    text: str


def ask(client: FlaskClient, method: str, path: str, hidden: Hidden) -> Answer:
    address = f"{path}?{ASKED.format(**hidden.values)}"
    fields: dict[str, object] = {"action": "end", "reason": "thử", "full_name": "Bị Đổi Tên"}
    ids = {name: value for name, value in hidden.values.items() if isinstance(value, int)}
    return read(client.get(address) if method == "GET" else client.post(address, data=fields | ids))


def read(response: TestResponse) -> Answer:
    with response:
        text = f"{response.headers}\n{response.get_data().decode(errors='replace')}"
        return Answer(response.status_code, response.headers.get("Location", ""), text)


def leaks(rule: Rule, path: str, answer: Answer, hidden: Hidden) -> list[str]:
    """Hidden words that the answer has and the asker did not say."""
    if rule.endpoint in BY_A_PAPER:
        return []
    return [word for word in hidden.shown_in(answer.text) if word not in path]


def is_somebodys(rule: Rule) -> bool:
    return bool(rule.arguments & OF_SOMEBODY) and rule.endpoint not in BY_A_PAPER


def test_a_stranger_is_sent_to_the_door_and_told_nothing(app: Flask, hidden: Hidden):
    wrong = []
    for rule, method, path in addresses(app, hidden):
        answer = ask(app.test_client(), method, path, hidden)
        if door(app, rule) != "public" and (answer.status, answer.location[:8]) != (302, "/sign-in"):
            wrong.append(f"{method} {path}: {answer.status}")
        wrong += [f"{method} {path} tells {word}" for word in leaks(rule, path, answer, hidden)]
        assert answer.status < 500
    assert wrong == []


def test_nobody_with_rights_elsewhere_sees_or_changes_anything(app: Flask, hidden: Hidden):
    before = rows()
    wrong = []
    for who, person_id in neighbours().items():
        for rule, method, path in addresses(app, hidden):
            client = app.test_client()
            make.signed_in(client, person_id)
            answer = ask(client, method, path, hidden)
            if is_somebodys(rule) and answer.status not in (403, 404):
                wrong.append(f"{who}: {method} {path}: {answer.status}")
            wrong += [f"{who}: {method} {path} tells {word}" for word in leaks(rule, path, answer, hidden)]
            assert answer.status < 500, f"{who}: {method} {path}"
    assert wrong == []
    after = rows()
    assert [row for row in before if after.get(row) != before[row]] == []


def rows() -> dict[tuple[str, object], object]:
    """Every row of every table, by table and key."""
    session.rollback()
    return {
        (table.name, tuple(row[column.name] for column in table.primary_key)): tuple(row.values())
        for table in Base.metadata.sorted_tables
        if table.name not in NOBODYS
        for row in session.execute(select(table)).mappings()
    }


@pytest.mark.weasyprint
def test_who_has_business_there_sees_what_the_others_did_not(app: Flask, hidden: Hidden):
    """Else the walk would be turned away by ids that are nobody's."""
    shown: set[str] = set()
    for rule, method, path in addresses(app, hidden):
        if method != "GET" or not is_somebodys(rule):
            continue
        client = app.test_client()
        own = {"quiz.attempt", "quiz.waiting", "quiz.result", "certificates.pdf"}
        make.signed_in(client, hidden.learner_id if rule.endpoint in own else hidden.manager_id)
        answer = read(client.get(path, follow_redirects=True))
        assert answer.status == 200, f"{path}: {answer.status}"
        shown |= set(hidden.shown_in(answer.text))
    assert {"Trịnh Thị Ngọc Quyên", "Lò Văn Sáng", "Tổ công nghệ số thôn Cồn Kín", FILE_NAME} <= shown
