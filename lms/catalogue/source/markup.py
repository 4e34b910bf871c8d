"""A lesson's tree of lines and blocks made into segments: sanitised HTML, and the places of its checks.

The whole text of an edition is one Markdown text, so that footnotes and anchors span it; a block is marked
in it by private signs that no author can write (files.py refuses them) and becomes an element of the tree.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from lms.catalogue.source.blocks import Block, Node
from lms.catalogue.source.elements import CheckSegment, HtmlSegment, Segment
from lms.catalogue.source.icons import CHEVRON, CIRCLED_I, HAND, LIGHTBULB, RICE_EAR, TRIANGLE
from lms.foundation.markdown import Resolver, Unreadable, render
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

RENDERER = 1
"""Version of the rendering, raised when the same text gives other HTML: lessons then get a new revision."""

_OPEN, _CLOSE, _CHECK = "\ue000", "\ue001", "\ue002"
_SIGN = re.compile(f"([{_OPEN}{_CLOSE}{_CHECK}])(\\d+)")
_CHECK_PLACE = re.compile(f"<p>{_CHECK}(\\d+)</p>")
_NOTE_KINDS = {"note": "note", "warning": "note warn", "try": "note tip", "remember": "note keep"}
_FOLDED = ("details", "transcript")
_STEPS_EXAMPLE = "1. Bước một\n2. Bước hai"
# Put in after the sanitiser, which lets no drawing pass.
_DECORATION = (
    ('<div class="note">', f'<div class="note">{LIGHTBULB}'),
    ('<div class="note warn">', f'<div class="note warn">{TRIANGLE}'),
    ('<div class="note tip">', f'<div class="note tip">{HAND}'),
    ('<div class="note keep">', f'<div class="note keep">{RICE_EAR}'),
    ("<summary>", f"<summary><span>{CIRCLED_I}</span><span>"),
    ("</summary>", f"</span>{CHEVRON}</summary>"),
)


@dataclass(frozen=True)
class Voice:
    """How one text is rendered: for whom, where its links lead, what its footnotes are called."""

    resolver: Resolver
    edition: str = ""
    prefix: str = ""


def segments_of(nodes: Sequence[Node], voice: Voice, report: Report) -> tuple[Segment, ...]:
    """The tree as one edition shows it; a mistake in it is reported and its text left out."""
    structure = _Structure(voice.edition, report)
    parts = _CHECK_PLACE.split(_html(nodes, structure, voice, report))
    found: list[Segment] = []
    for place, part in enumerate(parts):
        if place % 2:
            found.append(CheckSegment(structure.checks[int(part)].title))
        elif part.strip():
            found.append(HtmlSegment(part.strip()))
    return tuple(found)


def html_of(nodes: Sequence[Node], voice: Voice, report: Report) -> str:
    """A tree without checks as HTML."""
    return _html(nodes, _Structure(voice.edition, report), voice, report)


def _html(nodes: Sequence[Node], structure: "_Structure", voice: Voice, report: Report) -> str:
    text = "\n".join(structure.lines_of(nodes))
    try:
        html = str(render(text, voice.resolver, prefix=voice.prefix, extensions=[structure]))
    except Unreadable as error:
        report(
            _first_line(nodes),
            "Đoạn văn này quá dài, lồng quá sâu, hoặc có quá nhiều dấu.",
            seen=str(error),
            expected="chia thành nhiều đoạn, nhiều bài",
        )
        return ""
    for plain, decorated in _DECORATION:
        html = html.replace(plain, decorated)
    return html


def _first_line(nodes: Sequence[Node]) -> int:
    first = nodes[0] if nodes else Line(1, "")
    return first.number if isinstance(first, Line) else first.line


class _Structure(Extension):
    """Marks blocks in the text, and builds them in the parsed tree."""

    def __init__(self, edition: str, report: Report) -> None:
        super().__init__()
        self.checks: list[Block] = []
        self._edition = edition
        self._report = report
        self._blocks: list[Block] = []

    def lines_of(self, nodes: Sequence[Node]) -> list[str]:
        """The text of the edition, every block between its signs, a check as one sign."""
        lines: list[str] = []
        for node in nodes:
            if isinstance(node, Line):
                lines.append(node.text)
            elif node.name == "check":
                lines += ["", f"{_CHECK}{len(self.checks)}", ""]
                self.checks.append(node)
            elif node.name == "edition":
                lines += ["", *self.lines_of(node.inside if node.title == self._edition else ()), ""]
            else:
                number = len(self._blocks)
                self._blocks.append(node)
                lines += [
                    "",
                    f"{_OPEN}{number}",
                    "",
                    *self.lines_of(node.inside),
                    "",
                    f"{_CLOSE}{number}",
                    "",
                ]
        return lines

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        # Before footnotes (50) are appended and inline texts (20) parsed: titles may be emphasised.
        md.treeprocessors.register(_Builder(md, self._blocks, self._report), "blocks", 60)


class _Builder(Treeprocessor):
    """Puts what stands between the signs of a block into the block's element."""

    def __init__(self, md: Markdown, blocks: Sequence[Block], report: Report) -> None:
        super().__init__(md)
        self._blocks = blocks
        self._report = report

    def run(self, root: Element) -> None:
        children = list(root)
        for child in children:
            root.remove(child)
        open_ = [root]
        for child in children:
            sign = _SIGN.fullmatch((child.text or "").strip()) if child.tag == "p" else None
            if sign is None or sign[1] == _CHECK:
                open_[-1].append(child)
            elif sign[1] == _OPEN:
                open_.append(_begun(self._blocks[int(sign[2])], open_[-1]))
            else:
                inside, block = open_.pop(), self._blocks[int(sign[2])]
                if block.name == "steps":
                    self._number(inside, open_[-1], block)

    def _number(self, inside: Element, outer: Element, block: Block) -> None:
        """The steps are their list alone."""
        outer.remove(inside)
        if [child.tag for child in inside] == ["ol"]:
            inside[0].set("class", "steps")
            outer.append(inside[0])
        else:
            self._report(
                block.line,
                "Khối steps chỉ chứa một danh sách đánh số.",
                seen=", ".join(child.tag for child in inside) or "khối rỗng",
                expected=_STEPS_EXAMPLE,
            )


def _begun(block: Block, outer: Element) -> Element:
    """The block's element, in its place; returns the element that takes what is inside."""
    if block.name in _NOTE_KINDS:
        note = SubElement(outer, "div", {"class": _NOTE_KINDS[block.name]})
        SubElement(note, "p", {"class": "note-title"}).text = block.title
        return note
    if block.name in _FOLDED:
        details = SubElement(outer, "details", {"class": "disclosure"})
        SubElement(details, "summary").text = block.title
        return SubElement(details, "div", {"class": "stack"})
    return SubElement(outer, "div")
