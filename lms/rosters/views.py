"""Rosters put together: the units of a level with their sums, and the way down to a unit."""

from dataclasses import dataclass, replace
from datetime import date

from lms.rosters import queries
from lms.rosters.rules import Filters, Sums, added, in_state, share
from lms.study.rules import DONE
from lms.units.queries import (
    UnitView,
    children_of,
    communes_by_province,
    present_places,
    subtree_commune_ids,
    successors_of,
    units_by_id,
)


@dataclass(frozen=True)
class UnitLine:
    """One unit of a roster with what its people add up to."""

    unit: UnitView
    sums: Sums
    chosen: int  # how many stand as the filters say
    communes: int = 0  # of a province
    last_day: date | None = None  # of a commune that was divided: its people wait for their new one

    @property
    def activated_share(self) -> int:
        """Percent of the people who have come in."""
        return share(self.sums.activated, self.sums.enrolled)

    @property
    def chosen_share(self) -> int:
        """Percent of the people who stand as the filters say."""
        return share(self.chosen, self.sums.enrolled)


@dataclass(frozen=True)
class UnitRoster:
    """The roster of the nation or a province: a line a unit, and the total as a line of its own."""

    lines: tuple[UnitLine, ...]
    total: UnitLine

    def sorted_by(self, sort: str) -> "UnitRoster":
        """By a column of UNIT_SORTS, "-" before it turns it round; units of equal value by name."""
        keys = {
            "communes": lambda line: line.communes,
            "teams": lambda line: line.sums.teams,
            "enrolled": lambda line: line.sums.enrolled,
            "activated": lambda line: line.activated_share,
            "share": lambda line: line.chosen_share,
        }
        key, down = keys.get(sort.removeprefix("-")), sort.startswith("-")
        if key is None:
            return replace(self, lines=self.lines[::-1]) if down else self
        return replace(self, lines=tuple(sorted(self.lines, key=key, reverse=down)))


def unit_roster(unit: UnitView, edition_id: int, filters: Filters, today: date) -> UnitRoster:
    """Every province of the nation, or every commune of a province, also those without people.

    Below the communes stand the closed ones in which people wait for a successor.
    """
    asked = filters.module_id if filters.state not in ("", DONE) else None
    if unit.level == "nation":
        sums = queries.sums_by_province(edition_id, asked)
        communes = communes_by_province(today)
    else:
        sums, communes = queries.sums_by_commune(edition_id, unit.id, asked), {}
    present = children_of(unit.id, today)
    lines = [_line(one, sums.get(one.id, Sums()), filters, communes.get(one.id, 0)) for one in present]
    closed = queries.closed_units(sums.keys() - {one.id for one in present})
    for one, last_day in sorted(closed.values(), key=lambda pair: pair[0].code):
        lines.append(replace(_line(one, sums[one.id], filters), last_day=last_day))
    total = _line(unit, added(line.sums for line in lines), filters, sum(communes.values()))
    return UnitRoster(tuple(lines), total)


def _line(unit: UnitView, sums: Sums, filters: Filters, communes: int = 0) -> UnitLine:
    return UnitLine(unit, sums, in_state(sums, filters), communes)


def unit_sums(unit: UnitView, edition_id: int, filters: Filters) -> Sums:
    """What the people of a unit of any level add up to."""
    asked = filters.module_id if filters.state not in ("", DONE) else None
    if unit.level == "commune":
        return queries.sums_of_commune(edition_id, unit.id, asked)
    provinces = queries.sums_by_province(edition_id, asked)
    return provinces.get(unit.id, Sums()) if unit.level == "province" else added(provinces.values())


def trail_of(unit: UnitView, today: date) -> list[UnitView]:
    """The unit and those above it today, the nation first; a closed commune is in its new province."""
    parent_id = unit.parent_id
    if unit.level == "commune":
        parent_id = present_places([unit.id]).get(unit.id, (0, parent_id))[1]
    trail = [unit]
    while parent_id is not None:
        trail.insert(0, units_by_id([parent_id], today)[parent_id])
        parent_id = trail[0].parent_id
    return trail


def became(unit: UnitView, on: date, today: date) -> list[UnitView]:
    """The units of today in which the people of a unit of a former day count now."""
    if unit.level == "province":
        communes = subtree_commune_ids(unit.id, on)
        ids = {province for _commune, province in present_places(communes).values()} or {unit.id}
    else:
        ids = set(successors_of(unit.id))
    return [*units_by_id(ids, today).values()]
