"""Texts between Markdown, HTML and plain words. Nothing here trusts or sanitises: the course reader does."""

import re
from collections.abc import Sequence
from html import escape, unescape

from lms.foundation.markdown import Unreadable, render

_INLINE = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_LEADING = re.compile(r"([#>+=?:|-])|(\d{1,9})([.)])|(~)(?=~~)")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_SIGNS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_ENTITIES = {"<": "&lt;", "&": "&amp;"}
_BLOCKS = {"p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_SILENT = {"span", "font", "u", "small", "big", "tt", "sup", "sub", "a", "tbody", "thead", "td", "th"}
_KNOWN = {*_SIGNS, *_BLOCKS, *_SILENT, "br", "li", "img"}


def escaped(text: str) -> str:
    """Plain text as Markdown that reads the same; every line of it stays a line."""
    return "  \n".join(_escaped_line(line) for line in map(str.rstrip, text.strip().split("\n")))


def words_of(markdown: str) -> str:
    """The words of a Markdown text, its paragraphs and lines kept apart. Unreadable texts stay as written."""
    try:
        return _words(render(markdown))
    except Unreadable:
        return markdown


def has_markup(markdown: str) -> bool:
    """Whether plain words could not say it."""
    try:
        tags = _TAG.findall(render(markdown))
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
    """HTML as other programs keep questions in it, as Markdown; tags beyond these fall away.

    Pictures keep their file's name and are looked for in `media/`.
    """
    return _Writer(marks=True).written(html)


def plain_of(html: str) -> str:
    """HTML as one line of plain text, code in backticks."""
    return " ".join(_Writer(marks=False).written(html).split())


def html_of(text: str) -> str:
    """Plain text, code in backticks, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


class _Writer:
    """Goes through the tags once; what it does not know is text."""

    def __init__(self, *, marks: bool) -> None:
        self._marks = marks
        self._link = ""

    def written(self, html: str) -> str:
        html = _without_comments(html)
        found: list[str] = []
        end = 0
        for tag in _TAG.finditer(html):
            if tag[2].lower() not in _KNOWN:
                continue
            found += [self._text(html[end : tag.start()], found), self._sign(tag)]
            end = tag.end()
        found.append(self._text(html[end:], found))
        return _BLANK_LINES.sub("\n\n", "".join(found)).strip()

    def _text(self, raw: str, before: Sequence[str]) -> str:
        text = re.sub(r"\s+", " ", unescape(raw))
        if not self._marks:
            return text
        last = next((piece for piece in reversed(before) if piece), "\n")
        return _escaped_line(text) if last.endswith("\n") else _escaped_words(text)

    def _sign(self, tag: re.Match[str]) -> str:
        name, closes = tag[2].lower(), bool(tag[1])
        if name in _BLOCKS:
            return "\n\n"
        if name == "br":
            return "  \n"
        if not self._marks:
            return "`" if name == "code" else ""
        if name == "li":
            return "" if closes else "\n- "
        if name == "a":
            return self._anchor(closes, tag[3])
        return _picture(tag[3]) if name == "img" else _SIGNS.get(name, "")

    def _anchor(self, closes: bool, attributes: str) -> str:
        if closes:
            link, self._link = self._link, ""
            return f"]({link})" if link else ""
        href = _attributes(attributes).get("href", "")
        self._link = re.sub(r"[\s()<>]", lambda sign: f"%{ord(sign[0]):02X}", href)
        return "[" if self._link else ""


def _without_comments(html: str) -> str:
    """Without comments and the frames of CDATA; a comment that is never closed is text."""
    html = html.replace("<![CDATA[", "").replace("]]>", "")
    found: list[str] = []
    end = 0
    while (start := html.find("<!--", end)) >= 0 and (close := html.find("-->", start)) >= 0:
        found.append(html[end:start])
        end = close + 3
    return "".join(found) + html[end:]


def _picture(attributes: str) -> str:
    named = _attributes(attributes)
    file = re.sub(r"[\s()<>]", "", named.get("src", "").rpartition("/")[2])
    return f"![{_escaped_words(named.get('alt', ''))}](media/{file})"


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(text)}


def _escaped_words(text: str) -> str:
    return _INLINE.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text)


def _escaped_line(line: str) -> str:
    text = _escaped_words(line.lstrip())
    return _LEADING.sub(_escaped_start, text, count=1) if _LEADING.match(text) else text


def _escaped_start(found: re.Match[str]) -> str:
    sign, number, dot, tilde = found.groups()
    if tilde:
        return "&#126;"
    return f"\\{sign}" if sign else f"{number}\\{dot}"


def _words(html: str) -> str:
    text = re.sub(r"<br\s*/?>\n?", "\n", html)
    text = re.sub(r"</(?:p|li|div|h[1-6]|tr|blockquote)>\s*", "\n\n", text)
    text = re.sub(r"""<img[^>]*alt="([^"]*)"[^>]*>""", r"\1", text)
    return _BLANK_LINES.sub("\n\n", unescape(_TAG.sub("", text))).strip()
