"""Where somebody may do something: the check on one place and the filter on many."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from lms.foundation.db import session
from lms.people.models import Account, Grant, Membership, Person, Team
from lms.people.permissions import Action, HeldGrant, HeldRole, Scope, scope_from
from lms.people.queries.viewer import GRANTS_AWAKE
from lms.units.models import Unit, UnitLink, UnitVersion
from lms.units.queries import path_of

# The unit that a membership counts in: as recorded, unless a successor was chosen after a division.
MEMBERSHIP_UNIT = func.coalesce(Membership.successor_unit_id, Team.successor_unit_id, Team.unit_id)
TEAM_UNIT = func.coalesce(Team.successor_unit_id, Team.unit_id)


@dataclass(frozen=True)
class Place:
    """Where a person counts: in a team at a unit, or, by a grant, at a unit alone."""

    team_id: int | None
    unit_id: int


def scope_of(person_id: int, action: Action) -> Scope:
    """Where the person may do this today, from standing grants and the teams led."""
    unit_id = case((Unit.level == "nation", None), else_=Grant.unit_id)
    grants = session.execute(
        select(Grant.role, unit_id, Grant.course_slug)
        .join(Account, GRANTS_AWAKE)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id == person_id)
    )
    roles = session.execute(
        select(Membership.role, Membership.team_id).where(
            Membership.person_id == person_id, Membership.ended_on.is_(None)
        )
    )
    return scope_from(
        action, (HeldGrant(*grant) for grant in grants), (HeldRole(role, team) for role, team in roles)
    )


def covers_unit(scope: Scope, unit_id: int) -> bool:
    """The check on a unit: it is below one of the scope's, by today's map or by what became of it."""
    return scope.everywhere or (bool(scope.unit_ids) and scope.covers_units(path_of(unit_id)))


def covers_team(scope: Scope, team_id: int) -> bool:
    """The check on a team; one that does not exist is nowhere."""
    unit_id = session.scalar(select(TEAM_UNIT).where(Team.id == team_id))
    return unit_id is not None and (team_id in scope.team_ids or covers_unit(scope, unit_id))


def covers_person(scope: Scope, person_id: int) -> bool:
    """The check on a person: any place where the person counts is inside; who does not exist is nowhere."""
    if scope.everywhere:
        return session.scalar(select(Person.id).where(Person.id == person_id)) is not None
    return any(
        place.team_id in scope.team_ids or covers_unit(scope, place.unit_id) for place in places_of(person_id)
    )


def places_of(person_id: int) -> tuple[Place, ...]:
    """Current memberships, or the past ones of somebody who has none, and the units of standing grants."""
    memberships = session.execute(
        select(Membership.team_id, MEMBERSHIP_UNIT)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person_id == person_id, _counts(Membership))
    )
    grants = session.scalars(
        select(Grant.unit_id).where(
            Grant.person_id == person_id, Grant.revoked_at.is_(None), Grant.unit_id.is_not(None)
        )
    )
    return (
        *(Place(team_id, unit_id) for team_id, unit_id in memberships),
        *(Place(None, unit_id) for unit_id in grants if unit_id is not None),
    )


def teams_within(scope: Scope) -> ColumnElement[bool]:
    """The filter on teams, to stand in a WHERE beside Team."""
    if scope.everywhere:
        return true()
    return or_(false(), Team.id.in_(scope.team_ids), TEAM_UNIT.in_(units_inside(scope.unit_ids)))


def persons_within(scope: Scope, person_id: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """The filter on persons, for the column that holds their id."""
    if scope.everywhere:
        return true()
    units = units_inside(scope.unit_ids)
    # Under names of their own: the list that is filtered may stand on the same tables.
    held, team = aliased(Membership), aliased(Team)
    counts_in = func.coalesce(held.successor_unit_id, team.successor_unit_id, team.unit_id)
    in_teams = exists().where(
        held.person_id == person_id,
        held.team_id == team.id,
        _counts(held),
        or_(held.team_id.in_(scope.team_ids), counts_in.in_(units)),
    )
    given = aliased(Grant)
    by_grant = exists().where(
        given.person_id == person_id, given.revoked_at.is_(None), given.unit_id.in_(units)
    )
    return or_(in_teams, by_grant)


def units_inside(unit_ids: frozenset[int]) -> set[int]:
    """The units and all that count in them: what stands or stood below, and what wholly became part of them.

    The inverse of `path_of`: a unit is inside another exactly if the other is on its path.
    """
    inside: set[int] = set()
    waiting = set(unit_ids)
    while waiting:
        inside |= waiting
        below = session.scalars(select(UnitVersion.unit_id).where(UnitVersion.parent_id.in_(waiting)))
        before = session.scalars(
            select(UnitLink.from_unit_id).where(UnitLink.to_unit_id.in_(waiting), UnitLink.partial.is_(False))
        )
        waiting = {*below, *before} - inside
    return inside


def _counts(held: type[Membership]) -> ColumnElement[bool]:
    """A current membership; of somebody without one, any past one."""
    other = aliased(Membership)
    has_current = exists().where(other.person_id == held.person_id, other.ended_on.is_(None))
    return or_(held.ended_on.is_(None), ~has_current)
