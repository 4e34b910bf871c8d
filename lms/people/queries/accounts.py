"""How people come in: accounts, slips, what holds a sign-in back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from lms.foundation.db import session
from lms.people.models import Account, Grant, Membership, NoticeAcceptance, Person, SignInThrottle, Slip, Team
from lms.people.queries.scope import MEMBERSHIP_UNIT
from lms.people.secrets import Owner


@dataclass(frozen=True)
class AccountView:
    """An account at the door."""

    person_id: int
    secret_hash: str
    secret_kind: str
    epoch: int
    locale: str
    text_size: int
    notice_version: str | None
    holds_grant: bool
    last_seen_on: date | None


@dataclass(frozen=True)
class SlipView:
    """An open slip and whom it is for."""

    id: int
    nonce: str
    token_hmac: str
    for_officer: bool
    expires_at: datetime
    person_id: int
    full_name: str
    member_code: str
    phone: str | None
    birth: date | None
    team_title: str | None
    unit_id: int | None
    holds_grant: bool

    @property
    def owner(self) -> Owner:
        """What the new secret must not be made of."""
        return Owner(self.full_name, self.member_code, self.phone, self.birth)

    def opens(self, now: datetime) -> bool:
        """Whether it may still be used: a team's slip never opens an account that holds a grant."""
        return now < self.expires_at and (self.for_officer or not self.holds_grant)


_HOLDS_GRANT = exists().where(Grant.person_id == Person.id, Grant.revoked_at.is_(None))
_any = aliased(Membership)
_HOME = (
    select(_any.id)
    .where(_any.person_id == Person.id, _any.ended_on.is_(None))
    .order_by(_any.is_home.desc(), _any.id)
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_ACCOUNT = (
    select(
        Account.person_id,
        Account.secret_hash,
        Account.secret_kind,
        Account.epoch,
        Account.locale,
        Account.text_size,
        select(func.max(NoticeAcceptance.version))
        .where(NoticeAcceptance.person_id == Person.id)
        .label("notice_version"),
        _HOLDS_GRANT.label("holds_grant"),
        Account.last_seen_on,
    )
    .join(Person, Person.id == Account.person_id)
    .where(Person.deactivated_at.is_(None))
)


def _slips() -> Select[*tuple[object, ...]]:
    return (
        select(
            Slip.id,
            Slip.nonce,
            Slip.token_hmac,
            Slip.for_officer,
            Slip.expires_at,
            Slip.person_id,
            Person.full_name,
            Person.member_code,
            Person.phone,
            Person.birth,
            Team.title.label("team_title"),
            MEMBERSHIP_UNIT.label("unit_id"),
            _HOLDS_GRANT.label("holds_grant"),
        )
        .join(Person, Person.id == Slip.person_id)
        .outerjoin(Membership, Membership.id == _HOME)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Slip.used_at.is_(None), Slip.revoked_at.is_(None), Person.deactivated_at.is_(None))
    )


def account_of(person_id: int) -> AccountView | None:
    """The account, or nothing before the first activation."""
    row = session.execute(_ACCOUNT.where(Account.person_id == person_id)).one_or_none()
    return AccountView(**row._mapping) if row else None


def account_by_phone(phone: str) -> AccountView | None:
    """Whose login number this is (E.164)."""
    row = session.execute(_ACCOUNT.where(Person.phone == phone)).one_or_none()
    return AccountView(**row._mapping) if row else None


def account_by_code(member_code: str) -> AccountView | None:
    """Whose member code this is."""
    row = session.execute(_ACCOUNT.where(Person.member_code == member_code)).one_or_none()
    return AccountView(**row._mapping) if row else None


def slip_of(slip_id: int) -> SlipView | None:
    """The slip, as long as it is neither used nor revoked; it may have expired."""
    return _slip(_slips().where(Slip.id == slip_id))


def slip_by_token(token_hmacs: Collection[str]) -> SlipView | None:
    """The slip whose token hashes to one of these."""
    return _slip(_slips().where(Slip.token_hmac.in_(token_hmacs)))


def slip_by_code(code_hmacs: Collection[str]) -> SlipView | None:
    """The slip whose code hashes to one of these."""
    return _slip(_slips().where(Slip.code_hmac.in_(code_hmacs)))


def slip_for(person_id: int) -> SlipView | None:
    """The person's open slip; it may have expired."""
    return _slip(_slips().where(Slip.person_id == person_id))


def slips_of_team(team_id: int) -> list[SlipView]:
    """Open slips of a team's current members, in Vietnamese order; some may have expired."""
    in_team = exists().where(_any.person_id == Person.id, _any.team_id == team_id, _any.ended_on.is_(None))
    rows = session.execute(_slips().where(in_team).order_by(Person.sort_key, Person.id))
    return [SlipView(**row._mapping) for row in rows]


def _slip(query: Select[*tuple[object, ...]]) -> SlipView | None:
    row = session.execute(query).one_or_none()
    return SlipView(**row._mapping) if row else None


def used_code_hmacs(code_hmacs: Collection[str]) -> set[str]:
    """Which of these belong to a slip already, open or not."""
    return set(session.scalars(select(Slip.code_hmac).where(Slip.code_hmac.in_(code_hmacs))))


def grant_holders(person_ids: Collection[int]) -> set[int]:
    """Which of these persons hold a grant: their accounts are not a team's to open."""
    return set(
        session.scalars(
            select(Grant.person_id).where(Grant.person_id.in_(person_ids), Grant.revoked_at.is_(None))
        )
    )


def failures(keys: Collection[str]) -> dict[str, tuple[int, datetime]]:
    """Failures and the window's start, by throttle key."""
    rows = session.execute(
        select(SignInThrottle.key, SignInThrottle.failures, SignInThrottle.window_start).where(
            SignInThrottle.key.in_(keys)
        )
    )
    return {key: (count, start) for key, count, start in rows}
