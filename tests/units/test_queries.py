"""The map as it is and as it was, from the real seeds, on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lms.foundation.db import session
from lms.units.models import Unit, UnitLink, UnitVersion
from lms.units.queries import (
    NoSuchUnit,
    children_of,
    path_of,
    predecessor_ids,
    present_places,
    subtree_commune_ids,
    successors_of,
    unit_by_id,
    unit_by_key,
    unit_names,
)
from tests.conftest import every_database

pytestmark = every_database
TODAY = date(2026, 11, 24)
BEFORE = date(2025, 6, 30)


def count_types(level: str, on: date) -> dict[str, int]:
    rows = session.execute(
        select(UnitVersion.type, func.count())
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            Unit.level == level,
            UnitVersion.valid_from <= on,
            UnitVersion.valid_to.is_(None) | (UnitVersion.valid_to > on),
        )
        .group_by(UnitVersion.type)
    )
    return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize(
    ("on", "provinces", "communes"),
    [
        (date(2025, 7, 1), {"tỉnh": 28, "thành phố": 6}, {"xã": 2621, "phường": 687, "đặc khu": 13}),
        (date(2026, 4, 30), {"tỉnh": 27, "thành phố": 7}, {"xã": 2611, "phường": 697, "đặc khu": 13}),
        (date(2026, 9, 1), {"tỉnh": 26, "thành phố": 8}, {"xã": 2611, "phường": 697, "đặc khu": 13}),
        (TODAY, {"tỉnh": 25, "thành phố": 9}, {"xã": 2599, "phường": 709, "đặc khu": 13}),
    ],
)
def test_the_types_of_each_day_are_the_official_counts(app, on, provinces, communes):
    assert count_types("province", on) == provinces
    assert count_types("commune", on) == communes


def test_the_old_map_has_63_provinces_696_districts_and_10035_communes(app):
    assert sum(count_types("province", BEFORE).values()) == 63
    assert sum(count_types("district", BEFORE).values()) == 696
    assert sum(count_types("commune", BEFORE).values()) == 10035


def test_every_old_commune_went_somewhere_and_the_divided_ones_to_several(app):
    links = select(UnitLink.from_unit_id, func.count().label("n"), func.max(UnitLink.to_unit_id))
    rows = session.execute(
        links.join(Unit, Unit.id == UnitLink.from_unit_id)
        .where(Unit.level == "commune")
        .group_by(UnitLink.from_unit_id)
    ).all()
    assert len(rows) == 10035
    assert sum(row.n > 1 for row in rows) == 441


def test_five_special_zones_had_no_commune_before(app):
    current = [unit_by_key(code, TODAY).id for code in ("11948", "19742", "20333", "21548", "26732")]
    before = [unit_by_id(one, BEFORE) for unit in current for one in predecessor_ids([unit])]
    assert [unit.level for unit in before] == ["district"] * 5


def test_a_code_names_another_unit_before_the_change(app):
    assert unit_by_key("00004", TODAY).full_name == "Phường Ba Đình"
    old = unit_by_key("00004", BEFORE)
    assert unit_names([old.id], BEFORE)[old.id] == "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"
    assert [unit_by_id(one, TODAY).full_name for one in successors_of(old.id)] == ["Phường Ba Đình"]


def test_an_old_commune_stands_under_its_new_province(app):
    hung_yen = unit_by_key("33", TODAY)
    thai_binh = unit_by_key("34", BEFORE)
    old = next(iter(subtree_commune_ids(thai_binh.id, BEFORE)))
    assert {hung_yen.id, thai_binh.id} <= set(path_of(old))


def test_a_divided_commune_counts_as_itself_under_its_new_province(app):
    divided = session.scalars(select(UnitLink.from_unit_id).where(UnitLink.partial).limit(1)).one()
    commune, province = present_places([divided])[divided]
    assert commune == divided
    assert unit_by_id(province, TODAY).level == "province"


def test_a_merged_commune_counts_at_its_successor(app):
    old = unit_by_key("00004", BEFORE)
    assert present_places([old.id])[old.id] == (unit_by_key("00004", TODAY).id, unit_by_key("01", TODAY).id)


def test_the_nation_has_34_provinces_and_3321_communes_in_vietnamese_order(app):
    nation = unit_by_key("vn", TODAY)
    names = [unit.name for unit in children_of(nation.id, TODAY)]
    assert len(names) == 34
    assert names.index("An Giang") < names.index("Đà Nẵng") < names.index("Điện Biên") < names.index("Huế")
    assert len(subtree_commune_ids(nation.id, TODAY)) == 3321


@pytest.mark.parametrize("key", ["", "9", "99", "99999", "0000é", "vn2", "'; --", "x" * 5000])
def test_an_unknown_key_is_refused(app, key):
    with pytest.raises(NoSuchUnit):
        unit_by_key(key, TODAY)


@pytest.mark.parametrize("level", ["commune", "province"])
def test_old_units_add_up_to_their_successors_and_the_unassigned(app, level):
    """With one person in every old commune: as recorded = by successor + unassigned, in every province."""
    nation = unit_by_key("vn", BEFORE)
    recorded = {
        province.id: subtree_commune_ids(province.id, BEFORE) for province in children_of(nation.id, BEFORE)
    }
    everybody = [commune for communes in recorded.values() for commune in communes]
    places = present_places(everybody)
    unassigned = [commune for commune, (place, _) in places.items() if place == commune]
    assert len(everybody) == len(places) == 10035
    assert len(unassigned) == 441
    for old_province, communes in recorded.items():
        (new_province,) = successors_of(old_province)
        assert {places[commune][1] for commune in communes} == {new_province}
    if level == "commune":
        standing = set(subtree_commune_ids(unit_by_key("vn", TODAY).id, TODAY))
        assert {place for place, _ in places.values()} <= standing | set(unassigned)


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("28252", ["Phường Đạo Thạnh"]),  # Phường 4 of Mỹ Tho, not that of Cao Lãnh
        ("31744", ["Xã Tân Long"]),  # Xã Long Bình of Ngã Năm, not that of Long Mỹ
        ("09013", ["Xã Yên Lãng", "Xã Tiến Thắng", "Xã Mê Linh", "Xã Ô Diên"]),
    ],
)
def test_communes_of_one_name_keep_their_own_successors(app, old, now):
    successors = successors_of(unit_by_key(old, BEFORE).id)
    assert sorted(unit_by_id(one, TODAY).full_name for one in successors) == sorted(now)
