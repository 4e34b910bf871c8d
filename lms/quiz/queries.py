"""Every SELECT about quizzes and attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.foundation.db import session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptStep,
    QuestionRevision,
    Quiz,
    QuizRevision,
)
from lms.quiz.models import Question as QuestionRow
from lms.quiz.question import UNSURE, Answer, Question
from lms.quiz.rules import Entry, Settings, attempts_left, waits_until
from lms.quiz.types import question_from_body


class NoSuchAttempt(NotFound):
    """No attempt of this number is this person's."""

    message = N_("Không có bài làm này, hoặc đây không phải bài của bạn.")


class NoSuchQuiz(NotFound):
    """The bank has nothing to take yet."""

    message = N_("Chuyên đề này chưa có bài kiểm tra.")


@dataclass(frozen=True)
class PaperQuestion:
    """One question of a paper in its place, with the answer as it stands."""

    position: int
    revision_id: int
    question: Question
    options: tuple[str, ...]
    answer: Answer | None
    share: float | None  # once graded

    @property
    def name(self) -> str:
        """What its form fields are called."""
        return f"question-{self.position}"

    @property
    def is_unsure(self) -> bool:
        """Whether "Tôi không chắc" was chosen."""
        return self.answer == UNSURE


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
        """Positions without an answer; "Tôi không chắc" is one."""
        return tuple(one.position for one in self.questions if one.answer is None)

    @property
    def may_reveal(self) -> bool:
        """Whether right answers and explanations may be shown now."""
        if self.closed_at is None or self.settings.show == "never":
            return False
        return self.settings.show == "after-attempt" or bool(self.passed)


@dataclass(frozen=True)
class QuizOverview:
    """What a person sees before sitting down."""

    settings: Settings
    length: int  # how many questions a paper has
    attempts: int  # closed ones
    best_percent: float | None
    is_passed: bool
    open_attempt_id: int | None
    last_attempt_id: int | None
    left: int | None  # attempts left; None is any number
    waits_until: datetime | None


def attempt_of(person_id: int, attempt_id: int) -> AttemptView:
    """The person's attempt with its paper, by two queries. Raises NoSuchAttempt, also for somebody else's."""
    row = session.execute(
        select(Attempt, QuizRevision.settings)
        .join(QuizRevision, QuizRevision.id == Attempt.quiz_revision_id)
        .where(Attempt.id == attempt_id, Attempt.person_id == person_id)
    ).one_or_none()
    if row is None:
        raise NoSuchAttempt
    attempt, settings = row
    return AttemptView(
        id=attempt.id,
        person_id=attempt.person_id,
        quiz_id=attempt.quiz_id,
        variant=attempt.variant,
        number=attempt.number,
        settings=Settings.of(settings),
        started_at=attempt.started_at,
        due_at=attempt.due_at,
        closed_at=attempt.closed_at,
        step=attempt.step,
        points=attempt.points,
        possible=attempt.possible,
        percent=attempt.percent,
        passed=attempt.passed,
        questions=_paper(attempt_id),
    )


def _paper(attempt_id: int) -> tuple[PaperQuestion, ...]:
    rows = session.execute(
        select(
            AttemptAnswer.position,
            AttemptAnswer.question_revision_id,
            AttemptAnswer.options,
            AttemptAnswer.answer,
            AttemptAnswer.share,
            QuestionRevision.body,
        )
        .join(QuestionRevision, QuestionRevision.id == AttemptAnswer.question_revision_id)
        .where(AttemptAnswer.attempt_id == attempt_id)
        .order_by(AttemptAnswer.position)
    )
    return tuple(
        PaperQuestion(
            row.position,
            row.question_revision_id,
            question_from_body(row.body),
            tuple(row.options),
            row.answer,
            row.share,
        )
        for row in rows
    )


def attempt_for_change(person_id: int, attempt_id: int) -> Attempt:
    """The attempt itself, held against other writers until the transaction ends. Raises NoSuchAttempt."""
    attempt = session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if attempt is None:
        raise NoSuchAttempt
    return attempt


def answers_for_change(attempt_id: int) -> list[AttemptAnswer]:
    """The rows of the paper, in order."""
    return list(
        session.scalars(
            select(AttemptAnswer)
            .where(AttemptAnswer.attempt_id == attempt_id)
            .order_by(AttemptAnswer.position)
            .execution_options(populate_existing=True)
        )
    )


def has_step(attempt_id: int, client_key: str) -> bool:
    """Whether this save of a browser is already a step."""
    return (
        session.scalar(
            select(AttemptStep.number).where(
                AttemptStep.attempt_id == attempt_id, AttemptStep.client_key == client_key
            )
        )
        is not None
    )


def clients_after(attempt_id: int, step: int) -> set[str | None]:
    """Which tabs (the TAB of "TAB:NUMBER") saved after that step; None is a form without script."""
    keys = session.scalars(
        select(AttemptStep.client_key).where(AttemptStep.attempt_id == attempt_id, AttemptStep.number > step)
    )
    return {key.partition(":")[0] if key else None for key in keys}


def steps_of(attempt_id: int) -> list[AttemptStep]:
    """Everything that happened in an attempt, in order."""
    return list(
        session.scalars(
            select(AttemptStep).where(AttemptStep.attempt_id == attempt_id).order_by(AttemptStep.number)
        )
    )


def open_attempt(person_id: int, quiz_id: int, variant: str) -> Attempt | None:
    """The attempt that was begun and not handed in."""
    return session.scalars(
        select(Attempt).where(
            Attempt.person_id == person_id,
            Attempt.quiz_id == quiz_id,
            Attempt.variant == variant,
            Attempt.closed_at.is_(None),
        )
    ).one_or_none()


def closed_attempts(person_id: int, quiz_id: int, variant: str) -> list[Attempt]:
    """The attempts handed in or run out of time, in order."""
    return list(
        session.scalars(
            select(Attempt)
            .where(
                Attempt.person_id == person_id,
                Attempt.quiz_id == quiz_id,
                Attempt.variant == variant,
                Attempt.closed_at.is_not(None),
            )
            .order_by(Attempt.number)
        )
    )


def present_paper(quiz_id: int) -> tuple[int, Settings, list[Entry]]:
    """What a new attempt is made from: revision id, settings, entries. Raises NoSuchQuiz."""
    revision_id = session.scalar(select(Quiz.revision_id).where(Quiz.id == quiz_id))
    if revision_id is None:
        raise NoSuchQuiz
    return paper_of(revision_id)


def paper_of(revision_id: int) -> tuple[int, Settings, list[Entry]]:
    """The same of any revision."""
    row = session.execute(
        select(QuizRevision.id, QuizRevision.settings, QuizRevision.entries).where(
            QuizRevision.id == revision_id
        )
    ).one()
    entries = [
        Entry(entry["revision"], entry["level"], entry["objective"], tuple(entry["editions"]))
        for entry in row.entries
    ]
    return row.id, Settings.of(row.settings), entries


def quiz_overview(person_id: int | None, quiz_id: int, variant: str, now: datetime) -> QuizOverview:
    """The quiz as it stands for a person, or for a visitor (None). Raises NoSuchQuiz."""
    _, settings, entries = present_paper(quiz_id)
    suiting = sum(entry.suits(variant) for entry in entries)
    asked = sum(settings.draw.values()) if settings.draw else suiting
    closed = closed_attempts(person_id, quiz_id, variant) if person_id is not None else []
    opened = open_attempt(person_id, quiz_id, variant) if person_id is not None else None
    percents = [attempt.percent for attempt in closed if attempt.percent is not None]
    return QuizOverview(
        settings=settings,
        length=min(asked, suiting),
        attempts=len(closed),
        best_percent=max(percents, default=None),
        is_passed=any(attempt.passed for attempt in closed),
        open_attempt_id=opened.id if opened else None,
        last_attempt_id=closed[-1].id if closed else None,
        left=attempts_left(settings, len(closed)),
        waits_until=waits_until(settings, closed[-1].closed_at if closed else None, now),
    )


def question_of(revision_id: int) -> Question:
    """A question as one of its revisions says. Raises KeyError for a revision there never was."""
    return questions_of([revision_id])[revision_id]


def questions_of(revision_ids: Sequence[int]) -> dict[int, Question]:
    """The same for several, by one query."""
    rows = session.execute(
        select(QuestionRevision.id, QuestionRevision.body).where(QuestionRevision.id.in_(revision_ids))
    )
    return {row.id: question_from_body(row.body) for row in rows}


def bank_of(quiz_id: int) -> dict[str, QuestionRow]:
    """Every question of a bank, by its id in the text."""
    rows = session.scalars(select(QuestionRow).where(QuestionRow.quiz_id == quiz_id))
    return {row.slug: row for row in rows}


def question_revision(question_id: int, hash_: str) -> QuestionRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalars(
        select(QuestionRevision).where(
            QuestionRevision.question_id == question_id, QuestionRevision.hash == hash_
        )
    ).one_or_none()


def quiz_revision(quiz_id: int, hash_: str) -> QuizRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalars(
        select(QuizRevision).where(QuizRevision.quiz_id == quiz_id, QuizRevision.hash == hash_)
    ).one_or_none()
