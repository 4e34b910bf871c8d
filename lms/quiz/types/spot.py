"""Spot the signs: words of a message are tapped; some are signs, some are harmless."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import NO_PROSE
from lms.quiz.choice import MOST_OPTIONS, Option
from lms.quiz.plain import Mistakes, html_of, option_id, plain, read_plain
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, RenderProse, Report
from lms.quiz.signs import Signs, Verdict
from lms.quiz.widgets import Blanks, unsure_alone

_MARK = re.compile(r"(?<!\\)\{(?P<sign>[!?])(?P<inside>.*?)(?<!\\)(?P=sign)\}", re.DOTALL)
_STRAY = re.compile(r"(?<!\\)(?:\{[!?]|[!?]\})")
_REASON = re.compile(r"(?<!\\)\|")
_ASKED = Blanks(
    '<label><input type="checkbox" name="{name}" value="{value}"{checked}><span>{text}</span></label>'
)
_MARKED = Blanks('<mark class="sign {state}"><b class="sign-number">{number}</b>{text}</mark>')
_TEXT = Blanks('<div class="sign-text">\n{}</div>\n')
_PARAGRAPH = Blanks("<p>{}</p>\n")

_BLOCK = (
    "```spot\n{?Thông báo?}: xe của bạn {!có lỗi phạt nguội quá hạn | Dọa để người đọc vội.!}.\n"
    "Nộp tại {!http://nopphat.example!} {!trong 24 giờ!}.\n```"
)
_GREETING, _FINE, _ADDRESS, _HURRY = map(
    option_id, ("Thông báo", "có lỗi phạt nguội quá hạn", "http://nopphat.example", "trong 24 giờ")
)
_ONLY_SIGNS = "```spot\n{!Trúng thưởng!}! Gửi {!phí nhận quà!}.\n```"

Piece = str | int
"""Words between the marks, or the place of an option among the options."""


@dataclass(frozen=True, kw_only=True)
class Spot(Signs, kind="spot"):
    """The text as paragraphs of pieces; what is marked are the options, in the order of the text."""

    label = N_("Tìm dấu hiệu")
    fence = "spot"
    line_example = "```spot\nNộp tiền {!trong 24 giờ | Giục để không kịp hỏi ai.!} cho {?anh Nam?}.\n```"
    examples = (
        Example(_BLOCK, {"chosen": [_FINE, _ADDRESS, _HURRY]}, 1.0),
        Example(_BLOCK, {"chosen": [_FINE, _HURRY]}, 2 / 3),
        Example(_BLOCK, {"chosen": [_GREETING, _FINE, _ADDRESS, _HURRY]}, 0.0),
        Example(_BLOCK, {"chosen": [_GREETING]}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
        Example(_ONLY_SIGNS, {"chosen": [option_id("Trúng thưởng")]}, 0.5),
    )

    paragraphs: tuple[tuple[Piece, ...], ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The text with its marks, or None: a mark left open, empty, twice the same; no sign; too many."""
        reader = _Reader(prose, Mistakes(report), cls.line_example)
        groups = groupby(lines, key=lambda line: bool(line.text.strip()))
        paragraphs = tuple(reader.paragraph(list(group)) for has_text, group in groups if has_text)
        if not reader.mistakes.count:
            reader.check_number(lines)
        if reader.mistakes.count:
            return None
        return {"options": tuple(reader.options), "paragraphs": paragraphs}

    def key(self) -> list[Any]:
        """The text, and what of it is a sign."""
        return [super().key(), [list(pieces) for pieces in self.paragraphs]]

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The text with a box to tick on every mark."""
        chosen = self._chosen(saved)
        marks = [
            _ASKED.format(
                name=name,
                value=option.id,
                checked=Markup(" checked") if option.id in chosen else "",
                text=option.html,
            )
            for option in self.options
        ]
        told = Blanks('<p class="muted small">{}</p>\n').format(
            translate("Chạm vào chữ có gạch dưới để chọn, chạm lần nữa để bỏ.")
        )
        return told + self._text(marks) + unsure_alone(name, checked=saved == UNSURE)

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The text with its signs, found and missed, and what was mistaken for one; the reasons below."""
        verdicts = self._verdicts(self.option_ids, answer)
        marks = [_marked(option, verdicts.get(option.id)) for option in self.options]
        return self._text(marks) + self._told(verdicts, answer)

    def _text(self, marks: Sequence[Markup]) -> Markup:
        paragraphs = [
            _PARAGRAPH.format(
                Markup("").join(
                    marks[piece] if isinstance(piece, int) else html_of(piece) for piece in pieces
                )
            )
            for pieces in self.paragraphs
        ]
        return _TEXT.format(Markup("").join(paragraphs))


class _Reader:
    """Collects the options of a text, paragraph by paragraph."""

    def __init__(self, prose: RenderProse, mistakes: Mistakes, example: str) -> None:
        self.options: list[Option] = []
        self.mistakes = mistakes
        self._prose = prose
        self._example = example

    def paragraph(self, lines: Sequence[AnswerLine]) -> tuple[Piece, ...]:
        """Its pieces; lines of a paragraph run on."""
        text = "\n".join(line.text for line in lines)
        return tuple(self._pieces(text, lines[0].line))

    def check_number(self, lines: Sequence[AnswerLine]) -> None:
        """Two marks at least, a sign among them."""
        at = lines[0].line if lines else 1
        signs = sum(option.right for option in self.options)
        if not signs:
            self.mistakes(
                at,
                "Chưa có dấu hiệu nào để tìm.",
                seen="không có chỗ nào nằm trong {!…!}",
                expected=self._example,
            )
        elif not 2 <= len(self.options) <= MOST_OPTIONS:
            self.mistakes(
                at,
                f"Đoạn chữ cần từ 2 đến {MOST_OPTIONS} chỗ đánh dấu.",
                seen=f"{len(self.options)} chỗ",
                expected=self._example,
            )

    def _pieces(self, text: str, first: int) -> Iterator[Piece]:
        end = 0
        for mark in _MARK.finditer(text):
            yield from self._between(text, (end, mark.start()), first)
            line = AnswerLine(first + text.count("\n", 0, mark.start()), mark[0])
            yield from self._mark(mark, line)
            end = mark.end()
        yield from self._between(text, (end, len(text)), first)

    def _between(self, text: str, span: tuple[int, int], first: int) -> Iterator[str]:
        raw = text[slice(*span)]
        if not raw:
            return
        at = first + text.count("\n", 0, span[0])
        self._refuse_strays(raw, at)
        words = raw.strip()
        if words and not read_plain(AnswerLine(at, words), words, (), self.mistakes, self._example):
            return
        before, after = (" " if end.isspace() else "" for end in (raw[0], raw[-1]))
        yield f"{before}{plain(words)}{after}" if words else " "

    def _mark(self, mark: re.Match[str], line: AnswerLine) -> Iterator[int]:
        words, *reasons = _REASON.split(mark["inside"], maxsplit=1)
        self._refuse_strays(mark["inside"], line.line)
        taken = [option.text for option in self.options]
        text = read_plain(line, words, taken, self.mistakes, self._example)
        if text:
            reason = " ".join("".join(reasons).split())
            feedback = self._prose(reason) if reason else NO_PROSE
            self.options.append(Option(text, mark["sign"] == "!", feedback))
            yield len(self.options) - 1

    def _refuse_strays(self, raw: str, at: int) -> None:
        for stray in _STRAY.finditer(raw):
            self.mistakes(
                at + raw.count("\n", 0, stray.start()),
                "Dấu đánh dấu mở ra mà không đóng, hoặc đóng mà không mở.",
                seen=stray[0],
                expected="{!dấu hiệu!} hoặc {?chỗ vô hại?}; chữ thường thì viết \\{ và \\}",
            )


def _marked(option: Option, verdict: Verdict | None) -> Markup:
    if verdict is None:
        return option.html
    return _MARKED.format(state=verdict.state, number=verdict.number, text=option.html)
