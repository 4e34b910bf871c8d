"""Multiple response: any number of answers is right, at least one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.quiz.choice import Choice
from lms.quiz.plain import option_id
from lms.quiz.question import Answer, AnswerLine, Example, RenderProse, Report
from lms.quiz.widgets import Blanks

_BLOCK = "- [x] Xem đuôi tên miền\n- [x] Tự gõ địa chỉ\n- [ ] Bấm đường dẫn lạ\n- [ ] Tin vì có ổ khóa"
_DOMAIN, _TYPED, _LINK = map(option_id, ("Xem đuôi tên miền", "Tự gõ địa chỉ", "Bấm đường dẫn lạ"))


@dataclass(frozen=True, kw_only=True)
class Multiple(Choice, kind="multiple"):
    """Partial credit: a right option found earns its share, a wrong one chosen takes its share back."""

    label = N_("Chọn nhiều đáp án")
    input_type = "checkbox"
    letter_shape = " square"
    line_form = re.compile(r"- \[[ xX]\](?:\s|$)")
    line_example = "- [x] đáp án đúng\n- [ ] đáp án sai"
    examples = (
        Example(_BLOCK, {"chosen": [_DOMAIN, _TYPED]}, 1.0),
        Example(_BLOCK, {"chosen": [_DOMAIN]}, 0.5),
        Example(_BLOCK, {"chosen": [_DOMAIN, _TYPED, _LINK]}, 0.5),
        Example(_BLOCK, {"chosen": [_DOMAIN, _LINK]}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example("- [x] Mật khẩu dài\n- [X] Mật khẩu riêng", {"chosen": [option_id("Mật khẩu dài")]}, 0.5),
    )

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """At least one option carries the [x]."""
        fields = super().read_answers(lines, prose, report)
        if any(line.text[3] in "xX" for line in lines):
            return fields
        report(
            lines[0].line,
            "Câu chọn nhiều có ít nhất một đáp án mang dấu [x].",
            seen="không có dấu [x] nào",
            expected=cls.line_example,
        )
        return None

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The options, and before them the word that several may be chosen."""
        told = Blanks('<p class="muted small">{}</p>\n').format(translate("Chọn tất cả đáp án đúng."))
        return told + super().ask(order, saved, name)

    def grade(self, answer: Answer | None) -> float:
        """What is found less what is mistaken."""
        return self._found_less_mistaken(answer)
