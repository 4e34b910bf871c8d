"""What units add up to, read from the sums that study keeps; and units that stand no more."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.foundation.db import session
from lms.rosters.rules import Sums
from lms.study.models import CommuneRollup, ModuleRollup
from lms.study.rules import STATES
from lms.units.models import Unit, UnitVersion
from lms.units.queries import UnitView
from lms.units.rules import full_name

_COUNTS = ("teams", "enrolled", "activated", "completed")


def sums_by_province(edition_id: int, module_id: int | None = None) -> dict[int, Sums]:
    """Sums of every province that has people, by unit id; the states of one module where asked for."""
    return _sums("province_id", module_id, edition_id=edition_id)


def sums_by_commune(edition_id: int, province_id: int, module_id: int | None = None) -> dict[int, Sums]:
    """The same of the communes of a province, closed ones among them."""
    return _sums("commune_id", module_id, edition_id=edition_id, province_id=province_id)


def sums_of_commune(edition_id: int, commune_id: int, module_id: int | None = None) -> Sums:
    """The same of one commune."""
    found = _sums("commune_id", module_id, edition_id=edition_id, commune_id=commune_id)
    return found.get(commune_id, Sums())


def _sums(by: str, module_id: int | None, **where: int) -> dict[int, Sums]:
    counts = session.execute(_summed(CommuneRollup, [by], _COUNTS, where))
    done: dict[int, dict[int, int]] = defaultdict(dict)
    for unit_id, of_module, count in session.execute(
        _summed(ModuleRollup, [by, "module_id"], ["done"], where)
    ):
        done[unit_id][of_module] = int(count)
    states: dict[int, dict[str, int]] = {}
    if module_id is not None:
        asked = _summed(ModuleRollup, [by], STATES, where | {"module_id": module_id})
        for unit_id, *of_state in session.execute(asked):
            states[unit_id] = dict(zip(STATES, map(int, of_state), strict=True))
    return {
        unit_id: Sums(
            int(teams), int(enrolled), int(activated), int(completed), done[unit_id], states.get(unit_id, {})
        )
        for unit_id, teams, enrolled, activated, completed in counts
        if enrolled
    }


def _summed(
    table: type[CommuneRollup] | type[ModuleRollup],
    by: Collection[str],
    columns: Collection[str],
    where: dict[str, int],
) -> Any:
    keys: list[ColumnElement[Any]] = [getattr(table, name) for name in by]
    statement = select(*keys, *(func.sum(getattr(table, name)) for name in columns)).group_by(*keys)
    return statement.where(*(getattr(table, name) == value for name, value in where.items()))


def closed_units(unit_ids: Collection[int]) -> dict[int, tuple[UnitView, date]]:
    """Units that stand no more, as they were last, and the last day on which they stood."""
    rows = session.execute(
        select(
            Unit.id, Unit.level, UnitVersion.code, UnitVersion.type, UnitVersion.name, UnitVersion.valid_to
        )
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(Unit.id.in_(unit_ids), UnitVersion.valid_to.is_not(None))
        .order_by(UnitVersion.valid_from)
    )
    return {
        row.id: (
            UnitView(row.id, row.level, row.code, row.type, row.name, parent_id=None, parent_name=None),
            row.valid_to - timedelta(days=1),
        )
        for row in rows
    }


def commune_names(
    edition_id: int, *, commune_ids: Collection[int] | None = None, province_id: int | None = None
) -> dict[int, tuple[str, str]]:
    """The communes in which people count, all or these: each one's full name and that of its province."""
    statement = select(CommuneRollup.commune_id, CommuneRollup.province_id).where(
        CommuneRollup.edition_id == edition_id
    )
    if commune_ids is not None:
        statement = statement.where(CommuneRollup.commune_id.in_(commune_ids))
    if province_id is not None:
        statement = statement.where(CommuneRollup.province_id == province_id)
    pairs = session.execute(statement).all()
    rows = session.execute(
        select(UnitVersion.unit_id, UnitVersion.type, UnitVersion.name)
        .where(UnitVersion.unit_id.in_({unit for pair in pairs for unit in pair}))
        .order_by(UnitVersion.valid_from)
    )
    names = {row.unit_id: full_name(row.type, row.name) for row in rows}
    return {commune_id: (names[commune_id], names[province_id]) for commune_id, province_id in pairs}
