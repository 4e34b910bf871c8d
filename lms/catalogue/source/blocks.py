"""Blocks, `/// name | title` … `///`, read line by line before Markdown: no mistake is ever printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Union

from lms.catalogue.source.problems import choice_of
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

# Every block with the title it has if its author gives none; None: the author must say it.
BLOCKS: dict[str, str | None] = {
    "note": "Ghi nhớ",
    "warning": "Dấu hiệu lừa đảo",
    "try": "Làm thử",
    "remember": "Nhớ ba điều",
    "steps": "",
    "details": None,
    "edition": None,
    "transcript": "Lời trong đoạn ghi",
    "check": None,
}
_NEEDED = {
    "details": "/// details | Người cao tuổi",
    "edition": "//// edition | member",
    "check": "/// check | ck-ten-mien",
}

_SLASHES = re.compile(r"/{3,}")
_INDENTED = re.compile(r"[ \t]+/{3,}([ \t]|$)")
_CODE_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")

DEEPEST = 6  # blocks inside each other

Node = Union[Line, "Block"]


@dataclass(frozen=True)
class Block:
    """A block with what is inside it, lines and other blocks."""

    name: str
    title: str
    line: int
    inside: tuple[Node, ...]


def read_blocks(lines: Sequence[Line], report: Report) -> tuple[Node, ...]:
    """The lines as a tree; what cannot be understood is reported and read as well as may be."""
    reader = _Reader(report)
    for line in lines:
        reader.read(line)
    return reader.finish()


def has_text(nodes: Sequence[Node], edition: str) -> bool:
    """Whether an edition sees anything of the tree."""
    for node in nodes:
        if isinstance(node, Line):
            if node.text.strip():
                return True
        elif (node.name != "edition" or node.title == edition) and has_text(node.inside, edition):
            return True
    return False


class CodeFence:
    """Knows, line after line, whether it stands inside a fenced code block."""

    def __init__(self) -> None:
        self._closing = ""
        self.opened: Line | None = None

    def holds(self, line: Line) -> bool:
        """Whether this line belongs to a fenced block, its first and last line among them."""
        match = _CODE_FENCE.match(line.text)
        if self._closing:
            if match and match[1].startswith(self._closing) and not match[2].strip():
                self._closing, self.opened = "", None
            return True
        if match and not (match[1][0] == "`" and "`" in match[2]):
            self._closing, self.opened = match[1], line
            return True
        return False

    def report_unclosed(self, report: Report) -> None:
        """A fence left open swallows the rest of the file."""
        if self.opened is not None:
            report(
                self.opened.number,
                "Khối mã mở ra mà chưa đóng.",
                seen=self.opened.text,
                expected=f"một dòng {self._closing} ở cuối khối mã",
            )


@dataclass
class _Open:
    """A block whose end has not come yet."""

    slashes: int
    name: str
    title: str
    line: int
    inside: list[Node] = field(default_factory=list)


class _Reader:
    """Holds the blocks that are open, the file itself being the outermost."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._fence = CodeFence()
        self._open = [_Open(0, "", "", 0)]

    def read(self, line: Line) -> None:
        match = _SLASHES.match(line.text)
        slashes = match.end() if match else 0
        rest = line.text[slashes:].strip()
        if self._fence.holds(line):
            self._open[-1].inside.append(line)
        elif not slashes:
            if _INDENTED.match(line.text):
                self._report(
                    line.number, "Dòng /// phải ở đầu dòng.", seen=line.text, expected=line.text.strip()
                )
            self._open[-1].inside.append(line)
        elif rest and len(self._open) > DEEPEST:
            self._report(
                line.number,
                "Các khối lồng nhau quá sâu.",
                seen=line.text,
                expected=f"nhiều nhất {DEEPEST} khối lồng nhau",
            )
        elif rest:
            self._begin(line, slashes, rest)
        else:
            self._end(line, slashes)

    def finish(self) -> tuple[Node, ...]:
        self._fence.report_unclosed(self._report)
        while len(self._open) > 1:
            self._unclosed(self._open[-1])
            self._close()
        return tuple(self._open[0].inside)

    def _begin(self, line: Line, slashes: int, rest: str) -> None:
        name, title = (part.strip() for part in (rest.partition("|")[::2]))
        if line.text[slashes] not in " \t":
            self._report(
                line.number,
                "Sau dấu /// cần một dấu cách.",
                seen=line.text,
                expected=f"{'/' * slashes} {rest}",
            )
        if name not in BLOCKS:
            near = get_close_matches(name, BLOCKS, 1, 0.5)
            self._report(
                line.number,
                f"Không có khối “{name}”.",
                seen=line.text,
                expected=f"có phải là /// {near[0]}?" if near else f"một trong: {choice_of(BLOCKS)}",
            )
        elif not title and BLOCKS[name] is None:
            self._report(
                line.number,
                f"Khối “{name}” thiếu phần sau dấu |.",
                seen=line.text,
                expected=_NEEDED[name],
            )
        self._check_nesting(line, slashes, name)
        self._open.append(_Open(slashes, name, title or BLOCKS.get(name) or "", line.number))

    def _check_nesting(self, line: Line, slashes: int, name: str) -> None:
        outer = self._open[-1]
        if len(self._open) > 1 and slashes >= outer.slashes:
            self._report(
                line.number,
                f"Khối nằm trong khối ở dòng {outer.line}: khối ngoài phải nhiều dấu / hơn khối trong.",
                seen=f"ngoài {outer.slashes} dấu, trong {slashes} dấu",
                expected=f"mở và đóng khối {outer.name} bằng {'/' * (slashes + 1)}",
            )
        names = [block.name for block in self._open[1:]]
        if name == "check" and any(outer_name != "edition" for outer_name in names):
            self._report(
                line.number,
                "Khối check chỉ đứng ngoài cùng hoặc trong khối edition.",
                seen=f"check trong {outer.name}",
                expected=f"đưa khối check ra ngoài khối {outer.name}",
            )
        elif "check" in names:
            self._report(
                line.number,
                "Trong khối check không có khối khác.",
                seen=line.text,
                expected="câu hỏi, đáp án, lời giải thích",
            )
        elif name == "edition" and "edition" in names:
            self._report(
                line.number,
                "Khối edition không nằm trong khối edition.",
                seen=line.text,
                expected="đóng khối edition trước rồi mới mở khối mới",
            )

    def _end(self, line: Line, slashes: int) -> None:
        fitting = [place for place, block in enumerate(self._open) if place and block.slashes == slashes]
        if not fitting:
            inner = self._open[-1]
            self._report(
                line.number,
                "Dấu đóng này không khớp với khối nào.",
                seen=line.text,
                expected=f"{'/' * inner.slashes} để đóng khối {inner.name} ở dòng {inner.line}"
                if len(self._open) > 1
                else "xóa dòng này, hoặc mở khối bằng “/// tên”",
            )
            return
        while len(self._open) > fitting[-1] + 1:
            self._unclosed(self._open[-1])
            self._close()
        self._close()

    def _unclosed(self, block: _Open) -> None:
        self._report(
            block.line,
            f"Khối “{block.name}” mở ra mà chưa đóng.",
            seen=f"{'/' * block.slashes} {block.name}",
            expected=f"một dòng {'/' * block.slashes} ở cuối khối",
        )

    def _close(self) -> None:
        done = self._open.pop()
        self._open[-1].inside.append(Block(done.name, done.title, done.line, tuple(done.inside)))
