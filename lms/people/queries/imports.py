"""Rosters on their way in, and what the register says about the people in them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from lms.foundation.db import one_of, session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.models import ImportBatch, ImportRow, Membership, Person, Team
from lms.people.queries.scope import MEMBERSHIP_UNIT


class NoSuchImport(NotFound):
    """No import of this number, or not within reach."""

    message = N_("Không có lần nhập này, hoặc nó thuộc địa bàn khác.")


@dataclass(frozen=True)
class BatchView:
    """A roster file and where it stands."""

    id: int
    unit_id: int
    file_name: str
    file_sha256: str
    layout: dict[str, Any]
    state: str
    uploaded_at: datetime
    committed_at: datetime | None
    result: dict[str, Any] | None


@dataclass(frozen=True)
class RowView:
    """One row of it, as the preview shows it."""

    id: int
    sheet: str
    row: int
    cells: list[Any]
    mended: dict[str, Any]
    outcome: str
    normalised: dict[str, Any]
    issues: list[Any]
    left_out: bool
    person_id: int | None
    membership_id: int | None


@dataclass(frozen=True)
class ReadyRow:
    """What writing asks of a row: how it was understood, without the cells that say so."""

    id: int
    mended: dict[str, Any]
    outcome: str
    normalised: dict[str, Any]
    issues: list[Any]


@dataclass(frozen=True)
class Counts:
    """How many rows came out how, and how many of those that would be written are left out."""

    by_outcome: dict[str, int]
    left_out: int

    @property
    def ready(self) -> int:
        """Rows that the button writes."""
        return self.by_outcome.get("accept", 0) + self.by_outcome.get("warn", 0) - self.left_out

    @property
    def waiting(self) -> int:
        """Rows about people that it leaves behind."""
        return self.by_outcome.get("review", 0) + self.by_outcome.get("reject", 0) + self.left_out


@dataclass(frozen=True)
class Registered:
    """A person in the register, as a roster may know them; `roles` by current team."""

    person_id: int
    folded: str
    birth: date | None
    birth_precision: str | None
    phone: str | None
    has_home: bool = False
    roles: dict[int, str] = field(default_factory=dict)


_BATCH = select(*(getattr(ImportBatch, name) for name in BatchView.__dataclass_fields__))
_ROW = select(*(getattr(ImportRow, name) for name in RowView.__dataclass_fields__))
_READY = select(*(getattr(ImportRow, name) for name in ReadyRow.__dataclass_fields__))


def batch_of(batch_id: int) -> BatchView:
    """The import. Raises NoSuchImport."""
    row = session.execute(_BATCH.where(ImportBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NoSuchImport
    return BatchView(**row._mapping)


def batches_in(unit_ids: Collection[int] | None, limit: int = 20) -> list[BatchView]:
    """The latest imports of these units, of all for None."""
    statement = _BATCH.order_by(ImportBatch.id.desc()).limit(limit)
    if unit_ids is not None:
        statement = statement.where(ImportBatch.unit_id.in_(unit_ids))
    return [BatchView(**row._mapping) for row in session.execute(statement)]


def same_file_before(batch: BatchView) -> BatchView | None:
    """The latest import of the same file for the same unit that was written, if there is one."""
    row = session.execute(
        _BATCH.where(
            ImportBatch.unit_id == batch.unit_id,
            ImportBatch.file_sha256 == batch.file_sha256,
            ImportBatch.state == "committed",
            ImportBatch.id < batch.id,
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).one_or_none()
    return BatchView(**row._mapping) if row else None


def rows_of(
    batch_id: int, outcome: str | None = None, *, limit: int | None = None, offset: int = 0
) -> list[RowView]:
    """Rows in the order of the file, all or of one outcome."""
    statement = _ROW.where(ImportRow.batch_id == batch_id).order_by(ImportRow.id).limit(limit).offset(offset)
    if outcome is not None:
        statement = statement.where(ImportRow.outcome == outcome)
    return [RowView(*row) for row in session.execute(statement)]


def rows_to_write(batch_id: int) -> list[ReadyRow]:
    """Accepted and warned rows that are not left out, in the order of the file."""
    rows = session.execute(
        _READY.where(
            ImportRow.batch_id == batch_id,
            ImportRow.outcome.in_(("accept", "warn")),
            ImportRow.left_out.is_(False),
        ).order_by(ImportRow.id)
    )
    return [ReadyRow(*row) for row in rows]


def rows_by_id(batch_id: int, row_ids: Collection[int]) -> list[RowView]:
    """These rows of the import; ids of other imports are passed over."""
    rows = session.execute(
        _ROW.where(ImportRow.batch_id == batch_id, ImportRow.id.in_(row_ids)).order_by(ImportRow.id)
    )
    return [RowView(*row) for row in rows]


def count_rows(batch_id: int) -> Counts:
    """The figures above the preview."""
    left = case((and_(ImportRow.left_out, ImportRow.outcome.in_(("accept", "warn"))), 1), else_=0)
    rows = session.execute(
        select(ImportRow.outcome, func.count(), func.sum(left))
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.outcome)
    ).all()
    return Counts({outcome: count for outcome, count, _ in rows}, sum(int(left) for *_, left in rows))


def batch_for_change(batch_id: int) -> ImportBatch:
    """The import itself, held until the transaction ends. Raises NoSuchImport."""
    batch = session.scalars(
        select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    ).one_or_none()
    if batch is None:
        raise NoSuchImport
    return batch


def registered_by_phone(phones: Collection[str]) -> dict[str, Registered]:
    """Who has these numbers."""
    return {one.phone: one for one in _registered(one_of(Person.phone, phones)) if one.phone}


def registered_in(unit_id: int) -> dict[str, list[Registered]]:
    """Everybody in the unit's teams, by folded name."""
    in_unit = select(Membership.person_id).join(Team, Team.id == Membership.team_id)
    people = _registered(
        Person.id.in_(in_unit.where(MEMBERSHIP_UNIT.in_([unit_id]), Membership.ended_on.is_(None)))
    )
    found: dict[str, list[Registered]] = {}
    for one in people:
        found.setdefault(one.folded, []).append(one)
    return found


def _registered(condition: ColumnElement[bool]) -> list[Registered]:
    rows = session.execute(
        select(
            Person.id,
            Person.folded,
            Person.birth,
            Person.birth_precision,
            Person.phone,
            Membership.is_home,
            Membership.role,
            Membership.team_id,
        )
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.ended_on.is_(None)))
        .where(condition)
        .order_by(Person.id)
    )
    people: dict[int, Registered] = {}
    for row in rows:
        before = people.get(row.id)
        roles = (before.roles if before else {}) | ({row.team_id: row.role} if row.team_id else {})
        has_home = bool(row.is_home) or (before is not None and before.has_home)
        people[row.id] = Registered(
            row.id, row.folded, row.birth, row.birth_precision, row.phone, has_home, roles
        )
    return [*people.values()]


def person_ids(member_codes: Collection[str]) -> dict[str, int]:
    """Persons by member code."""
    rows = session.execute(
        select(Person.member_code, Person.id).where(one_of(Person.member_code, member_codes))
    )
    return {row.member_code: row.id for row in rows}


def teams_at(unit_id: int) -> dict[str, int]:
    """The unit's standing teams by folded title."""
    rows = session.execute(
        select(Team.folded, Team.id).where(Team.unit_id == unit_id, Team.dissolved_on.is_(None))
    )
    return {row.folded: row.id for row in rows}
