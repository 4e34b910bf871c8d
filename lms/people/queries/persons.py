"""Persons, their memberships and teams, one at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.foundation.db import one_of, session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.models import Account, Grant, Membership, Person, Team
from lms.people.queries.scope import MEMBERSHIP_UNIT, TEAM_UNIT
from lms.people.secrets import Owner


class NoSuchPerson(NotFound):
    """No person of this id, code or number."""

    message = N_("Không có ai trong sổ mang mã hoặc số điện thoại này.")


class NoSuchTeam(NotFound):
    """No team of this id."""

    message = N_("Không có tổ này.")


@dataclass(frozen=True)
class PersonView:
    """What is written about a person, and how far the account is."""

    id: int
    full_name: str
    member_code: str
    phone: str | None
    contact_phone: str | None
    birth: date | None
    birth_precision: str | None
    sex: str | None
    occupation: str | None
    note: str | None
    created_at: datetime
    version: int
    activated_at: datetime | None
    last_seen_on: date | None
    secret_kind: str | None

    @property
    def owner(self) -> Owner:
        """What no secret of this person may be made of."""
        return Owner(self.full_name, self.member_code, self.phone, self.birth)


@dataclass(frozen=True)
class MembershipLine:
    """One membership with its team."""

    id: int
    team_id: int
    title: str
    unit_id: int  # where it counts now
    recorded_unit_id: int
    recorded_unit_text: str | None
    successor_unit_id: int | None
    role: str
    is_home: bool
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class TeamView:
    """A team; `unit_id` is where it counts, `recorded_unit_id` where it was founded."""

    id: int
    title: str
    village: str | None
    unit_id: int
    recorded_unit_id: int
    founded_on: date | None
    dissolved_on: date | None


@dataclass(frozen=True)
class GrantLine:
    """A standing grant."""

    id: int
    role: str
    unit_id: int | None
    course_slug: str | None
    granted_at: datetime


_PERSON = select(
    Person.id,
    Person.full_name,
    Person.member_code,
    Person.phone,
    Person.contact_phone,
    Person.birth,
    Person.birth_precision,
    Person.sex,
    Person.occupation,
    Person.note,
    Person.created_at,
    Person.version,
    Account.activated_at,
    Account.last_seen_on,
    Account.secret_kind,
).outerjoin(Account, Account.person_id == Person.id)

_MEMBERSHIP = select(
    Membership.id,
    Membership.team_id,
    Team.title,
    MEMBERSHIP_UNIT.label("unit_id"),
    Membership.recorded_unit_id,
    Membership.recorded_unit_text,
    Membership.successor_unit_id,
    Membership.role,
    Membership.is_home,
    Membership.started_on,
    Membership.ended_on,
).join(Team, Team.id == Membership.team_id)


def person_of(person_id: int) -> PersonView:
    """The person. Raises NoSuchPerson."""
    row = session.execute(_PERSON.where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NoSuchPerson
    return PersonView(**row._mapping)


def person_id_by_phone(phone: str) -> int | None:
    """Whose login this number is."""
    return session.scalar(select(Person.id).where(Person.phone == phone))


def person_id_by_code(member_code: str) -> int | None:
    """Whose member code this is."""
    return session.scalar(select(Person.id).where(Person.member_code == member_code))


def used_member_codes(member_codes: Collection[str]) -> set[str]:
    """Which of these are taken."""
    return set(session.scalars(select(Person.member_code).where(one_of(Person.member_code, member_codes))))


def memberships_of(person_id: int) -> list[MembershipLine]:
    """All memberships, the current first, then the latest."""
    rows = session.execute(
        _MEMBERSHIP.where(Membership.person_id == person_id).order_by(
            Membership.ended_on.is_not(None),
            Membership.is_home.desc(),
            Membership.started_on.desc(),
            Membership.id,
        )
    )
    return [MembershipLine(**row._mapping) for row in rows]


def current_memberships(person_id: int) -> list[MembershipLine]:
    """Current memberships, the home first."""
    return [line for line in memberships_of(person_id) if line.ended_on is None]


def team_of(team_id: int) -> TeamView:
    """The team. Raises NoSuchTeam."""
    row = session.execute(
        select(
            Team.id,
            Team.title,
            Team.village,
            TEAM_UNIT.label("unit_id"),
            Team.unit_id.label("recorded_unit_id"),
            Team.founded_on,
            Team.dissolved_on,
        ).where(Team.id == team_id)
    ).one_or_none()
    if row is None:
        raise NoSuchTeam
    return TeamView(**row._mapping)


def grants_of(person_id: int) -> list[GrantLine]:
    """Standing grants, awake or not."""
    rows = session.execute(
        select(Grant.id, Grant.role, Grant.unit_id, Grant.course_slug, Grant.granted_at)
        .where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )
    return [GrantLine(**row._mapping) for row in rows]
