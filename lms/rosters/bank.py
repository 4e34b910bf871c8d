"""The bank of a module, put together for its author: what is asked, of which objective, how it turned out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from lms.catalogue.outline import CourseOutline, ModuleLine
from lms.catalogue.queries import published_modules
from lms.foundation.i18n import N_
from lms.foundation.text import fold
from lms.quiz.queries import NoSuchQuiz, present_paper
from lms.quiz.question import Level, Question
from lms.quiz.regrading.queries import AskedQuestion, asked_questions
from lms.rosters.analysis import QuestionReport, quiz_report
from lms.units.queries import UnitView

LEVELS: dict[Level, str] = {"easy": N_("Dễ"), "medium": N_("Vừa"), "hard": N_("Khó")}
ALIKE = 0.75  # of all the words of two questions, those that both have

_BEGINS = re.compile(r"^(?=## )", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty is everything. Words are found without diacritics."""

    words: str = ""
    kind: str = ""
    objective: str = ""
    level: str = ""

    def includes(self, question: Question) -> bool:
        """Whether a question is to be listed."""
        return (
            self.kind in ("", question.kind)
            and self.objective in ("", question.objective)
            and self.level in ("", question.level)
            and all(word in _folded(question) for word in fold(self.words).split())
        )


@dataclass(frozen=True)
class BankLine:
    """One question of the bank with what its answers tell, if anybody was asked it."""

    asked: AskedQuestion
    objective: str  # in words; empty for none
    report: QuestionReport | None
    alike: tuple[AskedQuestion, ...]  # others that say nearly the same

    @property
    def question(self) -> Question:
        """As it is asked today, or was last."""
        return self.asked.question


@dataclass(frozen=True)
class Coverage:
    """How many questions of each level an objective has, in the order of `LEVELS`."""

    key: str
    text: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all levels."""
        return sum(self.counts)


@dataclass(frozen=True)
class Bank:
    """A module's questions: those asked today and those asked no longer, as far as they are wanted."""

    lines: tuple[BankLine, ...]
    retired: tuple[BankLine, ...]
    coverage: tuple[Coverage, ...]
    kinds: Mapping[str, str]  # labels of the kinds in the bank
    draw: Mapping[str, int]  # how many a paper takes, by level or objective; "" of all
    total: int  # asked today, wanted or not


def bank_of_module(module: ModuleLine, nation: UnitView, wanted: Wanted, today: date) -> Bank:
    """The bank of a published module. Raises NoSuchQuiz where it has none."""
    if module.quiz_id is None:
        raise NoSuchQuiz
    _, settings, _ = present_paper(module.quiz_id)
    asked = asked_questions(module.quiz_id)
    present = [one for one in asked if one.number]
    report = quiz_report(module, nation, today)
    reports = {one.revision_id: one for one in report.questions} if report else {}
    objectives, twins = dict(module.objectives), _twins(present)
    lines = [
        BankLine(
            asked=one,
            objective=objectives.get(one.question.objective, ""),
            report=reports.get(one.revision_id or one.revisions[0]),
            alike=tuple(twins.get(one.slug, ())),
        )
        for one in asked
        if wanted.includes(one.question)
    ]
    return Bank(
        lines=tuple(line for line in lines if line.asked.number),
        retired=tuple(line for line in lines if not line.asked.number),
        coverage=_coverage(module.objectives, present),
        kinds={one.question.kind: one.question.label for one in asked},
        draw=settings.draw,
        total=len(present),
    )


def _coverage(
    objectives: Sequence[tuple[str, str]], present: Iterable[AskedQuestion]
) -> tuple[Coverage, ...]:
    """A line an objective, and one for questions of none, if there are any."""
    counts = Counter((one.question.objective, one.question.level) for one in present)
    lines = [
        Coverage(key, text, tuple(counts[key, level] for level in LEVELS))
        for key, text in (*objectives, ("", ""))
    ]
    return tuple(line for line in lines if line.key or line.total)


def _twins(asked: Sequence[AskedQuestion]) -> dict[str, list[AskedQuestion]]:
    """Questions that share most of their words, by the id of each."""
    words = {one.slug: set(_WORD.findall(_folded(one.question))) for one in asked}
    found: dict[str, list[AskedQuestion]] = {}
    for one, other in combinations(asked, 2):
        mine, others = words[one.slug], words[other.slug]
        if len(mine & others) >= ALIKE * len(mine | others):
            found.setdefault(one.slug, []).append(other)
            found.setdefault(other.slug, []).append(one)
    return found


def _folded(question: Question) -> str:
    """Stem, material and answers, as they are searched and compared."""
    return fold(" ".join([question.title, question.material.source, *_texts(question.key())]))


def _texts(key: Any) -> Iterable[str]:
    """Every text in a question's key."""
    if isinstance(key, str):
        yield key
    elif isinstance(key, list | tuple):
        for one in key:
            yield from _texts(one)
    elif isinstance(key, dict):
        yield from _texts(list(key.values()))


def written_text(course: CourseOutline, module: ModuleLine, slug: str) -> str:
    """A question as it stands in quiz.md, from its heading on; empty for one that stands there no longer."""
    attribute = re.compile(rf"\{{[^{{}}]*#{re.escape(slug)}(?![a-z0-9-])[^{{}}]*\}}\s*$")
    sources = {one.id: revision.quiz_source for one, revision in published_modules(course.id)}
    for block in _BEGINS.split(sources.get(module.id) or ""):
        if attribute.search(block.partition("\n")[0]):
            return block.strip()
    return ""
