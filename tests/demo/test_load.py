"""A loaded country: as many people as asked for, the same by the same seed, and every sum true."""

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from lms.catalogue.actions import publish_course
from lms.catalogue.models import Lesson
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.demo.lives import comes_in, study
from lms.demo.load import TooFewOrMany, load_learners
from lms.demo.names import MALE, SEXES, draw_name
from lms.demo.tree import spread_people, team_sizes, village_name
from lms.foundation import codes
from lms.foundation.db import session
from lms.foundation.text import collate
from lms.people.models import Membership, Person, Team
from lms.quiz.models import Attempt, AttemptStep
from lms.quiz.queries import attempt_of
from lms.study.models import CommuneRollup, Completion, Enrolment, LessonRead, ModuleProgress
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.courses import small_course
from tests.times import NOON


def publish(folder: Path) -> None:
    courses, _problems = read_courses(small_course(folder).parent)
    publish_course(courses[0], Shelf(folder / "media"), NOON)
    session.commit()


def load(learners: int = 400, seed: int = 1) -> None:
    load_learners(learners, seed, make.PIN, NOON)
    session.commit()


def count(table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@every_database
def test_a_country_has_as_many_people_as_asked_for(app, tmp_path):
    publish(tmp_path)
    load(400)
    assert count(Person) == count(Membership) == 400
    assert session.scalar(select(func.sum(CommuneRollup.enrolled))) == 400
    assert session.scalar(select(func.sum(CommuneRollup.teams))) == count(Team)


@every_database
def test_the_sums_of_a_loaded_country_are_those_of_its_rows(app, tmp_path):
    publish(tmp_path)
    load()
    assert count(ModuleProgress) > 0
    assert differences() == []


@every_database
def test_every_completion_has_its_evidence(app, tmp_path):
    publish(tmp_path)
    load()
    completed = session.scalars(select(Enrolment.id).where(Enrolment.completed_at.is_not(None))).all()
    evidence = session.execute(select(Completion.enrolment_id, Completion.evidence)).all()
    assert sorted(completed) == sorted(row.enrolment_id for row in evidence) != []
    assert all(set(row.evidence["modules"]) == {"dau", "cuoi"} for row in evidence)


@every_database
def test_a_sample_left_attempts_that_can_be_opened(app, tmp_path):
    publish(tmp_path)
    load()
    attempt = session.scalars(select(Attempt)).first()
    view = attempt_of(attempt.person_id, attempt.id)
    assert [question.share for question in view.questions]
    assert view.step == session.scalar(
        select(func.count()).select_from(AttemptStep).where(AttemptStep.attempt_id == attempt.id)
    )
    assert count(LessonRead) > 0


@every_database
def test_other_people_come_before_and_after_a_load(app):
    made = make.member(make.team())
    load(40, seed=1)
    load(40, seed=2)
    make.person("Người sau cùng")
    session.commit()
    assert made.id == 1
    assert count(Person) == 82


def test_the_same_seed_makes_the_same_country(app):
    def names(seed: int) -> list[tuple[str, str | None]]:
        load_learners(60, seed, make.PIN, NOON)
        rows = session.execute(select(Person.full_name, Person.member_code).order_by(Person.id)).all()
        session.rollback()
        return [(name, code) for name, code in rows]

    assert names(7) == names(7) != names(8)


def test_names_sort_and_codes_check_as_those_of_real_people(app):
    load(60)
    people = session.scalars(select(Person)).all()
    assert all(one.sort_key == collate(one.full_name) for one in people)
    assert all(codes.read_member_code(one.member_code) == one.member_code for one in people)


@pytest.mark.parametrize("learners", [0, 3, 10**9])
def test_less_than_a_team_and_more_than_a_country_are_refused(app, learners):
    with pytest.raises(TooFewOrMany):
        load_learners(learners, 1, make.PIN, NOON)


def test_people_are_spread_by_weight_and_nobody_is_lost():
    weights = [Random(3).random() for _ in range(500)]
    for people in (4, 5, 999, 35_000):
        spread = spread_people(people, weights)
        assert sum(spread) == people
        assert min(one for one in spread if one) >= 4


@pytest.mark.parametrize("people", range(1, 40))
def test_teams_have_four_to_ten_members(people):
    sizes = team_sizes(people, Random(people))
    assert sum(sizes) == people
    assert all(4 <= size <= 10 for size in sizes) or people < 4


def test_no_two_teams_of_a_commune_share_a_village():
    assert len({village_name(number, "xã", 12) for number in range(200)}) == 200


def test_fifty_five_percent_of_all_modules_are_done():
    rng, done = Random(1), 0
    for _ in range(5_000):
        day = comes_in(rng, 1.0)
        if day is not None:
            done += sum(one.state == "done" for one in study(rng, 1.0, 12, day).values())
    assert 0.53 < done / (5_000 * 12) < 0.57


@pytest.mark.parametrize("seed", [1, 2])
def test_no_seed_makes_a_lazy_country_or_an_eager_one(app, tmp_path, seed):
    publish(tmp_path)
    load(2_000, seed)
    assert 0.52 < session.scalar(select(func.sum(Enrolment.done_count))) / (2_000 * 2) < 0.58


@every_database
def test_the_lessons_read_are_those_that_the_progress_tells(app, tmp_path):
    publish(tmp_path)
    load()
    read = (
        select(func.count())
        .select_from(LessonRead)
        .join(Lesson, Lesson.id == LessonRead.lesson_id)
        .where(LessonRead.person_id == Enrolment.person_id, Lesson.module_id == ModuleProgress.module_id)
        .correlate(Enrolment, ModuleProgress)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ModuleProgress.state, ModuleProgress.lessons_read, read.label("read")).join(
            Enrolment, Enrolment.id == ModuleProgress.enrolment_id
        )
    ).all()
    assert all(row.lessons_read == row.read for row in rows)
    assert {row.read for row in rows if row.state == "done"} == {2}
    assert {row.read for row in rows if row.state == "passed"} == {1}
    assert {row.read for row in rows if row.state == "learning"} == {1, 2}


def test_other_peoples_are_named_where_they_live():
    rng = Random(1)
    highland = {draw_name(rng, sex, "66") for sex in SEXES for _ in range(500)}
    assert {"K'Brôi", "Y Blŏ Niê"} <= highland
    assert not any(name.startswith(("K'", "Y ")) for name in (draw_name(rng, MALE, "33") for _ in range(500)))
