"""Gaps: words missing in a text are typed, or chosen from a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.text import clean
from lms.quiz.plain import Mistakes, html_of, option_id, read_plain, unescaped, words_of
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, Form, Question, RenderProse, Report
from lms.quiz.typed import MOST_TYPED, compared
from lms.quiz.widgets import (
    CROSS,
    TICK,
    UNSURE_TEXT,
    UNSURE_VALUE,
    Blanks,
    problem_id,
    select,
    unsure_alone,
    unsure_revealed,
)

MOST_GAPS = 20
MOST_CHOICES = 12

_GAP = re.compile(r"(?<!\\)\[\[((?:\\.|[^\\\[\]]|\[(?!\[)|\](?!\]))*)\]\]")
_STRAY = re.compile(r"(?<!\\)(?:\[\[|\]\])")
_OR = re.compile(r"(?<!\\)\|")
_PARAGRAPH = "\n\n"
_BLOCK = "```gaps\nGọi [[156|số 156]] để báo.\n\nKhông đọc [[*mã OTP|họ tên|tên xã]] cho ai.\n```"
_TEXT = Blanks('<div class="gap-text"><p>{}</p></div>\n')
_INPUT = Blanks(
    '<input name="{name}" id="{id}" value="{value}" type="text" maxlength="{most}" autocomplete="off"'
    ' autocapitalize="none" spellcheck="false" aria-label="{label}" aria-describedby="{described}">'
)
_RIGHT = Blanks(
    '<span class="gap-answer right">{icon}{text}<span class="visually-hidden">{words}</span></span>'
)
_WRONG = Blanks(
    '<span class="gap-answer wrong">{icon}<span class="visually-hidden">{words} </span>{text}</span> '
)
_ON_PAPER = Blanks('<p class="print-only small">{}</p>\n')


@dataclass(frozen=True)
class Gap:
    """A place left open: typed where nothing wrong is offered, else chosen."""

    accepted: tuple[str, ...]
    wrong: tuple[str, ...] = ()

    def option_ids(self, number: int) -> dict[str, str]:
        """What may be chosen, by an id of its own for the gap of this number; nothing where it is typed."""
        if not self.wrong:
            return {}
        return {option_id(f"{number} {text}"): text for text in (*self.accepted, *self.wrong)}

    def is_filled_by(self, words: str) -> bool:
        """Whether these words, typed or chosen, belong here."""
        if self.wrong:
            return words in self.accepted
        return compared(words) in [compared(words_of(text)) for text in self.accepted]


@dataclass(frozen=True, kw_only=True)
class Gaps(Question, kind="gaps"):
    """Partial credit: the share of gaps filled rightly. An answer is `{"gaps": [typed text or option id]}`.

    `texts` are what stands before, between and after the gaps; an empty line in them begins a paragraph.
    """

    label = N_("Điền chỗ trống")
    fence = "gaps"
    line_example = "```gaps\nGọi [[156|số 156]]. Không đọc [[*mã OTP|họ tên]] cho ai.\n```"
    has_own_look = True
    examples = (
        Example(_BLOCK, {"gaps": ["156", option_id("2 mã OTP")]}, 1.0),
        Example(_BLOCK, {"gaps": ["SỐ 156.", option_id("2 họ tên")]}, 0.5),
        Example(_BLOCK, {"gaps": ["", option_id("2 mã OTP")]}, 0.5),
        Example(_BLOCK, {"gaps": ["113", ""]}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
        Example("```gaps\nĐuôi là [[`.gov.vn`]].\n```", {"gaps": [".GOV.VN"]}, 1.0),
    )

    texts: tuple[str, ...]
    gaps: tuple[Gap, ...]

    @classmethod
    def read_answers(
        cls,
        lines: Sequence[AnswerLine],
        prose: RenderProse,  # noqa: ARG003 (a gap has no feedback of its own)
        report: Report,
    ) -> dict[str, Any] | None:
        """The text of the fence with its gaps; each stands on one line."""
        reader = _Reader(Mistakes(report), cls.line_example)
        for line in lines:
            reader.read(line)
        return reader.finished(lines[0].line if lines else 1)

    def key(self) -> list[Any]:
        """Texts and gaps in their order."""
        return [list(self.texts), [[list(gap.accepted), list(gap.wrong)] for gap in self.gaps]]

    @property
    def _choices(self) -> list[dict[str, str]]:
        """Of every gap what may be chosen, by id."""
        return [gap.option_ids(number) for number, gap in enumerate(self.gaps, 1)]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Of all gaps, in an order of their own: the author's begins with the right one."""
        return tuple(sorted(id_ for choices in self._choices for id_ in choices))

    @property
    def keeps_order(self) -> bool:
        """Never: the author's order is the key."""
        return False

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The text with a field or a list in every gap."""
        fields: list[Markup] = []
        on_paper = Markup("")
        for number, (value, choices) in enumerate(zip(self._given(saved), self._choices, strict=True), 1):
            id_, label = f"{name}-{number}", translate("Chỗ trống %(n)s", n=number)
            shown = [(choice, words_of(choices[choice])) for choice in order if choice in choices]
            if not choices:
                described = problem_id(name)
                fields.append(
                    _INPUT.format(
                        name=name, id=id_, value=value, most=MOST_TYPED, label=label, described=described
                    )
                )
                continue
            fields.append(select(name, id_, shown, value, label=label))
            listed = "; ".join(words for _, words in shown)
            told = translate("Chỗ trống %(n)s: %(answers)s.", n=number, answers=listed)
            on_paper += _ON_PAPER.format(told)
        return self._text(fields) + on_paper + unsure_alone(name, checked=saved == UNSURE)

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The text with what was filled in, and what is right where that was not."""
        is_silent = answer is None or answer == UNSURE
        filled = zip(self.gaps, self._texts_of(answer), strict=True)
        shown = [_revealed(gap, text, is_silent=is_silent) for gap, text in filled]
        told = translate("Đúng %(n)s trên %(all)s chỗ trống.", n=self._found(answer), all=len(self.gaps))
        return Blanks("{}{}{}").format(
            unsure_revealed() if answer == UNSURE else "",
            self._text(shown),
            "" if is_silent else Blanks("<p>{}</p>").format(told),
        )

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """The fields in the order of the text; what is filled in counts, a doubt beside it then does not."""
        values = list(form.get(name, ()))
        count = len(self.gaps)
        given = [clean(value) for value in values[:count]]
        beyond = [value for value in values[count:] if value != UNSURE_VALUE]
        if any(given) or beyond:
            return {"gaps": given + [""] * (count - len(given)) + beyond}
        return dict(UNSURE) if UNSURE_VALUE in values[count:] else None

    def answer_problem(self, answer: Answer | None) -> str | None:
        """Another number of gaps, a choice that is none of theirs, or a text far too long."""
        if answer is None or answer == UNSURE:
            return None
        given = self._given(answer)
        if answer.get("gaps") != given or not any(given):
            return translate("Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại.")
        for value, choices in zip(given, self._choices, strict=True):
            if value and choices and value not in choices:
                return translate("Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại.")
            if len(value) > MOST_TYPED:
                return translate("Câu trả lời quá dài hoặc không đọc được. Hãy gõ lại cho ngắn.")
        return None

    def grade(self, answer: Answer | None) -> float:
        """Gaps filled rightly ÷ gaps."""
        return self._found(answer) / len(self.gaps)

    def model_answer(self) -> Answer:
        """The first of what is accepted in every gap."""
        filled = [
            next(iter(choices), clean(words_of(gap.accepted[0])))
            for gap, choices in zip(self.gaps, self._choices, strict=True)
        ]
        return {"gaps": filled}

    def right_answer(self) -> str:
        """Gap by gap, all that is accepted."""
        return "; ".join(" / ".join(map(words_of, gap.accepted)) for gap in self.gaps)

    def answer_text(self, answer: Answer | None) -> str:
        """Gap by gap, a dash for an empty one."""
        if answer == UNSURE:
            return translate(UNSURE_TEXT)
        words = [words_of(text) for text in self._texts_of(answer)]
        return "; ".join(one or "–" for one in words) if any(words) else ""

    def _found(self, answer: Answer | None) -> int:
        pairs = zip(self.gaps, self._texts_of(answer), strict=True)
        return sum(bool(text) and gap.is_filled_by(text) for gap, text in pairs)

    def _given(self, answer: Answer | None) -> list[str]:
        """What every gap was sent; nothing where it was sent nothing, or no text."""
        values = answer.get("gaps") if answer else None
        sent = values if isinstance(values, list) else []
        texts = [value if isinstance(value, str) else "" for value in sent[: len(self.gaps)]]
        return texts + [""] * (len(self.gaps) - len(texts))

    def _texts_of(self, answer: Answer | None) -> list[str]:
        """What every gap was filled with, as the author would write it."""
        pairs = zip(self._given(answer), self._choices, strict=True)
        return [choices.get(value, "") if choices else value for value, choices in pairs]

    def _text(self, fields: Sequence[Markup]) -> Markup:
        body = Markup("")
        for text, field in zip_longest(self.texts, fields, fillvalue=Markup("")):
            paragraphs = [html_of(part) for part in text.split(_PARAGRAPH)]
            body += Markup("</p>\n<p>").join(paragraphs) + field
        return _TEXT.format(body)


def _revealed(gap: Gap, text: str, *, is_silent: bool) -> Markup:
    """What a gap was filled with, struck out where it is wrong, with the answer behind it."""
    if text and gap.is_filled_by(text):
        return _RIGHT.format(icon=TICK, text=html_of(text), words=translate(", đúng"))
    answer = _RIGHT.format(icon=TICK, text=html_of(gap.accepted[0]), words=translate(", đáp án"))
    if is_silent:
        return answer
    words = translate("chưa đúng:") if text else translate("bỏ trống")
    return _WRONG.format(icon=CROSS, text=html_of(text) if text else "–", words=words) + answer


class _Reader:
    """Reads the lines of a fence: texts and gaps by turns."""

    def __init__(self, mistakes: Mistakes, example: str) -> None:
        self.mistakes = mistakes
        self._example = example
        self._texts = [""]
        self._gaps: list[Gap] = []

    def read(self, line: AnswerLine) -> None:
        """One line; an empty one ends the paragraph."""
        raw = line.text.strip()
        so_far = self._texts[-1]
        is_at_start = not self._gaps and not so_far
        if not raw:
            self._texts[-1] = so_far if is_at_start else so_far.rstrip() + _PARAGRAPH
            return
        if not is_at_start and not so_far.endswith(_PARAGRAPH):
            self._texts[-1] += " "
        end = 0
        for gap in _GAP.finditer(raw):
            self._text(line, raw[end : gap.start()])
            self._gap(line, gap[1])
            end = gap.end()
        self._text(line, raw[end:])

    def finished(self, first: int) -> dict[str, Any] | None:
        """The fields, or None after a mistake."""
        if not self.mistakes.count and not 1 <= len(self._gaps) <= MOST_GAPS:
            self.mistakes(
                first,
                f"Đoạn chữ cần từ 1 đến {MOST_GAPS} chỗ trống.",
                seen=f"{len(self._gaps)} chỗ trống",
                expected=self._example,
            )
        if self.mistakes.count:
            return None
        texts = [*self._texts[:-1], self._texts[-1].rstrip()]
        return {"texts": tuple(texts), "gaps": tuple(self._gaps)}

    def _text(self, line: AnswerLine, raw: str) -> None:
        if stray := _STRAY.search(raw):
            self.mistakes(
                line.line,
                "Chỗ trống mở ra mà không đóng, hoặc đóng mà không mở; mở và đóng trên cùng một dòng.",
                seen=stray[0],
                expected="[[đáp án]]; chữ thường thì viết \\[\\[ và \\]\\]",
            )
        elif not raw.strip() or read_plain(line, raw, (), self.mistakes, self._example):
            self._texts[-1] += unescaped(re.sub(r"\s+", " ", raw))

    def _gap(self, line: AnswerLine, inside: str) -> None:
        parts = [part.strip() for part in _OR.split(inside)]
        is_choice = parts[0].startswith("*")
        if is_choice:
            parts[0] = parts[0][1:]
        if any(part.startswith("*") for part in parts):
            self.mistakes(
                line.line,
                "Dấu * đứng một lần, trước đáp án đúng, ở đầu chỗ trống.",
                seen=f"[[{inside}]]",
                expected="[[*đúng|sai|sai]]",
            )
            return
        texts: list[str] = []
        for part in parts:
            texts.append(read_plain(line, part, texts, self.mistakes, self._example))
        if all(texts) and self._may_stand(line, texts, inside, is_choice=is_choice):
            self._gaps.append(Gap((texts[0],), tuple(texts[1:])) if is_choice else Gap(tuple(texts)))
            self._texts.append("")

    def _may_stand(self, line: AnswerLine, texts: Sequence[str], inside: str, *, is_choice: bool) -> bool:
        """Whether there is something to choose among, or something that can be typed."""
        if is_choice and not 2 <= len(texts) <= MOST_CHOICES:
            message = f"Chỗ trống để chọn cần từ 2 đến {MOST_CHOICES} lựa chọn."
        elif not is_choice and not all(
            compared(words_of(text)) and len(text) <= MOST_TYPED for text in texts
        ):
            message = f"Đáp án để gõ có ít nhất một chữ hoặc số, nhiều nhất {MOST_TYPED} ký tự."
        else:
            return True
        self.mistakes(line.line, message, seen=f"[[{inside}]]", expected="[[156|số 156]] hoặc [[*đúng|sai]]")
        return False
