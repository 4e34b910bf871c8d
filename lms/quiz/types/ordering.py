"""Ordering: steps are given their numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.plain import Mistakes, html_of, option_id, read_plain, words_of
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, Form, Question, RenderProse, Report
from lms.quiz.widgets import (
    UNSURE_TEXT,
    UNSURE_VALUE,
    Blanks,
    feedback,
    listed,
    select,
    unsure_alone,
    unsure_revealed,
    verdict,
)

MOST_STEPS = 12

_NUMBERED = re.compile(r"([0-9]{1,2})\)")
_BLOCK = "1) Quét mã\n2) So tên người nhận\n  > Sai tên thì dừng.\n3) Gõ số tiền\n4) Bấm xác nhận"
_SCAN, _NAME, _SUM, _CONFIRM = map(option_id, ("Quét mã", "So tên người nhận", "Gõ số tiền", "Bấm xác nhận"))
_LIST = Blanks(
    '<p class="muted small">{told}</p>\n'
    '<ul class="ordering" data-enhance="sortable" data-up="{up}" data-down="{down}">\n{rows}</ul>\n'
)
_ASKED = Blanks('<li>{field}<span data-words id="{id}-words">{step}</span></li>\n')
_REVEALED = Blanks(
    '<li class="{state}"><span class="position">{place}</span><span>{step}</span>{verdict}{feedback}</li>\n'
)


@dataclass(frozen=True)
class Step:
    """One step, in its right place."""

    text: str
    feedback: Prose = NO_PROSE

    @property
    def id(self) -> str:
        """Known by its words, not by its place."""
        return option_id(self.text)


@dataclass(frozen=True, kw_only=True)
class Ordering(Question, kind="ordering"):
    """Partial credit: the share of neighbouring steps that follow each other rightly.

    An answer is `{"places": {step id: 1..n}}`, every step with a place of its own.
    """

    label = N_("Sắp thứ tự")
    line_form = re.compile(r"[0-9]{1,2}\)(?:\s|$)")
    line_example = "1) bước một\n2) bước hai\n3) bước ba"
    has_own_look = True
    script = "sortable"
    examples = (
        Example(_BLOCK, {"places": {_SCAN: 1, _NAME: 2, _SUM: 3, _CONFIRM: 4}}, 1.0),
        Example(_BLOCK, {"places": {_NAME: 1, _SUM: 2, _CONFIRM: 3, _SCAN: 4}}, 2 / 3),
        Example(_BLOCK, {"places": {_SCAN: 1, _SUM: 2, _NAME: 3, _CONFIRM: 4}}, 0.0),
        Example(_BLOCK, {"places": {_SCAN: 1, _NAME: 2, _CONFIRM: 3, _SUM: 4}}, 1 / 3),
        Example(_BLOCK, {"places": {_CONFIRM: 1, _SUM: 2, _NAME: 3, _SCAN: 4}}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
        Example(
            "1) Mở máy\n1) Gõ địa chỉ", {"places": {option_id("Gõ địa chỉ"): 2, option_id("Mở máy"): 1}}, 1.0
        ),
    )

    steps: tuple[Step, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The steps in the right order, numbered 1, 2, 3 … or all of them 1."""
        mistakes = Mistakes(report)
        steps: list[Step] = []
        numbers = [int(_NUMBERED.match(line.text)[1]) for line in lines]  # type: ignore[index]  # by `line_form`
        all_ones = len(lines) > 1 and set(numbers) == {1}
        for place, (number, line) in enumerate(zip(numbers, lines, strict=True), 1):
            raw = line.text.partition(")")[2]
            if number != place and not all_ones:
                mistakes(
                    line.line,
                    "Các bước đánh số 1), 2), 3) … theo đúng thứ tự.",
                    seen=line.text,
                    expected=f"{place}){raw or ' bước'}",
                )
            taken = [step.text for step in steps]
            if text := read_plain(line, raw, taken, mistakes, cls.line_example):
                steps.append(Step(text, prose(line.feedback) if line.feedback else NO_PROSE))
        if not mistakes.count and not 2 <= len(steps) <= MOST_STEPS:
            mistakes(
                lines[0].line,
                f"Câu sắp thứ tự cần từ 2 đến {MOST_STEPS} bước.",
                seen=f"{len(steps)} bước",
                expected=cls.line_example,
            )
        return None if mistakes.count else {"steps": tuple(steps)}

    def key(self) -> list[Any]:
        """The steps in their order."""
        return [step.text for step in self.steps]

    @property
    def _right(self) -> list[str]:
        return [step.id for step in self.steps]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """In an order of their own: the author's is the key."""
        return tuple(sorted(self._right))

    @property
    def keeps_order(self) -> bool:
        """Never: the author's order is the key."""
        return False

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """A number to choose beside every step; as they were last put, else as the paper has them."""
        steps, places = {step.id: step for step in self.steps}, self._places(saved)
        rows = []
        for id_ in self._shown(order, places):
            field_id, words = f"{name}-{id_}", words_of(steps[id_].text)
            numbers = [(f"{id_}.{place}", str(place)) for place in range(1, len(steps) + 1)]
            label = translate("Thứ tự của “%(step)s”", step=words)
            field = select(name, field_id, numbers, f"{id_}.{places.get(id_)}", label=label, none="–")
            rows.append(_ASKED.format(field=field, id=field_id, step=html_of(steps[id_].text)))
        return _LIST.format(
            told=translate("Chọn số thứ tự cho từng việc."),
            up=translate("Đưa “{step}” lên"),
            down=translate("Đưa “{step}” xuống"),
            rows=Markup("").join(rows),
        ) + unsure_alone(name, checked=saved == UNSURE)

    def _shown(self, order: Sequence[str], places: dict[str, int]) -> list[str]:
        if self._is_whole(places):
            return sorted(places, key=lambda id_: places[id_])
        shown = list(order)
        if len(shown) == 2:  # Always turned round, two steps would say which of them is the first.
            return shown
        return shown if shown != self._right else shown[1:] + shown[:1]

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The steps as they were put, each with where it belongs; unless all are right, the right order."""
        sequence = self._sequence(answer)
        parts = [unsure_revealed() if answer == UNSURE else Markup("")]
        if sequence:
            steps = {step.id: step for step in self.steps}
            rows = [self._revealed(steps[id_], place) for place, id_ in enumerate(sequence, 1)]
            told = translate(
                "Đúng %(n)s trên %(all)s cặp bước liền nhau.",
                n=self._followed(sequence),
                all=len(self.steps) - 1,
            )
            parts.append(
                Blanks('<ol class="ordering">\n{}</ol>\n<p>{}</p>').format(Markup("").join(rows), told)
            )
        if sequence != self._right:
            rows = [
                _REVEALED.format(state="", place=n, step=html_of(step.text), verdict="", feedback="")
                for n, step in enumerate(self.steps, 1)
            ]
            told = translate("Thứ tự đúng")
            parts.append(
                Blanks('<p class="field-label">{}</p>\n<ol class="ordering">\n{}</ol>\n').format(
                    told, Markup("").join(rows)
                )
            )
        return Markup("").join(parts)

    def _revealed(self, step: Step, place: int) -> Markup:
        belongs = self._right.index(step.id) + 1
        is_right = belongs == place
        words = translate("Đúng chỗ") if is_right else translate("Phải là bước %(n)s", n=belongs)
        return _REVEALED.format(
            state="right" if is_right else "wrong",
            place=place,
            step=html_of(step.text),
            verdict=verdict(words, right=is_right),
            feedback=feedback(step.feedback),
        )

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """Every value names its step and its place; a number counts, a doubt beside it then does not."""
        values = form.get(name, ())
        if places := {id_: _place(typed) for id_, typed in listed(values).items()}:
            return {"places": places}
        return dict(UNSURE) if UNSURE_VALUE in values else None

    def answer_problem(self, answer: Answer | None) -> str | None:
        """A step without a number, a number given twice, or what this question does not have."""
        if answer is None or answer == UNSURE:
            return None
        places = self._places(answer)
        if not places or places != answer.get("places"):
            return translate("Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại.")
        taken = list(places.values())
        if twice := [place for place in taken if taken.count(place) > 1]:
            return translate("Hai việc cùng mang số %(n)s. Mỗi việc một số khác nhau.", n=twice[0])
        if not self._is_whole(places):
            return translate("Còn việc chưa có số. Chọn số cho từng việc.")
        return None

    def grade(self, answer: Answer | None) -> float:
        """Neighbouring pairs of the right order that stand so, next to each other ÷ all such pairs."""
        return self._followed(self._sequence(answer)) / (len(self.steps) - 1)

    def model_answer(self) -> Answer:
        """Every step in its place."""
        return {"places": {id_: place for place, id_ in enumerate(self._right, 1)}}

    def right_answer(self) -> str:
        """Step by step."""
        return self.answer_text(self.model_answer())

    def answer_text(self, answer: Answer | None) -> str:
        """The steps as they were put."""
        if answer == UNSURE:
            return translate(UNSURE_TEXT)
        steps = {step.id: words_of(step.text) for step in self.steps}
        return "; ".join(f"{n}. {steps[id_]}" for n, id_ in enumerate(self._sequence(answer), 1))

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What is said to each step that stands elsewhere than it belongs."""
        placed = zip(self.steps, self._sequence(answer), strict=False)
        return tuple(step.feedback for step, id_ in placed if step.id != id_ and step.feedback)

    def _places(self, answer: Answer | None) -> dict[str, int]:
        """Places by step id, of those that this question has."""
        places = answer.get("places") if answer else None
        known, numbers = set(self._right), range(1, len(self.steps) + 1)
        if not isinstance(places, dict):
            return {}
        return {id_: n for id_, n in places.items() if id_ in known and type(n) is int and n in numbers}

    def _is_whole(self, places: dict[str, int]) -> bool:
        return sorted(places.values()) == list(range(1, len(self.steps) + 1))

    def _sequence(self, answer: Answer | None) -> list[str]:
        """Step ids as they were put; nothing where not every step has its own place."""
        places = self._places(answer)
        return sorted(places, key=lambda id_: places[id_]) if self._is_whole(places) else []

    def _followed(self, sequence: Sequence[str]) -> int:
        right = set(pairwise(self._right))
        return sum(pair in right for pair in pairwise(sequence))


def _place(chosen: str) -> int:
    """The number that was chosen, 0 for what is none."""
    return int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 3 else 0
