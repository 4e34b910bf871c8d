"""Tables of certificates: a register that outlives course, account and unit."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base


class Certificate(Base):
    """What was certified, as it stood on the day: the snapshot alone makes the page and the PDF."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('valid', 'corrected', 'revoked')", name="state_known"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_has_a_time"),
        UniqueConstraint("person_id", "course_slug", "edition_key", "round", "version"),
        Index(
            "uq_certificate_current",
            "person_id",
            "course_slug",
            "edition_key",
            "round",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
        Index("ix_certificate_issued_on", "issued_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # LS-YY-XXXX-XXXX
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    course_slug: Mapped[str]
    edition_key: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)  # a renewal after expiry is the next round
    version: Mapped[int] = mapped_column(default=1)  # a correction is the next version
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    state: Mapped[str] = mapped_column(default="valid")
    template: Mapped[str]
    snapshot: Mapped[dict[str, Any]]  # full_name, team, units, course, edition, dates, result
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]  # Vietnam's calendar
    expires_on: Mapped[date | None]  # the last day of validity
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str | None]  # of the revocation or correction
    agency_number: Mapped[str | None]
    agency_date: Mapped[date | None]
