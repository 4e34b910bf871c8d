"""Every SELECT of rosters. Nation and provinces read sums only; a commune reads its own people."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_

from lms.foundation.db import session
from lms.foundation.text import fold
from lms.people.models import Membership, Person, Team
from lms.study.models import CommuneRollup, Enrolment, ModuleProgress, ModuleRollup
from lms.study.rules import DONE, FAILED, PASSED

PAGE = 100  # people on a page
_CHUNK = 2_000  # people read at a time where all of them are written out


@dataclass(frozen=True)
class Sums:
    """What a unit's people add up to."""

    teams: int = 0
    enrolled: int = 0
    activated: int = 0
    completed: int = 0
    done: dict[int, int] = field(default_factory=dict)  # module → people who completed it

    def share(self, count: int) -> int:
        """A count as a whole percent of the people."""
        return round(100 * count / self.enrolled) if self.enrolled else 0


def added(parts: Iterable[Sums]) -> Sums:
    """The sums of several units together."""
    teams = enrolled = activated = completed = 0
    done: dict[int, int] = defaultdict(int)
    for part in parts:
        teams += part.teams
        enrolled += part.enrolled
        activated += part.activated
        completed += part.completed
        for module_id, count in part.done.items():
            done[module_id] += count
    return Sums(teams, enrolled, activated, completed, dict(done))


@dataclass(frozen=True)
class Mark:
    """One module of one person."""

    state: str  # passed, not-passed, in-progress; a module not begun has no mark
    percent: float | None


@dataclass(frozen=True)
class PersonRow:
    """One person on a roster."""

    enrolment_id: int
    person_id: int
    full_name: str
    sort_key: str
    role: str
    occupation: str | None
    phone: str | None
    team_id: int
    team_title: str
    commune_id: int
    is_activated: bool
    done_count: int
    last_active_on: date | None
    marks: dict[int, Mark]


@dataclass(frozen=True)
class Filters:
    """What a list of people is narrowed to; empty means everybody."""

    name: str = ""
    team_id: int | None = None
    role: str = ""
    state: str = ""  # not-activated, not-begun, learning, completed
    module_id: int | None = None
    module_state: str = ""  # done, passed, failed, learning, not-begun

    def __bool__(self) -> bool:
        return self != Filters()


Cursor = tuple[str, int]
"""Sort key and enrolment id of the row a page begins after, or ends before."""


def sums_by_province(edition_id: int) -> dict[int, Sums]:
    """Sums of every province that has people, by unit id."""
    counts = session.execute(
        select(CommuneRollup.province_id, *_commune_sums())
        .where(CommuneRollup.edition_id == edition_id)
        .group_by(CommuneRollup.province_id)
    )
    modules = session.execute(
        select(ModuleRollup.province_id, ModuleRollup.module_id, func.sum(ModuleRollup.done))
        .where(ModuleRollup.edition_id == edition_id)
        .group_by(ModuleRollup.province_id, ModuleRollup.module_id)
    )
    return _joined(counts, modules)


def sums_by_commune(edition_id: int, province_id: int) -> dict[int, Sums]:
    """Sums of every commune of a province that has people, closed ones among them, by unit id."""
    counts = session.execute(
        select(CommuneRollup.commune_id, *_commune_sums())
        .where(CommuneRollup.edition_id == edition_id, CommuneRollup.province_id == province_id)
        .group_by(CommuneRollup.commune_id)
    )
    modules = session.execute(
        select(ModuleRollup.commune_id, ModuleRollup.module_id, func.sum(ModuleRollup.done))
        .where(ModuleRollup.edition_id == edition_id, ModuleRollup.province_id == province_id)
        .group_by(ModuleRollup.commune_id, ModuleRollup.module_id)
    )
    return _joined(counts, modules)


def sums_of_commune(edition_id: int, commune_id: int) -> Sums:
    """Sums of one commune."""
    counts = session.execute(
        select(CommuneRollup.commune_id, *_commune_sums())
        .where(CommuneRollup.edition_id == edition_id, CommuneRollup.commune_id == commune_id)
        .group_by(CommuneRollup.commune_id)
    )
    modules = session.execute(
        select(ModuleRollup.commune_id, ModuleRollup.module_id, ModuleRollup.done).where(
            ModuleRollup.edition_id == edition_id, ModuleRollup.commune_id == commune_id
        )
    )
    return _joined(counts, modules).get(commune_id, Sums())


def _commune_sums() -> list[ColumnElement[int]]:
    columns = (
        CommuneRollup.teams,
        CommuneRollup.enrolled,
        CommuneRollup.activated,
        CommuneRollup.completed,
    )
    return [func.sum(column) for column in columns]


def _joined(counts: Iterable[Sequence[int]], modules: Iterable[Sequence[int]]) -> dict[int, Sums]:
    done: dict[int, dict[int, int]] = defaultdict(dict)
    for unit_id, module_id, count in modules:
        done[unit_id][module_id] = int(count)
    return {
        unit_id: Sums(int(teams), int(enrolled), int(activated), int(completed), done[unit_id])
        for unit_id, teams, enrolled, activated, completed in counts
        if enrolled
    }


def people_page(
    edition_id: int,
    where: ColumnElement[bool],
    filters: Filters,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int = PAGE,
) -> tuple[list[PersonRow], bool]:
    """A page of people in Vietnamese order, and whether there are more in the direction asked.

    `where` is a place: `in_nation()`, `in_province(…)`, `in_commune(…)`, `in_team(…)`.
    """
    key = tuple_(Enrolment.sort_key, Enrolment.id)
    statement = _people(edition_id, where, filters)
    if before is not None:
        statement = statement.where(key < tuple_(*before)).order_by(
            Enrolment.sort_key.desc(), Enrolment.id.desc()
        )
    else:
        statement = statement.order_by(Enrolment.sort_key, Enrolment.id)
        if after is not None:
            statement = statement.where(key > tuple_(*after))
    rows = session.execute(statement.limit(limit + 1)).all()
    kept = list(rows[:limit])
    if before is not None:
        kept.reverse()
    return _with_marks(kept), len(rows) > limit


def all_people(edition_id: int, where: ColumnElement[bool], filters: Filters) -> Iterator[PersonRow]:
    """Everybody, a few thousand at a time: memory stays flat at any size."""
    after: Cursor | None = None
    while True:
        rows, more = people_page(edition_id, where, filters, after=after, limit=_CHUNK)
        yield from rows
        if not more:
            return
        after = (rows[-1].sort_key, rows[-1].enrolment_id)


def count_people(edition_id: int, where: ColumnElement[bool], filters: Filters) -> int:
    """How many people a list has."""
    counted = _people(edition_id, where, filters).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(counted) or 0


def in_nation() -> ColumnElement[bool]:
    """Everybody who counts somewhere."""
    return Enrolment.counts.is_(True)


def in_province(province_id: int) -> ColumnElement[bool]:
    """The people of a province."""
    return and_(Enrolment.counts.is_(True), Enrolment.province_id == province_id)


def in_commune(commune_id: int) -> ColumnElement[bool]:
    """The people of a commune."""
    return and_(Enrolment.counts.is_(True), Enrolment.commune_id == commune_id)


def in_team(team_id: int) -> ColumnElement[bool]:
    """The people of a team."""
    return and_(Enrolment.counts.is_(True), Enrolment.team_id == team_id)


def _people(edition_id: int, where: ColumnElement[bool], filters: Filters) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Person.id.label("person_id"),
            Person.full_name,
            Enrolment.sort_key,
            Membership.role,
            Person.occupation,
            Person.phone,
            Team.id.label("team_id"),
            Team.title.label("team_title"),
            Enrolment.commune_id,
            Enrolment.is_activated,
            Enrolment.done_count,
            Enrolment.last_active_on,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(
            Membership,
            and_(Membership.person_id == Person.id, Membership.is_home, Membership.ended_on.is_(None)),
        )
        .join(Team, Team.id == Membership.team_id)
        .where(Enrolment.edition_id == edition_id, where, *_conditions(filters))
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if words := fold(filters.name):
        found.append(Person.folded.contains(f" {words}", autoescape=True))
    if filters.team_id is not None:
        found.append(Enrolment.team_id == filters.team_id)
    if filters.role:
        found.append(Membership.role == filters.role)
    if filters.state:
        found.append(_STATES[filters.state]())
    if filters.module_id is not None and filters.module_state:
        found.append(_module_condition(filters.module_id, filters.module_state))
    return found


_STATES: dict[str, Callable[[], ColumnElement[bool]]] = {
    "not-activated": lambda: Enrolment.is_activated.is_(False),
    "not-begun": lambda: ~_has_progress(),
    "learning": lambda: and_(Enrolment.completed_at.is_(None), _has_progress()),
    "completed": lambda: Enrolment.completed_at.is_not(None),
}


def _has_progress() -> ColumnElement[bool]:
    return select(ModuleProgress.enrolment_id).where(ModuleProgress.enrolment_id == Enrolment.id).exists()


def _module_condition(module_id: int, state: str) -> ColumnElement[bool]:
    of_module = select(ModuleProgress.enrolment_id).where(
        ModuleProgress.enrolment_id == Enrolment.id, ModuleProgress.module_id == module_id
    )
    if state == "not-begun":
        return ~of_module.exists()
    return of_module.where(ModuleProgress.state == state).exists()


def _with_marks(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[PersonRow]:
    marks = marks_of([row.enrolment_id for row in rows])
    return [PersonRow(**row._mapping, marks=marks.get(row.enrolment_id, {})) for row in rows]


def marks_of(enrolment_ids: Collection[int]) -> dict[int, dict[int, Mark]]:
    """Every begun module of these enrolments."""
    marks: dict[int, dict[int, Mark]] = defaultdict(dict)
    for enrolment_id, module_id, state, percent in session.execute(
        select(
            ModuleProgress.enrolment_id,
            ModuleProgress.module_id,
            ModuleProgress.state,
            ModuleProgress.best_percent,
        ).where(ModuleProgress.enrolment_id.in_(enrolment_ids))
    ):
        marks[enrolment_id][module_id] = Mark(_SHOWN.get(state, "in-progress"), percent)
    return marks


_SHOWN = {DONE: "passed", PASSED: "passed", FAILED: "not-passed"}


def teams_of(edition_id: int, where: ColumnElement[bool]) -> list[tuple[int, str]]:
    """The teams that people of a place are in: id and title, in order."""
    rows = session.execute(
        select(Team.id, Team.title, Team.sort_key)
        .join(Enrolment, Enrolment.team_id == Team.id)
        .where(Enrolment.edition_id == edition_id, where)
        .distinct()
        .order_by(Team.sort_key, Team.id)
    )
    return [(row.id, row.title) for row in rows]
