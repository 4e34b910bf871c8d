"""A quiz whose module is no longer published: what was done in it stays readable, nothing begins anew."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.catalogue.models import Course, Module
from lms.foundation.db import session, transaction
from lms.quiz.models import QuizRevision
from tests.conftest import every_database
from tests.times import NOON
from tests.web.quizzing import QUIZ, begin, heading, options, sign_in, tap, view_of, walk

pytestmark = every_database
GONE = "Chuyên đề này nay không còn trong khóa học."


def change_module(noon, **values: object) -> None:
    """What will take a module out of a course; today's publishing refuses one that merely vanishes."""
    noon.at += timedelta(minutes=1)
    with transaction():
        session.execute(update(Module).where(Module.slug == "dau").values(**values))
        session.execute(update(Course).values(published_at=noon.at))


@pytest.mark.parametrize("values", [{"is_draft": True}, {"retired_at": NOON}])
@pytest.mark.parametrize("right", [True, False])
def test_an_old_result_stays_readable(learner, client, noon, values, right):
    address = begin(client)
    walk(client, address, options(view_of(address), right=right))
    change_module(noon, **values)
    page = client.get(f"{address}/result")
    assert page.status_code == 200
    assert heading(page.text) == f"{'Đạt' if right else 'Chưa đạt'}: Chuyên đề dau"
    assert GONE in page.text
    assert 'href="/courses/khoa-thu/dau"' not in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_the_quizs_address_leads_to_what_was_done_in_it(learner, client, noon):
    address = begin(client)
    walk(client, address, options(view_of(address), right=True))
    change_module(noon, retired_at=noon.at)
    assert client.get(QUIZ).location == f"{address}/result"
    assert client.post(QUIZ).status_code == 404


def test_who_did_nothing_in_it_is_told_where_to_look(learner, client, noon):
    begin(client)
    change_module(noon, retired_at=noon.at)
    sign_in(client, "Lò Thị Mai")
    for browser in (client, client.application.test_client()):
        answer = browser.get(QUIZ)
        assert answer.status_code == 404
        assert "Xem các chuyên đề ở trang khóa học." in answer.text


def test_an_attempt_that_was_open_can_be_finished(learner, client, noon):
    address = begin(client)
    tap(client, address, options(view_of(address), right=True), 1)
    change_module(noon, retired_at=noon.at)
    assert client.get(QUIZ).location == f"{address}/result"
    assert client.get(f"{address}/result").location == address
    assert client.get(address).status_code == 200
    client.post(f"{address}/submit", data={"seen_step": view_of(address).step})
    assert heading(client.get(f"{address}/result").text) == "Đạt: Chuyên đề dau"


def test_a_quiz_without_questions_for_the_edition_keeps_its_results(learner, client):
    address = begin(client)
    walk(client, address, options(view_of(address), right=True))
    with transaction():
        session.execute(update(QuizRevision).values(entries=[]))
    page = client.get(f"{address}/result")
    assert page.status_code == 200
    assert "Làm lại" not in page.text
    assert client.get(QUIZ).location == f"{address}/result"
