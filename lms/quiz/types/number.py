"""Number: typed as people in Vietnam write it, a dot for thousands and a comma for decimals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.plain import Mistakes, plain
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, RenderProse, Report
from lms.quiz.typed import Typed

MOST_DIGITS = 12  # of what an author writes: then every sum of two is exact
MOST_DIGITS_TYPED = 28
MOST_ACCEPTED = 26

_WRITTEN = re.compile(r"[-−]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_ENGLISH = re.compile(r"[-−]?[0-9]+\.[0-9]+")
# What may be typed beyond that: spaces for thousands, a dot for decimals where it cannot mean thousands.
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)(?:,[0-9]+)?")
_SIMPLE = re.compile(r"[+-]?(?:[0-9]+|[0-9]*[.,][0-9]+)")
_TOLERANCE = re.compile(r"\s*(?:±|\+/?-)\s*")
_RANGE = re.compile(r"\s*\.\.\s*")


def number_of(typed: str) -> Decimal | None:
    """The number a learner typed; None for what is none, or might be two.

    >>> number_of("10.000"), number_of("3.5"), number_of("3,5"), number_of("1,000,000")
    (Decimal('10000'), Decimal('3.5'), Decimal('3.5'), None)
    """
    text = typed.replace("−", "-").strip()
    if sum(sign.isdecimal() for sign in text) > MOST_DIGITS_TYPED:
        return None
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", "."))
    return Decimal(text.replace(",", ".")) if _SIMPLE.fullmatch(text) else None


def _written(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


@dataclass(frozen=True)
class Interval:
    """The numbers from `low` to `high`, both among them, and how the author wrote them."""

    written: str
    low: Decimal
    high: Decimal
    feedback: Prose = NO_PROSE


@dataclass(frozen=True, kw_only=True)
class Number(Typed, kind="number"):
    """All or nothing: the number lies in one of the intervals. Counted in decimals: 3,6 is 3,5 ± 0,1."""

    label = N_("Điền số")
    input_mode = "decimal"
    hint = N_("Gõ bằng chữ số, ví dụ 1.500 hoặc 2,5. Không gõ đơn vị.")
    sign = "12"
    line_form = re.compile(r"=#")
    line_example = "=# 10.000\n=# 3,5 ± 0,1\n=# 10 .. 20"
    examples = (
        Example("=# 10.000.000\n  > Mười triệu.", {"typed": "10000000"}, 1.0),
        Example("=# 10.000.000", {"typed": "10.000.000"}, 1.0),
        Example("=# 10.000.000", {"typed": "10.000.001"}, 0.0),
        Example("=# 3,5", {"typed": "3,5"}, 1.0),
        Example("=# 3,5", {"typed": "3.5"}, 1.0),
        Example("=# 3,5", {"typed": "3.500"}, 0.0),
        Example("=# 3,5 ± 0,1", {"typed": "3,6"}, 1.0),
        Example("=# 3,5 ± 0,1", {"typed": "3,39"}, 0.0),
        Example("=# 10 .. 20", {"typed": "10"}, 1.0),
        Example("=# 10 .. 20", {"typed": "20,01"}, 0.0),
        Example("=# -5\n=# 5", {"typed": "-5"}, 1.0),
        Example("=# 156", {"unsure": True}, 0.0),
        Example("=# 156", None, 0.0),
    )

    accepted: tuple[Interval, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """One line a number, a number with its tolerance, or a range."""
        mistakes = Mistakes(report)
        accepted: list[Interval] = []
        for line in lines:
            ends = _ends(plain(line.text[2:]), line, mistakes)
            if ends is not None:
                told = prose(line.feedback) if line.feedback else NO_PROSE
                accepted.append(Interval(plain(line.text[2:]), *ends, told))
        if len(lines) > MOST_ACCEPTED:
            mistakes(
                lines[MOST_ACCEPTED].line,
                f"Câu điền số có nhiều nhất {MOST_ACCEPTED} đáp án.",
                seen=f"{len(lines)} đáp án",
                expected="=# 10 .. 20 cho cả một khoảng",
            )
        return None if mistakes.count else {"accepted": tuple(accepted)}

    def key(self) -> list[Any]:
        """Every interval as it is written."""
        return [one.written for one in self.accepted]

    def answer_problem(self, answer: Answer | None) -> str | None:
        """Also what is no number, so that nobody loses points by how it is typed."""
        if problem := super().answer_problem(answer):
            return problem
        if answer is None or answer == UNSURE or number_of(self._typed(answer)) is not None:
            return None
        return translate(
            "“%(typed)s” chưa phải là một số. Chỉ gõ chữ số, ví dụ 1.500 hoặc 2,5; không gõ đơn vị.",
            typed=self._typed(answer)[:40],
        )

    def model_answer(self) -> Answer:
        """The middle of the first interval."""
        first = self.accepted[0]
        return {"typed": _written((first.low + first.high) / 2 if first.low != first.high else first.low)}

    @property
    def accepted_texts(self) -> Sequence[str]:
        """As they are written."""
        return [one.written for one in self.accepted]

    def _place_of(self, typed: str) -> int | None:
        value = number_of(typed)
        places = enumerate(self.accepted)
        return next((n for n, one in places if value is not None and one.low <= value <= one.high), None)

    def _feedback_at(self, place: int) -> Prose:
        return self.accepted[place].feedback


def _ends(text: str, line: AnswerLine, report: Report) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest of what the author accepts, or None and a mistake told."""
    parts = _RANGE.split(text)
    if is_range := len(parts) == 2:
        values = [_value(part, line, report) for part in parts]
    else:
        values = [_value(part, line, report) for part in _TOLERANCE.split(text)[:3]]
    match [value for value in values if value is not None]:
        case [value] if len(values) == 1:
            return value, value
        case [low, high] if is_range and low <= high:
            return low, high
        case [value, tolerance] if len(values) == 2 and not is_range and tolerance >= 0:
            return value - tolerance, value + tolerance
        case found if len(found) == len(values):
            report(
                line.line,
                "Khoảng số viết từ nhỏ đến lớn, sai số không âm.",
                seen=line.text,
                expected="=# 10 .. 20, hoặc =# 3,5 ± 0,1",
            )
    return None


def _value(text: str, line: AnswerLine, report: Report) -> Decimal | None:
    text = text.strip()
    if _WRITTEN.fullmatch(text) and sum(sign.isdecimal() for sign in text) <= MOST_DIGITS:
        return Decimal(text.replace("−", "-").replace(".", "").replace(",", "."))
    is_english = _ENGLISH.fullmatch(text)
    report(
        line.line,
        "Dấu chấm chỉ ngăn hàng nghìn, phần thập phân viết sau dấu phẩy."
        if is_english
        else "Đáp án này không phải là số.",
        seen=line.text,
        expected=line.text.replace(text, text.replace(".", ",")) if is_english else Number.line_example,
    )
    return None
