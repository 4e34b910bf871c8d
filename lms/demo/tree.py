"""Pure: how many people a commune has, and in which teams."""

from collections.abc import Sequence
from random import Random

SMALLEST, LARGEST = 4, 10
_SIZES = range(SMALLEST, LARGEST + 1)
_SHARES = (60, 22, 8, 4, 3, 2, 1)  # the country's teams have 4.7 members on average

_VILLAGES = (
    *("Đông Hải", "Lương Cụ Bắc", "Quán Tre", "An Thái", "Quỳnh Hòa", "Bình Minh", "Phú Mỹ", "Tân Lập"),
    *(
        "Đồng Tâm",
        "Hòa Bình",
        "Xuân Trường",
        "Ngọc Sơn",
        "Thanh Bình",
        "Vĩnh Phúc",
        "Trung Thành",
        "Cầu Ngàn",
    ),
    *("Bến Gỗ", "Suối Đá", "Nà Lốc", "Bản Mển", "Tân Tiến", "Long Thạnh", "Mỹ Lợi", "Phước An", "Hưng Đạo"),
    *("Đại Đồng", "Nam Cường", "Thượng Phúc", "Hạ Lý", "Kim Quan", "Yên Mỹ", "Văn Giang", "Trà Giang"),
    *("Sông Trầu", "Ea Na", "Krông Búk"),
)
_OF_COUNTRY, _OF_TOWN = ("thôn", "thôn", "thôn", "ấp", "bản"), ("tổ dân phố", "khu phố")


def spread_people(people: int, weights: Sequence[float]) -> list[int]:
    """How many of `people` live in each place: by weight, exactly as many as there are.

    No place has fewer than a team; what is too few is added to the next one, or to the last that has some.
    """
    total, counts = sum(weights), []
    given = waiting = 0
    passed = 0.0
    for weight in weights:
        passed += weight
        due = round(people * passed / total)
        waiting += due - given
        given = due
        counts.append(waiting if waiting >= SMALLEST else 0)
        waiting -= counts[-1]
    if waiting:
        last = max((place for place, count in enumerate(counts) if count), default=len(counts) - 1)
        counts[last] += waiting
    return counts


def team_sizes(people: int, rng: Random) -> list[int]:
    """The people of a place in teams of 4 to 10; fewer than 4 are one small team."""
    sizes: list[int] = []
    while people > LARGEST:
        size = rng.choices(_SIZES, _SHARES)[0]
        size = min(size, people - SMALLEST)
        sizes.append(size)
        people -= size
    if people >= 2 * SMALLEST and rng.random() < 0.7:
        sizes.append(people // 2)
        people -= people // 2
    return [*sizes, people] if people else sizes


def village_name(number: int, unit_type: str, place: int) -> str:
    """What the neighbourhood of the n-th team (from 0) of a commune is called; `place` varies the communes.

    'thôn Đông Hải', 'tổ dân phố số 3'; no two are equal.
    """
    if unit_type == "phường":
        return f"{_OF_TOWN[place % 2]} số {number + 1}"
    name = _VILLAGES[(number * 7 + place) % len(_VILLAGES)]
    again = number // len(_VILLAGES)
    return f"{_OF_COUNTRY[place % 5]} {name}" + (f" {again + 1}" if again else "")
