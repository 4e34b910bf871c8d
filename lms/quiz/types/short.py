"""Short answer: a word or two are typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.foundation.i18n import N_
from lms.foundation.markdown import NO_PROSE, Prose
from lms.foundation.text import unmarked
from lms.quiz.plain import Mistakes, read_plain, words_of
from lms.quiz.question import AnswerLine, Example, RenderProse, Report
from lms.quiz.typed import MOST_TYPED, Typed, compared

MOST_ACCEPTED = 26

_BLOCK = "= mã OTP\n  > Mã chỉ tự mình dùng.\n=~ mật khẩu một lần"


@dataclass(frozen=True)
class Accepted:
    """One accepted answer; `unmarked` accepts it without its diacritics too."""

    text: str
    unmarked: bool
    feedback: Prose = NO_PROSE

    def is_what(self, typed: str) -> bool:
        """Whether somebody who typed this meant it."""
        wanted, given = compared(words_of(self.text)), compared(typed)
        return unmarked(wanted) == unmarked(given) if self.unmarked else wanted == given


@dataclass(frozen=True, kw_only=True)
class Short(Typed, kind="short"):
    """All or nothing; how freely a text may be typed, `typed.compared` says."""

    label = N_("Trả lời ngắn")
    sign = "Aa"
    line_form = re.compile(r"=~?(?:\s|$)")
    line_example = "= đáp án\n=~ đáp án khác, gõ không dấu cũng được"
    examples = (
        Example(_BLOCK, {"typed": "mã OTP"}, 1.0),
        Example(_BLOCK, {"typed": "Mã otp."}, 1.0),
        Example(_BLOCK, {"typed": "ma otp"}, 0.0),
        Example(_BLOCK, {"typed": "mat khau mot lan"}, 1.0),
        Example(_BLOCK, {"typed": "mã"}, 0.0),
        Example("= mã hóa", {"typed": "mã hoá"}, 1.0),
        Example("= `.gov.vn`", {"typed": ".GOV.VN"}, 1.0),
        Example("= 156", {"unsure": True}, 0.0),
        Example("= 156", None, 0.0),
    )

    accepted: tuple[Accepted, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """One line an accepted answer."""
        accepted: list[Accepted] = []
        mistakes = Mistakes(report)
        if len(lines) > MOST_ACCEPTED:
            mistakes(
                lines[MOST_ACCEPTED].line,
                f"Câu trả lời ngắn có nhiều nhất {MOST_ACCEPTED} đáp án được chấp nhận.",
                seen=f"{len(lines)} đáp án",
                expected="giữ những cách trả lời thường gặp",
            )
        for line in lines:
            is_free = line.text.startswith("=~")
            taken = [one.text for one in accepted]
            text = read_plain(line, line.text[1 + is_free :], taken, mistakes, cls.line_example)
            if not text:
                continue
            if not compared(words_of(text)) or len(text) > MOST_TYPED:
                mistakes(
                    line.line,
                    f"Đáp án để gõ có ít nhất một chữ hoặc số, nhiều nhất {MOST_TYPED} ký tự.",
                    seen=text,
                    expected=cls.line_example,
                )
                continue
            accepted.append(Accepted(text, is_free, prose(line.feedback) if line.feedback else NO_PROSE))
        return None if mistakes.count else {"accepted": tuple(accepted)}

    def key(self) -> list[Any]:
        """Text and freedom of every accepted answer."""
        return [[one.text, one.unmarked] for one in self.accepted]

    @property
    def accepted_texts(self) -> Sequence[str]:
        """Without marks."""
        return [words_of(one.text) for one in self.accepted]

    def _place_of(self, typed: str) -> int | None:
        return next((place for place, one in enumerate(self.accepted) if one.is_what(typed)), None)

    def _feedback_at(self, place: int) -> Prose:
        return self.accepted[place].feedback
