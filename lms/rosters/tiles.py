"""The tile chart of the country: one equal tile a province, roughly where it lies. A chart, not a map.

Hoàng Sa (Đà Nẵng) and Trường Sa (Khánh Hòa) are always drawn.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

LEVELS = (15, 25, 35)  # percent from which a tile is darker

# Province code → column and row of its tile, and a name short enough to stand in it.
TILES: dict[str, tuple[int, int, str]] = {
    "12": (0, 0, "L. Châu"),
    "15": (1, 0, "Lào Cai"),
    "08": (2, 0, "T. Quang"),
    "04": (3, 0, "C. Bằng"),
    "11": (0, 1, "Đ. Biên"),
    "14": (1, 1, "Sơn La"),
    "25": (2, 1, "P. Thọ"),
    "19": (3, 1, "T. Nguyên"),
    "20": (4, 1, "L. Sơn"),
    "01": (2, 2, "Hà Nội"),
    "24": (3, 2, "B. Ninh"),
    "22": (4, 2, "Q. Ninh"),
    "37": (2, 3, "N. Bình"),
    "33": (3, 3, "H. Yên"),
    "31": (4, 3, "H. Phòng"),
    "38": (2, 4, "T. Hóa"),
    "40": (2, 5, "N. An"),
    "42": (2, 6, "H. Tĩnh"),
    "44": (3, 7, "Q. Trị"),
    "46": (3, 8, "Huế"),
    "48": (4, 8, "Đ. Nẵng"),
    "51": (4, 9, "Q. Ngãi"),
    "52": (4, 10, "Gia Lai"),
    "66": (4, 11, "Đ. Lắk"),
    "68": (3, 12, "L. Đồng"),
    "56": (4, 12, "K. Hòa"),
    "80": (1, 13, "T. Ninh"),
    "79": (2, 13, "TP. HCM"),
    "75": (3, 13, "Đ. Nai"),
    "91": (0, 14, "A. Giang"),
    "82": (1, 14, "Đ. Tháp"),
    "86": (2, 14, "V. Long"),
    "96": (0, 15, "Cà Mau"),
    "92": (1, 15, "C. Thơ"),
}
# Column and row, name, and whose they are: the code of their province and its name.
ISLANDS = ((5, 8, "Hoàng Sa", "48", "Đà Nẵng"), (5, 13, "Trường Sa", "56", "Khánh Hòa"))


class Tile(NamedTuple):
    """A tile as it is drawn: its corner, its words and how dark it is (0..3)."""

    x: int
    y: int
    width: int
    name: str
    below: str
    level: int
    is_island: bool


def tile_chart(percents: Mapping[str, int | None]) -> Iterable[Tile]:
    """Every tile, from a percent a province code; None where a province has nobody."""
    for code, (column, row, name) in TILES.items():
        percent = percents.get(code)
        below = "–" if percent is None else f"{percent}%"
        yield Tile(2 + 58 * column, 2 + 36 * row, 55, name, below, _level(percent), is_island=False)
    for column, row, name, code, province in ISLANDS:
        level = _level(percents.get(code))
        yield Tile(4 + 58 * column, 2 + 36 * row, 60, name, f"({province})", level, is_island=True)


def _level(percent: int | None) -> int:
    return sum(percent >= bound for bound in LEVELS) if percent is not None else 0
