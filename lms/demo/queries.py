"""What the generator reads: where people can live, and which ids are free."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.demo.cast import KNOWN, OFFICERS, OFFICERS_PHRASE, PIN, WAITING
from lms.foundation.db import Base, session
from lms.foundation.i18n import N_, translate
from lms.people.models import Person
from lms.people.phones import spoken_phone
from lms.people.queries import person_id_by_phone, slip_for
from lms.people.slips import SlipKeys
from lms.units.models import Unit, UnitLink, UnitVersion


@dataclass(frozen=True)
class DemoAccount:
    """A line of the table that a start prints: who it is, and how to sign in."""

    role: str
    name: str
    who: str  # a phone number, or a member code
    secret: str
    is_officer: bool = False


@dataclass(frozen=True)
class Commune:
    """A commune of today."""

    id: int
    type: str
    name: str
    province_id: int
    province_code: str


def communes() -> list[Commune]:
    """Every commune of today, by province and code."""
    province = aliased(UnitVersion)
    rows = session.execute(
        select(
            Unit.id,
            UnitVersion.type,
            UnitVersion.name,
            province.unit_id.label("province_id"),
            province.code.label("province_code"),
        )
        .join(UnitVersion, (UnitVersion.unit_id == Unit.id) & UnitVersion.valid_to.is_(None))
        .join(province, (province.unit_id == UnitVersion.parent_id) & province.valid_to.is_(None))
        .where(Unit.level == "commune")
        .order_by(province.code, UnitVersion.code)
    )
    return [Commune(**row._mapping) for row in rows]


def communes_before() -> dict[int, list[int]]:
    """The closed communes that each commune of today took over, wholly or in part."""
    before: dict[int, list[int]] = {}
    rows = session.execute(
        select(UnitLink.to_unit_id, UnitLink.from_unit_id)
        .join(Unit, Unit.id == UnitLink.from_unit_id)
        .where(Unit.level == "commune", UnitLink.from_unit_id != UnitLink.to_unit_id)
        .order_by(UnitLink.to_unit_id, UnitLink.from_unit_id)
    )
    for to_id, from_id in rows:
        before.setdefault(to_id, []).append(from_id)
    return before


def last_id(table: type[Base]) -> int:
    """The highest id of a table that has one; 0 for an empty table."""
    return session.scalar(select(func.max(table.__table__.c.id))) or 0


def knows_anybody() -> bool:
    """Whether any person is written down."""
    return session.scalar(select(Person.id).limit(1)) is not None


def demo_accounts() -> list[DemoAccount]:
    """An account of every role, with secrets as they were made; nothing where there is no demo province."""
    if person_id_by_phone(OFFICERS[0].phone) is None:
        return []
    officers = [
        DemoAccount(translate(one.role), one.name, spoken_phone(one.phone), OFFICERS_PHRASE, True)
        for one in OFFICERS
    ]
    members = [DemoAccount(translate(role), one.name, spoken_phone(one.phone), PIN) for role, one in KNOWN]
    return [*officers, *members]


def waiting_account(keys: SlipKeys) -> DemoAccount | None:
    """Somebody who has a slip and no account yet; the secret is the slip's code."""
    person_id = person_id_by_phone(WAITING.phone)
    slip = slip_for(person_id) if person_id is not None else None
    secret = keys.secret_of(slip.nonce, slip.token_hmac) if slip else None
    if slip is None or secret is None:
        return None
    role = translate(N_("Thành viên chưa kích hoạt"))
    return DemoAccount(role, WAITING.name, slip.member_code, secret.spoken_code)
