"""The audit log: who changed which fields of what, and why. Values lie apart, so that they can be erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base, session


class AuditEntry(Base):
    """One deed. Append-only; holds no personal value itself."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # no foreign key: the log outlives the account
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    fields: Mapped[list[Any]]
    reason: Mapped[str | None]


class AuditValue(Base):
    """What a field was before and after; emptied when the person is erased."""

    __tablename__ = "audit_value"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[str | None]
    after: Mapped[str | None]


def record(
    action: str,
    subject: tuple[str, int | None],
    *,
    actor_id: int | None,
    at: datetime,
    changes: dict[str, tuple[object, object]] | None = None,
    reason: str | None = None,
) -> None:
    """Append an entry about `subject` (kind, id) with `changes` of field → (before, after)."""
    kind, subject_id = subject
    changes = changes or {}
    entry = AuditEntry(
        at=at,
        actor_id=actor_id,
        action=action,
        subject_kind=kind,
        subject_id=subject_id,
        fields=sorted(changes),
        reason=reason,
    )
    session.add(entry)
    session.flush()
    session.add_all(
        AuditValue(entry_id=entry.id, field=field, before=_words(before), after=_words(after))
        for field, (before, after) in changes.items()
    )


def _words(value: object) -> str | None:
    return None if value is None else str(value)
