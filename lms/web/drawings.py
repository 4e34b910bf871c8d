"""Icons, topic emblems and drawings, read once and written into the page, so that they cost no request.

Everything here comes from the project's own SVG files, which is why it may stand in a page as markup.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup

Drawn = TypeVar("Drawn")

_SVG = re.compile(r'<svg xmlns="[^"]*"(?P<attributes>[^>]*)>(?P<content>.*)</svg>\s*', re.DOTALL)
_VIEW_BOX = re.compile(r'viewBox="([^"]*)"')
_WIDE = "-57 0 210 96"  # the view box that shows an emblem with its wings


@dataclass(frozen=True)
class _Svg:
    attributes: Markup
    content: Markup
    view_box: str


class Drawings:
    """What the folders `icons`, `topics` and `drawings` hold, by file name without `.svg`.

    A topic is named by the slug of the module it pictures, so a module finds its emblem without a setting.

    Each method raises LookupError for a name that is not there. None of the pictures speaks to a screen
    reader: their meaning stands in words beside them.
    """

    def __init__(self, folder: Path) -> None:
        icon = Markup('<svg class="icon" viewBox="{}" aria-hidden="true">{}</svg>')
        self._icons = {
            name: icon.format(svg.view_box, svg.content) for name, svg in _read(folder / "icons").items()
        }
        self._emblems = _read(folder / "topics")
        self._drawings = _read(folder / "drawings")
        self.emblem_names = frozenset(self._emblems)

    def icon(self, name: str, size: str = "") -> Markup:
        """An icon as tall as the text beside it; `icon("check", "big")` is 32 px."""
        icon = _look_up(self._icons, name)
        return icon.replace('"icon"', Markup('"icon {}"').format(size), 1) if size else icon

    def emblem(self, name: str, wide: bool = False) -> Markup:
        """The picture of a topic: small beside its name, or wide to stand in `.topic-banner`."""
        svg = _look_up(self._emblems, name)
        if wide:
            return Markup('<svg viewBox="{}" aria-hidden="true">{}</svg>').format(_WIDE, svg.content)
        return Markup('<svg class="topic-emblem" viewBox="{}" aria-hidden="true">{}</svg>').format(
            svg.view_box, svg.content
        )

    def drawing(self, name: str) -> Markup:
        """Any other drawing, with the attributes its file gives it."""
        svg = _look_up(self._drawings, name)
        return Markup('<svg{} aria-hidden="true">{}</svg>').format(svg.attributes, svg.content)


def _read(folder: Path) -> dict[str, _Svg]:
    """The files of a folder. Raises ValueError for one that is not a plain `<svg>`."""
    drawings = {}
    for path in folder.glob("*.svg"):
        svg = _SVG.fullmatch(path.read_text(encoding="utf-8"))
        view_box = _VIEW_BOX.search(svg["attributes"]) if svg else None
        if not svg or not view_box:
            raise ValueError(f"{path} is not one <svg> with xmlns and viewBox")
        attributes, content = Markup(svg["attributes"]), Markup(svg["content"])  # noqa: S704  # our own files
        drawings[path.stem] = _Svg(attributes, content, view_box[1])
    return drawings


def _look_up(drawings: Mapping[str, Drawn], name: str) -> Drawn:
    if name not in drawings:
        raise LookupError(f"no drawing {name!r}; there are {', '.join(sorted(drawings))}")
    return drawings[name]
