"""Questions answered by typing: what short answers, numbers and typed gaps share."""

import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import Prose
from lms.foundation.text import clean
from lms.quiz.question import UNSURE, Answer, Form, Question
from lms.quiz.widgets import (
    REVEALED_ROW,
    UNSURE_TEXT,
    UNSURE_VALUE,
    Blanks,
    answer_verdict,
    feedback,
    problem_id,
    unsure_alone,
    unsure_revealed,
)

MOST_TYPED = 200

_LABEL = N_("Câu trả lời")
_FINAL_PUNCTUATION = ".,;:!?… "
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # grave, acute, tilde, hook above, dot below
_FIELD = Blanks(
    '<div class="form-field"><label for="{id}">{label}</label>{hint}'
    '<input id="{id}" name="{name}" value="{value}" type="text" inputmode="{mode}" maxlength="{most}"'
    ' autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="{described}"{invalid}>'
    "</div>\n"
)
_HINT = Blanks('<span class="hint" id="{id}">{words}</span>')
_ALSO = Blanks('<p class="small muted">{}</p>\n')


def compared(text: str) -> str:
    """What of a typed text counts: neither case, outer and double spaces, final punctuation, nor where in its
    syllable a tone mark stands (hoá, hóa), in which people who write well differ."""
    bare = clean(text).casefold().rstrip(_FINAL_PUNCTUATION)
    return " ".join(_tone_last(unicodedata.normalize("NFD", word)) for word in bare.split())


def _tone_last(word: str) -> str:
    return "".join(sorted(word, key=_TONES.__contains__))


def is_text(value: object) -> bool:
    """Whether this is a text as a field can send it."""
    return isinstance(value, str) and 0 < len(value) <= MOST_TYPED


@dataclass(frozen=True, kw_only=True)
class Typed(Question):
    """A question with one field to type in; an answer is `{"typed": text}`. All or nothing."""

    input_mode: ClassVar[str] = "text"
    hint: ClassVar[str] = ""
    """How to type it, a msgid; the same whatever the key is."""
    sign: ClassVar[str]
    """What stands for the answer where options have their letter."""

    @property
    @abstractmethod
    def accepted_texts(self) -> Sequence[str]:
        """What is accepted, in words, the model answer first."""

    @abstractmethod
    def _place_of(self, typed: str) -> int | None:
        """Which of the accepted answers this is."""

    @abstractmethod
    def _feedback_at(self, place: int) -> Prose:
        """What the author says to the accepted answer of this place."""

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """One field, and the doubt."""
        hint_id = f"{name}-hint"
        hint = _HINT.format(id=hint_id, words=translate(self.hint)) if self.hint else Markup("")
        field = _FIELD.format(
            id=f"{name}-typed",
            label=translate(_LABEL),
            hint=hint,
            name=name,
            value=self._typed(saved),
            mode=self.input_mode,
            most=MOST_TYPED,
            described=f"{hint_id} {problem_id(name)}" if hint else problem_id(name),
            invalid=Markup(' aria-invalid="true"') if self.answer_problem(saved) else "",
        )
        return field + unsure_alone(name, checked=saved == UNSURE)

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """What was typed, and what is right where that was not."""
        rows = [unsure_revealed()] if answer == UNSURE else []
        typed, place = self._typed(answer), self._place_of(self._typed(answer))
        if typed:
            said = (
                translate("Bạn trả lời, đúng") if place is not None else translate("Bạn trả lời, chưa đúng")
            )
            rows.append(self._row(typed, said, place, right=place is not None))
        if place is None:
            rows.append(self._row(self.accepted_texts[0], translate("Đáp án đúng"), 0, right=True))
        others = [text for n, text in enumerate(self.accepted_texts) if n != (place or 0)]
        also = _ALSO.format(translate("Cũng đúng: %(answers)s.", answers="; ".join(others))) if others else ""
        return Blanks('<div class="answers">\n{}</div>\n{}').format(Markup("").join(rows), also)

    def _row(self, text: str, words: str, place: int | None, *, right: bool) -> Markup:
        return REVEALED_ROW.format(
            state=" right" if right else " wrong",
            shape="",
            sign=self.sign,
            text=text,
            verdict=answer_verdict(words, right=right),
            feedback="" if place is None else feedback(self._feedback_at(place)),
        )

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """The text first, as the page has it; a text counts, a doubt beside it then does not."""
        values = list(form.get(name, ()))
        if typed := clean(values[0]) if values else "":
            return {"typed": typed}
        return dict(UNSURE) if UNSURE_VALUE in values[1:] else None

    def answer_problem(self, answer: Answer | None) -> str | None:
        """Something that is no text, or far too long."""
        if answer is None or answer == UNSURE or is_text(answer.get("typed")):
            return None
        return translate("Câu trả lời quá dài hoặc không đọc được. Hãy gõ lại cho ngắn.")

    def grade(self, answer: Answer | None) -> float:
        """1 for what is accepted."""
        return float(self._place_of(self._typed(answer)) is not None)

    def model_answer(self) -> Answer:
        """The first of the accepted."""
        return {"typed": self.accepted_texts[0]}

    def right_answer(self) -> str:
        """All that is accepted."""
        return "; ".join(self.accepted_texts)

    def answer_text(self, answer: Answer | None) -> str:
        """As it was typed."""
        return translate(UNSURE_TEXT) if answer == UNSURE else self._typed(answer)

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What is said to the accepted answer that this is."""
        place = self._place_of(self._typed(answer))
        told = self._feedback_at(place) if place is not None else None
        return (told,) if told else ()

    @staticmethod
    def _typed(answer: Answer | None) -> str:
        typed: Any = answer.get("typed", "") if answer else ""
        return typed if isinstance(typed, str) else ""
