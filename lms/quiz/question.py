"""What every question can do, whatever its type.

A type is exactly one file in `types/`: a subclass that says which lines of the course format are its answers,
reads them, asks, grades and reveals. The texts an author writes are Markdown (`Prose`), except the answers
themselves, which are plain and always escaped. Identity and order of options never betray the key.
"""

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, Self

from markupsafe import Markup
from pydantic import TypeAdapter

from lms.foundation.errors import Conflict
from lms.foundation.i18n import N_
from lms.foundation.markdown import NO_PROSE, Prose

Answer = dict[str, Any]
"""What a learner answered, as JSON; its keys are the type's own, but for `UNSURE`."""
Form = Mapping[str, Sequence[str]]
"""The fields of a submitted form: every value of every name."""
Level = Literal["easy", "medium", "hard"]
RenderProse = Callable[[str], Prose]

UNSURE: Answer = {"unsure": True}
"""The answer "Tôi không chắc": an answer like the others, worth nothing and never called wrong."""


class AnswerStands(Conflict):
    """What was answered cannot be taken back: what came of it has been seen."""

    message = N_("Câu này đã trả lời và chuyện đã đi tiếp, nên không đổi lại được.")


class Report(Protocol):
    """Takes a mistake of the author: where, what is wrong, what was seen, what would be right."""

    def __call__(self, line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        """Note the mistake and go on reading, so that all of them are told at once."""


@dataclass(frozen=True)
class AnswerLine:
    """One answer as written: its text from the left margin, continuation lines joined, and feedback."""

    line: int
    text: str
    feedback: str = ""

    def continued(self, text: str) -> "AnswerLine":
        """With one more indented line: feedback from its `>` on, more of the answer before."""
        text = text.strip()
        if text.startswith(">") or self.feedback:
            feedback = f"{self.feedback} {text.removeprefix('>').strip()}".strip()
            return replace(self, feedback=feedback)
        return replace(self, text=f"{self.text} {text}")


@dataclass(frozen=True)
class Example:
    """An answer block as an author writes it, one answer to it, and the share of the points that earns.

    Every example is a test of its type's reader and grader and a picture on the page that explains the type.
    """

    block: str
    answer: Answer | None
    score: float


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question, immutable; `stem` is the sentence asked, `material` what is shown under it.

    Subclasses are frozen dataclasses named by `kind=` and add the fields of their answers.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    """The type's name for people, a msgid."""
    line_form: ClassVar[re.Pattern[str] | None] = None
    """What an answer line of this type looks like at the left margin; None for a type written in a fence."""
    fence: ClassVar[str | None] = None
    """The word after the three backticks of this type's answer block."""
    line_example: ClassVar[str]
    """One answer block written right, shown to an author who wrote it wrong."""
    examples: ClassVar[tuple[Example, ...]]
    has_own_look: ClassVar[bool] = False
    """Whether its pages need `site/quiz.css` beside what every page loads."""
    script: ClassVar[str] = ""
    """The file in `site/js` that makes its fields handier; they work without."""
    unfolds: ClassVar[bool] = False
    """Whether what is asked grows with what was answered: after a reply its page is drawn anew."""

    id: str
    stem: Prose
    material: Prose = NO_PROSE
    hints: tuple[Prose, ...] = ()
    explanation: Prose = NO_PROSE
    points: int = 1
    level: Level = "medium"
    objective: str = ""
    editions: tuple[str, ...] = ()
    """Keys of the editions that have this question; empty is every edition of its module."""
    fixed: bool = False

    def __init_subclass__(cls, kind: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if kind:
            cls.kind = kind
            KINDS[kind] = cls

    # As an author writes it, as the database keeps it.

    @classmethod
    @abstractmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The fields of this type's own, from its answer lines (of a fence: the lines inside it).

        What stands behind the word that opens a fence is the first of its lines.
        Feedback is rendered by `prose`. None if a mistake was reported.
        """

    @abstractmethod
    def key(self) -> list[Any]:
        """Answers and key as JSON, without feedback: with stem and points they make the revision."""

    @property
    def revision(self) -> str:
        """Hash of stem, answers, key and points, over the text as written: statistics group by it."""
        facts = [self.kind, self.stem.source, self.material.source, self.key(), self.points]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()

    def to_body(self) -> dict[str, Any]:
        """The question as JSON, complete: what the database keeps of a revision."""
        return {"kind": self.kind, **_adapter(type(self)).dump_python(self, mode="json")}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """The question that `to_body` wrote; `types.question_from_body` finds the class by its kind."""
        fields = {name: value for name, value in body.items() if name != "kind"}
        question: Self = _adapter(cls).validate_python(fields)
        return question

    @property
    def title(self) -> str:
        """The stem in a line."""
        return " ".join(self.stem.source.replace("`", "").split())

    # As a learner meets it.

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Ids of the options a paper may shuffle, in the author's order; stable as long as the revision."""
        return ()

    @property
    def keeps_order(self) -> bool:
        """Whether a paper shows the options as they were written."""
        return self.fixed

    @abstractmethod
    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The form fields called `name`, options in the given order, the saved answer filled in.

        Several fields share the name: their values arrive in the order of the page. Stem and legend are the
        page's, and so is the place (`widgets.problem_id`) where it says what is wrong with the answer filled
        in. Nothing in it depends on the key.
        """

    @abstractmethod
    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The answer beside the right one, in words and shapes, with feedback. Shown only once it may be."""

    @abstractmethod
    def read_answer(self, name: str, form: Form) -> Answer | None:
        """What the form fields called `name` say; None where nothing was answered."""

    @abstractmethod
    def answer_problem(self, answer: Answer | None) -> str | None:
        """Why this cannot be an answer, in the user's language; None if it can. No answer is fine."""

    @abstractmethod
    def grade(self, answer: Answer | None) -> float:
        """Share of the points earned, 0..1; no answer and `UNSURE` earn 0."""

    @abstractmethod
    def model_answer(self) -> Answer:
        """An answer that earns everything: what a learner of the demo province gives who knows it."""

    @abstractmethod
    def right_answer(self) -> str:
        """The right answer in plain text."""

    @abstractmethod
    def answer_text(self, answer: Answer | None) -> str:
        """An answer in plain text, saying nothing of right or wrong; empty for none."""

    def is_finished(self, answer: Answer | None) -> bool:
        """Whether nothing is left to be answered."""
        return answer is not None

    def kept(self, saved: Answer | None, sent: Answer | None) -> Answer | None:
        """What stands when `sent` (None takes back) comes upon `saved`. Raises AnswerStands."""
        return sent

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What the author says to this answer; may give away the key."""
        return ()


def is_doubt(answer: Answer | None) -> bool:
    """Whether "Tôi không chắc" was chosen, in a story perhaps after some replies."""
    return answer is not None and answer.get("unsure") is True


KINDS: dict[str, type[Question]] = {}
"""Every type by its kind, filled as the modules of `types/` are imported."""


@cache
def _adapter(cls: type[Question]) -> TypeAdapter[Any]:
    return TypeAdapter(cls)
