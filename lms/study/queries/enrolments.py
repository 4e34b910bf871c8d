"""What deeds rest on: enrolments held for change, where persons count, what a completion is made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select

from lms.catalogue.models import Edition, Module
from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine
from lms.foundation.db import one_of, rows_of, session
from lms.people.models import Account, Membership, Person, Team
from lms.study.models import Enrolment, LessonRead, ModuleProgress
from lms.study.rules import PASSED, bits
from lms.units.queries import present_places

Place = tuple[int, int, int]
"""Team, commune, province in which a person counts today."""
NOWHERE = (None, None, None)
_CHUNK = 5_000  # rows held by one statement


@dataclass(frozen=True)
class LearnerFacts:
    """What an enrolment copies of its person."""

    sort_key: str
    is_activated: bool


_ENROLMENT_ID = select(Enrolment.id).where(
    Enrolment.person_id == bindparam("person_id"), Enrolment.edition_id == bindparam("edition_id")
)


def is_enrolled(person_id: int, edition_id: int) -> bool:
    """Whether the person has an enrolment in the edition."""
    return rows_of(_ENROLMENT_ID, person_id=person_id, edition_id=edition_id).first() is not None


def hold_people(person_ids: Collection[int]) -> None:
    """Let moves of these persons and new enrolments wait for each other until the transaction ends."""
    held = select(Person.id).where(one_of(Person.id, person_ids)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True)).all()


def enrolments_for_change(person_id: int, edition_ids: Collection[int] | None = None) -> list[Enrolment]:
    """A person's enrolments in these editions (None: in all), held alike."""
    mine = select(Enrolment).where(Enrolment.person_id == person_id)
    if edition_ids is not None:
        mine = mine.where(Enrolment.edition_id.in_(edition_ids))
    return list(session.scalars(_held(mine)))


def _enrolments(ids: Collection[int]) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.id.in_(ids))


def _held(enrolments: Select[Enrolment]) -> Select[Enrolment]:
    """As they are once other writers are done, in the one order in which they are ever locked."""
    return (
        enrolments.order_by(Enrolment.person_id, Enrolment.edition_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )


_ACTIVE = (
    select(Enrolment.id)
    .join(ModuleProgress, ModuleProgress.enrolment_id == Enrolment.id)
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.edition_id == bindparam("edition_id"),
        Enrolment.last_active_on == bindparam("day"),
        ModuleProgress.module_id == bindparam("module_id"),
    )
)


def was_active(person_id: int, edition_id: int, module_id: int, day: date) -> bool:
    """Whether the module was begun and the enrolment noted as active that day: nothing is left to note."""
    found = rows_of(_ACTIVE, person_id=person_id, edition_id=edition_id, module_id=module_id, day=day)
    return found.first() is not None


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
        .where(one_of(Person.id, person_ids))
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
            one_of(Membership.person_id, person_ids),
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
                Enrolment.edition_id == edition_id, one_of(Enrolment.person_id, person_ids)
            )
        )
    )


def misplaced(person_ids: Collection[int], places: Mapping[int, Place]) -> list[Enrolment]:
    """Enrolments of these persons that do not count where `places` has them, held against other writers."""
    rows = session.execute(
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.team_id, Enrolment.commune_id, Enrolment.province_id
        ).where(one_of(Enrolment.person_id, person_ids))
    )
    moved = [id_ for id_, person_id, *place in rows if tuple(place) != places.get(person_id, NOWHERE)]
    return list(session.scalars(_held(_enrolments(moved)))) if moved else []


def unsettled(course: CourseOutline) -> list[Enrolment]:
    """Enrolments that are further than their rows say, as the course is now; all held.

    A module is passed and its lessons are read; or the done modules fulfil the course's rule.
    """
    ids: set[int] = set()
    for edition in course.editions:
        of_edition = select(Enrolment.id).where(Enrolment.edition_id == edition.id)
        modules = course.modules_of(edition.key)
        for module in modules:
            ids |= set(session.scalars(of_edition.where(_is_read_and_passed(course, edition, module))))
        asked = bits(module.bit for module in modules)
        if asked:
            waiting = of_edition.where(Enrolment.completed_at.is_(None))
            ids |= set(session.scalars(waiting.where(_fulfils(course.settings["complete"], asked))))
    in_order = sorted(ids)
    chunks = [in_order[start : start + _CHUNK] for start in range(0, len(in_order), _CHUNK)]
    return [one for chunk in chunks for one in session.scalars(_held(_enrolments(chunk)))]


def _is_read_and_passed(
    course: CourseOutline, edition: EditionView, module: ModuleLine
) -> ColumnElement[bool]:
    needed = [] if course.lessons_are_optional else module.counted_lessons_of(edition.key)
    read = select(func.count()).where(
        LessonRead.person_id == Enrolment.person_id, LessonRead.lesson_id.in_([one.id for one in needed])
    )
    return exists().where(
        ModuleProgress.enrolment_id == Enrolment.id,
        ModuleProgress.module_id == module.id,
        ModuleProgress.state == PASSED,
        read.scalar_subquery() >= len(needed),
    )


def _fulfils(rule: Any, asked: int) -> ColumnElement[bool]:
    """`rules.is_course_complete`, asked of the table."""
    if isinstance(rule, dict):
        return Enrolment.done_count >= int(rule["modules"])
    return Enrolment.mask.bitwise_and(asked) == asked
