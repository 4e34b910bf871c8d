"""Authors' Markdown made into HTML that can be trusted: parsed by allow-list, sanitised by allow-list.

Raw HTML is shown as text, anchors are read on headings only, tables scroll alone, a picture that stands alone
becomes a figure. Where links and media lead is the caller's to say (`Resolver`), so that the same text serves
the site, the print sheet and the preview.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from lms.foundation.text import slugify

LONGEST_TEXT = 64 * 1024  # characters
# What the parser's time and stack depend on. Its time grows with the square of the opening brackets in a
# paragraph (8,000 of them: 30 s); a real lesson stays under a tenth of each.
MOST_BRACKETS, MOST_BRACKETS_IN_A_PARAGRAPH = 2_000, 256
MOST_SIGNS = 8_000
MOST_PARAGRAPHS, MOST_LINES_IN_A_PARAGRAPH = 4_000, 400
MOST_DEFINITIONS_IN_A_PARAGRAPH = 64
DEEPEST_NESTING = 12

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ANCHOR = re.compile(r"\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}$")
_WRITTEN_ANCHOR = re.compile(r'<h[2-6] id="([^"]+)"')
_SIGN = re.compile(r"[*_`<&|\\]")
_NESTING = re.compile(
    rf"(?:[ \t]*(?:[>*+:-]|\d{{1,9}}\.)(?=[ \t>]|$)){{{DEEPEST_NESTING + 1}}}", re.MULTILINE
)
_DEFINITION = re.compile(r"^ {0,3}:\s", re.MULTILINE)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_RECORDINGS = ("audio", "video")
# Signs that Markdown leaves alone but the course format lets an author make plain with a backslash.
_MORE_ESCAPES = ("=", "?", ":", "|")

_TAGS = (
    {"p", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "br", "pre"}
    | {"a", "code", "strong", "em", "sup", "span", "img", "figure", "figcaption", "audio", "video"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"}
    | {"div", "details", "summary"}
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "controls", "preload", "aria-label", "width", "height"},
    "th": {"scope"},
    "ol": {"start"},
    "div": {"tabindex", "role", "aria-label"},
    **{tag: {"id"} for tag in (*_HEADINGS[1:], "sup", "li")},
}
_CLASSES = {
    "div": {"table-scroll", "footnote", "note", "warn", "tip", "keep", "stack"},
    "p": {"note-title"},
    "ol": {"steps"},
    "details": {"disclosure"},
    "a": {"footnote-ref", "footnote-backref"},
    "blockquote": {"say-aloud"},
    "th": {"text-end", "text-center"},
    "td": {"text-end", "text-center"},
}


@dataclass(frozen=True)
class Media:
    """A picture or recording as a page needs it: its address and, as far as known, its measures."""

    url: str
    kind: str  # image, audio, video
    width: int = 0
    height: int = 0
    note: str = ""  # size and length in words, for recordings


class Resolver(Protocol):
    """Says where what an author wrote leads to."""

    def link(self, href: str) -> str:
        """The address for a link's target as written."""

    def media(self, src: str, alt: str) -> Media | None:
        """The picture or recording at `src`; None shows the words in its place."""


class AsWritten:
    """Leaves links as they are and shows no media: for texts outside a course."""

    def link(self, href: str) -> str:
        """The same."""
        return href

    def media(self, src: str, alt: str) -> Media | None:
        """None."""
        return None


@dataclass(frozen=True)
class Prose:
    """A text as its author wrote it (Markdown) and as a page shows it (sanitised HTML).

    Templates print it as it is; an empty one is false.
    """

    source: str
    html: str

    def __html__(self) -> Markup:
        return Markup(self.html)  # noqa: S704 (made by the sanitiser or by escaping)

    def __bool__(self) -> bool:
        return bool(self.source)

    @classmethod
    def plain(cls, text: str) -> "Prose":
        """A text without any markup."""
        return cls(text, str(escape(text)))


NO_PROSE = Prose("", "")


class Unreadable(ValueError):
    """A text too long, too deeply nested or too full of signs: an attack or an accident, not a lesson.

    Its argument says in Vietnamese what there was too much of.
    """


def render(
    text: str, resolver: Resolver | None = None, *, prefix: str = "", extensions: Sequence[Extension] = ()
) -> Markup:
    """The text as HTML. `prefix` keeps footnote ids apart where several texts share a page.

    `extensions` may add structure of the caller's own; what it adds passes the same sanitiser.
    Raises Unreadable.
    """
    tables = TableExtension(use_align_attribute=True)
    house = _House(resolver or AsWritten())
    engine = Markdown(
        extensions=["fenced_code", "sane_lists", "def_list", tables, _Footnotes(prefix), house, *extensions],
        output_format="html",
    )
    return _sanitised(_converted(engine, text))


def render_inline(text: str, resolver: Resolver | None = None) -> Markup:
    """One run of text as HTML without paragraphs, lists or any other block. Raises Unreadable."""
    engine = Markdown(extensions=[_House(resolver or AsWritten())], output_format="html")
    blocks = engine.parser.blockprocessors
    for name in ("empty", "indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote"):
        blocks.deregister(name)
    blocks.deregister("reference")
    html = _converted(engine, " ".join(text.split()))
    return _sanitised(html.removeprefix("<p>").removesuffix("</p>"))


def prose(text: str, resolver: Resolver | None = None, *, prefix: str = "") -> Prose:
    """The text beside its HTML in blocks. Raises Unreadable."""
    return Prose(text, str(render(text, resolver, prefix=prefix))) if text else NO_PROSE


def inline_prose(text: str, resolver: Resolver | None = None) -> Prose:
    """The text beside its HTML without blocks. Raises Unreadable."""
    return Prose(text, str(render_inline(text, resolver))) if text else NO_PROSE


def anchors_in(html: str) -> list[str]:
    """Ids of the headings in rendered HTML, in their order."""
    return _WRITTEN_ANCHOR.findall(html)


def _converted(engine: Markdown, text: str) -> str:
    excess = _excess(text)
    if excess:
        raise Unreadable(excess)
    try:
        return engine.convert(_CONTROL.sub("", text))
    except RecursionError as deep:
        raise Unreadable("lồng nhau quá sâu") from deep


def _excess(text: str) -> str:
    """What the text has too much of; empty if nothing."""
    if len(text) > LONGEST_TEXT:
        return f"{len(text)} ký tự, nhiều nhất {LONGEST_TEXT}"
    paragraphs = _PARAGRAPH_END.split(text)
    in_a_paragraph = max(paragraph.count("[") for paragraph in paragraphs)
    if text.count("[") > MOST_BRACKETS or in_a_paragraph > MOST_BRACKETS_IN_A_PARAGRAPH:
        return f"{text.count('[')} dấu [, quá nhiều trong một đoạn"
    if len(paragraphs) > MOST_PARAGRAPHS:
        return f"{len(paragraphs)} đoạn, nhiều nhất {MOST_PARAGRAPHS}"
    if max(paragraph.count("\n") for paragraph in paragraphs) > MOST_LINES_IN_A_PARAGRAPH:
        return f"hơn {MOST_LINES_IN_A_PARAGRAPH} dòng liền nhau"
    if any(len(_DEFINITION.findall(paragraph)) > MOST_DEFINITIONS_IN_A_PARAGRAPH for paragraph in paragraphs):
        return "quá nhiều định nghĩa liền nhau"
    if sum(1 for _ in _SIGN.finditer(text)) > MOST_SIGNS:
        return f"hơn {MOST_SIGNS} dấu của Markdown"
    if any(
        _NESTING.match(line) or len(line) - len(line.lstrip()) > 8 * DEEPEST_NESTING
        for line in text.split("\n")
    ):
        return "lồng nhau quá sâu"
    return ""


def _sanitised(html: str) -> Markup:
    return Markup(  # noqa: S704 (the sanitiser's output is what Markup is for)
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
    )


class _House(Extension):
    """What differs from plain Markdown: no raw HTML, more escapes, our own treatment of the tree."""

    def __init__(self, resolver: Resolver) -> None:
        super().__init__()
        self._resolver = resolver

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("automail")
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, *_MORE_ESCAPES]
        # After the inline texts are parsed (20) and their backslashes resolved (0).
        md.treeprocessors.register(_Headings(md), "headings", -1)
        md.treeprocessors.register(_Tables(md), "table_regions", -2)
        md.treeprocessors.register(_Targets(md, self._resolver), "targets", -3)


class _Headings(Treeprocessor):
    """Gives every heading its anchor: the one written as {#anchor}, else the folded title, once each."""

    def run(self, root: Element) -> None:
        taken: dict[str, int] = {}
        for heading in root.iter():
            if heading.tag not in _HEADINGS:
                continue
            if heading.tag == "h1":  # The page's title is the only one.
                heading.tag = "h2"
            anchor = _written_anchor(heading) or slugify("".join(heading.itertext())) or "phan"
            heading.set("id", unique(anchor, taken))


class _Tables(Treeprocessor):
    """A table wider than the phone scrolls alone, in a region with a name that the keyboard reaches."""

    def run(self, root: Element) -> None:
        names: dict[str, int] = {}
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    parent[place] = self._region(table, names)

    def _region(self, table: Element, names: dict[str, int]) -> Element:
        heads = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
        label = unique(f"Bảng: {', '.join(filter(None, heads))}", names)
        for cell in table.iter():
            align = cell.attrib.pop("align", None)
            if cell.tag == "th":
                cell.set("scope", "col")
            if align in ("right", "center"):
                cell.set("class", "text-end" if align == "right" else "text-center")
        region = Element(
            "div", {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}
        )
        region.append(table)
        return region


class _Targets(Treeprocessor):
    """Asks the resolver about every link and picture; lifts pictures that stand alone into figures."""

    def __init__(self, md: Markdown, resolver: Resolver) -> None:
        super().__init__(md)
        self._resolver = resolver

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            if element.tag == "blockquote":
                element.set("class", "say-aloud")
            elif element.tag == "a" and not element.get("class", "").startswith("footnote"):
                element.set("href", self._resolver.link(element.get("href", "")))
            elif element.tag == "img":
                self._place(element)
        for parent in list(root.iter()):
            for place, child in reversed(list(enumerate(parent))):
                if child.tag == "p" and _only_media(child):
                    parent[place : place + 1] = [_figure(medium) for medium in child]

    def _place(self, element: Element) -> None:
        """Turns the parsed image into what it is a sign for: picture, recording, or only its words."""
        alt, caption = element.get("alt", ""), element.get("title", "")
        media = self._resolver.media(element.get("src", ""), alt)
        element.attrib.clear()
        if media is None:
            element.tag, element.text = "span", alt
        elif media.kind in _RECORDINGS:
            element.tag = media.kind
            element.attrib.update({"src": media.url, "controls": "", "preload": "none", "aria-label": alt})
            caption = f"{caption or alt} ({media.note})" if media.note else caption
        else:
            element.attrib.update({"src": media.url, "alt": alt, "loading": "lazy", "decoding": "async"})
        if media is not None and media.width and media.height and media.kind != "audio":
            element.attrib.update({"width": str(media.width), "height": str(media.height)})
        if caption and media is not None:
            element.set("caption", caption)  # `_figure` takes it; the sanitiser drops it elsewhere.


class _Footnotes(FootnoteExtension):
    """Footnotes whose ids begin with the text's own prefix, and whose way back is said in words."""

    def __init__(self, prefix: str) -> None:
        super().__init__(BACKLINK_TITLE="Về chỗ đang đọc", SEPARATOR="-")
        self._prefix = f"{prefix}-" if prefix else ""

    def makeFootnoteId(self, id: str) -> str:  # noqa: N802
        return f"fn-{self._prefix}{id}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: N802
        """The names of the extension's own, counted: it walks past all earlier ones for every further one."""
        name = f"{self._prefix}{id}"
        if not found:
            return f"fnref-{name}"
        number = self.found_refs[f"fnref-{name}"] = self.found_refs.get(f"fnref-{name}", 0) + 1
        return f"fnref{number}-{name}" if number > 1 else f"fnref-{name}"


def unique(name: str, taken: dict[str, int]) -> str:
    """The name, or the first of name-2, name-3 … that is free; `taken` counts the askings."""
    number = taken.get(name, 0) + 1
    while number > 1 and f"{name}-{number}" in taken:
        number += 1
    taken[name] = number
    if number == 1:
        return name
    taken[f"{name}-{number}"] = 1
    return f"{name}-{number}"


def _written_anchor(heading: Element) -> str | None:
    """Takes a {#anchor} off the heading's end."""
    last = heading[-1] if len(heading) else None
    text = (last.tail if last is not None else heading.text) or ""
    match = _ANCHOR.search(text.rstrip())
    if match is None:
        return None
    if last is not None:
        last.tail = text[: match.start()].rstrip()
    else:
        heading.text = text[: match.start()].rstrip()
    return match[1]


def _only_media(paragraph: Element) -> bool:
    words = (paragraph.text or "") + "".join(child.tail or "" for child in paragraph)
    return (
        len(paragraph) > 0
        and not words.strip()
        and all(child.tag in ("img", *_RECORDINGS) for child in paragraph)
    )


def _figure(medium: Element) -> Element:
    figure = Element("figure")
    caption = medium.attrib.pop("caption", "")
    medium.tail = None
    figure.append(medium)
    if caption:
        SubElement(figure, "figcaption").text = caption
    return figure
