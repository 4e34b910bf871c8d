"""Questions whose answers are options to choose from: what single choice and multiple response share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Any, ClassVar

from markupsafe import Markup

from lms.foundation.i18n import translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.plain import Mistakes, html_of, option_id, read_plain, words_of
from lms.quiz.question import UNSURE, Answer, AnswerLine, Form, Question, RenderProse, Report
from lms.quiz.widgets import (
    ASKED_ROW,
    REVEALED_ROW,
    TICK,
    UNSURE_TEXT,
    UNSURE_VALUE,
    Blanks,
    answer_verdict,
    feedback,
    unsure_asked,
    unsure_revealed,
)

MOST_OPTIONS = len(ascii_uppercase)


@dataclass(frozen=True)
class Option:
    """One answer to choose; in its text `…` marks what is read letter by letter, an address or a code."""

    text: str
    right: bool
    feedback: Prose = NO_PROSE

    @cached_property
    def id(self) -> str:
        """Known by its words, not by its place: a place in the source would hint at the key."""
        return option_id(self.text)

    @cached_property
    def html(self) -> Markup:
        """The text escaped, marked parts as code."""
        return html_of(self.text)

    @cached_property
    def words(self) -> str:
        """The text without marks."""
        return words_of(self.text)


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A question answered by choosing among options; an answer is `{"chosen": [option ids]}`."""

    input_type: ClassVar[str]
    letter_shape: ClassVar[str] = ""

    options: tuple[Option, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The options, or None: too few, too many, empty, twice the same, not plain."""
        options: list[Option] = []
        mistakes = Mistakes(report)
        for line in lines[:MOST_OPTIONS]:
            taken = [option.text for option in options]
            if text := read_plain(line, line.text[5:], taken, mistakes, cls.line_example):
                right = line.text[3] in "xX"
                options.append(Option(text, right, prose(line.feedback) if line.feedback else NO_PROSE))
        if not mistakes.count and not 2 <= len(lines) <= MOST_OPTIONS:
            mistakes(
                lines[0].line,
                f"Câu hỏi cần từ 2 đến {MOST_OPTIONS} đáp án.",
                seen=f"{len(lines)} đáp án",
                expected=cls.line_example,
            )
        return None if mistakes.count else {"options": tuple(options)}

    def key(self) -> list[Any]:
        """Text and rightness of every option, in the author's order."""
        return [[option.text, option.right] for option in self.options]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """In the author's order."""
        return tuple(option.id for option in self.options)

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """Radios or checkboxes, "Tôi không chắc" last."""
        chosen = self._chosen(saved)
        rows = [
            self._asked(option, name, letter, checked=option.id in chosen)
            for letter, option in self._lettered(order)
        ]
        unsure = unsure_asked(name, self.input_type, checked=saved == UNSURE)
        return Blanks('<div class="answers">\n{}{}</div>').format(Markup("").join(rows), unsure)

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """Every option as the paper showed it: the right, the wrongly chosen, the others."""
        rows = [self._revealed(option, letter, answer) for letter, option in self._lettered(order)]
        if answer == UNSURE:
            rows.append(unsure_revealed())
        return Blanks('<div class="answers">\n{}</div>').format(Markup("").join(rows))

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """Options chosen beside "Tôi không chắc" count, the doubt then does not."""
        values = form.get(name, ())
        chosen = [value for value in dict.fromkeys(values) if value != UNSURE_VALUE]
        if chosen:
            known = [option for option in self.option_ids if option in chosen]
            return {"chosen": known + [value for value in chosen if value not in known]}
        return dict(UNSURE) if UNSURE_VALUE in values else None

    def answer_problem(self, answer: Answer | None) -> str | None:
        """An option this question does not have, or something that is no choice at all."""
        if answer is None or answer == UNSURE:
            return None
        chosen = answer.get("chosen")
        if not isinstance(chosen, list) or not chosen or not set(map(str, chosen)) <= set(self.option_ids):
            return translate("Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại.")
        return None

    def model_answer(self) -> Answer:
        """The right options."""
        return {"chosen": [option.id for option in self.options if option.right]}

    def right_answer(self) -> str:
        """The right options, in the author's order."""
        return "; ".join(option.words for option in self.options if option.right)

    def answer_text(self, answer: Answer | None) -> str:
        """The chosen options, in the author's order."""
        if answer == UNSURE:
            return translate(UNSURE_TEXT)
        chosen = self._chosen(answer)
        return "; ".join(option.words for option in self.options if option.id in chosen)

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What is said to each chosen option."""
        chosen = self._chosen(answer)
        return tuple(option.feedback for option in self.options if option.id in chosen and option.feedback)

    def _found_less_mistaken(self, answer: Answer | None) -> float:
        """max(0, right chosen ÷ right − wrong chosen ÷ wrong); without wrong options the first term."""
        chosen = self._chosen(answer)
        right = [option.id in chosen for option in self.options if option.right]
        wrong = [option.id in chosen for option in self.options if not option.right]
        taken = sum(wrong) / len(wrong) if wrong else 0.0
        return max(0.0, sum(right) / len(right) - taken)

    @staticmethod
    def _chosen(answer: Answer | None) -> Sequence[str]:
        chosen = answer.get("chosen") if answer else ()
        return [id_ for id_ in chosen if isinstance(id_, str)] if isinstance(chosen, list) else ()

    def _lettered(self, order: Sequence[str]) -> list[tuple[str, Option]]:
        options = {option.id: option for option in self.options}
        return [(ascii_uppercase[place], options[id_]) for place, id_ in enumerate(order)]

    def _asked(self, option: Option, name: str, letter: str, *, checked: bool) -> Markup:
        return ASKED_ROW.format(
            extra="",
            input=self.input_type,
            name=name,
            value=option.id,
            checked=Markup(" checked") if checked else "",
            shape=self.letter_shape,
            sign=TICK if self.letter_shape else letter,
            text=option.html,
        )

    def _revealed(self, option: Option, letter: str, answer: Answer | None) -> Markup:
        chosen = option.id in self._chosen(answer)
        state, verdict = "", Markup("")
        if option.right:
            words = translate("Bạn chọn, đúng") if chosen else translate("Đáp án đúng")
            state, verdict = " right", answer_verdict(words, right=True)
        elif chosen:
            state, verdict = " wrong", answer_verdict(translate("Bạn chọn, chưa đúng"), right=False)
        told = option.feedback and (chosen or option.right)
        return REVEALED_ROW.format(
            state=state,
            shape=self.letter_shape,
            sign=letter,
            text=option.html,
            verdict=verdict,
            feedback=feedback(option.feedback) if told else "",
        )
