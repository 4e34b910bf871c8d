"""A question between two formats: its parts as text, nothing rendered, nothing checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.quiz.choice import Choice
from lms.quiz.question import Level, Question
from lms.quiz.types.matching import Matching
from lms.quiz.types.number import Number
from lms.quiz.types.ordering import Ordering
from lms.quiz.types.short import Short


@dataclass(frozen=True)
class Part:
    """One answer, in plain text; only its feedback is Markdown.

    A number is written as the course format has it. In a pair `text` is what stands left, empty for a
    distractor, and `partner` what stands right.
    """

    text: str
    right: bool = True
    feedback: str = ""
    partner: str = ""
    unmarked: bool = False
    """Whether a short answer counts without its diacritics too."""


@dataclass(frozen=True)
class Item:
    """A question; texts are Markdown, `line` is where it begins in the file it came from."""

    kind: str
    stem: str
    parts: Sequence[Part]
    line: int = 1
    id: str = ""
    material: str = ""
    hints: tuple[str, ...] = ()
    explanation: str = ""
    points: int = 1
    level: Level = "medium"
    objective: str = ""
    editions: tuple[str, ...] = ()
    fixed: bool = False


def item_of(question: Question) -> Item | None:
    """The question as parts; None for a type that only the course format can write."""
    parts = _parts(question)
    if parts is None:
        return None
    return Item(
        kind=question.kind,
        stem=question.stem.source,
        parts=parts,
        id=question.id,
        material=question.material.source,
        hints=tuple(hint.source for hint in question.hints),
        explanation=question.explanation.source,
        points=question.points,
        level=question.level,
        objective=question.objective,
        editions=question.editions,
        fixed=question.fixed and bool(question.option_ids),  # Nothing else has an order to keep.
    )


def _parts(question: Question) -> list[Part] | None:
    match question:
        case Choice() if question.kind in ("single", "multiple"):
            return [Part(one.text, one.right, one.feedback.source) for one in question.options]
        case Short():
            return [
                Part(one.text, feedback=one.feedback.source, unmarked=one.unmarked)
                for one in question.accepted
            ]
        case Number():
            return [Part(one.written, feedback=one.feedback.source) for one in question.accepted]
        case Matching():
            pairs = [
                Part(one.left, feedback=one.feedback.source, partner=one.right) for one in question.pairs
            ]
            return [*pairs, *(Part("", partner=right) for right in question.distractors)]
        case Ordering():
            return [Part(step.text, feedback=step.feedback.source) for step in question.steps]
    return None
