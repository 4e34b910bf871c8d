"""Texts between Markdown, HTML and plain words. Nothing here trusts or sanitises: the course reader does."""

import re
from collections.abc import Iterator
from html import escape, unescape
from xml.etree.ElementTree import Element

from lms.foundation.markdown import Unreadable, render
from lms.quiz.exchange.html_tree import TAG, tree_of
from lms.quiz.exchange.markdown_writer import escaped, markdown_from

__all__ = [
    "escaped",
    "has_markup",
    "html_of",
    "markdown_of",
    "plain_from",
    "plain_of",
    "to_markdown",
    "to_plain",
]

_APART = {"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def words_of(markdown: str) -> str:
    """The words of a Markdown text, its paragraphs and lines kept apart. Unreadable texts stay as written."""
    try:
        return _words(render(markdown))
    except Unreadable:
        return markdown


def has_markup(markdown: str) -> bool:
    """Whether plain words could not say it."""
    try:
        tags = TAG.findall(render(markdown))
    except Unreadable:
        return True
    return any(name not in ("p", "br") for _, name, _ in tags)


def to_markdown(text: str, format_: str) -> str:
    """A text as Markdown; `format_` is html, plain, markdown, or moodle: HTML whose line ends count."""
    match format_:
        case "markdown":
            return text.strip()
        case "plain":
            return escaped(text)
        case "moodle":
            return markdown_of(text.strip().replace("\n", "<br>"))
        case _:
            return markdown_of(text)


def to_plain(text: str, format_: str) -> str:
    """The same text as one line of plain words."""
    return " ".join((plain_of(text) if format_ in ("html", "moodle") else text).split())


def markdown_of(html: str) -> str:
    """HTML as other programs keep questions in it, as Markdown; tags beyond Markdown's fall away.

    Pictures keep their file's name and are looked for in `media/`.
    """
    return markdown_from(tree_of(html))


def plain_of(html: str) -> str:
    """HTML as one line of plain text, code in backticks."""
    return plain_from(tree_of(html))


def plain_from(element: Element) -> str:
    """The inside of an element as one line of plain text, code in backticks."""
    return " ".join("".join(_plain_pieces(element)).split())


def _plain_pieces(element: Element) -> Iterator[str]:
    sign = "`" if element.tag == "code" else " " if element.tag in _APART else ""
    yield f"{sign}{element.text or ''}"
    for child in element:
        yield from _plain_pieces(child)
        yield child.tail or ""
    yield sign


def html_of(text: str) -> str:
    """Plain text, code in backticks, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _words(html: str) -> str:
    text = re.sub(r"<br\s*/?>\n?", "\n", html)
    text = re.sub(r"</(?:p|li|div|h[1-6]|tr|blockquote)>\s*", "\n\n", text)
    text = re.sub(r"""<img[^>]*alt="([^"]*)"[^>]*>""", r"\1", text)
    return _BLANK_LINES.sub("\n\n", unescape(TAG.sub("", text))).strip()
