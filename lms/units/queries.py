"""Every SELECT about units: what the map was on a day, and what became of whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.foundation.db import session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.units.matching import PlaceIndex, PlaceVersion
from lms.units.models import Unit, UnitData, UnitEvent, UnitLink, UnitVersion
from lms.units.rules import full_name, scheme_on, within
from lms.units.source import Key


class NoSuchUnit(NotFound):
    """No unit of this code on that day."""

    message = N_("Không có đơn vị nào mang mã này. Mã tỉnh có 2 chữ số, mã xã có 5 chữ số.")


@dataclass(frozen=True)
class UnitView:
    """A unit as it was on the day asked for."""

    id: int
    level: str
    code: str
    type: str
    name: str
    parent_id: int | None
    parent_name: str | None  # in full

    @property
    def key(self) -> str:
        """What addresses call it: 'vn', two digits, five digits."""
        return self.code

    @property
    def full_name(self) -> str:
        """'Xã Hưng Hà'."""
        return full_name(self.type, self.name)


def unit_by_key(key: str, on: date) -> UnitView:
    """The nation ('vn'), province (2 digits) or commune (5 digits) of the scheme of that day.

    Raises NoSuchUnit.
    """
    level = {2: "province", 5: "commune"}.get(len(key)) if key.isdecimal() else "nation"
    row = session.execute(
        _views(on)
        .where(UnitVersion.code == key, Unit.level == level)
        .where(or_(UnitVersion.scheme == scheme_on(on), Unit.level == "nation"))
    ).one_or_none()
    if row is None:
        raise NoSuchUnit
    return _view(row)


def unit_by_id(unit_id: int, on: date) -> UnitView:
    """The unit on that day; one that had ended or not begun is shown as it was last or first.

    Raises NoSuchUnit.
    """
    return units_by_id([unit_id], on)[unit_id]


def units_by_id(unit_ids: Collection[int], on: date) -> dict[int, UnitView]:
    """The same for several, by two queries at most. Raises NoSuchUnit."""
    found = {row.id: _view(row) for row in session.execute(_views(on).where(Unit.id.in_(unit_ids)))}
    missing = set(unit_ids) - found.keys()
    if missing:
        rows = session.execute(
            _with_parents(UnitVersion.valid_from)
            .where(Unit.id.in_(missing))
            .order_by((UnitVersion.valid_from <= on).desc(), UnitVersion.valid_from.desc())
        )
        for row in rows:
            found.setdefault(row.id, _view(row))
        if missing - found.keys():
            raise NoSuchUnit
    return found


def children_of(unit_id: int, on: date) -> list[UnitView]:
    """The units directly below on that day, in Vietnamese order."""
    rows = session.execute(
        _views(on)
        .where(UnitVersion.parent_id == unit_id, UnitVersion.scheme == scheme_on(on))
        .order_by(UnitVersion.sort_key, UnitVersion.code)
    )
    return [_view(row) for row in rows]


def communes_by_province(on: date) -> dict[int, int]:
    """How many communes each province has on that day."""
    rows = session.execute(
        select(UnitVersion.parent_id, func.count())
        .join(Unit, _holds(on))
        .where(Unit.level == "commune", UnitVersion.scheme == "2-tier")
        .group_by(UnitVersion.parent_id)
    )
    return {parent_id: count for parent_id, count in rows if parent_id is not None}


def unit_names(unit_ids: Collection[int], on: date) -> dict[int, str]:
    """'Xã Hưng Hà, tỉnh Hưng Yên' by id; the nation is not mentioned."""
    views = units_by_id(unit_ids, on)
    parents = {view.parent_id for view in views.values() if view.level in ("commune", "district")}
    above = units_by_id([parent for parent in parents if parent is not None], on)
    return {unit_id: within(_names(view, above)) for unit_id, view in views.items()}


def _names(view: UnitView, above: dict[int, UnitView]) -> list[str]:
    parent = above.get(view.parent_id) if view.parent_id else None
    if parent is None:
        return [view.full_name]
    province = [parent.parent_name] if parent.level == "district" and parent.parent_name else []
    return [view.full_name, parent.full_name, *province]


def path_of(unit_id: int) -> list[int]:
    """The unit and every unit it stands under today, or stood under last, up to the nation.

    A unit of the old map also stands under those that its people count in now: whoever has rights there
    has them here. For a divided commune that is its new province, until somebody chooses.
    """
    path: list[int] = []
    waiting = [unit_id]
    while waiting:
        above = [one for one in _above(waiting) if one not in path]
        path += [one for one in waiting if one not in path]
        waiting = [one for one in above if one not in path]
    return path


def _above(unit_ids: list[int]) -> list[int]:
    parents = session.scalars(
        select(UnitVersion.parent_id).where(
            UnitVersion.unit_id.in_(unit_ids), UnitVersion.parent_id.is_not(None)
        )
    )
    successors = session.scalars(
        select(UnitLink.to_unit_id).where(UnitLink.from_unit_id.in_(unit_ids), UnitLink.partial.is_(False))
    )
    return [*dict.fromkeys([*parents, *successors])]


def successors_of(unit_id: int) -> list[int]:
    """Where the unit's people count now: itself if it stands, one if it was merged, several if divided."""
    return _ends([unit_id])[unit_id]


def _ends(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """The same for many: links are followed to their ends, a query a step."""
    links: dict[int, list[int]] = {}
    waiting = set(unit_ids)
    while waiting:
        rows = session.execute(
            select(UnitLink.from_unit_id, UnitLink.to_unit_id)
            .where(UnitLink.from_unit_id.in_(waiting))
            .order_by(UnitLink.to_unit_id)
        ).all()
        links |= {unit_id: [] for unit_id in waiting}
        for from_id, to_id in rows:
            links[from_id].append(to_id)
        waiting = {to_id for _, to_id in rows} - links.keys()

    def ends(unit_id: int) -> Iterator[int]:
        for successor in links[unit_id]:
            yield from ends(successor)
        if not links[unit_id]:
            yield unit_id

    return {unit_id: [*dict.fromkeys(ends(unit_id))] for unit_id in unit_ids}


def present_places(unit_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """For communes of any map: (commune, province) in which their people count today.

    A commune that was divided stays itself, under its new province ("chưa phân bổ"), until a successor is
    chosen. Districts that became a special zone count there.
    """
    into = _ends(unit_ids)
    provinces: dict[int, int | None] = {
        row.unit_id: row.parent_id
        for row in session.execute(
            select(UnitVersion.unit_id, UnitVersion.parent_id).where(
                UnitVersion.unit_id.in_({ends[0] for ends in into.values()}), UnitVersion.valid_to.is_(None)
            )
        )
    }
    return {
        unit_id: (ends[0] if len(ends) == 1 else unit_id, province)
        for unit_id, ends in into.items()
        if (province := provinces.get(ends[0])) is not None
    }


def subtree_commune_ids(unit_id: int, on: date) -> list[int]:
    """Every commune at or below the unit on that day."""
    below = [unit_id]
    communes: list[int] = []
    while below:
        rows = session.execute(
            select(Unit.id, Unit.level)
            .join(UnitVersion, _holds(on))
            .where(or_(UnitVersion.parent_id.in_(below), Unit.id.in_(below)))
        ).all()
        communes += [row.id for row in rows if row.level == "commune"]
        below = [row.id for row in rows if row.level != "commune" and row.id not in below]
    return [*dict.fromkeys(communes)]


def predecessor_ids(unit_ids: Iterable[int]) -> set[int]:
    """Every unit that wholly became one of these, however long ago; not the units themselves."""
    found: set[int] = set()
    waiting = set(unit_ids)
    while waiting:
        waiting = (
            set(
                session.scalars(
                    select(UnitLink.from_unit_id).where(
                        UnitLink.to_unit_id.in_(waiting), UnitLink.partial.is_(False)
                    )
                )
            )
            - found
        )
        found |= waiting
    return found


def place_index(on: date) -> PlaceIndex:
    """Every unit's names on and before that day, for matching what rosters print; two queries."""
    rows = session.execute(
        select(
            UnitVersion.unit_id,
            UnitVersion.code,
            Unit.level,
            UnitVersion.type,
            UnitVersion.name,
            UnitVersion.parent_id,
            UnitVersion.valid_to,
        )
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(UnitVersion.valid_from <= on, Unit.level != "nation")
        .order_by(UnitVersion.valid_from)
    ).all()
    last = {row.unit_id: row for row in rows}

    def above(unit_id: int | None) -> Iterator[int]:
        while unit_id is not None and unit_id in last:
            yield unit_id
            unit_id = last[unit_id].parent_id

    standing = {unit_id for unit_id, row in last.items() if row.valid_to is None or row.valid_to > on}
    versions = [
        PlaceVersion(
            row.unit_id,
            row.code,
            row.level,
            row.type,
            row.name,
            above=tuple(above(row.parent_id)),
            stands=row.unit_id in standing,
            is_last=row is last[row.unit_id],
        )
        for row in rows
    ]
    return PlaceIndex(versions, _became(standing, on))


def _became(standing: Collection[int], on: date) -> dict[int, tuple[int, ...]]:
    """For every unit that ended by the day, the standing ones that have its people."""
    links: dict[int, list[int]] = defaultdict(list)
    for from_id, to_id in session.execute(
        select(UnitLink.from_unit_id, UnitLink.to_unit_id)
        .join(UnitEvent, UnitEvent.id == UnitLink.event_id)
        .where(UnitEvent.on <= on)
    ):
        links[from_id].append(to_id)

    def ends(unit_id: int) -> Iterator[int]:
        if unit_id in standing:
            yield unit_id
        else:
            for successor in links.get(unit_id, ()):
                yield from ends(successor)

    return {unit_id: tuple(dict.fromkeys(ends(unit_id))) for unit_id in links}


def loaded_data_version() -> str | None:
    """Which seeds are loaded, or nothing."""
    return session.scalar(select(UnitData.data_version))


def unit_ids_by_key() -> dict[Key, int]:
    """Every unit by scheme, level and code."""
    rows = session.execute(
        select(UnitVersion.scheme, Unit.level, UnitVersion.code, Unit.id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .distinct()
    )
    return {(scheme, level, code): unit_id for scheme, level, code, unit_id in rows}


def all_versions() -> dict[int, list[Row[*tuple[object, ...]]]]:
    """Every version, by unit."""
    by_unit: dict[int, list[Row[*tuple[object, ...]]]] = defaultdict(list)
    for row in session.execute(
        select(
            UnitVersion.id,
            UnitVersion.unit_id,
            UnitVersion.type,
            UnitVersion.name,
            UnitVersion.parent_id,
            UnitVersion.valid_from,
            UnitVersion.valid_to,
            UnitVersion.act,
        )
    ):
        by_unit[row.unit_id].append(row)
    return by_unit


def all_links() -> dict[tuple[int, int, int], int]:
    """Every link's id by its event and its two ends."""
    rows = session.execute(select(UnitLink.event_id, UnitLink.from_unit_id, UnitLink.to_unit_id, UnitLink.id))
    return {(event_id, from_id, to_id): link_id for event_id, from_id, to_id, link_id in rows}


def events_by_key() -> dict[str, int]:
    """Every event's id by its key."""
    return {row.key: row.id for row in session.execute(select(UnitEvent.key, UnitEvent.id))}


def _holds(on: date) -> ColumnElement[bool]:
    return and_(UnitVersion.unit_id == Unit.id, _is_valid(UnitVersion, on))


def _is_valid(version: type[UnitVersion], on: date | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    return and_(version.valid_from <= on, or_(version.valid_to.is_(None), version.valid_to > on))


@lru_cache(maxsize=8)
def _views(on: date) -> Select[*tuple[object, ...]]:
    """Units as they are on that day; kept, for every page asks, and building it takes longer than reading."""
    return _with_parents(on).where(_is_valid(UnitVersion, on))


def _with_parents(on: date | InstrumentedAttribute[date]) -> Select[*tuple[object, ...]]:
    """Every version of every unit, beside what stood above it on that day."""
    parent = aliased(UnitVersion)
    above = and_(parent.unit_id == UnitVersion.parent_id, _is_valid(parent, on))
    return (
        select(
            Unit.id,
            Unit.level,
            UnitVersion.code,
            UnitVersion.type,
            UnitVersion.name,
            UnitVersion.parent_id,
            parent.type.label("parent_type"),
            parent.name.label("parent_name"),
        )
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .outerjoin(parent, above)
    )


def _view(row: Row[*tuple[object, ...]]) -> UnitView:
    above = full_name(row.parent_type, row.parent_name) if row.parent_name else None
    return UnitView(
        row.id, row.level, row.code, row.type, row.name, parent_id=row.parent_id, parent_name=above
    )
