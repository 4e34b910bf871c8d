"""An attempt and its paper as they are read, and how a person stands in a quiz: frozen results."""

from dataclasses import dataclass
from datetime import datetime

from lms.quiz.question import Answer, Question, is_doubt
from lms.quiz.rules import Settings, is_out_of_time, is_too_late, score_text, whole_percent


@dataclass(frozen=True)
class PaperQuestion:
    """One question of a paper in its place, with the answer as it stands."""

    position: int
    revision_id: int
    question: Question
    options: tuple[str, ...]
    answer: Answer | None
    share: float | None  # once graded
    mended: Question | None = None  # by whose key the answer counts after a regrade
    is_given: bool = False  # the question was faulty: everybody earns its points

    @property
    def marking(self) -> Question:
        """The question by whose key the answer counts."""
        return marking_of(self.question, self.mended, self.answer)

    def grade(self) -> float:
        """Share of the points that the answer earns."""
        return 1.0 if self.is_given else self.marking.grade(self.answer)

    @property
    def name(self) -> str:
        """What its form fields are called."""
        return f"question-{self.position}"

    @property
    def is_unsure(self) -> bool:
        """Whether "Tôi không chắc" was chosen."""
        return is_doubt(self.answer)

    @property
    def outcome(self) -> str:
        """Of a graded question: `right`, `partial`, `wrong`, or `unsure`, which nobody calls wrong."""
        if self.share == 1:
            return "right"
        if self.is_unsure:
            return "unsure"
        return "partial" if self.share else "wrong"

    @property
    def is_finished(self) -> bool:
        """Whether nothing of it is left to be answered."""
        return self.question.is_finished(self.answer)


@dataclass(frozen=True)
class AttemptView:
    """An attempt with its paper."""

    id: int
    person_id: int
    quiz_id: int
    variant: str
    number: int
    settings: Settings
    started_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    step: int
    points: float | None
    possible: float
    percent: float | None
    passed: bool | None
    questions: tuple[PaperQuestion, ...]

    @property
    def unanswered(self) -> tuple[int, ...]:
        """Positions without an answer, or with a story not yet told; "Tôi không chắc" is an answer."""
        return tuple(one.position for one in self.questions if not one.is_finished)

    @property
    def unsure(self) -> tuple[PaperQuestion, ...]:
        """Of a closed attempt: what its learner did not know and said so, to be read again first."""
        return tuple(one for one in self.questions if one.outcome == "unsure")

    @property
    def missed(self) -> tuple[PaperQuestion, ...]:
        """What was answered wrong or in part, or not at all; the furthest from right first."""
        missed = [one for one in self.questions if one.outcome in ("wrong", "partial")]
        return tuple(sorted(missed, key=lambda one: one.share or 0))

    @property
    def known(self) -> tuple[PaperQuestion, ...]:
        """What was answered rightly."""
        return tuple(one for one in self.questions if one.outcome == "right")

    @property
    def was_regraded(self) -> bool:
        """Whether any of its answers counts by another key than that of its question."""
        return any(one.is_given or one.mended is not None for one in self.questions)

    @property
    def may_reveal(self) -> bool:
        """Whether right answers and explanations may be shown now."""
        if self.closed_at is None or self.settings.show == "never":
            return False
        return self.settings.show == "after-attempt" or bool(self.passed)

    @property
    def score(self) -> str:
        """The points of a closed attempt, as they are told."""
        return score_text(self.points or 0, self.possible)

    @property
    def whole_percent(self) -> int:
        """The percent of a closed attempt, as it is told."""
        return whole_percent(self.percent or 0)

    def is_time_up(self, now: datetime) -> bool:
        """Whether nothing new can be answered; what was answered in time may still arrive for a while."""
        return is_too_late(self.due_at, now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is still open although nothing can arrive any more."""
        return self.closed_at is None and is_out_of_time(self.due_at, now)


@dataclass(frozen=True)
class Sitting:
    """One attempt of a person at a quiz, without its paper."""

    id: int
    number: int
    due_at: datetime | None
    closed_at: datetime | None
    percent: float | None
    passed: bool | None

    @property
    def whole_percent(self) -> int:
        """The percent of a closed one, as it is told."""
        return whole_percent(self.percent or 0)


@dataclass(frozen=True)
class Sittings:
    """All attempts of a person at a quiz in a variant: the closed ones in order, and the open one."""

    closed: tuple[Sitting, ...]
    open: Sitting | None

    @property
    def last_closed_at(self) -> datetime | None:
        """When the last one ended."""
        return self.closed[-1].closed_at if self.closed else None


@dataclass(frozen=True)
class QuizOverview:
    """What a person sees before sitting down."""

    settings: Settings
    length: int  # how many questions a paper has
    best_percent: int | None  # as it is told
    is_passed: bool
    open_attempt_id: int | None
    is_overdue: bool  # the open one has to be closed
    closed: tuple[Sitting, ...]  # in order
    left: int | None  # attempts left; None is any number
    waits_until: datetime | None

    @property
    def attempts(self) -> int:
        """How many were closed."""
        return len(self.closed)


def marking_of(asked: Question, mended: Question | None, answer: Answer | None) -> Question:
    """The mended question, if what was asked can be graded by it and the answer is an answer to it too."""
    if mended is None or not can_mark(asked, mended) or mended.answer_problem(answer):
        return asked
    return mended


def can_mark(asked: Question, mended: Question) -> bool:
    """Whether papers that asked the one can be graded and shown by the other: it has the same options."""
    return mended.kind == asked.kind and set(mended.option_ids) == set(asked.option_ids)
