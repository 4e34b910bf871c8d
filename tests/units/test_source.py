"""The seeds' files: what is wrong in them is said by file, line and unit."""

from datetime import date
from pathlib import Path

import pytest

from lms.units.source import BadSeeds, read_seeds

HEAD = "scheme,level,code,parent_level,parent_code,type,name,valid_from,valid_to,act\n"
LINK_HEAD = "from_scheme,from_level,from_code,to_scheme,to_level,to_code,partial,on,act\n"
UNITS = (
    "2-tier,province,33,nation,vn,tỉnh,Hưng Yên,2025-07-01,,202/2025/QH15\n"
    "2-tier,commune,12586,province,33,xã,Hưng Hà,2025-07-01,,1666/NQ-UBTVQH15\n"
)
LEGACY = (
    "3-tier,province,34,nation,vn,tỉnh,Thái Bình,1900-01-01,2025-07-01,\n"
    "3-tier,district,339,province,34,huyện,Hưng Hà,1900-01-01,2025-07-01,\n"
    "3-tier,commune,12586,district,339,thị trấn,Hưng Hà,1900-01-01,2025-07-01,\n"
)
LINKS = "3-tier,commune,12586,2-tier,commune,12586,no,2025-07-01,1666/NQ-UBTVQH15\n"
COUNTS = "on,level,type,count\n2025-06-30,district,,1\n2025-07-01,commune,xã,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {"units.csv": HEAD + UNITS, "legacy_units.csv": HEAD + LEGACY, "links.csv": LINK_HEAD + LINKS}
    for name, text in (texts | {"counts.csv": COUNTS, "data_version": "2026-09-20\n"}).items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_sound_folder_is_read_whole(folder):
    seeds = read_seeds(folder)
    assert seeds.data_version == "2026-09-20"
    (commune,) = seeds.versions["2-tier", "commune", "12586"]
    assert (commune.full_name, commune.parent) == ("Xã Hưng Hà", ("2-tier", "province", "33"))
    (link,) = seeds.links
    assert (link.old, link.partial, link.on) == (("3-tier", "commune", "12586"), False, date(2025, 7, 1))


def test_names_are_composed_and_a_byte_order_mark_is_no_letter(folder):
    text = (HEAD + UNITS).replace("Hưng Hà", "Hu\u031bng  Ha\u0300")
    (folder / "units.csv").write_text("\ufeff" + text, "utf-8")
    assert read_seeds(folder).versions["2-tier", "commune", "12586"][0].name == "Hưng Hà"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("units.csv", "12586,", "1258,", "units.csv, dòng 3: cột code không thể là “1258”"),
        ("units.csv", "2-tier,province", "4-tier,province", "cột scheme không thể là “4-tier”"),
        ("units.csv", "xã,Hưng Hà", ",Hưng Hà", "cột type không thể là “”"),
        ("units.csv", "2025-07-01,,1666", "1/7/2025,,1666", "cột valid_from không thể là “1/7/2025”"),
        ("units.csv", "province,33,xã", "province,34,xã", "Xã Hưng Hà (2-tier, 12586) đứng dưới"),
        ("units.csv", "2025-07-01,,1666", "2025-07-01,2025-07-01,1666", "Các thời kỳ của Xã Hưng Hà"),
        ("units.csv", "parent_code", "parent", "units.csv thiếu cột parent_code"),
        ("links.csv", ",no,", ",maybe,", "links.csv, dòng 2: cột partial không thể là “maybe”"),
        (
            "links.csv",
            "commune,12586,no",
            "commune,12587,no",
            "không có trong danh mục: commune (2-tier, 12587)",
        ),
        ("links.csv", "3-tier,", "2-tier,", "Liên kết của Xã Hưng Hà (2-tier, 12586) trỏ về chính nó"),
        ("links.csv", LINKS, "", "Thị trấn Hưng Hà (3-tier, 12586) đã hết"),
        ("counts.csv", "district,,1", "district,,696", "Ngày 2025-06-30 phải có 696 district, danh mục có 1"),
    ],
)
def test_what_does_not_fit_is_named(folder, file, old, new, said):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadSeeds) as refusal:
        read_seeds(folder)
    assert said in str(refusal.value)


def test_two_versions_of_a_unit_may_not_overlap(folder):
    line = "2-tier,commune,12586,province,33,phường,Hưng Hà,2026-04-30,,237/NQ-UBTVQH16\n"
    (folder / "units.csv").write_text(HEAD + UNITS + line, "utf-8")
    with pytest.raises(BadSeeds):
        read_seeds(folder)


@pytest.mark.parametrize("name", ["units.csv", "legacy_units.csv", "links.csv", "counts.csv", "data_version"])
def test_a_missing_or_foreign_file_is_named(folder, name):
    (folder / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSeeds, match=name):
        read_seeds(folder)
    (folder / name).unlink()
    with pytest.raises(BadSeeds, match=name):
        read_seeds(folder)
