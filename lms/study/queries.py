"""Every SELECT about study: where a person stands, what was read, what counts where.

What every page or deed asks is a statement made beforehand.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.catalogue.models import Edition, Module
from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.catalogue.queries import lesson_body
from lms.foundation.db import rows_of, session
from lms.people.models import Account, Membership, Person, Team
from lms.study.models import (
    CheckAnswer,
    Enrolment,
    LessonRead,
    ModuleProgress,
    StudyDay,
    StudyPosition,
)
from lms.units.queries import present_places

Place = tuple[int, int, int]
"""Team, commune, province in which a person counts today."""


@dataclass(frozen=True)
class LearnerFacts:
    """What an enrolment copies of its person."""

    sort_key: str
    is_activated: bool


@dataclass(frozen=True)
class EnrolmentLine:
    """An enrolment, by the key of its edition."""

    id: int
    edition_key: str


@dataclass(frozen=True)
class ModuleState:
    """Where an enrolment stands in a module."""

    state: str  # learning, failed, passed, done
    lessons_read: int
    attempts: int
    best_percent: float | None
    best_points: str | None
    is_passed: bool
    completed_at: datetime | None


@dataclass(frozen=True)
class CourseState:
    """Where a person stands in an edition of a course; empty for a visitor or one not begun."""

    enrolment_id: int | None = None
    edition_id: int | None = None
    mask: int = 0
    done_count: int = 0
    completed_at: datetime | None = None
    modules: dict[int, ModuleState] = field(default_factory=dict)
    read: dict[int, datetime] = field(default_factory=dict)  # lesson → when
    last: tuple[int, str] | None = None  # the lesson last open, and the section reached

    def is_done(self, module: ModuleLine) -> bool:
        """Whether the module is complete."""
        return bool(self.mask >> module.bit & 1)


NOTHING_YET = CourseState()


def edition_for(person_id: int | None, course: CourseOutline, asked: str | None = None) -> EditionView | None:
    """The edition a person sees: the one asked for, if they may; the one last studied; the public one.

    Nothing where the course has no edition for this person.
    """
    allowed = editions_for(person_id, course)
    if asked is not None:
        return next((edition for edition in allowed if edition.key == asked), None)
    return allowed[0] if allowed else None


def editions_for(person_id: int | None, course: CourseOutline) -> list[EditionView]:
    """The editions a person may read: those enrolled in, the last studied first, and the public ones."""
    mine = _editions_of(person_id, course) if person_id is not None else []
    return [*mine, *(edition for edition in course.editions if edition.is_public and edition not in mine)]


_EDITION_IDS = (
    select(Enrolment.edition_id)
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.edition_id.in_(bindparam("edition_ids", expanding=True)),
    )
    .order_by(Enrolment.last_active_on.desc().nulls_last(), Enrolment.id)
)


def _editions_of(person_id: int, course: CourseOutline) -> list[EditionView]:
    all_of_them = [edition.id for edition in course.editions]
    ids = rows_of(_EDITION_IDS, person_id=person_id, edition_ids=all_of_them).scalars()
    found = (course.edition_by_id(edition_id) for edition_id in ids)
    return [edition for edition in found if edition is not None]


_ENROLMENT = select(
    Enrolment.id.label("enrolment_id"),
    Enrolment.edition_id,
    Enrolment.mask,
    Enrolment.done_count,
    Enrolment.completed_at,
).where(Enrolment.person_id == bindparam("person_id"), Enrolment.edition_id == bindparam("edition_id"))
_READ_TIMES = select(LessonRead.lesson_id, LessonRead.read_at).where(
    LessonRead.person_id == bindparam("person_id"),
    LessonRead.lesson_id.in_(bindparam("lesson_ids", expanding=True)),
)
_POSITION = select(StudyPosition.lesson_id, StudyPosition.section).where(
    StudyPosition.person_id == bindparam("person_id"), StudyPosition.course_id == bindparam("course_id")
)
_MODULE_STATES = select(
    ModuleProgress.module_id,
    ModuleProgress.state,
    ModuleProgress.lessons_read,
    ModuleProgress.attempts,
    ModuleProgress.best_percent,
    ModuleProgress.best_points,
    ModuleProgress.passed_at,
    ModuleProgress.completed_at,
).where(ModuleProgress.enrolment_id == bindparam("enrolment_id"))


def course_state(person_id: int, course: CourseOutline, edition: EditionView) -> CourseState:
    """Everything the course's pages show of a person: four small reads by key."""
    enrolment = rows_of(_ENROLMENT, person_id=person_id, edition_id=edition.id).one_or_none()
    read = read_times(person_id, _lesson_ids(course))
    last = rows_of(_POSITION, person_id=person_id, course_id=course.id).one_or_none()
    place = (last.lesson_id, last.section) if last else None
    if enrolment is None:
        return CourseState(read=read, last=place)
    return CourseState(
        **enrolment._mapping, modules=_module_states(enrolment.enrolment_id), read=read, last=place
    )


def _lesson_ids(course: CourseOutline) -> list[int]:
    return [lesson.id for module in course.modules for lesson in module.lessons]


def _module_states(enrolment_id: int) -> dict[int, ModuleState]:
    rows = rows_of(_MODULE_STATES, enrolment_id=enrolment_id)
    return {
        row.module_id: ModuleState(
            row.state,
            row.lessons_read,
            row.attempts,
            row.best_percent,
            row.best_points,
            is_passed=row.passed_at is not None,
            completed_at=row.completed_at,
        )
        for row in rows
    }


def read_times(person_id: int, lesson_ids: Collection[int]) -> dict[int, datetime]:
    """Which of these lessons the person has read, and when."""
    rows = rows_of(_READ_TIMES, person_id=person_id, lesson_ids=list(lesson_ids))
    return {row.lesson_id: row.read_at for row in rows}


def read_lessons(person_id: int, lesson_ids: Collection[int]) -> frozenset[int]:
    """Which of these lessons the person has read."""
    return frozenset(read_times(person_id, lesson_ids))


def is_read(person_id: int, lesson_id: int) -> bool:
    """Whether the person has read the lesson."""
    return bool(read_lessons(person_id, [lesson_id]))


def count_read(person_id: int, lesson_ids: Collection[int]) -> int:
    """How many of these lessons the person has read."""
    return len(read_lessons(person_id, lesson_ids))


_CHECK_ANSWERS = select(CheckAnswer.check_id, CheckAnswer.question_revision_id, CheckAnswer.answer).where(
    CheckAnswer.person_id == bindparam("person_id"), CheckAnswer.lesson_id == bindparam("lesson_id")
)


def check_answers(person_id: int, lesson_id: int) -> dict[str, tuple[int, dict[str, Any]]]:
    """The person's answers to a lesson's questions: id → question revision, answer."""
    rows = rows_of(_CHECK_ANSWERS, person_id=person_id, lesson_id=lesson_id)
    return {row.check_id: (row.question_revision_id, row.answer) for row in rows}


def unanswered_checks(person_id: int, lesson: LessonLine, edition_key: str) -> list[str]:
    """The lesson's questions, in this edition, that the person has not answered yet."""
    segments = lesson_body(lesson.revision_id).segments.get(edition_key, ())
    asked = [segment.check for segment in segments if segment.check]
    answered = check_answers(person_id, lesson.id) if asked else {}
    return [check_id for check_id in asked if check_id not in answered]


def study_days(person_id: int, since: date) -> frozenset[date]:
    """The days since then on which the person studied."""
    return frozenset(
        session.scalars(select(StudyDay.day).where(StudyDay.person_id == person_id, StudyDay.day >= since))
    )


def enrolment_id_of(person_id: int, edition_id: int) -> int | None:
    """The enrolment of a person in an edition."""
    row = rows_of(_ENROLMENT, person_id=person_id, edition_id=edition_id).one_or_none()
    return row.enrolment_id if row else None


def enrolment_ids_of(person_id: int) -> list[int]:
    """Every enrolment of a person."""
    return list(session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)))


def enrolments_in(person_id: int, course_id: int) -> list[EnrolmentLine]:
    """A person's enrolments in the editions of a course."""
    rows = session.execute(
        select(Enrolment.id, Edition.key)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .where(Enrolment.person_id == person_id, Edition.course_id == course_id)
        .order_by(Enrolment.id)
    )
    return [EnrolmentLine(*row) for row in rows]


def enrolled_course_ids(person_id: int) -> list[int]:
    """The courses a person is enrolled in, the one last studied first."""
    rows = session.execute(
        select(Edition.course_id, func.max(Enrolment.last_active_on).label("active"))
        .join(Enrolment, Enrolment.edition_id == Edition.id)
        .where(Enrolment.person_id == person_id)
        .group_by(Edition.course_id)
        .order_by(func.max(Enrolment.last_active_on).desc().nulls_last(), Edition.course_id)
    )
    return [row.course_id for row in rows]


_PROGRESS = select(ModuleProgress.state).where(
    ModuleProgress.enrolment_id == bindparam("enrolment_id"),
    ModuleProgress.module_id == bindparam("module_id"),
)


def has_progress(enrolment_id: int, module_id: int) -> bool:
    """Whether the module was begun."""
    return rows_of(_PROGRESS, enrolment_id=enrolment_id, module_id=module_id).first() is not None


def evidence_of(enrolment_id: int) -> dict[str, Any]:
    """What a completion rests on: the done modules with revision, percent and time, and the mean percent."""
    rows = session.execute(
        select(
            Module.slug,
            ModuleProgress.module_revision_id,
            ModuleProgress.best_percent,
            ModuleProgress.completed_at,
        )
        .join(Module, Module.id == ModuleProgress.module_id)
        .where(ModuleProgress.enrolment_id == enrolment_id, ModuleProgress.state == "done")
        .order_by(Module.position)
    ).all()
    modules = {
        slug: {"revision": revision, "percent": percent, "completed_at": str(completed_at)}
        for slug, revision, percent, completed_at in rows
    }
    percents = [row.best_percent for row in rows if row.best_percent is not None]
    return {"modules": modules, "percent": sum(percents) / len(percents) if percents else 100.0}


def learner_facts(person_ids: Collection[int]) -> dict[int, LearnerFacts]:
    """What enrolments copy of these persons."""
    rows = session.execute(
        select(Person.id, Person.sort_key, Account.person_id.is_not(None).label("is_activated"))
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(person_ids))
    )
    return {row.id: LearnerFacts(row.sort_key, row.is_activated) for row in rows}


def home_places(person_ids: Collection[int]) -> dict[int, Place]:
    """Where persons with a current home membership count today: a chosen successor first, then the map."""
    unit = func.coalesce(Membership.successor_unit_id, Team.successor_unit_id, Team.unit_id)
    rows = session.execute(
        select(Membership.person_id, Membership.team_id, unit.label("unit_id"))
        .join(Team, Team.id == Membership.team_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id.in_(person_ids),
            Membership.is_home,
            Membership.ended_on.is_(None),
            Person.deactivated_at.is_(None),
        )
    ).all()
    places = present_places({row.unit_id for row in rows})
    return {row.person_id: (row.team_id, *places[row.unit_id]) for row in rows if row.unit_id in places}


def people_with_a_home() -> Sequence[int]:
    """Everybody with a current home membership."""
    return session.scalars(
        select(Membership.person_id)
        .where(Membership.is_home, Membership.ended_on.is_(None))
        .order_by(Membership.person_id)
    ).all()


def team_edition_ids() -> list[int]:
    """The editions that members of teams are enrolled in."""
    return list(session.scalars(select(Edition.id).where(Edition.for_teams, Edition.retired_at.is_(None))))


def enrolled_in(edition_id: int, person_ids: Collection[int]) -> set[int]:
    """Which of these persons are enrolled in the edition."""
    return set(
        session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.edition_id == edition_id, Enrolment.person_id.in_(person_ids)
            )
        )
    )


def placed_enrolments(
    person_ids: Collection[int],
) -> list[tuple[int, int, int, tuple[int | None, int | None, int | None]]]:
    """Enrolments of these persons: id, person, edition and (team, commune, province) as stored."""
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.edition_id,
            Enrolment.team_id,
            Enrolment.commune_id,
            Enrolment.province_id,
        ).where(Enrolment.person_id.in_(person_ids))
    )
    return [(row[0], row[1], row[2], (row[3], row[4], row[5])) for row in rows]
