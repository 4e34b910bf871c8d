"""Loading the map: nothing twice, corrections and the next resolution, on both databases."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.foundation.db import session
from lms.units.actions import SEEDS, LoadReport, load_units
from lms.units.models import UnitLink, UnitVersion
from lms.units.queries import loaded_data_version, path_of, present_places, successors_of, unit_by_key
from lms.units.source import BadSeeds
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database
BEFORE = date(2025, 6, 30)
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the seeds to edit. What a test loads from it is flushed and never committed."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_loading_again_changes_nothing(app):
    before = session.scalar(select(func.count()).select_from(UnitVersion))
    assert load_units(SEEDS, now=NOON) == LoadReport(loaded_data_version())
    assert session.scalar(select(func.count()).select_from(UnitVersion)) == before


def test_the_next_resolution_adds_a_version_and_keeps_the_unit(app, folder):
    hung_ha = "2-tier,commune,12586,province,33,{},Hưng Hà,{},{},{}\n"
    line = hung_ha.format("xã", "2025-07-01", "", "1666/NQ-UBTVQH15")
    closed = hung_ha.format("xã", "2025-07-01", "2027-01-01", "1666/NQ-UBTVQH15")
    edit(folder / "units.csv", line, closed + hung_ha.format("phường", "2027-01-01", "", "1/NQ-UBTVQH17"))
    known = unit_by_key("12586", NEXT_YEAR)
    report = load_units(folder, now=NOON)
    assert report.retyped == ["Phường Hưng Hà"]
    assert (report.added, report.renamed, report.closed) == ([], [], [])
    assert unit_by_key("12586", NEXT_YEAR).full_name == "Phường Hưng Hà"
    assert unit_by_key("12586", date(2026, 12, 31)).full_name == "Xã Hưng Hà"
    assert unit_by_key("12586", NEXT_YEAR).id == known.id


def test_a_merger_of_todays_units_closes_one_and_links_it(app, folder):
    line = "2-tier,commune,12595,province,33,xã,Ngự Thiên,2025-07-01,{},1666/NQ-UBTVQH15\n"
    edit(folder / "units.csv", line.format(""), line.format("2027-01-01"))
    with (folder / "links.csv").open("a", encoding="utf-8") as file:
        file.write("2-tier,commune,12595,2-tier,commune,12586,no,2027-01-01,1/NQ-UBTVQH17\n")
    report = load_units(folder, now=NOON)
    assert report.closed == ["Xã Ngự Thiên"]
    assert report.links_added == 1
    hung_ha = unit_by_key("12586", NEXT_YEAR)
    assert successors_of(unit_by_key("12595", date(2026, 12, 31)).id) == [hung_ha.id]
    tan_hoa = unit_by_key("12622", BEFORE).id  # merged into Ngự Thiên before, so into Hưng Hà now
    assert present_places([tan_hoa]) == {tan_hoa: (hung_ha.id, hung_ha.parent_id)}
    assert hung_ha.id in path_of(tan_hoa)


def test_a_corrected_link_replaces_the_wrong_one(app, folder):
    line = "3-tier,commune,12604,2-tier,commune,{},no,2025-07-01,1666/NQ-UBTVQH15\n"
    edit(folder / "links.csv", line.format("12595"), line.format("12586"))
    before = session.scalar(select(func.count()).select_from(UnitLink))
    report = load_units(folder, now=NOON)
    assert (report.links_added, report.links_removed) == (1, 1)
    assert session.scalar(select(func.count()).select_from(UnitLink)) == before
    assert successors_of(unit_by_key("12604", BEFORE).id) == [unit_by_key("12586", NEXT_YEAR).id]


def test_seeds_that_do_not_add_up_change_nothing(app, folder):
    edit(folder / "counts.csv", "2026-09-20,commune,xã,2599", "2026-09-20,commune,xã,2598")
    before = session.scalar(select(func.count()).select_from(UnitVersion))
    with pytest.raises(BadSeeds):
        load_units(folder, now=NOON)
    assert session.scalar(select(func.count()).select_from(UnitVersion)) == before
