"""The tile chart of the country: one equal tile a province, roughly where it lies. A chart, not a map.

Hoàng Sa (Đà Nẵng) and Trường Sa (Khánh Hòa) are always drawn.
"""

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
ISLANDS: tuple[tuple[int, int, str], ...] = ((5, 8, "Hoàng Sa"), (5, 13, "Trường Sa"))
LEVELS = (15, 25, 35)  # percent from which a tile is darker


def level(percent: float) -> int:
    """0 to 3: which of the four patterns a share gets."""
    return sum(percent >= bound for bound in LEVELS)
