"""The tile chart."""

from datetime import date

from lms.rosters.tiles import ISLANDS, TILES, tile_chart
from lms.units.queries import children_of, unit_by_key

TODAY = date(2026, 11, 24)


def test_every_province_has_one_tile_in_a_place_of_its_own(app):
    nation = unit_by_key("vn", TODAY)
    assert {unit.code for unit in children_of(nation.id, TODAY)} == TILES.keys()
    assert len({(column, row) for column, row, _name in TILES.values()}) == 34


def test_both_archipelagos_are_always_drawn():
    tiles = list(tile_chart({}))
    assert len(tiles) == 36
    assert [tile.name for tile in tiles if tile.is_island] == ["Hoàng Sa", "Trường Sa"]


def test_they_are_as_dark_as_the_province_they_belong_to(app):
    named = {unit.code: unit.name for unit in children_of(unit_by_key("vn", TODAY).id, TODAY)}
    assert all(named[code] == province for *_, code, province in ISLANDS)
    tiles = {tile.name: tile for tile in tile_chart({"48": 40, "56": 20})}
    assert tiles["Hoàng Sa"].level == tiles["Đ. Nẵng"].level == 3
    assert tiles["Trường Sa"].level == tiles["K. Hòa"].level == 1


def test_a_province_without_people_has_no_percent():
    tiles = {tile.name: tile for tile in tile_chart({"01": 0, "04": None})}
    assert (tiles["Hà Nội"].below, tiles["C. Bằng"].below) == ("0%", "–")
