"""Every SELECT about rosters on their way in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from lms.foundation.db import session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.models import ImportBatch, ImportRow, Membership, Person, Team


class NoSuchImport(NotFound):
    """No import of this number, or not within reach."""

    message = N_("Không có lần nhập này, hoặc nó thuộc địa bàn khác.")


@dataclass(frozen=True)
class BatchView:
    """A roster file and where it stands."""

    id: int
    unit_id: int
    file_name: str
    layout: dict[str, Any]
    state: str
    uploaded_at: datetime
    committed_at: datetime | None


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


@dataclass(frozen=True)
class Known:
    """A person who is in the register already."""

    person_id: int
    folded: str
    birth: date | None


def batch_of(batch_id: int) -> BatchView:
    """The import. Raises NoSuchImport."""
    names = list(BatchView.__dataclass_fields__)
    row = session.execute(
        select(*(getattr(ImportBatch, name) for name in names)).where(ImportBatch.id == batch_id)
    ).one_or_none()
    if row is None:
        raise NoSuchImport
    return BatchView(**row._mapping)


def batches_in(unit_ids: Collection[int] | None, limit: int = 20) -> list[BatchView]:
    """The latest imports of these units, of all for None."""
    names = list(BatchView.__dataclass_fields__)
    statement = select(*(getattr(ImportBatch, name) for name in names)).order_by(ImportBatch.id.desc())
    if unit_ids is not None:
        statement = statement.where(ImportBatch.unit_id.in_(unit_ids))
    return [BatchView(**row._mapping) for row in session.execute(statement.limit(limit))]


def rows_of(batch_id: int) -> list[RowView]:
    """Every row in the order of the file."""
    names = list(RowView.__dataclass_fields__)
    rows = session.execute(
        select(*(getattr(ImportRow, name) for name in names))
        .where(ImportRow.batch_id == batch_id)
        .order_by(ImportRow.sheet, ImportRow.row)
    )
    return [RowView(**row._mapping) for row in rows]


def row_for_change(batch_id: int, row_id: int) -> ImportRow:
    """The row itself. Raises NoSuchImport."""
    row = session.scalars(
        select(ImportRow).where(ImportRow.id == row_id, ImportRow.batch_id == batch_id)
    ).one_or_none()
    if row is None:
        raise NoSuchImport
    return row


def batch_for_change(batch_id: int) -> ImportBatch:
    """The import itself, held until the transaction ends. Raises NoSuchImport."""
    batch = session.scalars(
        select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    ).one_or_none()
    if batch is None:
        raise NoSuchImport
    return batch


def known_by_phone(phones: Collection[str]) -> dict[str, Known]:
    """Who has these numbers."""
    found: dict[str, Known] = {}
    for chunk in _chunks(sorted(phones)):
        for row in session.execute(
            select(Person.id, Person.folded, Person.birth, Person.phone).where(Person.phone.in_(chunk))
        ):
            found[row.phone] = Known(row.id, row.folded, row.birth)
    return found


def known_by_name(unit_id: int) -> dict[tuple[str, date | None], int]:
    """Persons without a phone in the unit's teams, by folded name and birth."""
    rows = session.execute(
        select(Person.folded, Person.birth, Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Team, Team.id == Membership.team_id)
        .where(Team.unit_id == unit_id, Membership.ended_on.is_(None), Person.phone.is_(None))
    )
    return {(row.folded, row.birth): row.id for row in rows}


def teams_at(unit_id: int) -> dict[str, int]:
    """The unit's standing teams by folded title."""
    rows = session.execute(
        select(Team.folded, Team.id).where(Team.unit_id == unit_id, Team.dissolved_on.is_(None))
    )
    return {row.folded: row.id for row in rows}


def current_pairs(person_ids: Collection[int]) -> set[tuple[int, int]]:
    """Current memberships of these persons as (person, team)."""
    found: set[tuple[int, int]] = set()
    for chunk in _chunks(sorted(person_ids)):
        found |= {
            (row.person_id, row.team_id)
            for row in session.execute(
                select(Membership.person_id, Membership.team_id).where(
                    Membership.person_id.in_(chunk), Membership.ended_on.is_(None)
                )
            )
        }
    return found


def with_home(person_ids: Collection[int]) -> set[int]:
    """Which of these persons have a home membership."""
    found: set[int] = set()
    for chunk in _chunks(sorted(person_ids)):
        found |= set(
            session.scalars(
                select(Membership.person_id).where(
                    Membership.person_id.in_(chunk), Membership.is_home, Membership.ended_on.is_(None)
                )
            )
        )
    return found


def count_outcomes(batch_id: int) -> dict[str, int]:
    """How many rows came out how."""
    rows = session.execute(
        select(ImportRow.outcome, func.count().label("count"))
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.outcome)
    )
    return {row.outcome: row._mapping["count"] for row in rows}


def _chunks(values: Sequence[Any], size: int = 5_000) -> list[Sequence[Any]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
