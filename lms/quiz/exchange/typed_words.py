"""Typed answers with marks: `.gov.vn` is typed without its backticks, so it travels without them too.

Both forms travel, next to each other; coming back, the bare one says nothing new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lms.quiz.exchange.item import Item, Part
from lms.quiz.plain import words_of


def with_bare(texts: Sequence[str]) -> list[str]:
    """Every accepted text, and without its marks where it has some."""
    return list(dict.fromkeys(form for text in texts for form in (text, words_of(text))))


def parts_with_bare(parts: Sequence[Part]) -> Iterator[Part]:
    """The same of parts; what is told to one is told to the other."""
    written = {part.text for part in parts}
    for part in parts:
        yield part
        if words_of(part.text) not in written:
            yield replace(part, text=words_of(part.text))


def without_bare(item: Item) -> Item:
    """The question without typed answers that stand beside their marked form."""
    if item.kind == "short":
        kept = _marked([part.text for part in item.parts])
        return replace(item, parts=[part for part in item.parts if part.text in kept])
    if item.kind == "gaps":
        return replace(item, parts=[_gap(part) for part in item.parts])
    return item


def _gap(part: Part) -> Part:
    first, *also = _marked([part.text, *part.also])
    return replace(part, text=first, also=tuple(also))


def _marked(texts: Sequence[str]) -> list[str]:
    marked = {words_of(text) for text in texts if words_of(text) != text}
    return [text for text in texts if text not in marked] or list(texts)
