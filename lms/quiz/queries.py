"""Every SELECT about quizzes and attempts.

What a page or a save asks is a statement made beforehand: building statements and filling entities would take
several times as long as the reading itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from lms.foundation.db import rows_of, session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.models import Person
from lms.quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptStep,
    QuestionRevision,
    Quiz,
    QuizExtension,
    QuizRevision,
    Regrade,
)
from lms.quiz.models import Question as QuestionRow
from lms.quiz.paper import AttemptView, PaperQuestion, QuizOverview, Sitting, Sittings
from lms.quiz.question import Question
from lms.quiz.rules import (
    Entry,
    Extension,
    Settings,
    attempts_left,
    is_out_of_time,
    paper_length,
    waits_until,
)
from lms.quiz.types import question_from_body


class NoSuchAttempt(NotFound):
    """No attempt of this number is this person's."""

    message = N_("Không có bài làm này, hoặc đây không phải bài của bạn.")


class NoSuchQuiz(NotFound):
    """The bank has nothing to take yet, or nothing for this variant."""

    message = N_("Chuyên đề này chưa có bài kiểm tra.")


_MOST_MET = 4096
_met: dict[tuple[int, datetime], Question] = {}  # by revision and when its body last changed


_ATTEMPT: Select[*tuple[Any, ...]] = (
    select(
        Attempt.id,
        Attempt.person_id,
        Attempt.quiz_id,
        Attempt.variant,
        Attempt.number,
        QuizRevision.settings,
        Attempt.started_at,
        Attempt.due_at,
        Attempt.closed_at,
        Attempt.step,
        Attempt.points,
        Attempt.possible,
        Attempt.percent,
        Attempt.passed,
    )
    .join(QuizRevision, QuizRevision.id == Attempt.quiz_revision_id)
    .where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
)
_ATTEMPT_HELD = _ATTEMPT.with_for_update(of=Attempt)
_PAPER = (
    select(
        AttemptAnswer.position,
        AttemptAnswer.question_revision_id,
        QuestionRevision.edited_at,
        AttemptAnswer.options,
        AttemptAnswer.answer,
        AttemptAnswer.share,
        AttemptAnswer.regrade_id,
        Regrade.revision_id.label("mended_id"),
    )
    .join(QuestionRevision, QuestionRevision.id == AttemptAnswer.question_revision_id)
    .outerjoin(Regrade, Regrade.id == AttemptAnswer.regrade_id)
    .where(AttemptAnswer.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptAnswer.position)
)
_EDITED = select(QuestionRevision.id, QuestionRevision.edited_at).where(
    QuestionRevision.id.in_(bindparam("ids", expanding=True))
)
_BODIES = select(QuestionRevision.id, QuestionRevision.edited_at, QuestionRevision.body).where(
    QuestionRevision.id.in_(bindparam("ids", expanding=True))
)
_SITTINGS = (
    select(Attempt.id, Attempt.number, Attempt.due_at, Attempt.closed_at, Attempt.percent, Attempt.passed)
    .where(
        Attempt.person_id == bindparam("person_id"),
        Attempt.quiz_id == bindparam("quiz_id"),
        Attempt.variant == bindparam("variant"),
    )
    .order_by(Attempt.number)
)
_PRESENT_PAPER = (
    select(QuizRevision.id, QuizRevision.settings, QuizRevision.entries)
    .join(Quiz, Quiz.revision_id == QuizRevision.id)
    .where(Quiz.id == bindparam("quiz_id"))
)
_SAME = aliased(QuestionRevision)
_LAST_MET = (
    select(QuestionRevision.id, func.max(Attempt.id))
    .join(_SAME, _SAME.question_id == QuestionRevision.question_id)
    .join(AttemptAnswer, AttemptAnswer.question_revision_id == _SAME.id)
    .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
    .where(Attempt.person_id == bindparam("person_id"), Attempt.quiz_id == bindparam("quiz_id"))
    .group_by(QuestionRevision.id)
)
_ANSWERED_SINCE = (
    select(AttemptStep.position, AttemptStep.client_key)
    .where(
        AttemptStep.attempt_id == bindparam("attempt_id"),
        AttemptStep.number > bindparam("step"),
        AttemptStep.kind == "saved",
    )
    .order_by(AttemptStep.number)
)


_EXTENSIONS = select(
    QuizExtension.attempts, QuizExtension.minutes, QuizExtension.skips_wait, QuizExtension.given_at
).where(QuizExtension.person_id == bindparam("person_id"), QuizExtension.quiz_id == bindparam("quiz_id"))


def attempt_of(person_id: int, attempt_id: int) -> AttemptView:
    """The person's attempt with its paper, by two queries. Raises NoSuchAttempt, also for somebody else's."""
    return _attempt(_ATTEMPT, person_id, attempt_id)


def attempt_for_change(person_id: int, attempt_id: int) -> AttemptView:
    """The same, held against other writers until the transaction ends: what the actions ask for."""
    return _attempt(_ATTEMPT_HELD, person_id, attempt_id)


def _attempt(statement: Select[*tuple[Any, ...]], person_id: int, attempt_id: int) -> AttemptView:
    row = rows_of(statement, person_id=person_id, attempt_id=attempt_id).one_or_none()
    if row is None:
        raise NoSuchAttempt
    facts = dict(row._mapping)
    facts["settings"] = Settings.of(facts["settings"])
    return AttemptView(**facts, questions=_paper(attempt_id))


def _paper(attempt_id: int) -> tuple[PaperQuestion, ...]:
    rows = rows_of(_PAPER, attempt_id=attempt_id).all()
    questions = _questions((row.question_revision_id, row.edited_at) for row in rows)
    mended_ids = [mended_id for *_, mended_id in rows if mended_id is not None]
    mended = questions_of(mended_ids) if mended_ids else {}
    return tuple(
        PaperQuestion(
            position=position,
            revision_id=revision_id,
            question=questions[revision_id],
            options=tuple(options),
            answer=answer,
            share=share,
            mended=mended.get(mended_id),
            is_given=regrade_id is not None and mended_id is None,
        )
        for position, revision_id, _, options, answer, share, regrade_id, mended_id in rows
    )


def questions_of(revision_ids: Collection[int]) -> dict[int, Question]:
    """Questions as these revisions say; a revision there never was is left out."""
    return _questions((id_, edited_at) for id_, edited_at in rows_of(_EDITED, ids=list(revision_ids)))


def question_of(revision_id: int) -> Question:
    """The same of one. Raises KeyError for a revision there never was."""
    return questions_of([revision_id])[revision_id]


def _questions(edits: Iterable[tuple[int, datetime]]) -> dict[int, Question]:
    """The questions of these revisions as last edited; one query for those that this process never met.

    To make a question from its body takes longer than all else in a save.
    """
    found = {edit: _met.get(edit) for edit in edits}
    missing = [revision_id for (revision_id, _), question in found.items() if question is None]
    if missing:
        if len(_met) > _MOST_MET:
            _met.clear()
        for revision_id, edited_at, body in rows_of(_BODIES, ids=missing):
            found[revision_id, edited_at] = _met[revision_id, edited_at] = question_from_body(body)
    return {revision_id: question for (revision_id, _), question in found.items() if question is not None}


def answered_since(attempt_id: int, step: int) -> dict[int, str | None]:
    """Which questions were answered after that step, by position, and which save was the last to do so.

    A save is known by its client_key; None is a page without script.
    """
    rows = rows_of(_ANSWERED_SINCE, attempt_id=attempt_id, step=step)
    return {row.position: row.client_key for row in rows}


def steps_of(attempt_id: int) -> list[AttemptStep]:
    """Everything that happened in an attempt, in order."""
    return list(
        session.scalars(
            select(AttemptStep)
            .where(AttemptStep.attempt_id == attempt_id)
            .order_by(AttemptStep.number)
            .execution_options(populate_existing=True)
        )
    )


def sittings_of(person_id: int, quiz_id: int, variant: str) -> Sittings:
    """Every attempt of the person, by one query."""
    rows = rows_of(_SITTINGS, person_id=person_id, quiz_id=quiz_id, variant=variant)
    all_of_them = [Sitting(*row) for row in rows]
    return Sittings(
        closed=tuple(one for one in all_of_them if one.closed_at is not None),
        open=next((one for one in all_of_them if one.closed_at is None), None),
    )


def last_met(person_id: int, quiz_id: int) -> dict[int, int]:
    """The last attempt of the person that asked a question, by every revision of it."""
    return {row[0]: row[1] for row in rows_of(_LAST_MET, person_id=person_id, quiz_id=quiz_id)}


def extension_of(person_id: int, quiz_id: int) -> Extension:
    """All that the person was given beyond the quiz's limits."""
    given = rows_of(_EXTENSIONS, person_id=person_id, quiz_id=quiz_id).all()
    return Extension(
        attempts=sum(one.attempts for one in given),
        minutes=sum(one.minutes for one in given),
        skips_wait_until=max((one.given_at for one in given if one.skips_wait), default=None),
    )


def open_attempt_for_change(person_id: int, quiz_id: int) -> Attempt | None:
    """The attempt that the person has begun and not handed in, held against other writers."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.quiz_id == quiz_id, Attempt.closed_at.is_(None))
        .order_by(Attempt.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


@dataclass(frozen=True)
class GivenExtension:
    """One extension, as pages tell it."""

    quiz_id: int
    attempts: int
    minutes: int
    skips_wait: bool
    reason: str
    given_by: str
    given_at: datetime


def extensions_of(person_id: int) -> list[GivenExtension]:
    """Every extension the person was given, the latest first."""
    rows = session.execute(
        select(
            QuizExtension.quiz_id,
            QuizExtension.attempts,
            QuizExtension.minutes,
            QuizExtension.skips_wait,
            QuizExtension.reason,
            Person.full_name.label("given_by"),
            QuizExtension.given_at,
        )
        .join(Person, Person.id == QuizExtension.given_by)
        .where(QuizExtension.person_id == person_id)
        .order_by(QuizExtension.id.desc())
    )
    return [GivenExtension(**row._mapping) for row in rows]


def limited_quizzes(quiz_ids: Collection[int]) -> dict[int, Settings]:
    """Those of these quizzes that limit attempts or time, or want a pause, with their settings."""
    rows = session.execute(
        select(Quiz.id, QuizRevision.settings)
        .join(QuizRevision, Quiz.revision_id == QuizRevision.id)
        .where(Quiz.id.in_(quiz_ids))
    )
    found = {quiz_id: Settings.of(stored) for quiz_id, stored in rows}
    return {quiz_id: settings for quiz_id, settings in found.items() if settings.is_limited}


def settings_for(
    settings: Settings, person_id: int, quiz_id: int, last_closed_at: datetime | None
) -> Settings:
    """The quiz's settings as they hold for a person; asked only of a quiz that limits something."""
    if not settings.is_limited:
        return settings
    return settings.extended(extension_of(person_id, quiz_id), last_closed_at)


def last_attempt_id(person_id: int, quiz_id: int) -> int | None:
    """The attempt that the person began last, in whichever variant; or nothing."""
    return session.scalar(
        select(Attempt.id)
        .where(Attempt.person_id == person_id, Attempt.quiz_id == quiz_id)
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def present_paper(quiz_id: int) -> tuple[int, Settings, list[Entry]]:
    """What a new attempt is made from: revision id, settings, entries. Raises NoSuchQuiz."""
    row = rows_of(_PRESENT_PAPER, quiz_id=quiz_id).one_or_none()
    if row is None:
        raise NoSuchQuiz
    entries = [
        Entry(entry["revision"], entry["level"], entry["objective"], tuple(entry["editions"]))
        for entry in row.entries
    ]
    return row.id, Settings.of(row.settings), entries


def quiz_overview(person_id: int | None, quiz_id: int, variant: str, now: datetime) -> QuizOverview:
    """The quiz as it stands for a person, or for a visitor (None), by two queries. Raises NoSuchQuiz."""
    _, settings, entries = present_paper(quiz_id)
    sittings = sittings_of(person_id, quiz_id, variant) if person_id is not None else Sittings((), None)
    closed, opened = sittings.closed, sittings.open
    if person_id is not None:
        settings = settings_for(settings, person_id, quiz_id, sittings.last_closed_at)
    length = paper_length(entries, settings, variant)
    if not length:
        raise NoSuchQuiz
    return QuizOverview(
        settings=settings,
        length=length,
        best_percent=max((one.whole_percent for one in closed), default=None),
        is_passed=any(one.passed for one in closed),
        open_attempt_id=opened.id if opened else None,
        is_overdue=opened is not None and is_out_of_time(opened.due_at, now),
        closed=closed,
        left=attempts_left(settings, len(closed)),
        waits_until=waits_until(settings, sittings.last_closed_at, now),
    )


def bank_of(quiz_id: int) -> dict[str, QuestionRow]:
    """Every question of a bank, by its id in the text."""
    rows = session.scalars(select(QuestionRow).where(QuestionRow.quiz_id == quiz_id))
    return {row.slug: row for row in rows}


def question_revision(question_id: int, hash_: str) -> QuestionRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalar(select(QuestionRevision).filter_by(question_id=question_id, hash=hash_))


def quiz_revision(quiz_id: int, hash_: str) -> QuizRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalar(select(QuizRevision).filter_by(quiz_id=quiz_id, hash=hash_))
