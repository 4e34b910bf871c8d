"""A tree of HTML written as the Markdown that renders to it; tags without a sign in Markdown fall away."""

import re
from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from lms.quiz.exchange.media import media_name

_INLINE = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_LEADING = re.compile(r"([#>+=?:|-])|(\d{1,9})([.)])|(~)(?=~~)")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}
_STRONG, _EMPHASIS = {"strong", "b"}, {"em", "i"}
_LISTS = {"ul", "ol"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = {"p", "div", "dl", "table", "blockquote", "pre", "hr", "figure", "prompt", "section", "article"} | {
    *_LISTS,
    *_HEADINGS,
}
_ALIGNED = {"text-end": "---:", "text-center": ":---:"}
_INDENT = "    "  # what the reader of Markdown counts as inside a list


def escaped(text: str) -> str:
    """Plain text as Markdown that reads the same; every line of it stays a line."""
    return "  \n".join(escaped_line(line) for line in map(str.rstrip, text.strip().split("\n")))


def escaped_line(line: str) -> str:
    """One line, with a backslash before what would begin a block."""
    text = escaped_words(line.lstrip())
    return _LEADING.sub(_escaped_start, text, count=1) if _LEADING.match(text) else text


def escaped_words(text: str) -> str:
    """Words in the middle of a line."""
    return _INLINE.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text)


def _escaped_start(found: re.Match[str]) -> str:
    sign, number, dot, tilde = found.groups()
    if tilde:
        return "&#126;"
    return f"\\{sign}" if sign else f"{number}\\{dot}"


def markdown_from(element: Element) -> str:
    """What is inside the element, its blocks apart by an empty line."""
    return "\n\n".join(_blocks(element))


def picture(alt: str, src: str, caption: str = "") -> str:
    """A picture; its file is looked for in `media/` by its name."""
    title = ' "{}"'.format(caption.replace('"', "”")) if caption else ""
    return f"![{escaped_words(alt)}]({media_name(src)}{title})"


def _blocks(element: Element) -> Iterator[str]:
    """The blocks inside an element; what stands between them in a line is a paragraph."""
    run = _Run()
    run.add_text(element.text)
    for child in element:
        if child.tag in _BLOCKS:
            yield from run.ended()
            yield from _block(child)
        else:
            run.add(child)
        run.add_text(child.tail)
    yield from run.ended()


def _block(block: Element) -> Iterator[str]:
    if block.tag in _HEADINGS:
        return iter([f"{'#' * max(int(block.tag[1]), 2)} {' '.join(_words(block).split())}"])
    if block.get("class") == "figure":
        return _figure(block)
    return _WRITERS.get(block.tag, _blocks)(block)


def _list(block: Element) -> Iterator[str]:
    yield from filter(None, ["\n".join(_items(block))])


def _quotation(block: Element) -> Iterator[str]:
    yield "\n".join(f"> {line}".rstrip() for line in markdown_from(block).split("\n"))


def _rule(_block: Element) -> Iterator[str]:
    yield "---"


def _items(block: Element) -> Iterator[str]:
    """The items of a list, each with its sign; what belongs to one is indented below it."""
    items = [child for child in block if child.tag == "li"]
    is_loose = any(grandchild.tag == "p" for item in items for grandchild in item)
    for number, item in enumerate(items, 1):
        sign = f"{number}. " if block.tag == "ol" else "- "
        between = "\n\n" if is_loose else "\n"
        text = between.join(_blocks(item))
        first, *more = text.split("\n")
        indented = [f"{_INDENT}{line}" if line else "" for line in more]
        yield "\n".join([f"{sign}{first}", *indented]) + ("\n" if is_loose and number < len(items) else "")


def _code_block(block: Element) -> Iterator[str]:
    code = "".join(block.itertext())
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", code))])
    yield f"{fence}\n{code.removesuffix(chr(10))}\n{fence}"


def _table(table: Element) -> Iterator[str]:
    rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
    if not rows or not rows[0]:
        return
    rule = [_ALIGNED.get(cell.get("class", ""), "---") for cell in rows[0]]
    lines = [[" ".join(_words(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in (lines[0], rule, *lines[1:]))


def _definitions(block: Element) -> Iterator[str]:
    lines: list[str] = []
    for child in block:
        text = " ".join(_words(child).split())
        if child.tag == "dt" and lines and lines[-1].startswith(":"):
            yield "\n".join(lines)
            lines = []
        lines.append(f":   {text}" if child.tag == "dd" else text)
    if lines:
        yield "\n".join(lines)


def _figure(block: Element) -> Iterator[str]:
    image = next(block.iter("img"), None)
    if image is None:
        yield from _blocks(block)
        return
    yield picture(image.get("alt", ""), image.get("src", ""), " ".join("".join(block.itertext()).split()))


_WRITERS: dict[str, Callable[[Element], Iterator[str]]] = {
    "ul": _list,
    "ol": _list,
    "blockquote": _quotation,
    "pre": _code_block,
    "table": _table,
    "dl": _definitions,
    "hr": _rule,
    "figure": _figure,
}


def _words(element: Element) -> str:
    """The inside of an element as one run, blocks in it flattened."""
    run = _Run()
    run.add_inside(element)
    return " ".join(run.ended())


class _Run:
    """Text in a line, gathered piece by piece; a line break keeps it one paragraph."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: set[str] = set()

    def ended(self) -> Sequence[str]:
        """The paragraph, if there was one, or several with empty lines between; the next begins."""
        texts = re.split(r"\n *\n[ \n]*", "".join(self._pieces))
        self._pieces = []
        return [re.sub(r" *\n *", "  \n", text.strip(" \n")) for text in texts if text.strip(" \n")]

    def add_inside(self, element: Element) -> None:
        """Everything inside an element."""
        self.add_text(element.text)
        for child in element:
            self.add(child)
            self.add_text(child.tail)

    def add_text(self, raw: str | None) -> None:
        """Words; white space counts once."""
        text = re.sub(r"\s+", " ", raw or "")
        last = next((piece for piece in reversed(self._pieces) if piece), "\n")
        if last.endswith("\n"):
            text = escaped_line(text)
        elif last.endswith(" "):
            text = escaped_words(text.lstrip(" "))
        else:
            text = escaped_words(text)
        self._pieces.append(text)

    def add(self, child: Element) -> None:
        """An element in the line."""
        tag = child.tag
        if tag == "br":
            self._pieces.append("\n")
        elif tag == "code":
            self._pieces.append(_code("".join(child.itertext())))
        elif tag == "img":
            self._pieces.append(picture(child.get("alt", ""), child.get("src", "")))
        elif tag == "a" and child.get("href"):
            target = re.sub(r"[\s()<>]", lambda sign: f"%{ord(sign[0]):02X}", child.get("href", ""))
            self._framed(child, "[", f"]({target})")
        elif tag in _STRONG:
            self._framed(child, "**", "**")
        elif tag in _EMPHASIS:
            self._framed(child, "*", "*")
        elif tag in _BLOCKS or tag in ("li", "td", "th", "dt", "dd", "tr"):
            self._pieces.append(" ")
            self.add_inside(child)
            self._pieces.append(" ")
        else:
            self.add_inside(child)

    def _framed(self, child: Element, opening: str, closing: str) -> None:
        """What stands between two signs, which have to touch it; white space moves outside.

        A sign inside its like would end it.
        """
        if opening in self._open:
            self.add_inside(child)
            return
        place = len(self._pieces)
        self._pieces.append(opening)
        self._open.add(opening)
        self.add_inside(child)
        self._open.remove(opening)
        inside = "".join(self._pieces[place + 1 :])
        del self._pieces[place:]
        bare = inside.strip()
        if not bare:
            self._pieces.append(inside)
            return
        start = inside[: len(inside) - len(inside.lstrip())]
        self._pieces += [start, f"{opening}{bare}{closing}", inside[len(inside.rstrip()) :]]


def _code(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return ""
    fence = "`" * (max([0, *(len(run) for run in re.findall("`+", words))]) + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"
