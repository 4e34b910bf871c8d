"""Pages that browsers and the process keep: never stale, never somebody else's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.foundation import clock
from lms.foundation.db import session, transaction
from lms.people.actions.persons import join_team
from lms.people.models import Account
from lms.web.opening import opening
from tests import make
from tests.courses import LESSON
from tests.times import NOON

COURSE = "/courses/khoa-thu"
FIRST, SECOND = f"{COURSE}/dau/mot", f"{COURSE}/dau/hai"
PAGES = ["/", COURSE, f"{COURSE}/dau", FIRST, SECOND]


@pytest.fixture
def course(app: Flask, tmp_path: Path):
    return make.course(tmp_path)


@pytest.fixture
def learner(client: FlaskClient, course) -> FlaskClient:
    make.signed_in(client, member())
    return client


def member(name: str = "Nguyễn Thị Hạnh") -> int:
    with transaction():
        person_id = make.person(name).id
        join_team(person_id, make.team().id, actor_id=None, now=NOON)
    return person_id


def kept(client: FlaskClient, address: str) -> dict[str, str]:
    """What a browser that has the page sends along; the second page, since the first begins the session."""
    client.get(address)
    return {"If-None-Match": client.get(address).headers["ETag"]}


@pytest.mark.parametrize("encoding", ["identity", "gzip, deflate, br"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_still_true_is_not_sent_again(learner, address, encoding):
    accepted = {"Accept-Encoding": encoding}
    learner.get(address, headers=accepted)
    first = learner.get(address, headers=accepted)
    again = learner.get(address, headers=accepted | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= {*re.split(r", *", answer.headers["Vary"])}
        assert answer.headers["ETag"].startswith('W/"')


def test_what_a_learner_does_is_on_every_page_at_once(learner, course):
    tags = {address: kept(learner, address) for address in PAGES}
    person_id = session.query(Account.person_id).scalar()
    lesson = course.module("dau").lessons[1]
    word = opening(person_id, lesson.id, clock.now() - timedelta(minutes=1))
    assert learner.post(f"{SECOND}/read", data={"opened": word}).status_code == 302
    for address, headers in tags.items():
        assert learner.get(address, headers=headers).status_code == 200, address


def test_a_new_edition_of_the_text_is_shown_at_once(learner, course, tmp_path):
    tag = kept(learner, SECOND)
    changed = LESSON.format(slug="hai").replace("Chữ của", "Lời mới của")
    make.course(tmp_path, {"01-dau/02-hai.md": changed}, at=NOON + timedelta(days=1))
    answer = learner.get(SECOND, headers=tag)
    assert answer.status_code == 200
    assert "Lời mới của" in answer.text


def test_another_size_or_language_is_shown_at_once(learner):
    for change in ({"text_size": 3}, {"locale": "en"}):
        tag = kept(learner, SECOND)
        with transaction():
            session.execute(update(Account).values(change))
        answer = learner.get(SECOND, headers=tag)
        assert answer.status_code == 200
    assert '<html lang="en" class="text-size-3">' in answer.text
    assert "Finished reading" in answer.text


def test_a_visitors_pages_follow_the_language_of_the_browser(client, course):
    texts = {language: client.get(SECOND, headers={"Accept-Language": language}) for language in ("vi", "en")}
    assert texts["vi"].headers["ETag"] != texts["en"].headers["ETag"]
    assert "Sign in" in texts["en"].text
    assert "Đăng nhập" in texts["vi"].text


def test_a_message_is_shown_once_and_not_kept(learner):
    tag = kept(learner, SECOND)
    with learner.session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "Đã lưu.")]
    told = learner.get(SECOND, headers=tag)
    assert told.status_code == 200
    assert "ETag" not in told.headers
    if "Đã lưu." in told.text:
        assert "Đã lưu." not in learner.get(SECOND).text


def tokens(page: str) -> set[str]:
    return set(re.findall(r'(?:name="(?:csrf_token|opened)" value|data-owner)="([^"]+)"', page))


def test_a_page_made_for_one_learner_carries_the_next_ones_own_tokens(app, course):
    app.config["WTF_CSRF_ENABLED"] = True
    pages = []
    for name in ("Nguyễn Thị Hạnh", "Trần Văn Bình", None):
        client = app.test_client()
        if name:
            make.signed_in(client, member(name))
        page = client.get(FIRST).text
        assert "left-open" not in page
        assert "Hạnh" not in page
        assert client.post(f"{FIRST}/checks/hoi-nhanh", data={"csrf_token": "no"}).status_code == 422
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        told = client.post(f"{FIRST}/checks/hoi-nhanh", data={"csrf_token": token, "hoi-nhanh": "unsure"})
        assert told.status_code == (302 if name else 200)
        pages.append(page)
    own = [tokens(page) for page in pages]
    assert [len(one) for one in own] == [3, 3, 1]
    assert len(set.union(*own)) == 7


def test_after_signing_in_again_the_page_comes_anew_with_a_token_that_is_taken(app, course):
    app.config["WTF_CSRF_ENABLED"] = True
    client, person_id = app.test_client(), member()
    make.signed_in(client, person_id)
    tag = kept(client, FIRST)
    make.signed_in(client, person_id)
    answer = client.get(FIRST, headers=tag)
    assert answer.status_code == 200
    token = re.findall(r'name="csrf_token" value="([^"]+)"', answer.text)[0]
    told = client.post(f"{FIRST}/checks/hoi-nhanh", data={"csrf_token": token, "hoi-nhanh": "unsure"})
    assert told.status_code == 302
