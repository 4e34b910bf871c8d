"""Lists of people: pages, known by the row they begin after, and whole lists in pieces."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from lms.catalogue.outline import ModuleLine
from lms.certificates.models import Certificate
from lms.foundation.db import rows_of, session
from lms.foundation.text import fold
from lms.people.models import Membership, Person, Team
from lms.people.rules import birth_text
from lms.quiz.rules import whole_percent
from lms.rosters.rules import NONE, OPEN, Filters, Sums
from lms.study.models import Enrolment, ModuleProgress
from lms.study.rules import DONE

PAGE = 100  # people on a page
_CHUNK = 1_000  # people read at a time where all of them are written out


@dataclass(frozen=True)
class Place:
    """Whose people: of the nation (no id), a province, a commune (a closed one too) or a team."""

    level: str
    id: int | None = None


class Mark(NamedTuple):
    """One module that a person has begun."""

    state: str  # learning, failed, passed, done
    percent: int | None  # of the best attempt, cut to a whole number


@lru_cache(maxsize=4096)
def read_mark(code: str) -> tuple[int, Mark]:
    """The module of a code, and what it says of it. There are few, and each is read once."""
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"{code!r} is no mark")
    module_id, state, percent = found.groups()
    return int(module_id), Mark(state, whole_percent(float(percent)) if percent else None)


_CODE = re.compile(r"(\d+)([a-z]+)([\d.]*)")


class PersonRow(NamedTuple):
    """One person on a roster."""

    enrolment_id: int
    person_id: int
    full_name: str
    role: str
    occupation: str | None
    member_code: str
    phone: str | None
    team_id: int
    team_title: str
    commune_id: int
    is_activated: bool
    done_count: int
    last_active_on: date | None
    completed_at: datetime | None
    codes: str | None  # of the modules begun: '12done90,13learning'

    @property
    def marks(self) -> Mapping[int, Mark]:
        """The modules begun, by id."""
        return dict(map(read_mark, self.codes.split(","))) if self.codes else {}

    def marks_in(self, modules: Iterable[ModuleLine]) -> list[Mark | None]:
        """A mark a module, in this order; none for those not begun."""
        marks = self.marks
        return [marks.get(module.id) for module in modules]


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and whether there are others before and after them."""

    rows: list[PersonRow]
    has_before: bool
    has_after: bool


@dataclass(frozen=True)
class Order:
    """How a list is sorted: by one of PEOPLE_SORTS, "-" before it turns it round; teams kept together."""

    sort: str = "name"
    by_team: bool = False

    @property
    def columns(self) -> list[tuple[ColumnElement[Any], bool]]:
        """What to sort by, and whether downwards; the last one tells any two rows apart."""
        down = self.sort.startswith("-")
        first = _SORTS[self.sort.removeprefix("-")]
        teams = [(_TEAM_SORT_KEY, False), (Enrolment.team_id, False)] if self.by_team else []
        columns: list[tuple[Any, bool]] = [*teams]
        if first is not None:
            columns.append((first, down))
        names_down = down and first is None
        return [*columns, (Enrolment.sort_key, names_down), (Enrolment.id, names_down)]


# Not a join: PostgreSQL would read every team of the country for the few of a commune.
_TEAM_SORT_KEY = (
    select(Team.sort_key).where(Team.id == Enrolment.team_id).correlate(Enrolment).scalar_subquery()
)
_SORTS: dict[str, Any] = {
    "name": None,
    "done": Enrolment.done_count,
    "active": func.coalesce(Enrolment.last_active_on, literal(date(1900, 1, 1))),
}


def people_page(
    edition_id: int,
    place: Place,
    filters: Filters,
    order: Order,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """The rows after or before the enrolment of that id; from the beginning where it is not of this place."""
    backwards = before is not None
    anchor = _anchor(edition_id, place, order, before if backwards else after)
    statement = _people(edition_id, place, filters)
    columns = [(column, down != backwards) for column, down in order.columns]
    if anchor is not None:
        statement = statement.where(_beyond(columns, anchor))
    ordered = statement.order_by(*(column.desc() if down else column for column, down in columns))
    found = rows_of(ordered.limit(limit + 1)).all()
    rows = [*map(PersonRow._make, found[:limit])]
    more, came_from = len(found) > limit, anchor is not None
    if backwards:
        rows.reverse()
        return Page(rows, has_before=more, has_after=came_from)
    return Page(rows, has_before=came_from, has_after=more)


def all_people(edition_id: int, place: Place, filters: Filters, order: Order) -> Iterator[PersonRow]:
    """Everybody, some hundreds at a time: memory stays flat, and work may be committed in between.

    Where to go on is kept from the last row itself, which may have moved away by then.
    """
    width, keys = len(PersonRow._fields), order.columns
    at = {f"after_{number}": column for number, (column, _down) in enumerate(keys)}
    first = _people(edition_id, place, filters).add_columns(*at.values()).limit(_CHUNK)
    first = first.order_by(*(column.desc() if down else column for column, down in keys))
    values = [bindparam(name, type_=column.type) for name, column in at.items()]
    following = first.where(_beyond(keys, values))
    rows = rows_of(first).all()
    while rows:
        for row in rows:
            yield PersonRow._make(row[:width])
        last = rows[-1][width:]
        rows = rows_of(following, **dict(zip(at, last, strict=True))).all() if len(rows) == _CHUNK else []


def count_people(edition_id: int, place: Place, filters: Filters) -> int:
    """How many people a list has."""
    statement = select(func.count()).select_from(Enrolment)
    return session.scalar(_narrowed(statement, edition_id, place, filters)) or 0


def totals(edition_id: int, place: Place, filters: Filters, bits: Mapping[int, int]) -> Sums:
    """What a list of people adds up to; `bits` are the modules' by id. Reads every row: for communes."""
    statement = select(
        func.count(Enrolment.team_id.distinct()),
        func.count(),
        func.count().filter(Enrolment.is_activated),
        func.count(Enrolment.completed_at),
        *(func.count().filter(_is_done(bit)) for bit in bits.values()),
    ).select_from(Enrolment)
    teams, enrolled, activated, completed, *done = session.execute(
        _narrowed(statement, edition_id, place, filters)
    ).one()
    return Sums(teams, enrolled, activated, completed, dict(zip(bits, done, strict=True)))


def teams_of(edition_id: int, place: Place) -> list[tuple[int, str]]:
    """The teams that people of a place are in: id and title, in order."""
    here = session.scalars(
        select(Enrolment.team_id).where(Enrolment.edition_id == edition_id, _within(place)).distinct()
    ).all()
    rows = session.execute(
        select(Team.id, Team.title).where(Team.id.in_(here)).order_by(Team.sort_key, Team.id)
    )
    return [(row.id, row.title) for row in rows]


def official_facts(
    person_ids: Collection[int], course_slug: str, edition_key: str
) -> dict[int, tuple[str, str]]:
    """What a paper list adds of persons: the year of birth, and the agency's number of the certificate."""
    rows = session.execute(
        select(Person.id, Person.birth, Certificate.agency_number)
        .outerjoin(
            Certificate,
            and_(
                Certificate.person_id == Person.id,
                Certificate.course_slug == course_slug,
                Certificate.edition_key == edition_key,
                Certificate.state == "valid",
            ),
        )
        .where(Person.id.in_(person_ids))
        .order_by(Certificate.round)
    )
    return {row.id: (birth_text(row.birth, "year"), row.agency_number or "") for row in rows}


_HOME = (Membership.is_home, Membership.ended_on.is_(None))  # as the partial index has it
# Each row is whole by itself: looked up beside it, team, role and marks cost less than statements of
# their own for many people, and much less than a row a mark.
_ROLE = (
    select(Membership.role)
    .where(Membership.person_id == Enrolment.person_id, *_HOME)
    .correlate(Enrolment)
    .scalar_subquery()
)
_TEAM_TITLE = select(Team.title).where(Team.id == Enrolment.team_id).correlate(Enrolment).scalar_subquery()
_MARK = (
    type_coerce(ModuleProgress.module_id, String)
    + ModuleProgress.state
    + func.coalesce(cast(ModuleProgress.best_percent, String), "")
)
_MARKS = (
    select(func.aggregate_strings(_MARK, ","))
    .where(ModuleProgress.enrolment_id == Enrolment.id)
    .correlate(Enrolment)
    .scalar_subquery()
)


def _people(edition_id: int, place: Place, filters: Filters) -> Select[*tuple[Any, ...]]:
    """The columns of PersonRow."""
    statement = select(
        Enrolment.id,
        Person.id,
        Person.full_name,
        func.coalesce(_ROLE, "member"),
        Person.occupation,
        Person.member_code,
        Person.phone,
        Enrolment.team_id,
        _TEAM_TITLE,
        Enrolment.commune_id,
        Enrolment.is_activated,
        Enrolment.done_count,
        Enrolment.last_active_on,
        Enrolment.completed_at,
        _MARKS,
    ).select_from(Enrolment)
    return _narrowed(statement, edition_id, place, filters, with_person=True)


def _narrowed(
    statement: Select[*tuple[Any, ...]],
    edition_id: int,
    place: Place,
    filters: Filters,
    *,
    with_person: bool = False,
) -> Select[*tuple[Any, ...]]:
    """To the enrolments of a place that the filters leave, beside their persons where those are needed."""
    if with_person or filters.name:
        statement = statement.join(Person, Person.id == Enrolment.person_id)
    conditions = [Enrolment.edition_id == edition_id, _within(place)]
    if filters.team_id is not None:
        conditions.append(Enrolment.team_id == filters.team_id)
    if filters.active:
        conditions.append(Enrolment.is_activated.is_(filters.active == "yes"))
    if filters.state:
        conditions.append(_stands(filters))
    if words := fold(filters.name):
        conditions.append(Person.folded.contains(f" {words}", autoescape=True))
    if filters.role:
        held = select(Membership.id).where(
            Membership.person_id == Enrolment.person_id, *_HOME, Membership.role == filters.role
        )
        conditions.append(held.exists())
    return statement.where(*conditions)


def _within(place: Place) -> ColumnElement[bool]:
    column = {
        "province": Enrolment.province_id,
        "commune": Enrolment.commune_id,
        "team": Enrolment.team_id,
    }.get(place.level)
    counts = Enrolment.counts.is_(True)
    return counts if column is None else and_(column == place.id, counts)


def _stands(filters: Filters) -> ColumnElement[bool]:
    if filters.module_id is None:
        completed = Enrolment.completed_at
        return completed.is_(None) if filters.state == OPEN else completed.is_not(None)
    if filters.state in (DONE, OPEN):
        done = _is_done(filters.module_bit)
        return done if filters.state == DONE else ~done
    begun = select(ModuleProgress.state).where(
        ModuleProgress.enrolment_id == Enrolment.id, ModuleProgress.module_id == filters.module_id
    )
    stands: ColumnElement[bool] = begun.where(ModuleProgress.state == filters.state).exists()
    if filters.state == NONE:
        stands = ~begun.exists()
    # The mask speaks for most people, without a look at what each has begun.
    return and_(~_is_done(filters.module_bit), stands)


def _is_done(bit: int) -> ColumnElement[bool]:
    return Enrolment.mask.bitwise_and(1 << bit) != 0


def _anchor(edition_id: int, place: Place, order: Order, enrolment_id: int | None) -> Sequence[Any] | None:
    """Where in the order the enrolment stands."""
    if enrolment_id is None:
        return None
    return session.execute(
        select(*(column for column, _ in order.columns))
        .select_from(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.edition_id == edition_id, _within(place))
    ).one_or_none()


def _beyond(columns: Sequence[tuple[ColumnElement[Any], bool]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after these values: beyond in the first column, or level there and beyond in the rest.

    The bound of the first column stands alone, so that an index can begin there.
    """
    (column, down), value = columns[0], values[0]
    past: ColumnElement[bool] = column < value if down else column > value
    if len(columns) == 1:
        return past
    not_before = column <= value if down else column >= value
    return and_(not_before, or_(past, _beyond(columns[1:], values[1:])))
