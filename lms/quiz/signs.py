"""Questions in which signs are found among what is harmless: in a text, or on a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.quiz.choice import Choice, Option
from lms.quiz.question import UNSURE, Answer
from lms.quiz.widgets import Blanks, circled, unsure_revealed

_WORDS = {
    "correct": N_("Tìm đúng"),
    "missed": N_("Bỏ sót"),
    "mistaken": N_("Không phải dấu hiệu"),
}
_TO_FIND = N_("Dấu hiệu cần tìm")
_ROW = Blanks(
    '<li><b class="sign-number">{number}</b>'
    '<span class="verdict {state}">{icon}<span>{words}: {text}</span></span>{why}</li>\n'
)
_WHY = Blanks("<span>{}</span>")


class Verdict(NamedTuple):
    """What is said of a sign, or of what was taken for one; `number` ties the place to the line below it."""

    number: int
    option: Option
    state: str


@dataclass(frozen=True, kw_only=True)
class Signs(Choice):
    """Partial credit: a sign found earns its share, something harmless picked takes its share back."""

    input_type = "checkbox"
    has_own_look = True

    @property
    def keeps_order(self) -> bool:
        """They stand where they stand."""
        return True

    def grade(self, answer: Answer | None) -> float:
        """What is found less what is mistaken."""
        return self._found_less_mistaken(answer)

    def _verdicts(self, order: Sequence[str], answer: Answer | None) -> dict[str, Verdict]:
        """By option id, in the order of the paper; what was rightly left alone has none."""
        return {
            verdict.option.id: verdict
            for verdict in _numbered(self._lettered(order), frozenset(self._chosen(answer)))
        }

    def _told(self, verdicts: dict[str, Verdict], answer: Answer | None) -> Markup:
        """The list under the text or the picture: each number with a word, a shape and the reason."""
        rows = [
            _ROW.format(
                number=verdict.number,
                state=verdict.state,
                icon=circled(verdict.state),
                words=translate(_words(verdict, answer)),
                text=verdict.option.html,
                why=_WHY.format(verdict.option.feedback) if verdict.option.feedback else "",
            )
            for verdict in verdicts.values()
        ]
        return Blanks('<ol class="sign-list">\n{}</ol>\n{}').format(
            Markup("").join(rows), unsure_revealed() if answer == UNSURE else ""
        )


def _numbered(options: Sequence[tuple[str, Option]], chosen: frozenset[str]) -> Iterator[Verdict]:
    number = 0
    for _, option in options:
        if option.right or option.id in chosen:
            number += 1
            found = "correct" if option.id in chosen else "missed"
            yield Verdict(number, option, found if option.right else "mistaken")


def _words(verdict: Verdict, answer: Answer | None) -> str:
    """Who answered nothing, or was not sure, has missed nothing."""
    if verdict.state == "missed" and answer in (None, UNSURE):
        return _TO_FIND
    return _WORDS[verdict.state]
