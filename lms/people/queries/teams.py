"""Teams with their people, and finding either."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from lms.foundation.audit import AuditEntry
from lms.foundation.codes import read_member_code
from lms.foundation.db import one_of, session
from lms.foundation.text import fold
from lms.people.models import Account, ImportBatch, ImportRow, Membership, Person, Team
from lms.people.permissions import Scope
from lms.people.queries.scope import MEMBERSHIP_UNIT, TEAM_UNIT, persons_within, teams_within

_FEWEST_DIGITS = 4  # of a phone number, from its end


@dataclass(frozen=True)
class MemberLine:
    """One current member of a team."""

    person_id: int
    full_name: str
    role: str
    occupation: str | None
    is_activated: bool
    last_seen_on: date | None


@dataclass(frozen=True)
class TeamLine:
    """One team of a commune."""

    id: int
    title: str
    leader: str | None
    people: int
    activated: int


@dataclass(frozen=True)
class FoundPerson:
    """A person found by a search, in the home team."""

    person_id: int
    full_name: str
    member_code: str
    phone: str | None
    team_id: int | None
    team_title: str | None
    unit_id: int | None
    is_activated: bool


@dataclass(frozen=True)
class Deed:
    """Something that was done to a person, by whom (nobody: a command or the person's own first step)."""

    at: datetime
    action: str
    actor: str | None
    fields: list[Any]
    reason: str | None


@dataclass(frozen=True)
class ImportedFrom:
    """The row of a roster that a person came with."""

    at: datetime | None
    batch_id: int
    file_name: str
    row: int


def members_of(team_id: int) -> list[MemberLine]:
    """Current members in Vietnamese order."""
    rows = session.execute(
        select(
            Person.id.label("person_id"),
            Person.full_name,
            Membership.role,
            Person.occupation,
            Account.person_id.is_not(None).label("is_activated"),
            Account.last_seen_on,
        )
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Membership.team_id == team_id, Membership.ended_on.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [MemberLine(**row._mapping) for row in rows]


def teams_in(unit_id: int) -> list[TeamLine]:
    """Standing teams that count in a commune, in Vietnamese order."""
    leader = (
        select(Person.full_name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.team_id == Team.id, Membership.ended_on.is_(None), Membership.role == "leader")
        .order_by(Membership.id)
        .limit(1)
        .correlate(Team)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Team.id,
            Team.title,
            leader.label("leader"),
            func.count(Membership.id).label("people"),
            func.count(Account.person_id).label("activated"),
        )
        .outerjoin(Membership, and_(Membership.team_id == Team.id, Membership.ended_on.is_(None)))
        .outerjoin(Account, Account.person_id == Membership.person_id)
        .where(TEAM_UNIT.in_([unit_id]), Team.dissolved_on.is_(None))
        .group_by(Team.id)
        .order_by(Team.sort_key, Team.id)
    )
    return [TeamLine(**row._mapping) for row in rows]


def find_people(scope: Scope, text: str, limit: int) -> list[FoundPerson]:
    """Persons within the scope by name (diacritics or not), member code, or the last digits of a number."""
    statement = _found().where(_says(text), persons_within(scope, Person.id))
    exact = case((Person.full_name.ilike(f"%{_literal(text)}%", escape="\\"), 0), else_=1)
    rows = session.execute(statement.order_by(exact, Person.sort_key, Person.id).limit(limit))
    return [FoundPerson(**row._mapping) for row in rows]


def people_within(scope: Scope, person_ids: Collection[int]) -> dict[int, FoundPerson]:
    """Those of these persons that stand within the scope."""
    statement = _found().where(one_of(Person.id, person_ids), persons_within(scope, Person.id))
    return {row.person_id: FoundPerson(**row._mapping) for row in session.execute(statement)}


def find_teams(scope: Scope, text: str, limit: int) -> list[tuple[int, str, int]]:
    """Standing teams within the scope by a word of their title: id, title, unit."""
    words = fold(text)
    if not words:
        return []
    rows = session.execute(
        select(Team.id, Team.title, TEAM_UNIT)
        .where(Team.folded.like(f"% {words}%"), Team.dissolved_on.is_(None), teams_within(scope))
        .order_by(Team.sort_key, Team.id)
        .limit(limit)
    )
    return [(team_id, title, unit_id) for team_id, title, unit_id in rows]


def _found() -> Select[*tuple[Any, ...]]:
    home = aliased(Membership)
    at_home = (
        select(home.id)
        .where(home.person_id == Person.id, home.ended_on.is_(None))
        .order_by(home.is_home.desc(), home.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        select(
            Person.id.label("person_id"),
            Person.full_name,
            Person.member_code,
            Person.phone,
            Membership.team_id,
            Team.title.label("team_title"),
            MEMBERSHIP_UNIT.label("unit_id"),
            Account.person_id.is_not(None).label("is_activated"),
        )
        .select_from(Person)
        .outerjoin(Membership, Membership.id == at_home)
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(Account, Account.person_id == Person.id)
    )


def _says(text: str) -> ColumnElement[bool]:
    digits = "".join(char for char in text if char.isascii() and char.isdecimal())
    ways: list[ColumnElement[bool]] = []
    if code := read_member_code(text):
        ways.append(Person.member_code == code)
    if words := fold(text):
        ways.append(Person.folded.like(f"% {words}%"))
    if len(digits) >= _FEWEST_DIGITS:
        ways.append(Person.phone.like(f"%{digits.removeprefix('0')}"))
    return or_(*ways) if ways else Person.id.is_(None)


def _literal(text: str) -> str:
    """The text for a LIKE that takes it as it is."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def deeds_of(person_id: int, limit: int = 30) -> list[Deed]:
    """What was done to the person, the latest first."""
    actor = aliased(Person)
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.action, actor.full_name, AuditEntry.fields, AuditEntry.reason)
        .outerjoin(actor, and_(actor.id == AuditEntry.actor_id, actor.id != person_id))
        .where(AuditEntry.subject_kind == "person", AuditEntry.subject_id == person_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Deed(*row) for row in rows]


def imports_of(person_id: int) -> Sequence[ImportedFrom]:
    """The rows of rosters written for the person, the latest first."""
    rows = session.execute(
        select(ImportBatch.committed_at, ImportBatch.id, ImportBatch.file_name, ImportRow.row)
        .join(ImportRow, ImportRow.batch_id == ImportBatch.id)
        .where(ImportRow.person_id == person_id, ImportBatch.state == "committed")
        .order_by(ImportBatch.id.desc())
        .limit(10)
    )
    return [ImportedFrom(*row) for row in rows]
