"""The sums beside the rows are what the rows add up to, whatever happens and however much of it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outline
from lms.foundation.db import session, transaction
from lms.foundation.errors import Refusal
from lms.foundation.events import announce
from lms.people.actions.persons import amend_person, choose_home, join_team, leave_team
from lms.people.events import AccountActivated, PeopleJoined
from lms.people.models import Membership
from lms.study.models import CommuneRollup, Completion, Enrolment, ModuleProgress, ModuleRollup
from lms.study.queries.enrolments import NOWHERE, home_places
from lms.study.tallies import differences, recount
from tests import make
from tests.conftest import every_database
from tests.courses import LESSON, course_file
from tests.study.deeds import answer, finish, quiz, read
from tests.times import NOON

pytestmark = every_database
DONG_HUNG = "12688"
PEOPLE, TEAMS = 5, 3
CHANGES: tuple[dict[str, str], ...] = (
    {"course.md": course_file(complete="{modules: 1}")},
    {"course.md": course_file(lessons="optional")},
    {"01-dau/03-moi.md": LESSON.format(slug="moi")},
    {"02-cuoi/02-hai.md": LESSON.format(slug="hai").replace("minutes: 1", "minutes: 1\neditions: [citizen]")},
    {"01-dau/quiz.md": ""},
)


class Country:
    """A few people in three teams of two communes, and one course."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.times = count(1)
        make.course(folder)
        with transaction():
            self.teams = [
                make.team("Tổ một").id,
                make.team("Tổ hai").id,
                make.team("Tổ ba", unit=DONG_HUNG).id,
            ]
            self.people = [make.person(f"Người số {n}").id for n in range(PEOPLE)]

    @property
    def course(self) -> CourseOutline:
        return course_outline("khoa-thu")

    def do(self, deed: str, who: int, which: int, edition: str) -> None:
        """One deed, refused or not."""
        with suppress(Refusal):
            getattr(self, deed)(self.people[who], which, edition)

    def join(self, person: int, which: int, _edition: str) -> None:
        with transaction():
            join_team(person, self.teams[which], actor_id=None, now=NOON)

    def leave(self, person: int, which: int, _edition: str) -> None:
        with transaction():
            leave_team(person, self.teams[which], actor_id=None, now=NOON)

    def move_home(self, person: int, which: int, _edition: str) -> None:
        with transaction():
            choose_home(person, self.teams[which], actor_id=None, now=NOON)

    def rename(self, person: int, which: int, _edition: str) -> None:
        with transaction():
            amend_person(person, {"full_name": f"Tên thứ {which}"}, reason=None, actor_id=None, now=NOON)

    def come_in(self, person: int, _which: int, _edition: str) -> None:
        with transaction():
            announce(AccountActivated(person, NOON))

    def read(self, person: int, which: int, edition: str) -> None:
        answer(person, self.course)
        read(person, self.course, ("dau/mot", "dau/hai", "cuoi/hai")[which], edition)

    def finish(self, person: int, which: int, edition: str) -> None:
        finish(person, self.course, ("dau", "cuoi", "cuoi")[which], edition)

    def take_quiz(self, person: int, which: int, edition: str) -> None:
        quiz(person, self.course, ("dau", "cuoi", "dau")[which], (0, 80, 100)[which], edition)

    def import_all(self, _person: int, which: int, _edition: str) -> None:
        """Everybody's memberships are ended and begun anew behind the back of the single deeds."""
        with transaction():
            session.execute(delete(Membership))
            for place, person_id in enumerate(self.people):
                team_id = self.teams[(place + which) % TEAMS]
                session.add(
                    Membership(
                        person_id=person_id,
                        team_id=team_id,
                        role="member",
                        started_on=NOON.date(),
                        recorded_unit_id=make.unit_id(),
                    )
                )
            session.flush()
            announce(PeopleJoined(tuple(self.people), NOON))

    def publish(self, _person: int, which: int, edition: str) -> None:
        change = CHANGES[which + (2 if edition == "citizen" else 0)]
        make.course(self.folder, change, at=NOON + timedelta(days=next(self.times)))


DEEDS = sorted(name for name in vars(Country) if name[0] != "_" and name not in {"do", "course"})
deeds = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, "finish", "finish", "join"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, TEAMS - 1),
        st.sampled_from(["member", "member", "citizen"]),
    ),
    min_size=6,
    max_size=14,
)


@pytest.fixture
def country(app: Flask, tmp_path: Path) -> Country:
    return Country(tmp_path)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds)
def test_the_sums_are_true_after_whatever_people_do(country: Country, deeds) -> None:
    """One country lives through all the examples: what one leaves behind the next one finds."""
    for deed in deeds:
        before = facts()
        country.do(*deed)
        assert differences() == [], deed
        assert before <= facts(), f"{deed} took something away"
        assert_rows_agree()


def facts() -> set[tuple[object, ...]]:
    """What is never lost: passes, done modules, completions."""
    session.expire_all()
    passes = select(ModuleProgress.enrolment_id, ModuleProgress.module_id).where(
        ModuleProgress.passed_at.is_not(None)
    )
    done = select(ModuleProgress.enrolment_id, ModuleProgress.module_id, ModuleProgress.completed_at).where(
        ModuleProgress.state == "done"
    )
    completed = select(Completion.enrolment_id, Completion.completed_at, Completion.id, Completion.id)
    return {tuple(row) for facts in (passes, done, completed) for row in session.execute(facts)}


def assert_rows_agree() -> None:
    """Every enrolment's cache says what its rows say, and it counts where its person is at home."""
    enrolments = session.scalars(select(Enrolment)).all()
    homes = home_places([one.person_id for one in enrolments])
    done = session.execute(select(ModuleProgress.enrolment_id).where(ModuleProgress.state == "done")).all()
    for one in enrolments:
        assert (one.team_id, one.commune_id, one.province_id) == homes.get(one.person_id, NOWHERE)
        assert one.counts == (one.person_id in homes)
        assert one.done_count == one.mask.bit_count() == [row[0] for row in done].count(one.id)


def at_once(app: Flask, *deeds: Callable[[], object]) -> None:
    """Do all this in as many threads, each with a session of its own."""

    def do(deed: Callable[[], object]) -> None:
        with app.app_context():
            deed()

    session.remove()
    with ThreadPoolExecutor(len(deeds)) as threads:
        for done in [threads.submit(do, deed) for deed in deeds]:
            done.result(timeout=60)


def test_many_who_complete_in_one_commune_at_once_are_all_counted(app, country: Country):
    with transaction():
        for person_id in country.people:
            join_team(person_id, country.teams[0], actor_id=None, now=NOON)
    course = country.course

    def complete(person_id: int) -> Callable[[], object]:
        return lambda: [finish(person_id, course, module) for module in ("dau", "cuoi")]

    at_once(app, *(complete(person_id) for person_id in country.people))
    assert differences() == []
    commune = session.scalars(select(CommuneRollup)).one()
    assert (commune.enrolled, commune.completed) == (PEOPLE, PEOPLE)
    assert session.scalars(select(ModuleRollup.done)).all() == [PEOPLE, PEOPLE]


def test_moves_imports_publishing_and_deeds_at_once_leave_the_sums_true(app, country: Country):
    for person in range(PEOPLE):
        country.do("join", person, person % TEAMS, "")
        country.do("join", person, (person + 1) % TEAMS, "")

    def live(person: int) -> Callable[[], object]:
        def deeds() -> None:
            for turn in range(4):
                country.do("move_home", person, (person + turn) % TEAMS, "")
                country.do("finish", person, turn % TEAMS, ("member", "citizen")[turn % 2])
                country.do("take_quiz", person, turn % TEAMS, "member")

        return deeds

    at_once(
        app,
        *(live(person) for person in range(PEOPLE)),
        lambda: country.do("import_all", 0, 1, ""),
        lambda: [country.do("publish", 0, which, "member") for which in (1, 0)],
    )
    assert differences() == []
    assert_rows_agree()


def test_the_first_lesson_opened_twice_at_once_enrols_once(app, country: Country):
    person_id, course = country.people[0], country.course
    at_once(app, *[lambda: read(person_id, course, "dau/hai", "citizen")] * 4)
    assert len(session.scalars(select(Enrolment)).all()) == 1
    assert differences() == []


def test_a_member_who_opens_the_course_while_joining_counts_where_the_team_is(app, country: Country):
    course = country.course
    for person, person_id in enumerate(country.people):

        def open_it(person_id: int = person_id) -> None:
            read(person_id, course, "dau/hai", "citizen")

        def join(person: int = person) -> None:
            country.do("join", person, 0, "")

        at_once(app, open_it, join)
    assert differences() == []
    assert_rows_agree()


def test_sums_gone_wrong_are_told_and_counted_anew(country: Country):
    country.do("join", 0, 0, "")
    country.do("finish", 0, 0, "member")
    edition = country.course.edition("member")
    with transaction():
        session.execute(update(CommuneRollup).values(enrolled=7))
        session.execute(update(ModuleRollup).values(learning=2))
    told = differences()
    assert len(told) == 2
    assert all(str(make.unit_id()) in one for one in told)
    with transaction():
        recount(edition.id, [make.unit_id()])
    assert differences() == []
