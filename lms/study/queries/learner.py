"""What one learner's pages show: which courses, what is read, what is passed, where to go on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, null, select, union_all
from sqlalchemy.orm import aliased

from lms.catalogue.models import Course, Edition, Lesson, Module
from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.catalogue.queries import NoSuchCourse, course_outline, lesson_body, outline_as_of
from lms.foundation.db import rows_of, session
from lms.people.models import Team
from lms.study.models import CheckAnswer, Enrolment, LessonRead, ModuleProgress, StudyDay, StudyPosition


@dataclass(frozen=True)
class EnrolmentLine:
    """An enrolment as lists of courses show it."""

    id: int
    course_id: int
    edition_id: int
    done_count: int
    completed_at: datetime | None


@dataclass(frozen=True)
class OpenCourse:
    """A course as one person, or a visitor, may read it."""

    outline: CourseOutline
    editions: tuple[EditionView, ...]  # at least one; the first is shown unless another is asked for

    def edition(self, asked: str | None) -> EditionView:
        """The edition of this key, or the first. Raises NoSuchCourse for one that is not theirs to read."""
        found = next((edition for edition in self.editions if asked in (None, edition.key)), None)
        if found is None:
            raise NoSuchCourse
        return found


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


_COURSE_AND_MINE = (
    select(Course.id, Course.published_at, Enrolment.edition_id)
    .outerjoin(Edition, Edition.course_id == Course.id)
    .outerjoin(
        Enrolment, and_(Enrolment.edition_id == Edition.id, Enrolment.person_id == bindparam("person_id"))
    )
    .where(Course.slug == bindparam("slug"), Course.retired_at.is_(None))
    .order_by(Enrolment.last_active_on.desc().nulls_last(), Enrolment.id)
)


def open_course(person_id: int | None, slug: str) -> OpenCourse:
    """The course of this slug for a person or, without one, for a visitor; by one read.

    Raises NoSuchCourse, also where the course has no edition for this person.
    """
    if person_id is None:
        outline, mine = course_outline(slug), []
    else:
        rows = rows_of(_COURSE_AND_MINE, person_id=person_id, slug=slug).all()
        if not rows:
            raise NoSuchCourse
        outline, mine = outline_as_of(rows[0].id, rows[0].published_at), [row.edition_id for row in rows]
    editions = readable(outline, mine)
    if not editions:
        raise NoSuchCourse
    return OpenCourse(outline, editions)


def readable(course: CourseOutline, mine: Iterable[int | None]) -> tuple[EditionView, ...]:
    """The editions a person may read: those enrolled in (`mine`, ids in order), then the public ones."""
    found = (course.edition_by_id(edition_id) for edition_id in mine if edition_id is not None)
    enrolled = [edition for edition in found if edition is not None]
    return (*enrolled, *(one for one in course.editions if one.is_public and one not in enrolled))


def edition_for(person_id: int | None, course: CourseOutline) -> EditionView | None:
    """The edition a person sees first; nothing where the course has none for this person."""
    mine = [line.edition_id for line in enrolments_of(person_id)] if person_id is not None else []
    return next(iter(readable(course, mine)), None)


@dataclass(frozen=True)
class TeamStanding:
    """How far a learner's team is with a module."""

    title: str
    members: int
    passed: int


_MINE = aliased(Enrolment)
_TEAM_STANDING = (
    select(Team.title, func.count(), func.count(ModuleProgress.passed_at))
    .select_from(_MINE)
    .join(Team, Team.id == _MINE.team_id)
    .join(
        Enrolment,
        and_(
            Enrolment.team_id == _MINE.team_id,
            Enrolment.edition_id == _MINE.edition_id,
            Enrolment.counts,
        ),
    )
    .outerjoin(
        ModuleProgress,
        and_(
            ModuleProgress.enrolment_id == Enrolment.id,
            ModuleProgress.module_id == bindparam("module_id"),
        ),
    )
    .where(_MINE.person_id == bindparam("person_id"), _MINE.edition_id == bindparam("edition_id"))
    .group_by(Team.id, Team.title)
)


def team_standing(person_id: int, edition: EditionView, module: ModuleLine) -> TeamStanding | None:
    """The team in which a person counts, those on its roster counted; nothing for a person without one."""
    row = rows_of(
        _TEAM_STANDING, person_id=person_id, edition_id=edition.id, module_id=module.id
    ).one_or_none()
    return TeamStanding(*row) if row else None


_ENROLMENTS = (
    select(
        Enrolment.id, Edition.course_id, Enrolment.edition_id, Enrolment.done_count, Enrolment.completed_at
    )
    .join(Edition, Edition.id == Enrolment.edition_id)
    .where(Enrolment.person_id == bindparam("person_id"))
    .order_by(Enrolment.last_active_on.desc().nulls_last(), Enrolment.id)
)


def enrolments_of(person_id: int) -> list[EnrolmentLine]:
    """Every enrolment of a person, the one last studied first."""
    return [EnrolmentLine(*row) for row in rows_of(_ENROLMENTS, person_id=person_id)]


_ENROLMENT = select(
    Enrolment.id.label("enrolment_id"),
    Enrolment.edition_id,
    Enrolment.mask,
    Enrolment.done_count,
    Enrolment.completed_at,
).where(Enrolment.person_id == bindparam("person_id"), Enrolment.edition_id == bindparam("edition_id"))
_READ_IN_COURSE = (
    select(LessonRead.lesson_id, LessonRead.read_at)
    .join(Lesson, Lesson.id == LessonRead.lesson_id)
    .join(Module, Module.id == Lesson.module_id)
    .where(LessonRead.person_id == bindparam("person_id"), Module.course_id == bindparam("course_id"))
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
    ModuleProgress.passed_at.is_not(None),
    ModuleProgress.completed_at,
).where(ModuleProgress.enrolment_id == bindparam("enrolment_id"))


def course_state(person_id: int, course: CourseOutline, edition: EditionView) -> CourseState:
    """Everything the course's pages show of a person: four small reads by key."""
    enrolment = rows_of(_ENROLMENT, person_id=person_id, edition_id=edition.id).one_or_none()
    reads = rows_of(_READ_IN_COURSE, person_id=person_id, course_id=course.id)
    read: dict[int, datetime] = {row.lesson_id: row.read_at for row in reads}
    position = rows_of(_POSITION, person_id=person_id, course_id=course.id).one_or_none()
    last = (position.lesson_id, position.section) if position else None
    if enrolment is None:
        return CourseState(read=read, last=last)
    states = rows_of(_MODULE_STATES, enrolment_id=enrolment.enrolment_id)
    modules = {module_id: ModuleState(*state) for module_id, *state in states}
    return CourseState(**enrolment._mapping, modules=modules, read=read, last=last)


def count_read(person_id: int, lesson_ids: Collection[int]) -> int:
    """How many of these lessons the person has read."""
    return (
        session.scalar(
            select(func.count()).where(
                LessonRead.person_id == person_id, LessonRead.lesson_id.in_(lesson_ids)
            )
        )
        or 0
    )


def is_read(person_id: int, lesson_id: int) -> bool:
    """Whether the person has read the lesson."""
    return count_read(person_id, [lesson_id]) > 0


_ANSWERS = select(CheckAnswer.lesson_id, CheckAnswer.check_id, CheckAnswer.answer).where(
    CheckAnswer.person_id == bindparam("person_id"), CheckAnswer.lesson_id == bindparam("lesson_id")
)
_PLACE_IN_LESSON = union_all(
    _ANSWERS,
    select(LessonRead.lesson_id, null(), null())
    .join(Lesson, Lesson.id == LessonRead.lesson_id)
    .where(LessonRead.person_id == bindparam("person_id"), Lesson.module_id == bindparam("module_id")),
)


@dataclass(frozen=True)
class PlaceInLesson:
    """What a learner has done in a module, as a lesson of it shows."""

    read: tuple[int, ...] = ()  # lessons of the module, by id
    answers: tuple[tuple[str, dict[str, Any]], ...] = ()  # to the lesson's checks


def place_in_lesson(person_id: int, module_id: int, lesson_id: int) -> PlaceInLesson:
    """The same learner at the same place is always the same, whatever the order of the rows; one read."""
    rows = rows_of(_PLACE_IN_LESSON, person_id=person_id, module_id=module_id, lesson_id=lesson_id).all()
    return PlaceInLesson(
        tuple(sorted(row.lesson_id for row in rows if row.check_id is None)),
        tuple(sorted((row.check_id, row.answer) for row in rows if row.check_id is not None)),
    )


def unanswered_checks(person_id: int, lesson: LessonLine, edition_key: str) -> list[str]:
    """The lesson's questions, in this edition, that the person has not answered yet."""
    segments = lesson_body(lesson.revision_id).segments.get(edition_key, ())
    asked = [segment.check for segment in segments if segment.check]
    rows = rows_of(_ANSWERS, person_id=person_id, lesson_id=lesson.id) if asked else ()
    answered = {row.check_id for row in rows}
    return [check_id for check_id in asked if check_id not in answered]


def study_days(person_id: int, since: date) -> frozenset[date]:
    """The days since then on which the person studied."""
    return frozenset(
        session.scalars(select(StudyDay.day).where(StudyDay.person_id == person_id, StudyDay.day >= since))
    )
