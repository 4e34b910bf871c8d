"""What study makes of what happens elsewhere: people move and come in, quizzes end, courses change."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.catalogue.outline import CourseOutline
from lms.foundation.db import session, transaction
from lms.foundation.events import announce
from lms.foundation.text import collate
from lms.people.actions.persons import amend_person, choose_home, join_team, leave_team
from lms.people.events import AccountActivated, PeopleJoined
from lms.quiz.events import AttemptStarted, QuizFailed, QuizPassed
from lms.study.models import CommuneRollup, Completion, Enrolment, ModuleRollup
from lms.study.queries import course_state
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.courses import CHECK, LESSON, course_file
from tests.study.deeds import answer, enrolled_member, finish, quiz, read
from tests.times import NOON

pytestmark = every_database
LATER = NOON + timedelta(days=1)
DONG_HUNG = "12688"  # another commune of the same province


@pytest.fixture
def course(app, tmp_path: Path) -> CourseOutline:
    return make.course(tmp_path)


def enrolment_of(person_id: int) -> Enrolment:
    session.expire_all()
    return session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()


def sums() -> dict[int, tuple[int, int, int, int]]:
    """Commune → teams, enrolled, activated, completed."""
    session.expire_all()
    rows = session.scalars(select(CommuneRollup))
    return {row.commune_id: (row.teams, row.enrolled, row.activated, row.completed) for row in rows}


def test_a_member_is_on_the_roster_before_ever_coming_in(course):
    person_id = enrolled_member()
    found = enrolment_of(person_id)
    assert (found.origin, found.counts, found.is_activated) == ("membership", True, False)
    assert found.province_id == make.unit_id(make.HUNG_YEN)
    assert sums() == {make.unit_id(): (1, 1, 0, 0)}


def test_who_comes_in_is_counted_so(course):
    person_id = enrolled_member()
    for _ in range(2):
        with transaction():
            announce(AccountActivated(person_id, NOON))
    assert enrolment_of(person_id).is_activated
    assert sums() == {make.unit_id(): (1, 1, 1, 0)}


def test_a_whole_roster_is_enrolled_at_once_and_again_without_effect(course):
    with transaction():
        team = make.team()
        ids = tuple(make.member(team, f"Người số {n}").id for n in range(12))
        announce(PeopleJoined(ids, NOON))
    with transaction():
        announce(PeopleJoined(ids, NOON))
    assert sums() == {team.unit_id: (1, 12, 0, 0)}
    assert differences() == []


def test_a_course_newly_assigned_reaches_everybody_in_a_team(app, tmp_path):
    with transaction():
        member, nobody = make.member(make.team()).id, make.person().id
    make.course(tmp_path)
    people = session.scalars(select(Enrolment.person_id)).all()
    assert people == [member]
    assert nobody not in people


def test_what_was_learnt_goes_along_to_another_commune(course):
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    with transaction():
        there = make.team("Tổ khác", unit=DONG_HUNG)
        join_team(person_id, there.id, actor_id=None, now=LATER)
    assert sums()[make.unit_id()][:2] == (1, 1)
    with transaction():
        choose_home(person_id, there.id, actor_id=None, now=LATER)
    assert (sums()[make.unit_id()], sums()[there.unit_id]) == ((0, 0, 0, 0), (1, 1, 0, 0))
    module = session.execute(
        select(ModuleRollup.commune_id, ModuleRollup.done).where(ModuleRollup.done > 0)
    ).one()
    assert module == (there.unit_id, 1)
    assert differences() == []


def test_who_leaves_every_team_keeps_the_learning_and_counts_nowhere(course):
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    team_id = enrolment_of(person_id).team_id
    with transaction():
        leave_team(person_id, team_id, actor_id=None, now=LATER)
    left = enrolment_of(person_id)
    assert (left.counts, left.commune_id, left.done_count) == (False, None, 1)
    assert sums() == {make.unit_id(): (0, 0, 0, 0)}
    with transaction():
        join_team(person_id, team_id, actor_id=None, now=LATER)
    assert sums() == {make.unit_id(): (1, 1, 0, 0)}
    assert differences() == []


def test_rosters_sort_by_the_name_of_today(course):
    person_id = enrolled_member()
    with transaction():
        amend_person(person_id, {"full_name": "Trần Văn Ẩn"}, reason=None, actor_id=None, now=LATER)
    assert enrolment_of(person_id).sort_key == collate("Trần Văn Ẩn")


def test_a_quiz_begun_failed_and_passed_is_told_by_its_events(course):
    person_id, module = enrolled_member(), course.module("dau")

    def state() -> tuple[str, int, str | None]:
        found = course_state(person_id, course, course.edition("member")).modules[module.id]
        return found.state, found.attempts, found.best_points

    with transaction():
        announce(AttemptStarted(person_id, module.quiz_id, "member", 1, NOON))
    assert state() == ("learning", 0, None)
    for fact, points in ((QuizFailed, 1.0), (QuizPassed, 2.0)):
        with transaction():
            announce(fact(person_id, module.quiz_id, "member", 1, points, 2.0, points * 50, NOON))
    assert state() == ("passed", 2, "2/2")


def test_a_quiz_of_no_published_module_is_no_study(course):
    person_id = enrolled_member()
    with transaction():
        stray = make.quiz()
        announce(QuizPassed(person_id, stray, "member", 1, 5.0, 5.0, 100.0, NOON))
        announce(QuizPassed(person_id, course.module("dau").quiz_id, "unheard-of", 1, 5.0, 5.0, 100.0, NOON))
    assert course_state(person_id, course, course.edition("member")).modules == {}


def test_renumbering_retitling_and_moving_lose_nothing(course, tmp_path):
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    read(person_id, course, "cuoi/hai")
    moved = LESSON.format(slug="hai").replace("title: Bài hai", "title: Tên mới\nwas: [cuoi/hai]")
    changed = make.course(
        tmp_path,
        {
            "02-cuoi/02-hai.md": "",
            "01-dau/05-ba.md": moved,
            "01-dau/02-hai.md": "",
            "01-dau/01-hai.md": LESSON.format(slug="hai").replace("Chữ của", "Lời của"),
            "01-dau/01-mot.md": "",
            "01-dau/03-mot.md": LESSON.format(slug="mot") + CHECK,
        },
        at=LATER,
    )
    now = course_state(person_id, changed, changed.edition("member"))
    assert now.is_done(changed.module("dau"))
    assert {lesson.slug for lesson in changed.module("dau").lessons if lesson.id in now.read} == {
        "hai",
        "mot",
        "ba",
    }


def test_a_lesson_added_later_undoes_nothing(course, tmp_path):
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    finish(person_id, course, "cuoi")
    changed = make.course(tmp_path, {"01-dau/03-moi.md": LESSON.format(slug="moi")}, at=LATER)
    now = course_state(person_id, changed, changed.edition("member"))
    assert (now.done_count, now.completed_at) == (2, NOON)
    assert changed.module("dau").lessons[2].id not in now.read
    read(person_id, changed, "dau/moi", opened_at=NOON, now=LATER)
    assert session.scalars(select(Completion.completed_at)).all() == [NOON]


def test_a_lesson_taken_out_of_an_edition_holds_nobody_up(course, tmp_path):
    waiting, completing = enrolled_member(), enrolled_member()
    for person_id in (waiting, completing):
        answer(person_id, course)
        read(person_id, course, "dau/mot")
        quiz(person_id, course, "dau", 100)
    finish(completing, course, "cuoi")
    without = LESSON.format(slug="hai").replace("minutes: 1", "minutes: 1\neditions: [citizen]")
    changed = make.course(tmp_path, {"01-dau/02-hai.md": without}, at=LATER)
    for person_id, completed_at in ((waiting, None), (completing, LATER)):
        now = course_state(person_id, changed, changed.edition("member"))
        assert now.modules[changed.module("dau").id].state == "done"
        assert now.completed_at == completed_at
    assert differences() == []


@pytest.mark.parametrize("easier", [{"complete": "{modules: 1}"}, {"lessons": "optional"}])
def test_a_rule_made_easier_completes_who_waited_for_it(course, tmp_path, easier):
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    quiz(person_id, course, "cuoi", 100)
    changed = make.course(tmp_path, {"course.md": course_file(**easier)}, at=LATER)
    assert course_state(person_id, changed, changed.edition("member")).completed_at == LATER
    assert differences() == []


def test_a_rule_made_harder_takes_nothing_away(app, tmp_path):
    course = make.course(tmp_path, {"course.md": course_file(complete="{modules: 1}")})
    person_id = enrolled_member()
    finish(person_id, course, "dau")
    changed = make.course(tmp_path, {"course.md": course_file(complete="{modules: 2}")}, at=LATER)
    assert course_state(person_id, changed, changed.edition("member")).completed_at == NOON
    finish(person_id, changed, "cuoi")
    assert session.scalars(select(Completion.completed_at)).all() == [NOON]
