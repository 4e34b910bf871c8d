"""What rosters print, against the real map: the commune it means today, or the ones to choose from."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.units.matching import PlaceIndex, match_commune
from lms.units.queries import place_index, subtree_commune_ids, unit_by_key, units_by_id

BEFORE = date(2025, 6, 30)
TODAY = date(2026, 11, 24)
PLACES = list(csv.DictReader((Path(__file__).parent / "printed_places.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def kept() -> dict[str, PlaceIndex]:
    """The index is built once: it is pure once made."""
    return {}


@pytest.fixture
def index(app, kept) -> PlaceIndex:
    if "index" not in kept:
        kept["index"] = place_index(TODAY)
    return kept["index"]


def codes(*unit_ids: int | None) -> list[str]:
    views = units_by_id([unit_id for unit_id in unit_ids if unit_id], TODAY)
    return [views[unit_id].code for unit_id in unit_ids if unit_id]


def told(index: PlaceIndex, *printed: str) -> tuple[list[str], list[str], list[str]]:
    """The commune of today, the candidates if that is open, and the issues."""
    match = match_commune(index, *printed)
    return codes(match.commune_id), [] if match.commune_id else codes(*match.candidates), list(match.issues)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["commune"] or "-")
def test_a_roster_of_before_the_reform_is_understood(index, place):
    expected = place["means"].split(), place["candidates"].split(), place["issues"].split()
    assert told(index, place["commune"], place["district"], place["province"]) == expected


@pytest.mark.parametrize(
    ("printed", "means", "issues"),
    [
        (("xa tan hoa", "huyen hung ha", "thai binh"), ["12595"], ["unit.diacritics", "unit.converted"]),
        (
            ("Xã Tân Hòa", "Hưng Hà", "Hưng Yên"),
            ["12595"],
            ["unit.converted"],
        ),  # the new province, printed already
        (("X.TÂN HÒA", "H.HƯNG HÀ", "T.THÁI BÌNH"), ["12595"], ["unit.abbreviation", "unit.converted"]),
        (
            ("Phường Hải Vân", "Quận Liên Chiểu", "Đà Nẵng"),
            ["20194"],
            [],
        ),  # a new name beside an old district
        (("Xã Diên Hà", "", "Thái Bình"), ["12619"], ["unit.converted"]),  # a new name in the old province
        (("Xã Thanh Xuân", "", "Hà Nội"), ["00433"], ["unit.converted", "unit.name_trap"]),
        (("Phường Thanh Xuân", "", "Hà Nội"), ["00367"], []),
        (("Phường 01", "Q.3", "T.P Hồ Chí Minh"), ["27154"], ["unit.abbreviation", "unit.converted"]),
        (("Phường IV", "Thành phố Tây Ninh", "Tây Ninh"), ["25459"], ["unit.converted"]),
        (("Xa Dung", "Điện Biên Đông", "Điện Biên"), ["03208"], ["unit.converted"]),  # no word for xã
        (("Xã Ea H’Leo", "", "Đăk Lăk"), ["24184"], []),
        (("Xã Ba Tơ", "", "Quảng Ngãi"), ["21484"], []),
        (("Xã Ba Tô", "", "Quảng Ngãi"), ["21523"], []),
        (("Đặc khu Lý Sơn", "", "Quảng Ngãi"), ["21548"], []),
        (("Phường Hưng Hà", "", "Hưng Yên"), [], ["unit.not_found"]),  # it is a xã
    ],
)
def test_other_ways_of_writing_are_understood(index, printed, means, issues):
    assert told(index, *printed) == (means, [], issues)


@pytest.mark.parametrize(
    ("printed", "candidates", "issue"),
    [
        (("Xã Ba To", "", "Quảng Ngãi"), ["21484", "21523"], "unit.ambiguous_without_district"),
        (("Thanh Xuân", "", "Hà Nội"), ["00367", "00433"], "unit.ambiguous_without_district"),
        (("Xã Minh Quan", "Huyện Trấn Yên", "Yên Bái"), ["04498", "04543"], "unit.ambiguous"),
        (("Xã Quang Trung", "Hưng Hà", "Quảng Trị"), ["12619"], "unit.province_mismatch"),
        (("Xã Hưng Hà", "", "Tỉnh Không Có"), [], "unit.not_found"),
        (("Xã", "", "Hưng Yên"), [], "unit.not_found"),
    ],
)
def test_what_more_than_one_unit_could_be_is_asked(index, printed, candidates, issue):
    assert told(index, *printed) == ([], candidates, [issue])


def test_every_commune_of_today_is_found_by_its_name_and_province(index):
    ids = subtree_commune_ids(unit_by_key("vn", TODAY).id, TODAY)
    views = units_by_id(ids, TODAY)
    for unit_id, view in views.items():
        match = match_commune(index, view.full_name, "", view.parent_name or "")
        assert (match.recorded_id, match.commune_id, match.issues) == (unit_id, unit_id, ()), view


def test_every_old_commune_is_found_by_its_name_district_and_province(index):
    ids = subtree_commune_ids(unit_by_key("vn", BEFORE).id, BEFORE)
    views = units_by_id(ids, BEFORE)
    districts = units_by_id({view.parent_id for view in views.values()}, BEFORE)
    divided = 0
    for unit_id, view in views.items():
        district = districts[view.parent_id]
        match = match_commune(index, view.full_name, district.full_name, district.parent_name or "")
        assert match.recorded_id == unit_id, view
        divided += match.commune_id is None
    assert len(views) == 10035
    assert divided == 441


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gets_an_answer(index, commune, district, province):
    match = match_commune(index, commune, district, province)
    assert match.commune_id or match.issues
