"""The first page: what a visitor is told, where a learner goes on; and what pages cost the database."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import session, transaction
from lms.people.actions.persons import join_team
from lms.study.models import StudyDay
from tests import make
from tests.courses import LESSON, MODULE, QUIZ, small_course
from tests.study.deeds import enrolled_member, finish
from tests.times import NOON

COURSE = "/courses/khoa-thu"


@pytest.fixture
def learner(client: FlaskClient, tmp_path: Path) -> FlaskClient:
    make.course(tmp_path)
    make.signed_in(client, enrolled_member())
    return client


def more_courses(root: Path, count: int) -> None:
    """Courses that nobody is enrolled in, and that anybody may read."""
    found, problems = read_course(small_course(root / "more"))
    assert problems == []
    for number in range(count):
        with transaction():
            other = replace(found, slug=f"khoa-{number}", title=f"Khóa số {number}", team_edition=None)
            publish_course(other, Shelf(root / "shelf"), NOON)


def test_a_visitor_is_shown_what_there_is_to_read(client, tmp_path):
    make.course(tmp_path)
    page = client.get("/").text
    assert "Vào học" in page
    assert f'href="{COURSE}"' in page


def test_a_site_without_courses_says_so_to_a_learner(client, app):
    with transaction():
        person_id = make.person().id
    make.signed_in(client, person_id)
    assert "Chưa có khóa học nào" in client.get("/").text


def test_a_learner_goes_on_from_the_first_page(learner):
    page = learner.get("/").text
    assert "0 trên 2 thửa đã chín" in page
    assert f'href="{COURSE}/dau/mot"' in page
    assert "Vào học bài đầu" in page


def test_the_week_has_a_drop_for_every_day_of_study(learner, monkeypatch):
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)  # a Tuesday
    with transaction():
        person_id = int(learner_id(learner))
        session.add(StudyDay(person_id=person_id, day=NOON.date().replace(day=23)))
        session.add(StudyDay(person_id=person_id, day=NOON.date().replace(day=22)))
    page = learner.get("/").text
    assert "1 ngày có học" in page
    assert page.count('class="studied"') == 1
    assert page.count('class=" today"') == 1


def learner_id(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie["_user_id"].partition(":")[0])


def test_a_completed_course_makes_room_for_the_next(client, tmp_path):
    course = make.course(tmp_path)
    person_id = enrolled_member()
    found, _ = read_course(small_course(tmp_path / "more"))
    with transaction():
        other = replace(found, slug="khoa-hai", title="Khóa thứ hai")
        publish_course(other, Shelf(tmp_path / "shelf"), NOON)
    finish(person_id, course, "dau")
    make.signed_in(client, person_id)
    assert f'href="{COURSE}/cuoi/mot"' in client.get("/").text
    finish(person_id, course, "cuoi")
    page = client.get("/").text
    assert 'href="/courses/khoa-hai/dau/mot"' in page
    assert "Đã hoàn thành" in page
    assert 'href="/certificates"' in page


@pytest.mark.parametrize("others", [1, 50])
def test_the_first_page_costs_the_same_with_any_number_of_courses(learner, tmp_path, count_queries, others):
    more_courses(tmp_path, others)
    assert learner.get("/").text.count('class="card"') == others
    assert count_queries(lambda: learner.get("/")) == 10


Ask = Callable[[Callable[[], object]], int]


@pytest.mark.parametrize("modules", [2, 30])
def test_a_course_costs_the_same_with_any_number_of_modules(
    client, tmp_path, count_queries: Ask, modules: int
):
    files: dict[str, str] = {}
    for number in range(3, modules + 1):
        folder = f"{number:02d}-them-{number}"
        files[f"{folder}/module.md"] = MODULE.format(slug=f"them-{number}")
        files[f"{folder}/01-mot.md"] = LESSON.format(slug="mot")
        files[f"{folder}/quiz.md"] = QUIZ.replace("[bài một](01-mot.md#phan-dau)", "bài một")
    make.course(tmp_path, files)
    make.signed_in(client, enrolled_member())
    for address, cost in ((COURSE, 6), (f"{COURSE}/dau", 6), (f"{COURSE}/dau/mot", 3)):
        assert client.get(address).status_code == 200
        assert count_queries(lambda at=address: client.get(at)) == cost, address


@pytest.mark.parametrize("lessons", [2, 50])
def test_a_module_costs_the_same_with_any_number_of_lessons(client, tmp_path, count_queries: Ask, lessons):
    files = {f"01-dau/{n:02d}-bai-{n}.md": LESSON.format(slug=f"bai-{n}") for n in range(3, lessons + 1)}
    make.course(tmp_path, files)
    make.signed_in(client, enrolled_member())
    assert client.get(f"{COURSE}/dau").text.count("Bài") > lessons
    assert count_queries(lambda: client.get(f"{COURSE}/dau")) == 6
    assert client.get(f"{COURSE}/dau/hai").status_code == 200
    assert count_queries(lambda: client.get(f"{COURSE}/dau/hai")) == 3


def test_a_visitors_lesson_costs_one_statement(client, tmp_path, count_queries: Ask):
    make.course(tmp_path)
    client.get(f"{COURSE}/dau/mot")
    assert count_queries(lambda: client.get(f"{COURSE}/dau/mot")) == 1


def test_who_opens_a_course_while_no_one_enrolled_them_reads_the_public_edition(client, tmp_path):
    make.course(tmp_path)
    with transaction():
        person_id = make.person().id
        team = make.team()
    make.signed_in(client, person_id)
    assert "Bản người dân" in client.get(COURSE).text
    with transaction():
        join_team(person_id, team.id, actor_id=None, now=NOON)
    assert "Bản thành viên" in client.get(COURSE).text
