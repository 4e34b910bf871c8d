"""Every SELECT of the item analysis."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from lms.foundation.db import plain_rows_of, rows_of, seconds_of, session
from lms.people.models import Grant, Membership, Team
from lms.people.queries.scope import MEMBERSHIP_UNIT
from lms.quiz.analysis.counting import Answered, Step
from lms.quiz.analysis.sums import VERSION, QuizSums, Score
from lms.quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptStep,
    QuestionRevision,
    Quiz,
    QuizRevision,
    QuizTally,
    Regrade,
    SameMeaning,
    TallyLater,
    TallyMark,
)
from lms.quiz.models import Question as QuestionRow

SETTLED = timedelta(minutes=10)  # no transaction that began an attempt is as old and not over


class FirstAttempt(NamedTuple):
    """A person's first attempt at a quiz, closed or not, and the unit the person counts in."""

    id: int
    quiz_id: int
    points: float | None
    possible: float
    passed: bool | None
    closed_at: datetime | None
    unit_id: int | None


@dataclass(frozen=True)
class Mark:
    """How far attempts are counted, and when that was; nothing is, of another version or before the first."""

    attempt_id: int
    counted_at: datetime | None
    is_current: bool


_EARLIER = aliased(Attempt)
_FIRST_ID = (
    select(func.min(_EARLIER.id))
    .where(_EARLIER.person_id == Attempt.person_id, _EARLIER.quiz_id == Attempt.quiz_id)
    .scalar_subquery()
)
_HOME = (
    select(MEMBERSHIP_UNIT)
    .select_from(Membership)
    .join(Team, Team.id == Membership.team_id)
    .where(Membership.person_id == Attempt.person_id, Membership.is_home, Membership.ended_on.is_(None))
    .correlate(Attempt)
    .scalar_subquery()
)
# Whoever holds or held a grant may have written the questions, and is no learner to judge them by.
_IS_STAFF = select(Grant.id).where(Grant.person_id == Attempt.person_id).correlate(Attempt).exists()
_FIRST = select(
    Attempt.id,
    Attempt.quiz_id,
    Attempt.points,
    Attempt.possible,
    Attempt.passed,
    Attempt.closed_at,
    _HOME.label("unit_id"),
).where(Attempt.number == 1, Attempt.id == _FIRST_ID, ~_IS_STAFF)
_NEXT = (
    _FIRST.where(Attempt.id > bindparam("after"), Attempt.id <= bindparam("upto"))
    .order_by(Attempt.id)
    .limit(bindparam("most"))
)
_CLOSED_SINCE = (
    _FIRST.join(TallyLater, TallyLater.attempt_id == Attempt.id)
    .where(Attempt.id > bindparam("after"), Attempt.closed_at.is_not(None))
    .order_by(Attempt.id)
    .limit(bindparam("most"))
)
# An answer graded anew tells of the question as it was mended; one whose points were given tells nothing.
_COUNTS_AS = func.coalesce(Regrade.revision_id, AttemptAnswer.question_revision_id)
_IS_GIVEN = and_(AttemptAnswer.regrade_id.is_not(None), Regrade.revision_id.is_(None))
_LAST_SETTLED = (
    select(Attempt.id).where(Attempt.started_at <= bindparam("before")).order_by(Attempt.id.desc()).limit(1)
)


def mark() -> Mark | None:
    """How far attempts are counted; None before the first counting."""
    row = session.execute(select(TallyMark.attempt_id, TallyMark.counted_at, TallyMark.version)).one_or_none()
    return Mark(row.attempt_id, row.counted_at, row.version == VERSION) if row else None


def last_settled(now: datetime) -> int:
    """The newest attempt before which no other can still appear; 0 if there is none."""
    return rows_of(_LAST_SETTLED, before=now - SETTLED).scalar_one_or_none() or 0


def next_first_attempts(after: int, upto: int, most: int) -> list[FirstAttempt]:
    """So many of those behind one attempt and up to another, in order."""
    return [FirstAttempt(*row) for row in rows_of(_NEXT, after=after, upto=upto, most=most).all()]


def closed_since(after: int, most: int) -> list[FirstAttempt]:
    """So many of those that were open when the counting passed them and are closed now."""
    return [FirstAttempt(*row) for row in rows_of(_CLOSED_SINCE, after=after, most=most)]


def answers_between(first: int, last: int) -> list[Answered]:
    """What was answered in all graded papers with ids from one to another, and in which."""
    return _answers(
        AttemptAnswer.attempt_id.between(bindparam("first"), bindparam("last")), first=first, last=last
    )


def answers_of(attempt_ids: Collection[int]) -> list[Answered]:
    """The same of these papers."""
    return _answers(AttemptAnswer.attempt_id.in_(bindparam("ids", expanding=True)), ids=list(attempt_ids))


def _answers(which: ColumnElement[bool], **values: object) -> list[Answered]:
    """Put together by the database: a row an answer would take longer to fetch and to count."""
    same = (_COUNTS_AS, AttemptAnswer.answer, AttemptAnswer.share)
    statement = (
        select(
            _COUNTS_AS,
            cast(AttemptAnswer.answer, Text),
            AttemptAnswer.share,
            func.aggregate_strings(cast(AttemptAnswer.attempt_id, Text), ","),
        )
        .outerjoin(Regrade, Regrade.id == AttemptAnswer.regrade_id)
        .where(which, AttemptAnswer.share.is_not(None), ~_IS_GIVEN)
        .group_by(*same)
    )
    return plain_rows_of(statement, **values)


def steps_between(first: int, last: int) -> list[Step]:
    """Beginnings and saves of all papers with ids from one to another, in order."""
    return _steps(
        AttemptStep.attempt_id.between(bindparam("first"), bindparam("last")), first=first, last=last
    )


def steps_of(attempt_ids: Collection[int]) -> list[Step]:
    """The same of these papers."""
    return _steps(AttemptStep.attempt_id.in_(bindparam("ids", expanding=True)), ids=list(attempt_ids))


def _steps(which: ColumnElement[bool], **values: object) -> list[Step]:
    asked = and_(
        AttemptAnswer.attempt_id == AttemptStep.attempt_id, AttemptAnswer.position == AttemptStep.position
    )
    statement = (
        select(AttemptStep.attempt_id, _COUNTS_AS, seconds_of(AttemptStep.at))
        .outerjoin(AttemptAnswer, asked)
        .outerjoin(Regrade, Regrade.id == AttemptAnswer.regrade_id)
        .where(which, AttemptStep.kind.in_(("started", "saved")))
        .order_by(AttemptStep.attempt_id, AttemptStep.number)
    )
    return plain_rows_of(statement, **values)


@dataclass(frozen=True)
class TallyView:
    """What was counted of a quiz among some people."""

    sums: QuizSums
    first_at: datetime
    last_at: datetime


def tally_of(quiz_id: int, unit_id: int) -> TallyView | None:
    """Of one unit; None if nobody there has done the quiz."""
    row = session.execute(
        select(QuizTally.sums, QuizTally.first_at, QuizTally.last_at).where(
            QuizTally.quiz_id == quiz_id, QuizTally.unit_id == unit_id
        )
    ).one_or_none()
    return TallyView(QuizSums.from_json(row.sums), row.first_at, row.last_at) if row else None


@dataclass(frozen=True)
class Results:
    """How the papers of a quiz came out among some people, without its questions."""

    count: int
    passed: int


def results_by_unit(quiz_id: int) -> dict[int, Results]:
    """In every province with papers, and in the country."""
    rows = session.execute(select(QuizTally.unit_id, QuizTally.sums).where(QuizTally.quiz_id == quiz_id))
    return {unit_id: _results(kept) for unit_id, kept in rows}


def results_in(unit_id: int, quiz_ids: Collection[int]) -> dict[int, Results]:
    """Of several quizzes in one unit, by quiz."""
    rows = session.execute(
        select(QuizTally.quiz_id, QuizTally.sums).where(
            QuizTally.quiz_id.in_(quiz_ids), QuizTally.unit_id == unit_id
        )
    )
    return {quiz_id: _results(kept) for quiz_id, kept in rows}


def _results(kept: dict[str, Any]) -> Results:
    scores = [(Score(*score), count) for *score, count in kept["scores"]]
    return Results(sum(count for _, count in scores), sum(count for score, count in scores if score.passed))


@dataclass(frozen=True)
class RevisionLine:
    """A question revision: whose it is, and which older one it is said to mean the same as."""

    id: int
    question_id: int
    same_as: int | None


def revisions_of(quiz_id: int) -> list[RevisionLine]:
    """Every revision of every question of a bank, the oldest of a question first."""
    rows = session.execute(
        select(
            QuestionRevision.id,
            QuestionRevision.question_id,
            SameMeaning.as_revision_id,
        )
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .outerjoin(SameMeaning, SameMeaning.revision_id == QuestionRevision.id)
        .where(QuestionRow.quiz_id == quiz_id)
        .order_by(QuestionRevision.question_id, QuestionRevision.id)
    )
    return [RevisionLine(*row) for row in rows]


def present_settings(quiz_id: int) -> tuple[list[int], int]:
    """The revisions that may be asked today, in the order of the file, and the pass mark in percent."""
    row: Any = session.execute(
        select(QuizRevision.entries, QuizRevision.settings)
        .join(Quiz, Quiz.revision_id == QuizRevision.id)
        .where(Quiz.id == quiz_id)
    ).one()
    return [entry["revision"] for entry in row.entries], row.settings["pass"]


def revision_before(revision_id: int) -> int | None:
    """The revision of the same question that this one followed."""
    question_id = (
        select(QuestionRevision.question_id).where(QuestionRevision.id == revision_id).scalar_subquery()
    )
    earlier = (
        select(QuestionRevision.id)
        .where(QuestionRevision.question_id == question_id, QuestionRevision.id < revision_id)
        .order_by(QuestionRevision.id.desc())
        .limit(1)
    )
    return session.scalar(earlier)


def tally_rows(quiz_id: int) -> list[QuizTally]:
    """The rows themselves, for those who add to them."""
    return list(session.scalars(select(QuizTally).where(QuizTally.quiz_id == quiz_id)))


def sums_of(row: QuizTally) -> QuizSums:
    """What such a row keeps."""
    return QuizSums.from_json(row.sums)
