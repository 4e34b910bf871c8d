"""The texts of an item of QTI as trees of HTML, its passages as pieces, its pictures by name."""

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.html_tree import add_text
from lms.quiz.exchange.item import Passage, Picture, tidy
from lms.quiz.exchange.markup import plain_from
from lms.quiz.exchange.qti.package import Package
from lms.quiz.exchange.xhtml import KEPT, PICTURE_SUFFIXES

GAP = " …… "
_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_LEFT_OUT = {
    *("simpleChoice", "simpleMatchSet", "feedbackBlock", "feedbackInline", "rubricBlock", "hotspotChoice"),
    *("choiceInteraction", "orderInteraction", "matchInteraction", "hottextInteraction"),
    *("hotspotInteraction", "stylesheet", "catalogInfo"),
}
_TRANSPARENT = {"b": "strong", "i": "em", "h1": "h2"}
_IN_A_LINE = {"span", "hottext", "printedVariable", "abbr", "cite", "q", "kbd", "samp", "var", "small", "big"}
_BREAKS = {"p", "div", "li", "tr", "td", "th", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5"}


class Texts:
    """Copies texts out of an item; the pictures in them are fetched from the package and renamed."""

    def __init__(self, package: Package, document: str) -> None:
        self._package = package
        self._document = document
        self.files: dict[str, Picture] = {}

    def inside(self, element: Element) -> Element:
        """What is inside an element, without answers and feedback, in tags that Markdown knows."""
        copy = Element("div")
        self._copy_inside(element, copy)
        return copy

    def picture(self, href: str) -> str:
        """The name that a picture has in texts; its file is kept."""
        name = self._free_name(href)
        content = self._package.picture(self._document, href)
        if content is not None:
            self.files[name] = Picture(content)
        return name

    def _free_name(self, href: str) -> str:
        base = posixpath.basename(unquote(href.partition("?")[0]))
        stem, suffix = posixpath.splitext(base)
        if not _NAME.fullmatch(stem):
            stem = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")
        name, number = f"media/{stem or 'hinh'}{suffix.lower()}", 1
        content = self._package.picture(self._document, href)
        while name in self.files and content is not None and self.files[name].content != content:
            number += 1
            name = f"media/{stem}-{number}{suffix.lower()}"
        return name

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
        "span"
        if element.tag in _IN_A_LINE or not any(one.tag in _BREAKS for one in element.iter())
        else "div"
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


def passage_of(blocks: Iterator[Element], place_of: Callable[[Element], int | None]) -> Passage:
    """The paragraphs of a text in pieces; `place_of` says which part an element is, None for none."""
    walk = _Walk(place_of)
    for block in blocks:
        walk.block(block)
    return walk.finished()


class _Walk:
    def __init__(self, place_of: Callable[[Element], int | None]) -> None:
        self._place_of = place_of
        self._paragraphs: list[list[str | int]] = [[]]

    def block(self, element: Element) -> None:
        """A block begins and ends a paragraph."""
        self._break()
        self._inside(element)
        self._break()

    def finished(self) -> Passage:
        """Paragraphs with words or parts in them, without white space around."""
        return tidy(self._paragraphs)

    def _break(self) -> None:
        if self._paragraphs[-1]:
            self._paragraphs.append([])

    def _inside(self, element: Element) -> None:
        self._words(element.text)
        for child in element:
            place = self._place_of(child)
            if place is not None:
                self._paragraphs[-1].append(place)
            elif child.tag in _BREAKS:
                self.block(child)
            elif child.tag == "code":
                self._words(f"`{''.join(child.itertext())}`")
            elif child.tag == "br":
                self._words(" ")
            elif child.tag not in (*_LEFT_OUT, "prompt"):
                self._inside(child)
            self._words(child.tail)

    def _words(self, raw: str | None) -> None:
        pieces = self._paragraphs[-1]
        text = re.sub(r"\s+", " ", raw or "")
        if text and pieces and isinstance(pieces[-1], str):
            pieces[-1] = re.sub(" +", " ", pieces[-1] + text)
        elif text.strip() or (text and pieces):
            pieces.append(text)
