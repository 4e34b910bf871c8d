"""Rosters put together: the units of a level with their sums, and where a viewer enters."""

from dataclasses import dataclass
from datetime import date

from lms.rosters import queries
from lms.rosters.queries import Sums, added
from lms.units.queries import UnitView, children_of, communes_by_province, unit_by_id, units_by_id


@dataclass(frozen=True)
class UnitLine:
    """One unit of a roster with what its people add up to."""

    unit: UnitView
    sums: Sums
    communes: int = 0  # of a province
    is_unassigned: bool = False  # a commune that was divided: its people wait for their new one


@dataclass(frozen=True)
class UnitRoster:
    """The roster of a nation or a province: a line a unit, and the total."""

    lines: tuple[UnitLine, ...]
    total: Sums


def nation_roster(nation_id: int, edition_id: int, today: date) -> UnitRoster:
    """Every province, also one without people."""
    sums = queries.sums_by_province(edition_id)
    communes = communes_by_province(today)
    lines = tuple(
        UnitLine(unit, sums.get(unit.id, Sums()), communes.get(unit.id, 0))
        for unit in children_of(nation_id, today)
    )
    return UnitRoster(lines, added(line.sums for line in lines))


def province_roster(province_id: int, edition_id: int, today: date) -> UnitRoster:
    """Every commune of today, and below them the closed ones where people wait for a successor."""
    sums = queries.sums_by_commune(edition_id, province_id)
    present = children_of(province_id, today)
    closed = units_by_id(sums.keys() - {unit.id for unit in present}, today)
    lines = [UnitLine(unit, sums.get(unit.id, Sums())) for unit in present]
    lines += [
        UnitLine(unit, sums[unit.id], is_unassigned=True)
        for unit in sorted(closed.values(), key=lambda unit: unit.code)
    ]
    return UnitRoster(tuple(lines), added(line.sums for line in lines))


def trail_of(unit: UnitView, today: date) -> list[UnitView]:
    """The unit and those above it in today's map, the nation first; a closed commune hangs below its new
    province."""
    trail = [unit]
    while trail[0].parent_id is not None:
        trail.insert(0, unit_by_id(trail[0].parent_id, today))
    return trail
