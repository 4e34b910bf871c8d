"""Single choice: exactly one answer is right. True or false is one whose answers are Đúng and Sai."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.foundation.i18n import N_, translate
from lms.quiz.choice import Choice
from lms.quiz.plain import option_id
from lms.quiz.question import Answer, AnswerLine, Example, RenderProse, Report

_TRUE_FALSE = {"Đúng", "Sai"}


@dataclass(frozen=True, kw_only=True)
class Single(Choice, kind="single"):
    """All or nothing."""

    label = N_("Chọn một đáp án")
    input_type = "radio"
    line_form = re.compile(r"- \([ xX]\)(?:\s|$)")
    line_example = "- ( ) đáp án sai\n- (x) đáp án đúng"
    examples = (
        Example(
            "- ( ) Đọc mã OTP\n  > Mã chỉ tự mình dùng.\n- (x) Tắt máy, tự gọi lại",
            {"chosen": [option_id("Tắt máy, tự gọi lại")]},
            1.0,
        ),
        Example("- ( ) Đọc mã OTP\n- (X) Tắt máy,\n  tự gọi lại", {"chosen": [option_id("Đọc mã OTP")]}, 0.0),
        Example("- (x) Đúng\n- ( ) Sai", {"chosen": [option_id("Đúng")]}, 1.0),
        Example("- (x) Đúng\n- ( ) Sai", {"unsure": True}, 0.0),
        Example("- (x) Đúng\n- ( ) Sai", None, 0.0),
    )

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """Exactly one option carries the (x)."""
        fields = super().read_answers(lines, prose, report)
        right = [str(line.line) for line in lines if line.text[3] in "xX"]
        if len(right) == 1:
            return fields
        seen = f"{len(right)} dấu (x), ở dòng {', '.join(right)}" if right else "không có dấu (x) nào"
        report(
            lines[0].line,
            "Câu chọn một có đúng một đáp án mang dấu (x). Nhiều đáp án đúng thì viết - [ ] và - [x].",
            seen=seen,
            expected=cls.line_example,
        )
        return None

    @property
    def keeps_order(self) -> bool:
        """Đúng before Sai is a habit no shuffle should break."""
        return self.fixed or {option.text for option in self.options} == _TRUE_FALSE

    def grade(self, answer: Answer | None) -> float:
        """1 for the right option alone."""
        return float([option.id for option in self.options if option.right] == list(self._chosen(answer)))

    def answer_problem(self, answer: Answer | None) -> str | None:
        """More than one option is no answer here."""
        problem = super().answer_problem(answer)
        if problem is None and len(self._chosen(answer)) > 1:
            return translate("Câu này chỉ chọn một đáp án. Hãy chọn lại.")
        return problem
