"""What a course folder says, frozen: the course, its editions, modules, lessons, quizzes, calendar and media.

Every element that is a file carries the file (`text`), so that an export writes back what was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.catalogue.source.files import SourceText
from lms.quiz.question import Question


@dataclass(frozen=True)
class HtmlSegment:
    """A stretch of a lesson as sanitised HTML."""

    html: str


@dataclass(frozen=True)
class CheckSegment:
    """The place of a question that is answered on the spot."""

    id: str


Segment = HtmlSegment | CheckSegment


@dataclass(frozen=True)
class QuestionSource:
    """A question of a quiz or a check, with the ids it had before (`module/id`) and its lines as written."""

    question: Question
    was: tuple[str, ...]
    line: int
    raw: str


@dataclass(frozen=True)
class QuizSource:
    """quiz.md"""

    text: SourceText
    draw: Mapping[str, int]
    """How many questions of each level or objective; the key "" means of all, an empty map all there are."""
    percent: int
    minutes: int
    attempts: int
    pause: int
    """Seconds between two attempts."""
    shuffle: str
    show: str
    questions: tuple[QuestionSource, ...]

    def questions_of(self, edition: str) -> tuple[QuestionSource, ...]:
        """What learners of this edition may be asked."""
        return tuple(
            source
            for source in self.questions
            if not source.question.editions or edition in source.question.editions
        )


@dataclass(frozen=True)
class FactSource:
    """Where a fact of a lesson comes from; the date may be a year, a month or a day."""

    title: str
    url: str
    date: str


@dataclass(frozen=True)
class LessonSource:
    """A lesson, guide or field card, rendered for every edition that has it."""

    text: SourceText
    number: int
    slug: str
    title: str
    kind: str
    minutes: int
    editions: tuple[str, ...]
    objectives: tuple[str, ...]
    reviewed: date
    sources: tuple[FactSource, ...]
    was: tuple[str, ...]
    segments: Mapping[str, tuple[Segment, ...]]
    checks: tuple[QuestionSource, ...]

    @property
    def counts(self) -> bool:
        """Whether completing the module needs it: a field card is for the pocket."""
        return self.kind != "card"


@dataclass(frozen=True)
class MediaSource:
    """A picture, recording or document; `path` as lessons name it (`media/o-khoa.svg`)."""

    path: str
    file: Path
    sha256: str
    size: int
    content_type: str
    width: int = 0
    height: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class ObjectiveSource:
    """What a learner can do afterwards."""

    key: str
    text: str


@dataclass(frozen=True)
class ModuleSource:
    """A module with everything in its folder."""

    text: SourceText
    folder: str
    number: int
    slug: str
    title: str
    summary: str
    objectives: tuple[ObjectiveSource, ...]
    editions: tuple[str, ...]
    advise: tuple[str, ...]
    task: str | None
    was: tuple[str, ...]
    introduction: str
    """Sanitised HTML."""
    lessons: tuple[LessonSource, ...]
    quiz: QuizSource | None
    media: tuple[MediaSource, ...]
    translations: Mapping[str, "ModuleSource"]
    """The same module in other languages, by BCP 47 tag."""

    @property
    def is_draft(self) -> bool:
        """Without lessons or without a quiz: checked, not shown to learners, not counted."""
        return not self.lessons or self.quiz is None or not self.quiz.questions


@dataclass(frozen=True)
class EditionSource:
    """A course as one audience sees it."""

    key: str
    title: str
    audience: str
    is_public: bool


@dataclass(frozen=True)
class CertificateSource:
    """What is issued with the completion; `months` until it expires, None never."""

    title: str
    template: str
    months: int | None


@dataclass(frozen=True)
class StrictSource:
    """What the course asks of each of its quizzes when it is checked strictly: as many of each, at least."""

    questions: int
    kinds: int
    cases: int
    levels: str
    """Whether an objective is to be asked at `each` level or at `any`."""


@dataclass(frozen=True)
class CalendarMonth:
    """The topic of a month (`2026-12`), and the guide for the team's meeting as HTML, empty if unwritten."""

    month: str
    course: str
    module: str
    guide: str


@dataclass(frozen=True)
class CalendarSource:
    """calendar.md"""

    text: SourceText
    months: tuple[CalendarMonth, ...]


@dataclass(frozen=True)
class CourseSource:
    """A course folder. Modules with a mistake in them are named in `broken` and left out of `modules`."""

    text: SourceText
    slug: str
    title: str
    summary: str
    language: str
    editions: tuple[EditionSource, ...]
    needed: int | None
    """How many modules complete the course; None is all."""
    lessons_required: bool
    certificate: CertificateSource | None
    team_edition: str | None
    """The edition in which everybody with a current membership is enrolled."""
    strict: StrictSource
    authors: tuple[str, ...]
    introduction: str
    """Sanitised HTML."""
    modules: tuple[ModuleSource, ...]
    broken: tuple[str, ...]
    calendar: CalendarSource | None
