"""A drawing of a lesson as far as its words are concerned: their colours in both themes, and their size.

Only what the drawings of courses use is understood: rules for tags and classes, one `@media` for the dark,
attributes; no transforms. A colour that cannot be told is none, and then nothing is said of the words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element, fromstring

Theme = Literal["light", "dark"]
Point = tuple[float, float]
THEMES: tuple[Theme, ...] = ("light", "dark")
SCREEN = 320  # pixels: the narrowest width at which a picture is shown

_PAPER: dict[Theme, str] = {"light": "#f4f4e9", "dark": "#111813"}  # the page below it (tokens.css)
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FONT = re.compile(r"(?:(?P<weight>\d{3}|bold|normal)\s+)?(?P<size>[\d.]+)px")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_COMMAND = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_LETTER = 0.55  # of the size: how wide a letter is on average

_SHAPES = ("rect", "circle", "ellipse", "path", "polygon")
_ATTRIBUTES = ("fill", "font-size", "font-weight", "text-anchor")

Style = Mapping[str, str]


class _Styled(NamedTuple):
    """An element with what applies to it."""

    element: Element
    styles: Mapping[Theme, Style]


@dataclass(frozen=True)
class Words:
    """A text of a drawing: size in pixels on the narrowest screen, colours of ink and ground by theme."""

    text: str
    size: float
    is_bold: bool
    colours: Mapping[Theme, tuple[str, str]]


class Drawing:
    """An SVG file that the reader of courses has taken for a drawing."""

    def __init__(self, file: Path) -> None:
        self._root = fromstring(file.read_bytes())  # noqa: S314 (media.py refused what has a document type)
        box = [float(part) for part in self._root.get("viewBox", "0 0 320 180").replace(",", " ").split()]
        self._scale = min(1.0, SCREEN / box[2])
        sheet = " ".join(one.text or "" for one in self._root.iter() if _tag(one) == "style")
        dark = "".join(_DARK.findall(sheet))
        light = _DARK.sub("", sheet)
        self._rules: dict[Theme, list[tuple[str, dict[str, str]]]] = {
            "light": _rules(light),
            "dark": [*_rules(light), *_rules(dark)],
        }

    @property
    def title(self) -> str:
        """What it shows, for whoever does not see it."""
        return next(((one.text or "").strip() for one in self._root if _tag(one) == "title"), "")

    def words(self) -> Iterator[Words]:
        """Its texts, in the order in which they are drawn."""
        below: list[_Styled] = []
        for one in self._styled(self._root, {theme: {} for theme in THEMES}):
            if _tag(one.element) == "text":
                yield _words(one, below, self._scale)
            elif _tag(one.element) in _SHAPES:
                below.append(one)

    def _styled(self, element: Element, inherited: Mapping[Theme, Style]) -> Iterator[_Styled]:
        """The elements with what applies to each, inherited styles among it."""
        styles = {theme: self._style(element, inherited[theme], theme) for theme in THEMES}
        yield _Styled(element, styles)
        for child in element if _tag(element) in ("svg", "g") else ():
            yield from self._styled(child, styles)

    def _style(self, element: Element, inherited: Style, theme: Theme) -> Style:
        classes = element.get("class", "").split()
        by_tag: dict[str, str] = {}
        by_class: dict[str, str] = {}
        for selector, declared in self._rules[theme]:
            if selector == _tag(element):
                by_tag |= declared
            elif selector.removeprefix(".") in classes and selector.startswith("."):
                by_class |= declared
        own = {name: value for name in _ATTRIBUTES if (value := element.get(name))}
        return {**inherited, **own, **by_tag, **by_class}


def _words(one: _Styled, below: Sequence[_Styled], scale: float) -> Words:
    text = " ".join("".join(one.element.itertext()).split())
    style = one.styles["light"]
    size = _number(style.get("font-size", "16"))
    middle = _middle_of(one.element, style, size, text)
    grounds = [shape for shape in below if _covers(shape.element, middle)]
    colours: dict[Theme, tuple[str, str]] = {}
    for theme in THEMES:
        fills = [shape.styles[theme].get("fill", "black") for shape in reversed(grounds)]
        ground = next((fill for fill in fills if fill != "none"), _PAPER[theme])
        pair = (_colour(one.styles[theme].get("fill", "black")), _colour(ground))
        if all(pair):
            colours[theme] = pair
    is_bold = style.get("font-weight", "400") in ("bold", "600", "700", "800", "900")
    return Words(text, size * scale, is_bold, colours)


def contrast(one: str, other: str) -> float:
    """Of two colours #rrggbb, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _rules(sheet: str) -> list[tuple[str, dict[str, str]]]:
    """Selectors, one each, and what they declare; `font` is taken apart."""
    found = []
    for selectors, body in _RULE.findall(sheet):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        declared = {name.strip(): value.strip() for name, value in pairs}
        if font := _FONT.search(declared.get("font", "")):
            declared |= {"font-size": font["size"], "font-weight": font["weight"] or "400"}
        found += [(selector.strip(), declared) for selector in selectors.split(",")]
    return found


def _colour(value: str) -> str:
    """As #rrggbb; empty for what is no plain colour."""
    value = _NAMED.get(value, value)
    if not _HEX.fullmatch(value):
        return ""
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def _number(value: str | None) -> float:
    found = re.match(r"-?[\d.]+", (value or "").strip())
    return float(found[0]) if found else 0.0


def _middle_of(element: Element, style: Style, size: float, text: str) -> Point:
    """A point in the middle of the words."""
    width = _number(element.get("textLength")) or _LETTER * size * len(text)
    anchor = element.get("text-anchor") or style.get("text-anchor", "start")
    shift = {"middle": 0.0, "end": -width / 2}.get(anchor, width / 2)
    return _number(element.get("x")) + shift, _number(element.get("y")) - 0.35 * size


def _covers(element: Element, point: Point) -> bool:
    """Whether a filled shape lies below the point."""
    x, y = point
    tag, at = _tag(element), {name: _number(value) for name, value in element.attrib.items()}
    if tag == "rect":
        left, top = at.get("x", 0), at.get("y", 0)
        return left <= x <= left + at.get("width", 0) and top <= y <= top + at.get("height", 0)
    if tag in ("circle", "ellipse"):
        wide, high = at.get("r", at.get("rx", 0)), at.get("r", at.get("ry", 0))
        across, down = x - at.get("cx", 0), y - at.get("cy", 0)
        return bool(wide and high) and (across / wide) ** 2 + (down / high) ** 2 <= 1
    if tag == "polygon":
        numbers = [float(part) for part in element.get("points", "").replace(",", " ").split()]
        return _inside(list(zip(numbers[::2], numbers[1::2], strict=False)), point)
    return any(_inside(outline, point) for outline in _outlines(element.get("d", "")))


def _inside(outline: Sequence[Point], point: Point) -> bool:
    """Whether a point is inside a polygon (even-odd rule)."""
    x, y = point
    is_inside = False
    for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], *outline[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside


def _outlines(path: str) -> list[list[Point]]:
    """The polygons whose corners are the ends of a path's strokes."""
    outlines: list[list[Point]] = []
    command, x, y = "", 0.0, 0.0
    numbers: list[float] = []
    for sign, number in _COMMAND.findall(path):
        if sign:
            command, numbers = sign, []
            if sign in "Zz" and outlines:
                x, y = outlines[-1][0]
            continue
        numbers.append(float(number))
        if len(numbers) < _TAKES.get(command.upper(), 1):
            continue
        x, y = _end(command, numbers, (x, y))
        if command in "Mm":
            outlines.append([])
            command = "L" if command == "M" else "l"
        outlines[-1].append((x, y))
        numbers = []
    return outlines


def _end(command: str, numbers: Sequence[float], at: Point) -> Point:
    """Where a stroke ends that begins at a point."""
    x, y = at if command.islower() else (0.0, 0.0)
    if command in "Hh":
        return x + numbers[0], at[1]
    if command in "Vv":
        return at[0], y + numbers[0]
    return x + numbers[-2], y + numbers[-1]
