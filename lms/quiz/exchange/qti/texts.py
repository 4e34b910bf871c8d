"""The texts of an item of QTI as trees of HTML, its pictures by name."""

from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.html_tree import add_text
from lms.quiz.exchange.item import Picture
from lms.quiz.exchange.markup import plain_from
from lms.quiz.exchange.media import PICTURE_SUFFIXES, media_name
from lms.quiz.exchange.passages import BREAKS
from lms.quiz.exchange.qti.package import Package
from lms.quiz.exchange.xhtml import KEPT

GAP = " …… "
_LEFT_OUT = {
    *("simpleChoice", "simpleMatchSet", "feedbackBlock", "feedbackInline", "rubricBlock", "hotspotChoice"),
    *("choiceInteraction", "orderInteraction", "matchInteraction", "hottextInteraction"),
    *("hotspotInteraction", "stylesheet", "catalogInfo"),
}
_TRANSPARENT = {"b": "strong", "i": "em", "h1": "h2"}
_IN_A_LINE = {"span", "hottext", "printedVariable", "abbr", "cite", "q", "kbd", "samp", "var", "small", "big"}


class Texts:
    """Copies texts out of an item; the pictures in them are fetched from the package and renamed."""

    def __init__(self, package: Package, document: str) -> None:
        self._package = package
        self._document = document
        self.files: dict[str, Picture] = {}
        self._names: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    def inside(self, element: Element) -> Element:
        """What is inside an element, without answers and feedback, in tags that Markdown knows."""
        copy = Element("div")
        self._copy_inside(element, copy)
        return copy

    def picture(self, href: str) -> str:
        """The name that a picture has in texts: its own, or one with a number beside another of that name."""
        if href not in self._names:
            number = self._taken.get(media_name(href), 0) + 1
            self._taken[media_name(href)] = number
            self._names[href] = media_name(href, number)
            content = self._package.picture(self._document, href)
            if content is not None:
                self.files[self._names[href]] = Picture(content)
        return self._names[href]

    def _copy_inside(self, source: Element, target: Element) -> None:
        add_text(target, source.text or "")
        for child in source:
            self._copy(child, source, target)
            add_text(target, child.tail or "")

    def _copy(self, child: Element, parent: Element, target: Element) -> None:
        tag = _TRANSPARENT.get(child.tag, child.tag)
        if tag == "textEntryInteraction":
            add_text(target, GAP if "".join(parent.itertext()).strip() else "")
        elif tag == "img" or (tag == "object" and _is_picture(child)):
            alt = child.get("alt") or " ".join("".join(child.itertext()).split())
            src = self.picture(child.get("src") or child.get("data") or "")
            SubElement(target, "img", src=src, alt=alt)
        elif tag not in _LEFT_OUT:
            self._copy_inside(
                child, SubElement(target, tag if tag in KEPT else _stand_in(child), child.attrib)
            )


def _is_picture(element: Element) -> bool:
    name = element.get("data", "").lower()
    return element.get("type", "").startswith("image/") or name.endswith(PICTURE_SUFFIXES)


def _stand_in(element: Element) -> str:
    """What stands for an element that Markdown does not know."""
    return (
        "span" if element.tag in _IN_A_LINE or not any(one.tag in BREAKS for one in element.iter()) else "div"
    )


def plain_text(element: Element) -> str:
    """An answer in plain words; feedback inside it is none of them."""
    bare = Element(element.tag)
    _copy_bare(element, bare)
    bare.tag = "span"
    return plain_from(bare)


def _copy_bare(source: Element, target: Element) -> None:
    add_text(target, source.text or "")
    for child in source:
        if child.tag != "feedbackInline":
            _copy_bare(child, SubElement(target, child.tag))
        add_text(target, child.tail or "")
