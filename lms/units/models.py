"""Tables of the map and its history: units, their dated versions, and the acts that changed them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base, SortKey


class Unit(Base):
    """An administrative unit for as long as it lives: it may be renamed, retyped and moved."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("level IN ('nation', 'province', 'district', 'commune')", name="level_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str]


class UnitVersion(Base):
    """What a unit was called and where it belonged, from a day to a day. Codes are text, zeros count."""

    __tablename__ = "unit_version"
    __table_args__ = (
        CheckConstraint("scheme IN ('3-tier', '2-tier')", name="scheme_known"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_start"),
        UniqueConstraint("unit_id", "valid_from"),
        Index("ix_unit_version_code", "code", "scheme"),
        Index("ix_unit_version_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]  # without the word of its type
    type: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]  # the first day on which it no longer holds
    act: Mapped[str | None]  # the legal act that made this version
    folded: Mapped[str]
    sort_key: Mapped[SortKey]


class UnitEvent(Base):
    """A change of the map on a day, by a legal act."""

    __tablename__ = "unit_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('rename', 'retype', 'merge', 'split', 'transfer', 'dissolve', 'create')",
            name="kind_known",
        ),
        UniqueConstraint("key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # names the event in the seeds, so that loading twice changes nothing
    on: Mapped[date]
    kind: Mapped[str]
    act: Mapped[str]


class UnitLink(Base):
    """That people recorded under one unit now count in another; partial where it went to several."""

    __tablename__ = "unit_link"
    __table_args__ = (UniqueConstraint("event_id", "from_unit_id", "to_unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("unit_event.id"))
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    partial: Mapped[bool]


class UnitData(Base):
    """Which version of the seeds was loaded, and when."""

    __tablename__ = "unit_data"

    data_version: Mapped[str] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime]
