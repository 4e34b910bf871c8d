"""Markdown as the XHTML that QTI has, and whether it comes back from there the same."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from lms.foundation.markdown import Media, Unreadable, render, render_inline
from lms.quiz.exchange.html_tree import add_text, tree_of
from lms.quiz.exchange.markdown_writer import escaped, markdown_from
from lms.quiz.exchange.media import PICTURE_SUFFIXES

KEPT = {
    *("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "code",
        "strong",
        "em",
        "a",
        "img",
        "br",
        "hr",
        "sup",
    ),
}
_ATTRIBUTES = {"a": ("href",), "img": ("src", "alt"), "th": ("class", "scope"), "td": ("class",)}
_BETWEEN_TAGS = re.compile(r"(?<=>)\s+(?=<)|\s+")


class _Pictures:
    """Leaves links and pictures as they are written; recordings are only their words."""

    def link(self, href: str) -> str:
        return href

    def media(self, src: str, alt: str) -> Media | None:
        return Media(src, "image") if src.lower().endswith(PICTURE_SUFFIXES) else None


def blocks_of(markdown: str) -> list[Element]:
    """The text as paragraphs, lists, tables …; none for an empty one."""
    return list(_kept(tree_of(_html(markdown)))) if markdown else []


def paragraph_of(markdown: str) -> Element:
    """One run of text as a paragraph."""
    paragraph = Element("p")
    _copy(tree_of(_inline_html(markdown)), paragraph)
    return paragraph


def survives(markdown: str) -> bool:
    """Whether a text in blocks looks the same once it was XHTML and became Markdown again."""
    if not markdown:
        return True
    inside = Element("div")
    inside.extend(blocks_of(markdown))
    return _normal(_html(markdown)) == _normal(_html(markdown_from(inside)))


def survives_inline(markdown: str) -> bool:
    """The same of one run of text."""
    return _normal(_inline_html(markdown)) == _normal(_inline_html(markdown_from(paragraph_of(markdown))))


def _html(markdown: str) -> str:
    try:
        return str(render(markdown, _Pictures()))
    except Unreadable:
        return str(render(escaped(markdown[:1000])))


def _inline_html(markdown: str) -> str:
    try:
        return str(render_inline(markdown, _Pictures()))
    except Unreadable:
        return str(render_inline(escaped(markdown[:1000])))


def _normal(html: str) -> str:
    return _BETWEEN_TAGS.sub(" ", html).strip()


def _kept(parent: Element) -> Iterator[Element]:
    """The blocks inside an element; words that stand alone are a paragraph."""
    if (parent.text or "").strip():
        paragraph = Element("p")
        paragraph.text = parent.text
        yield paragraph
    for child in parent:
        if child.tag == "div" and child.get("class") == "table-scroll":
            yield from _kept(child)
        elif child.tag == "figure":
            yield _figure(child)
        else:
            element = Element(child.tag if child.tag in KEPT else "div")
            _copy(child, element)
            yield element


def _copy(source: Element, target: Element) -> None:
    """Everything inside, in elements and with attributes that QTI has."""
    for name in _ATTRIBUTES.get(target.tag, ()):
        if source.get(name) is not None:
            target.set(name, source.get(name, ""))
    add_text(target, source.text or "")
    for child in source:
        if child.tag in ("figure", "table") or child.get("class") == "table-scroll":
            target.extend(_kept(_alone(child)))
        elif child.tag in KEPT:
            _copy(child, SubElement(target, child.tag))
        else:
            _copy(child, target)
        add_text(target, child.tail or "")


def _alone(child: Element) -> Element:
    parent = Element("div")
    parent.append(child)
    return parent


def _figure(figure: Element) -> Element:
    """A picture that stands alone; its caption is a paragraph of its own."""
    block = Element("div", {"class": "figure"})
    image = next(figure.iter("img"), None)
    if image is not None:
        _copy(image, SubElement(SubElement(block, "p"), "img"))
    caption = "".join(figure.itertext()).strip()
    if caption:
        SubElement(block, "p").text = caption
    return block
