"""The field map: a hillside of terraces seen from above, one plot a module, numbered from the top left.

The levels below are those of the drawing for twelve plots: how far each dike lies below an even spacing, at
thirteen places across the sheet. A map of another number of plots takes its dikes from between these.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from math import ceil

_HALF_DIKE = 4  # the dark ground of the frame shows between two plots
_OVERHANG = 6  # plots at the sides run out of the frame
_INSET = 10  # rows keep away from the dikes
_LEAST_HEIGHT = 130
_ROW_SPACING = (17, 26, 17, 13)  # furrows, seedlings, green rice, grain
_CURVE_STEP = 36
_NUMBER_SPACE = 15  # a number stays within the frame where its plot runs out of it

Curve = Callable[[float], float]


@dataclass(frozen=True)
class Plot:
    """One field: its outline, the rows of its crop in each of the four states, the place of its number."""

    outline: str
    rows: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True)
class FieldMap:
    """A sheet of plots in the order of their numbers, in units of the SVG's view box."""

    width: int
    height: int
    plots: tuple[Plot, ...]


@dataclass(frozen=True)
class _Sheet:
    width: int
    terrace_height: int
    plots_a_terrace: float
    levels: tuple[tuple[int, ...], ...]


_NARROW = _Sheet(
    width=360,
    terrace_height=52,
    plots_a_terrace=2.5,
    levels=(
        (-10, -4, -7, -12, -14, -15, -18, -24, -32, -30, -20, -11, -8),
        (-4, 3, 2, -7, -17, -22, -20, -17, -17, -17, -12, -2, 4),
        (1, -1, -1, -5, -13, -20, -18, -9, 0, 3, 2, 1, 4),
        (6, -4, -9, -7, -5, -6, -6, -1, 9, 16, 14, 5, -1),
        (9, 0, -8, -7, 1, 11, 13, 13, 13, 17, 17, 10, -1),
        (6, 7, 5, 4, 10, 20, 28, 26, 18, 12, 10, 10, 6),
    ),
)
_WIDE = _Sheet(
    width=720,
    terrace_height=65,
    plots_a_terrace=3,
    levels=(
        (-25, -9, -5, -12, -18, -20, -22, -30, -42, -49, -41, -24, -13),
        (-9, 2, 10, 4, -13, -27, -30, -25, -22, -24, -21, -10, 5),
        (11, 5, 5, 4, -5, -19, -26, -19, -3, 8, 10, 7, 9),
        (28, 12, -2, -5, -1, 0, -3, -1, 12, 27, 34, 26, 12),
        (29, 20, 5, -3, 3, 18, 29, 30, 29, 33, 38, 35, 20),
    ),
)
# Where the cross dikes stand, by the number of plots of a terrace; the next terrace takes the next entry.
_CUTS: tuple[tuple[tuple[float, ...], ...], ...] = (
    ((),),
    ((0.56,), (0.45,), (0.42,), (0.48,), (0.52,)),
    ((0.36, 0.70), (0.30, 0.66), (0.40, 0.72), (0.36, 0.70)),
)
_SLANTS = (4, 3, -2, -4, 3)


@lru_cache
def narrow_map(count: int) -> FieldMap:
    """The map for a phone."""
    return _field_map(count, _NARROW)


@lru_cache
def wide_map(count: int) -> FieldMap:
    """The map for a screen of 768 px and more."""
    return _field_map(count, _WIDE)


def _field_map(count: int, sheet: _Sheet) -> FieldMap:
    terraces = max(1, ceil(count / sheet.plots_a_terrace))
    height = max(_LEAST_HEIGHT, terraces * sheet.terrace_height)
    dikes = [_dike(sheet, place / terraces, place * height / terraces) for place in range(terraces + 1)]
    ends = [int(place * count / terraces + 0.5) for place in range(terraces + 1)]
    plots = [
        replace(plot, y=min(plot.y, round(height) - _NUMBER_SPACE))
        for terrace, (upper, lower) in enumerate(pairwise(dikes))
        for plot in _plots(ends[terrace + 1] - ends[terrace], terrace, upper, lower, sheet.width)
    ]
    return FieldMap(sheet.width, height, tuple(plots))


def _dike(sheet: _Sheet, share: float, base: float) -> Curve:
    """The height of the dike that lies `share` of the way down the hillside, 0..1, as a curve over x."""
    place = share * (len(sheet.levels) - 1)
    above, below = sheet.levels[int(place)], sheet.levels[ceil(place)]
    knots = [base + high + (low - high) * (place % 1) for high, low in zip(above, below, strict=True)]
    return partial(_through, knots, sheet.width)


def _through(knots: Sequence[float], width: int, x: float) -> float:
    """The smooth curve (Catmull-Rom) through evenly spaced knots; level beyond both ends."""
    place = min(max(x / width, 0), 1) * (len(knots) - 1)
    first = min(int(place), len(knots) - 2)
    a, b, c, d = (knots[min(max(first + step, 0), len(knots) - 1)] for step in (-1, 0, 1, 2))
    t = place - first
    return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def _plots(count: int, terrace: int, upper: Curve, lower: Curve, width: int) -> Iterator[Plot]:
    """The plots of one terrace from left to right; a cross dike leans, so it has an x above and one below."""
    if not count:
        return
    cuts = _CUTS[count - 1][terrace % len(_CUTS[count - 1])]
    slants = [_SLANTS[(terrace + place) % len(_SLANTS)] for place in range(count)]
    leaning = [(cut * width + slant, cut * width - slant) for cut, slant in zip(cuts, slants, strict=False)]
    outside = _OVERHANG + _HALF_DIKE
    sides = [(-outside, -outside), *leaning, (width + outside, width + outside)]
    for left, right in pairwise(sides):
        yield _plot(
            (left[0] + _HALF_DIKE, right[0] - _HALF_DIKE),
            (left[1] + _HALF_DIKE, right[1] - _HALF_DIKE),
            lambda x: upper(x) + _HALF_DIKE,
            lambda x: lower(x) - _HALF_DIKE,
        )


def _plot(above: tuple[float, float], below: tuple[float, float], top: Curve, bottom: Curve) -> Plot:
    """The plot between two curves; `above` and `below` are its left and right ends on each."""
    outline = f"M{_path(top, *above)}L{_path(bottom, below[1], below[0])}Z"
    left, right = max(above[0], below[0]) + _INSET, min(above[1], below[1]) - _INSET
    middle = (left + right) / 2
    centre = (max(top(middle), 0) + bottom(middle)) / 2
    rows = tuple(_rows(spacing, left, right, top, bottom) for spacing in _ROW_SPACING)
    return Plot(outline, rows, round(middle), round(centre))


def _rows(spacing: int, left: float, right: float, top: Curve, bottom: Curve) -> str:
    """Rows of the crop at about that spacing, following the dikes."""
    middle = (left + right) / 2
    count = max(1, round((bottom(middle) - top(middle)) / spacing))
    shares = [0.1 + 0.8 * (row + 0.5) / count for row in range(count)]
    return "".join(f"M{_path(partial(_between, top, bottom, share), left, right)}" for share in shares)


def _between(top: Curve, bottom: Curve, share: float, x: float) -> float:
    return top(x) + (bottom(x) - top(x)) * share


def _path(curve: Curve, start: float, end: float) -> str:
    """Path data along a curve, without the command that leads to its first point."""
    pieces = max(2, round(abs(end - start) / _CURVE_STEP))
    step = (end - start) / pieces
    points = [(start + place * step, curve(start + place * step)) for place in range(pieces + 1)]
    slope = [curve(x + step / 2) - curve(x - step / 2) for x, _ in points]
    (x, y), *rest = points
    path = f"{x:.0f} {y:.0f}C{x + step / 3:.0f} {y + slope[0] / 3:.0f} "
    for place, (x, y) in enumerate(rest, 1):
        path += f"{'S' if place > 1 else ''}{x - step / 3:.0f} {y - slope[place] / 3:.0f} {x:.0f} {y:.0f}"
    return path
