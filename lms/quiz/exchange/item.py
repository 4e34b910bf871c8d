"""A question between two formats: its parts as text, nothing rendered, nothing checked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lms.quiz.choice import Choice
from lms.quiz.question import Level, Question
from lms.quiz.types.gaps import Gaps
from lms.quiz.types.matching import Matching
from lms.quiz.types.number import Number
from lms.quiz.types.ordering import Ordering
from lms.quiz.types.short import Short
from lms.quiz.types.spot import Spot
from lms.quiz.types.tap import Region, Tap

Passage = tuple[tuple[str | int, ...], ...]
"""Paragraphs of words and of places of parts: the text with its gaps, or with its signs."""

_IN_ORDER = ("single", "multiple")  # nothing else has an order to keep
_PICTURE = re.compile(r"!\[(.*)\]\((\S+)\)", re.DOTALL)
_IN_ALT = re.compile(r"\\([\\\[\]*_`])")
_MENTIONED = re.compile(r"\]\((media/[^\s)]+)")


@dataclass(frozen=True)
class Picture:
    """The file of a picture; its measures are 0 where they are not known."""

    content: bytes
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Part:
    """One answer, in plain text; only its feedback is Markdown.

    A number is written as the course format has it. In a pair `text` is what stands left, empty for a
    distractor, and `partner` what stands right. In a gap `text` is the first that is accepted.
    """

    text: str
    right: bool = True
    feedback: str = ""
    partner: str = ""
    unmarked: bool = False
    """Whether a short answer counts without its diacritics too."""
    also: tuple[str, ...] = ()
    """What else may be typed into a gap."""
    wrong: tuple[str, ...] = ()
    """What else may be chosen in a gap; where there is nothing it is typed."""
    region: Region | None = None
    """Where on the picture this is."""


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
    passage: Passage = ()
    picture: str = ""
    """The file of the picture with regions, as texts name it, and in `shows` what it shows."""
    shows: str = ""
    files: Mapping[str, Picture] = field(default_factory=dict)
    """The pictures that the texts name, as far as they are at hand."""

    @property
    def mentioned(self) -> list[str]:
        """The files of pictures that the texts name."""
        told = [part.feedback for part in self.parts]
        texts = [self.stem, self.material, self.explanation, *self.hints, *told]
        found = [self.picture] if self.picture else []
        return list(dict.fromkeys([*found, *(file for text in texts for file in _MENTIONED.findall(text))]))


def item_of(question: Question) -> Item | None:
    """The question as parts; None for a type that only the course format can write."""
    parts = _parts(question)
    if parts is None:
        return None
    item = Item(
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
        fixed=question.fixed and question.kind in _IN_ORDER,
    )
    match question:
        case Gaps():
            return replace(item, passage=_text_with_gaps(question))
        case Spot():
            return replace(item, passage=tidy(question.paragraphs))
        case Tap():
            picture = _PICTURE.fullmatch(question.picture.source)
            alt, file = picture.groups() if picture else ("", "")
            return replace(item, picture=file, shows=_IN_ALT.sub(r"\1", alt))
    return item


def _text_with_gaps(question: Gaps) -> Passage:
    paragraphs: list[list[str | int]] = [[]]
    for place, text in enumerate(question.texts):
        first, *more = text.split("\n\n")
        paragraphs[-1].append(first)
        paragraphs += [[one] for one in more]
        if place < len(question.gaps):
            paragraphs[-1].append(place)
    return tidy(paragraphs)


def tidy(paragraphs: Iterable[Sequence[str | int]]) -> Passage:
    """Without white space around paragraphs, and without empty ones."""
    found = []
    for pieces in paragraphs:
        kept = list(pieces)
        if kept and isinstance(kept[0], str):
            kept[0] = kept[0].lstrip()
        if kept and isinstance(kept[-1], str):
            kept[-1] = kept[-1].rstrip()
        found.append(tuple(piece for piece in kept if piece != ""))
    return tuple(filter(None, found))


def _parts(question: Question) -> list[Part] | None:
    match question:
        case Tap():
            return [
                Part(one.text, one.right, one.feedback.source, region=region)
                for one, region in zip(question.options, question.regions, strict=True)
            ]
        case Gaps():
            return [Part(gap.accepted[0], also=gap.accepted[1:], wrong=gap.wrong) for gap in question.gaps]
        case Choice():
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
