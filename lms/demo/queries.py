"""What the generator reads: where people can live, and which ids are free."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.foundation.db import Base, session
from lms.people.models import Person
from lms.units.models import Unit, UnitLink, UnitVersion


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
