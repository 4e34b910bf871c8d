"""Texts with gaps or signs in them, between a tree of HTML and paragraphs of pieces."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.html_tree import add_text
from lms.quiz.exchange.item import Item, Part, Passage, tidy

GAP_TEXT = "gap-text"
"""The class of the block that holds a text with gaps, and nothing of the stem."""
BREAKS = {
    *("p", "div", "li", "tr", "td", "th", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
}
_UNSEEN = {"prompt", "feedbackInline", "feedbackBlock", "rubricBlock"}
_CODE = re.compile(r"`([^`]+)`")


def paragraphs_of(item: Item, asked: Callable[[int, Part], Element]) -> Iterator[Element]:
    """The paragraphs of a question's text, with what is asked in its places."""
    for pieces in item.passage:
        paragraph = Element("p")
        for piece in pieces:
            if isinstance(piece, int):
                paragraph.append(asked(piece, item.parts[piece]))
            else:
                add_plain(paragraph, piece)
        yield paragraph


def add_plain(element: Element, text: str) -> None:
    """Plain text, what stands in backticks as code."""
    for place, words in enumerate(_CODE.split(text)):
        if place % 2:
            SubElement(element, "code").text = words
        else:
            add_text(element, words)


def blocks_with(asked: Collection[Element], body: Element) -> Sequence[Element]:
    """The blocks of a body from the first in which something is asked to the last."""
    wanted = {*asked}
    places = [place for place, block in enumerate(body) if wanted & {*block.iter()}]
    return body[places[0] : places[-1] + 1] if places else ()


def passage_of(blocks: Iterable[Element], place_of: Callable[[Element], int | None]) -> Passage:
    """The paragraphs of a text in pieces; `place_of` says which part an element is, None for none."""
    walk = _Walk(place_of)
    for block in blocks:
        walk.block(block)
    return tidy(walk.paragraphs)


class _Walk:
    """Goes through blocks and gathers their words."""

    def __init__(self, place_of: Callable[[Element], int | None]) -> None:
        self._place_of = place_of
        self.paragraphs: list[list[str | int]] = [[]]

    def block(self, element: Element) -> None:
        """A block begins and ends a paragraph."""
        self._break()
        place = self._place_of(element)
        if place is None:
            self._inside(element)
        else:
            self.paragraphs[-1].append(place)
        self._break()

    def _break(self) -> None:
        if self.paragraphs[-1]:
            self.paragraphs.append([])

    def _inside(self, element: Element) -> None:
        self._words(element.text)
        for child in element:
            self._child(child)
            self._words(child.tail)

    def _child(self, child: Element) -> None:
        place = self._place_of(child)
        if place is not None:
            self.paragraphs[-1].append(place)
        elif child.tag in BREAKS:
            self.block(child)
        elif child.tag == "code":
            self._words(f"`{''.join(child.itertext())}`")
        elif child.tag == "br":
            self._words(" ")
        elif child.tag not in _UNSEEN:
            self._inside(child)

    def _words(self, raw: str | None) -> None:
        pieces = self.paragraphs[-1]
        text = re.sub(r"\s+", " ", raw or "")
        if text and pieces and isinstance(pieces[-1], str):
            pieces[-1] = re.sub(" +", " ", pieces[-1] + text)
        elif text.strip() or (text and pieces):
            pieces.append(text)
