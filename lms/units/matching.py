"""A printed place understood: which commune of today's map a roster means, or which ones it may mean.

Pure: works on an index that `queries.place_index` builds once for a whole roster. Exact spelling comes first,
then the same with the tone mark on another vowel (Hoà, Hòa), then the name without diacritics if only one
unit bears it. With a district only the old map is searched: many new communes bear the name of an old one
elsewhere in the province.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.units.printed import Printed, distance, folded_name, read_name

NATION = 0
"""The scope of a search that no province narrows."""


@dataclass(frozen=True, slots=True)
class PlaceVersion:
    """A version of a unit. `stands`: the unit exists on the day of the index; `is_last`: its last version."""

    unit_id: int
    code: str
    level: str
    type: str
    name: str
    above: tuple[int, ...]  # the units it is below, from its parent up to its province
    stands: bool
    is_last: bool


@dataclass(frozen=True)
class PlaceMatch:
    """What a printed place means.

    `recorded_id` is the unit that was printed, of the old map or of today's; `commune_id` is the commune in
    which it counts today, None if an officer must decide. `candidates` are communes of today by code.
    `issues` are codes: unit.abbreviation, unit.tone_placement, unit.diacritics, unit.converted, unit.split,
    unit.type_changed, unit.name_trap, unit.province_mismatch, unit.ambiguous,
    unit.ambiguous_without_district, unit.not_found, unit.commune_missing.
    """

    recorded_id: int | None = None
    commune_id: int | None = None
    candidates: tuple[int, ...] = ()
    issues: tuple[str, ...] = ()


class PlaceIndex:
    """Every version of every unit by scope and folded name, and what became of the units that ended."""

    def __init__(self, versions: Iterable[PlaceVersion], became: Mapping[int, tuple[int, ...]]) -> None:
        """`became` names, for each unit that ended, the standing ones that have its people."""
        self._found: dict[tuple[bool, int, str, str], list[PlaceVersion]] = defaultdict(list)
        self._last: dict[int, PlaceVersion] = {}
        self._became = became
        self._came_from: dict[int, list[int]] = defaultdict(list)
        for version in versions:
            name = folded_name(version.name)
            for scope in (NATION, *version.above):
                self._found[version.stands, scope, version.level, name].append(version)
            if version.is_last:
                self._last[version.unit_id] = version
        for old, standing in became.items():
            for one in standing:
                self._came_from[one].append(old)

    def bearing(self, name: str, level: str, scopes: Iterable[int], *, stands: bool) -> list[PlaceVersion]:
        """Every version within the scopes whose folded name is that of `name`."""
        folded = folded_name(name)
        return [one for scope in scopes for one in self._found.get((stands, scope, level, folded), ())]

    def find(
        self, printed: Printed, level: str, scopes: Iterable[int], *, stands: bool
    ) -> list[PlaceVersion]:
        """The units whose spelling is nearest, a version each; a written type decides only among them."""
        for name in printed.names:
            bearing = self.bearing(name, level, scopes, stands=stands)
            if bearing:
                nearest = min(distance(name, one.name) for one in bearing)
                found = [one for one in bearing if distance(name, one.name) == nearest]
                found = [one for one in found if one.type == printed.type] or found
                return list({one.unit_id: one for one in sorted(found, key=lambda one: one.is_last)}.values())
        return []

    def last(self, unit_id: int) -> PlaceVersion:
        """What the unit is called now, or was called at its end."""
        return self._last[unit_id]

    def counting(self, found: Iterable[PlaceVersion]) -> tuple[int, ...]:
        """The standing communes in which the people of these count, by code."""
        units = {unit for one in found for unit in self._became.get(one.unit_id, (one.unit_id,))}
        return tuple(sorted(units, key=lambda unit: self._last[unit].code))

    def came_from(self, unit_ids: Iterable[int]) -> list[int]:
        """The ended units that became one of these, wholly or in part."""
        return [old for unit_id in unit_ids for old in self._came_from.get(unit_id, ())]

    def became(self, unit_ids: Iterable[int]) -> list[int]:
        """The standing units that these ended ones became."""
        return [new for unit_id in unit_ids for new in self._became.get(unit_id, ())]


@dataclass(frozen=True)
class _Provinces:
    """What a printed province can mean, as scopes: of today's map and of the old one."""

    now: list[int]
    old: list[int]


def match_commune(index: PlaceIndex, commune: str, district: str = "", province: str = "") -> PlaceMatch:
    """The commune that the columns of a roster mean; any of them may be empty or abbreviated."""
    places = read_name(commune, "commune"), read_name(district, "district"), read_name(province, "province")
    notes = ("unit.abbreviation",) if any(place.is_abbreviated for place in places) else ()
    printed, in_district, in_province = places
    if not printed.names:
        return PlaceMatch(issues=(*notes, "unit.commune_missing"))
    provinces = _provinces(index, in_province)
    if in_district.names:
        found, problem = _with_district(index, printed, in_district, provinces)
    else:
        found, problem = _without_district(index, printed, provinces), "unit.not_found"
    if len(found) > 1:
        problem = "unit.ambiguous" if in_district.names else "unit.ambiguous_without_district"
    if len(found) != 1 or problem == "unit.province_mismatch":
        return PlaceMatch(candidates=index.counting(found), issues=(*notes, problem))
    return _decided(index, found[0], notes, printed, is_old_province=not provinces.now)


def _decided(
    index: PlaceIndex, one: PlaceVersion, notes: tuple[str, ...], printed: Printed, *, is_old_province: bool
) -> PlaceMatch:
    """The match of the one version found, with everything that was changed on the way."""
    communes = index.counting([one])
    spelled = min(distance(name, one.name) for name in printed.names)
    issues = [*notes, *{1: ["unit.tone_placement"], 2: ["unit.diacritics"]}.get(spelled, [])]
    if len(communes) > 1:
        issues.append("unit.split")
    elif not one.stands or is_old_province:
        issues.append("unit.converted")
    elif not one.is_last:
        is_renamed = index.last(one.unit_id).name != one.name
        issues.append("unit.converted" if is_renamed else "unit.type_changed")
    if not one.stands and _is_trap(index, one, communes):
        issues.append("unit.name_trap")
    return PlaceMatch(one.unit_id, communes[0] if len(communes) == 1 else None, communes, tuple(issues))


def _is_trap(index: PlaceIndex, old: PlaceVersion, communes: tuple[int, ...]) -> bool:
    """Whether another commune of the same new province bears the old one's name today."""
    scopes = {index.last(commune).above[-1] for commune in communes}
    bearing = index.bearing(old.name, "commune", scopes, stands=True)
    return any(one.unit_id not in communes for one in bearing)


def _provinces(index: PlaceIndex, printed: Printed) -> _Provinces:
    if not printed.names:
        return _Provinces([NATION], [NATION])
    now, old = (index.find(printed, "province", [NATION], stands=stands) for stands in (True, False))
    return _Provinces([one.unit_id for one in now], [one.unit_id for one in old])


def _with_district(
    index: PlaceIndex, printed: Printed, district: Printed, provinces: _Provinces
) -> tuple[list[PlaceVersion], str]:
    """Communes of the old map in the district, and what to say if that is not exactly one.

    The district is looked for in the old province of the printed name, then in those that became the new
    province of that name, then everywhere: there it contradicts the paper.
    """
    for scopes in (provinces.old, index.came_from(provinces.now)):
        districts = index.find(district, "district", scopes, stands=False)
        if districts:
            return _in_districts(index, printed, [one.unit_id for one in districts]), "unit.not_found"
    districts = index.find(district, "district", [NATION], stands=False)
    found = index.find(printed, "commune", [one.unit_id for one in districts], stands=False)
    return found, "unit.province_mismatch" if found else "unit.not_found"


def _in_districts(index: PlaceIndex, printed: Printed, district_ids: list[int]) -> list[PlaceVersion]:
    """Old communes of the districts; failing that, a new one made there (old columns, new names)."""
    found = index.find(printed, "commune", district_ids, stands=False)
    if found:
        return found
    return [
        one
        for one in index.find(printed, "commune", [NATION], stands=True)
        if any(set(district_ids) & set(index.last(old).above) for old in index.came_from([one.unit_id]))
    ]


def _without_district(index: PlaceIndex, printed: Printed, provinces: _Provinces) -> list[PlaceVersion]:
    """A commune of today if one bears the name with its type; else what today's and the old map offer."""
    scopes = provinces.now or index.became(provinces.old)
    now = _of_type(index.find(printed, "commune", scopes, stands=True), printed)
    if now and printed.type:
        return now
    old: list[PlaceVersion] = []
    for scopes in (provinces.old, index.came_from(provinces.now)):
        old = old or _of_type(index.find(printed, "commune", scopes, stands=False), printed)
    here = {one.unit_id for one in now}
    return [*now, *(one for one in old if not here & set(index.counting([one])))]


def _of_type(found: list[PlaceVersion], printed: Printed) -> list[PlaceVersion]:
    """Those of the written type; without a district another type is another unit."""
    return [one for one in found if printed.type in (None, one.type)]
