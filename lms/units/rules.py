"""Pure rules of the map: names in full, the scheme of a day, who succeeds whom."""

from datetime import date

TWO_TIERS_SINCE = date(2025, 7, 1)  # QĐ 19/2025/QĐ-TTg: province and commune, districts end


def scheme_on(day: date) -> str:
    """Which codes were in force on a day: the same code may name another unit in the other scheme."""
    return "2-tier" if day >= TWO_TIERS_SINCE else "3-tier"


def full_name(type_: str, name: str) -> str:
    """'xã', 'Hưng Hà' → 'Xã Hưng Hà'."""
    return f"{type_[:1].upper()}{type_[1:]} {name}".strip()


def within(names: list[str]) -> str:
    """A unit and those above it in one phrase: 'Xã Hưng Hà, tỉnh Hưng Yên'."""
    first, *above = names
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in above)])
