"""What learners do, and what it amounts to."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.catalogue.outline import CourseOutline
from lms.foundation.db import session, transaction
from lms.study.actions import ChecksUnanswered, TooEarly, begin_module, remember_position
from lms.study.models import Completion, Enrolment, ModuleProgress
from lms.study.queries import course_state, edition_for
from lms.study.queries.learner import study_days
from tests import make
from tests.conftest import every_database
from tests.courses import course_file
from tests.study.deeds import answer, enrolled_member, finish, quiz, read
from tests.times import NOON

pytestmark = every_database


@pytest.fixture
def course(app, tmp_path: Path) -> CourseOutline:
    return make.course(tmp_path)


@pytest.fixture
def member(course: CourseOutline) -> int:
    """Somebody whose team is enrolled in the members' edition."""
    return enrolled_member()


def state(person_id: int, course: CourseOutline, module: str, edition: str = "member"):
    return course_state(person_id, course, course.edition(edition)).modules.get(course.module(module).id)


def completions() -> int:
    return session.scalar(select(func.count()).select_from(Completion))


def test_a_lesson_is_read_when_its_questions_are_answered_and_it_was_open_long_enough(course, member):
    with pytest.raises(ChecksUnanswered):
        read(member, course, "dau/mot")
    answer(member, course, share=0.0)
    with pytest.raises(TooEarly) as refusal:
        read(member, course, "dau/mot", opened_at=NOON - timedelta(seconds=5))
    assert refusal.value.params == {"seconds": 7}
    read(member, course, "dau/mot", opened_at=NOON - timedelta(seconds=12))
    lesson = course.module("dau").lessons[0]
    assert course_state(member, course, course.edition("member")).read == {lesson.id: NOON}


def test_a_lesson_read_before_may_be_read_again_at_once_and_keeps_its_day(course, member):
    read(member, course, "dau/hai")
    read(member, course, "dau/hai", opened_at=NOON + timedelta(days=1), now=NOON + timedelta(days=1))
    assert [*course_state(member, course, course.edition("member")).read.values()] == [NOON]


def test_tests_may_read_at_once_but_never_without_answering(course, member):
    with pytest.raises(ChecksUnanswered):
        read(member, course, "dau/mot", opened_at=NOON, is_hurried=True)
    read(member, course, "dau/hai", opened_at=NOON, is_hurried=True)


def test_a_module_is_done_by_reading_and_passing_in_either_order(course, member):
    quiz(member, course, "dau", 100)
    assert state(member, course, "dau").state == "passed"
    answer(member, course)
    read(member, course, "dau/mot")
    assert state(member, course, "dau").state == "passed"
    read(member, course, "dau/hai")
    assert state(member, course, "dau").state == "done"
    answer(member, course, "cuoi")
    read(member, course, "cuoi/mot")
    read(member, course, "cuoi/hai")
    assert state(member, course, "cuoi").state == "learning"
    quiz(member, course, "cuoi", 80)
    assert state(member, course, "cuoi").state == "done"


def test_a_pass_is_never_lost_and_the_best_result_counts(course, member):
    quiz(member, course, "dau", 50)
    assert state(member, course, "dau").state == "failed"
    quiz(member, course, "dau", 100)
    quiz(member, course, "dau", 0)
    now = state(member, course, "dau")
    assert (now.state, now.is_passed, now.best_percent, now.best_points, now.attempts) == (
        "passed",
        True,
        100,
        "2/2",
        3,
    )


def test_a_course_is_complete_once_with_the_evidence_of_that_day(course, member):
    finish(member, course, "dau")
    assert completions() == 0
    finish(member, course, "cuoi")
    quiz(member, course, "cuoi", 100)
    kept = session.scalars(select(Completion)).one()
    assert kept.completed_at == NOON
    assert kept.rule == {"complete": "all-modules", "lessons": "required"}
    assert kept.evidence["percent"] == 100
    assert [*kept.evidence["modules"]] == ["dau", "cuoi"]
    assert kept.evidence["modules"]["dau"]["revision"] == course.module("dau").revision_id
    now = course_state(member, course, course.edition("member"))
    assert (now.done_count, now.completed_at) == (2, NOON)
    assert all(now.is_done(module) for module in course.modules)


def test_a_course_that_asks_for_one_module_is_complete_with_any_one(app, tmp_path):
    asks_one = course_file(complete="{modules: 1}")
    course = make.course(tmp_path, {"course.md": asks_one})
    member = enrolled_member()
    finish(member, course, "cuoi")
    assert completions() == 1
    finish(member, course, "dau")
    assert completions() == 1


def test_where_lessons_are_optional_a_passed_quiz_completes_the_module(app, tmp_path):
    course = make.course(tmp_path, {"course.md": course_file(lessons="optional")})
    member = enrolled_member()
    quiz(member, course, "dau", 80)
    assert state(member, course, "dau").state == "done"


def test_editions_share_what_was_read_and_not_what_was_passed(course, member):
    quiz(member, course, "dau", 100, "citizen")
    answer(member, course)
    read(member, course, "dau/mot", "citizen")
    read(member, course, "dau/hai", "member")
    assert state(member, course, "dau", "citizen").state == "done"
    assert state(member, course, "dau", "member").state == "learning"
    assert state(member, course, "dau", "member").lessons_read == 2
    quiz(member, course, "dau", 100, "member")
    assert state(member, course, "dau", "member").state == "done"


def test_a_person_without_a_team_is_enrolled_by_the_first_deed(course):
    with transaction():
        person_id = make.person().id
    assert edition_for(person_id, course).key == "citizen"
    read(person_id, course, "dau/hai", "citizen")
    read(person_id, course, "dau/hai", "citizen")
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()
    assert (enrolment.origin, enrolment.counts, enrolment.commune_id) == ("self", False, None)


def test_a_member_who_opens_another_edition_counts_there_where_the_team_is(course, member):
    read(member, course, "dau/hai", "citizen")
    places = session.execute(
        select(Enrolment.origin, Enrolment.counts, Enrolment.commune_id)
        .where(Enrolment.person_id == member)
        .order_by(Enrolment.edition_id)
    ).all()
    assert places == [("membership", True, make.unit_id()), ("self", True, make.unit_id())]
    assert edition_for(member, course).key == "citizen"


def test_beginning_a_module_twice_is_beginning_it_once(course, member):
    for _ in range(2):
        with transaction():
            begin_module(member, course, course.edition("member"), course.module("dau"), NOON)
    rows = session.scalars(select(ModuleProgress.state)).all()
    assert rows == ["learning"]


def test_a_day_of_study_is_vietnams_day(course, member):
    late = NOON.replace(hour=17, minute=30)  # half past midnight of the 25th in Vietnam
    for at in (NOON, late):
        with transaction():
            remember_position(member, course, course.module("dau").lessons[0], "phan-dau", at)
    assert sorted(day.day for day in study_days(member, NOON.date())) == [24, 25]


def test_the_place_last_read_is_kept_and_the_last_device_wins(course, member):
    lessons = course.module("dau").lessons
    for lesson, section in ((lessons[0], "phan-dau"), (lessons[1], "phan-hai")):
        with transaction():
            remember_position(member, course, lesson, section, NOON)
    assert course_state(member, course, course.edition("member")).last == (lessons[1].id, "phan-hai")
    read(member, course, "cuoi/hai")
    last = course_state(member, course, course.edition("member")).last
    assert last == (course.module("cuoi").lessons[1].id, "")
