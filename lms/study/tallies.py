"""The sums beside the rows: every deed on an enrolment moves them by exactly what it changed.

A deed takes the enrolment's footprint before and after; the difference is added to the sums of the commune
in the same transaction. Bulk deeds count the touched communes anew, with other writers held off.

Nobody waits in a circle, because all take locks in one order: a person, the enrolments (by person and
edition, all that a deed needs), and only then sums (by edition, table, commune).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Select, Table, and_, bindparam, delete, func, insert, literal_column, select, update

from lms.foundation.db import lock_against_writers, rows_of, session, upsert
from lms.study.models import CommuneRollup, Enrolment, ModuleProgress, ModuleRollup
from lms.study.rules import STATES

Rollup = CommuneRollup | ModuleRollup
_Place = tuple[type[Rollup], int, int, int, int]
"""Table, commune, edition, province, module (0 for the sums over all)."""
_CHUNK = 500  # communes counted by one statement


@dataclass(frozen=True)
class Footprint:
    """What one enrolment adds to the sums, and where. An enrolment that does not count has none."""

    edition_id: int
    commune_id: int
    province_id: int
    team_id: int | None
    is_activated: bool
    is_completed: bool
    states: Mapping[int, str] = field(default_factory=dict)  # module → state


_STATES = select(ModuleProgress.module_id, ModuleProgress.state).where(
    ModuleProgress.enrolment_id == bindparam("enrolment_id")
)


@contextmanager
def counted(enrolment: Enrolment) -> Iterator[None]:
    """Let the sums follow what the block does to this enrolment, which the caller holds for change."""
    session.flush()
    before = _footprint(enrolment)
    yield
    session.flush()
    after = _footprint(enrolment)
    for (table, *key), by in _difference(before, after).items():
        _increase(table, tuple(key), by)
    if _team(before) != _team(after):
        for place in sorted({(one.edition_id, one.commune_id) for one in (before, after) if one}):
            _count_teams(*place)


def _team(one: Footprint | None) -> tuple[int, int | None] | None:
    return (one.commune_id, one.team_id) if one else None


def _count_teams(edition_id: int, commune_id: int) -> None:
    """Count a commune's teams anew: whether the last person of one left is not to be seen from the person.

    The row is held first: a statement that waits for it would count what was true before it waited.
    """
    row = and_(CommuneRollup.edition_id == edition_id, CommuneRollup.commune_id == commune_id)
    session.execute(select(CommuneRollup.teams).where(row).with_for_update())
    here = (Enrolment.edition_id == edition_id, Enrolment.commune_id == commune_id, Enrolment.counts)
    teams = select(func.count(Enrolment.team_id.distinct())).where(*here).scalar_subquery()
    session.execute(update(CommuneRollup).where(row).values(teams=teams))


def _footprint(enrolment: Enrolment) -> Footprint | None:
    """What the enrolment adds now; nothing if it is on no roster."""
    if not enrolment.counts or enrolment.commune_id is None or enrolment.province_id is None:
        return None
    states = rows_of(_STATES, enrolment_id=enrolment.id)
    return Footprint(
        enrolment.edition_id,
        enrolment.commune_id,
        enrolment.province_id,
        enrolment.team_id,
        is_activated=enrolment.is_activated,
        is_completed=enrolment.completed_at is not None,
        states={row.module_id: row.state for row in states},
    )


def _difference(before: Footprint | None, after: Footprint | None) -> dict[_Place, Counter[str]]:
    """What to add where; in a fixed order, so that two deeds never wait for each other."""
    sums: dict[_Place, Counter[str]] = defaultdict(Counter)
    for print_, sign in ((before, -1), (after, 1)):
        if print_ is None:
            continue
        place = (print_.commune_id, print_.edition_id, print_.province_id)
        total = sums[CommuneRollup, *place, 0]
        total["enrolled"] += sign
        total["activated"] += sign * print_.is_activated
        total["completed"] += sign * print_.is_completed
        for module_id, state in print_.states.items():
            sums[ModuleRollup, *place, module_id][state] += sign
    changed = {place: Counter({n: by for n, by in sum_.items() if by}) for place, sum_ in sums.items()}
    order = sorted((place for place in changed if changed[place]), key=lambda p: (p[0].__name__, *p[1:]))
    return {place: changed[place] for place in order}


def _increase(table: type[Rollup], place: tuple[int, ...], by: Mapping[str, int]) -> None:
    columns = _table(table).columns
    keys = dict(zip(("commune_id", "edition_id", "province_id", "module_id"), place, strict=True))
    zero = {name: 0 for name in ("teams", "enrolled", "activated", "completed", *STATES) if name in columns}
    values = {name: value for name, value in (keys | zero | dict(by)).items() if name in columns}
    session.execute(
        upsert(table)
        .values(values)
        .on_conflict_do_update(
            index_elements=list(_table(table).primary_key.columns),
            set_={name: columns[name] + value for name, value in by.items()},
        )
    )


def _table(table: type[Rollup]) -> Table:
    """The table itself, for its columns."""
    return cast(Table, table.__table__)


def recount(edition_id: int, commune_ids: Collection[int]) -> None:
    """Count these communes anew from the rows."""
    lock_against_writers(CommuneRollup, ModuleRollup)
    session.flush()
    in_order = sorted(set(commune_ids))
    for start in range(0, len(in_order), _CHUNK):
        chunk = in_order[start : start + _CHUNK]
        for table, counts in ((CommuneRollup, _commune_counts()), (ModuleRollup, _module_counts())):
            session.execute(delete(table).where(table.edition_id == edition_id, table.commune_id.in_(chunk)))
            here = counts.where(Enrolment.edition_id == edition_id, Enrolment.commune_id.in_(chunk))
            session.execute(insert(table).from_select(list(here.selected_columns.keys()), here))


def differences() -> list[str]:
    """Where the stored sums are not what the rows add up to; the doctor expects none."""
    wrong = []
    for table, counts in ((CommuneRollup, _commune_counts()), (ModuleRollup, _module_counts())):
        names = list(counts.selected_columns.keys())
        keys = [name for name in names if name in _table(table).primary_key.columns]
        stored = _rows(select(*(_table(table).columns[name] for name in names)), keys)
        true = _rows(counts, keys)
        for key in sorted(stored.keys() | true.keys()):
            if stored.get(key, {}) != true.get(key, {}) and any(
                (stored.get(key) or true[key])[name] for name in names if name not in (*keys, "province_id")
            ):
                wrong.append(f"{table.__tablename__} {key}: {stored.get(key)} ≠ {true.get(key)}")
    return wrong


def _rows(statement: Select[*tuple[object, ...]], keys: list[str]) -> dict[tuple[int, ...], dict[str, int]]:
    rows = (dict(row) for row in session.execute(statement).mappings())
    return {tuple(row[name] for name in keys): row for row in rows}


def _commune_counts() -> Select[*tuple[object, ...]]:
    return (
        select(
            Enrolment.commune_id,
            Enrolment.edition_id,
            func.max(Enrolment.province_id).label("province_id"),
            func.count(Enrolment.team_id.distinct()).label("teams"),
            func.count().label("enrolled"),
            func.count(literal_column("1")).filter(Enrolment.is_activated).label("activated"),
            func.count(Enrolment.completed_at).label("completed"),
        )
        .where(Enrolment.counts, Enrolment.commune_id.is_not(None))
        .group_by(Enrolment.commune_id, Enrolment.edition_id)
    )


def _module_counts() -> Select[*tuple[object, ...]]:
    return (
        select(
            Enrolment.commune_id,
            Enrolment.edition_id,
            ModuleProgress.module_id,
            func.max(Enrolment.province_id).label("province_id"),
            *(
                func.count(literal_column("1")).filter(ModuleProgress.state == state).label(state)
                for state in STATES
            ),
        )
        .join(ModuleProgress, ModuleProgress.enrolment_id == Enrolment.id)
        .where(Enrolment.counts, Enrolment.commune_id.is_not(None))
        .group_by(Enrolment.commune_id, Enrolment.edition_id, ModuleProgress.module_id)
    )
