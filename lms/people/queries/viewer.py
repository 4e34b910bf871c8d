"""The person of a request."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select

from lms.foundation.db import rows_of
from lms.people.models import Account, Grant, Membership, NoticeAcceptance, Person
from lms.people.permissions import Action, grants_allow
from lms.people.secrets import PASSPHRASE


@dataclass(frozen=True)
class Viewer:
    """The person of this request: what every page needs to know, from one query."""

    person_id: int
    full_name: str
    epoch: int
    version: int
    locale: str
    text_size: int
    notice_version: str | None
    team_id: int | None
    team_roles: tuple[str, ...]
    grant_roles: tuple[str, ...]

    def may_somewhere(self, action: Action) -> bool:
        """Whether some grant or team role allows the action; where exactly is `scope_of`'s to say."""
        return grants_allow(action, self.grant_roles, self.team_roles)

    @property
    def leads_team(self) -> bool:
        """Whether a team's members are this person's to look after."""
        return self.may_somewhere(Action.HAND_OUT_SLIPS) and self.team_id is not None

    @property
    def is_officer(self) -> bool:
        """Whether rosters are this person's work."""
        return self.may_somewhere(Action.VIEW_ROSTER)

    @property
    def is_manager(self) -> bool:
        """Whether people and imports are this person's work."""
        return self.may_somewhere(Action.MANAGE_PEOPLE)

    @property
    def is_author(self) -> bool:
        """Whether courses, and what the answers to their questions tell, are this person's work."""
        return self.may_somewhere(Action.AUTHOR)

    @property
    def is_admin(self) -> bool:
        """Whether the whole site is this person's work."""
        return self.may_somewhere(Action.ADMINISTER)


def viewer_of(person_id: int) -> Viewer | None:
    """The active person with an account, or nobody."""
    row = rows_of(_VIEWER, person_id=person_id).one_or_none()
    if row is None:
        return None
    roles = {"team_roles": _listed(row.team_roles), "grant_roles": _listed(row.grant_roles)}
    return Viewer(**dict(row._mapping) | roles)


def _listed(joined: str | None) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


# Grants sleep until the account is kept by a passphrase: six digits guard no one else's data.
GRANTS_AWAKE = and_(
    Grant.person_id == Account.person_id,
    Grant.revoked_at.is_(None),
    Account.secret_kind == PASSPHRASE,
)
_CURRENT = and_(Membership.person_id == Person.id, Membership.ended_on.is_(None))
_LEADS_FIRST = case((or_(Membership.role == "leader", Membership.role == "deputy"), 0), else_=1)
# As a literal: a bound separator is written into the statement anew each time, at half of its whole cost.
_COMMA: Any = literal_column("','")
_VIEWER = (
    select(
        Person.id.label("person_id"),
        Person.full_name,
        Account.epoch,
        Person.version,
        Account.locale,
        Account.text_size,
        select(func.max(NoticeAcceptance.version))
        .where(NoticeAcceptance.person_id == Person.id)
        .label("notice_version"),
        select(Membership.team_id)
        .where(_CURRENT)
        .order_by(_LEADS_FIRST, Membership.is_home.desc(), Membership.id)
        .limit(1)
        .label("team_id"),
        select(func.aggregate_strings(Membership.role, _COMMA)).where(_CURRENT).label("team_roles"),
        select(func.aggregate_strings(Grant.role, _COMMA)).where(GRANTS_AWAKE).label("grant_roles"),
    )
    .join(Account, Account.person_id == Person.id)
    .where(Person.id == bindparam("person_id"), Person.deactivated_at.is_(None))
)
