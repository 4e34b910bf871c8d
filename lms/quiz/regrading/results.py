"""What regrades came to: for who ordered them, for the learner, for the officer, for study."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from lms.foundation.db import rows_of, session
from lms.people.models import Person
from lms.people.permissions import Scope
from lms.people.queries.scope import persons_within
from lms.quiz.models import Attempt, Regrade, RegradedAttempt
from lms.quiz.models import Question as QuestionRow
from lms.quiz.rules import score_text


@dataclass(frozen=True)
class RegradeLine:
    """A regrade that was ordered, and what it has come to so far."""

    id: int
    slug: str
    is_given: bool
    reason: str
    ordered_by: str
    ordered_at: datetime
    finished_at: datetime | None
    changed: int
    newly_passed: int
    passes_kept: int


@dataclass(frozen=True)
class Points:
    """What an attempt earned before and after a regrade."""

    points_before: float
    points_after: float
    possible: float

    @property
    def before(self) -> str:
        """The points it had, as they are told."""
        return score_text(self.points_before, self.possible)

    @property
    def after(self) -> str:
        """The points it has, as they are told."""
        return score_text(self.points_after, self.possible)


@dataclass(frozen=True)
class Told(Points):
    """What a regrade did to one attempt, as its learner reads it."""

    attempt_id: int
    quiz_id: int
    position: int
    is_newly_passed: bool
    is_pass_kept: bool
    is_given: bool
    reason: str
    withdrawn_reason: str | None
    at: datetime
    is_seen: bool


@dataclass(frozen=True)
class Standing:
    """The best that a person has done in a quiz and variant."""

    points: float
    possible: float
    percent: float
    is_passed: bool


def regrades_of(quiz_id: int) -> list[RegradeLine]:
    """What was ordered for a quiz, the latest first."""
    kept = RegradedAttempt.is_pass_kept
    newly = and_(RegradedAttempt.passed_after, ~RegradedAttempt.passed_before)
    rows = session.execute(
        select(
            Regrade.id,
            QuestionRow.slug,
            Regrade.revision_id.is_(None).label("is_given"),
            Regrade.reason,
            Person.full_name.label("ordered_by"),
            Regrade.ordered_at,
            Regrade.finished_at,
            func.count(RegradedAttempt.attempt_id).label("changed"),
            func.count(RegradedAttempt.attempt_id).filter(newly).label("newly_passed"),
            func.count(RegradedAttempt.attempt_id).filter(kept).label("passes_kept"),
        )
        .join(QuestionRow, QuestionRow.id == Regrade.question_id)
        .join(Person, Person.id == Regrade.ordered_by)
        .outerjoin(RegradedAttempt, RegradedAttempt.regrade_id == Regrade.id)
        .where(QuestionRow.quiz_id == quiz_id)
        .group_by(Regrade.id, QuestionRow.slug, Person.full_name)
        .order_by(Regrade.id.desc())
    )
    return [RegradeLine(**row._mapping) for row in rows]


_TOLD = (
    select(
        RegradedAttempt.attempt_id,
        Attempt.quiz_id,
        RegradedAttempt.position,
        RegradedAttempt.points_before,
        RegradedAttempt.points_after,
        Attempt.possible,
        and_(RegradedAttempt.passed_after, ~RegradedAttempt.passed_before).label("is_newly_passed"),
        RegradedAttempt.is_pass_kept,
        Regrade.revision_id.is_(None).label("is_given"),
        Regrade.reason,
        RegradedAttempt.withdrawn_reason,
        Regrade.ordered_at.label("at"),
        RegradedAttempt.seen_at.is_not(None).label("is_seen"),
    )
    .join(Regrade, Regrade.id == RegradedAttempt.regrade_id)
    .join(Attempt, Attempt.id == RegradedAttempt.attempt_id)
    .where(RegradedAttempt.person_id == bindparam("person_id"))
    .order_by(RegradedAttempt.regrade_id)
)
_UNSEEN = _TOLD.where(RegradedAttempt.seen_at.is_(None))
_OF_ATTEMPT = _TOLD.where(RegradedAttempt.attempt_id == bindparam("attempt_id"))


def unseen_regrades(person_id: int) -> list[Told]:
    """Changed results that the person has not yet said to have seen."""
    return [Told(**row._mapping) for row in rows_of(_UNSEEN, person_id=person_id)]


def regrades_of_attempt(person_id: int, attempt_id: int) -> list[Told]:
    """What regrades did to one attempt of the person, in order."""
    return [Told(**row._mapping) for row in rows_of(_OF_ATTEMPT, person_id=person_id, attempt_id=attempt_id)]


@dataclass(frozen=True)
class KeptPass(Points):
    """An attempt that is passed although its points, counted anew, are too few."""

    attempt_id: int
    person_id: int
    full_name: str
    quiz_id: int
    reason: str
    at: datetime


def kept_passes(scope: Scope, *, person_id: int | None = None, limit: int = 200) -> list[KeptPass]:
    """Passes that stand only because they were given, of the people in the scope, the latest first."""
    found = (
        select(
            RegradedAttempt.attempt_id,
            RegradedAttempt.person_id,
            Person.full_name,
            Attempt.quiz_id,
            RegradedAttempt.points_before,
            RegradedAttempt.points_after,
            Attempt.possible,
            Regrade.reason,
            Regrade.ordered_at.label("at"),
        )
        .join(Regrade, Regrade.id == RegradedAttempt.regrade_id)
        .join(Attempt, Attempt.id == RegradedAttempt.attempt_id)
        .join(Person, Person.id == RegradedAttempt.person_id)
        .where(RegradedAttempt.is_pass_kept, persons_within(scope, RegradedAttempt.person_id))
        .order_by(RegradedAttempt.regrade_id.desc(), RegradedAttempt.attempt_id)
        .limit(limit)
    )
    if person_id is not None:
        found = found.where(RegradedAttempt.person_id == person_id)
    return [KeptPass(**row._mapping) for row in session.execute(found)]


def is_pass_kept(attempt_id: int) -> bool:
    """Whether the attempt is passed only because its pass had been given."""
    found = select(RegradedAttempt.attempt_id).where(
        RegradedAttempt.attempt_id == attempt_id, RegradedAttempt.is_pass_kept
    )
    return session.scalar(found.limit(1)) is not None


_STANDING = (
    select(Attempt.points, Attempt.possible, Attempt.percent, Attempt.passed)
    .where(
        Attempt.person_id == bindparam("person_id"),
        Attempt.quiz_id == bindparam("quiz_id"),
        Attempt.variant == bindparam("variant"),
        Attempt.closed_at.is_not(None),
    )
    .order_by(Attempt.percent.desc(), Attempt.number)
)


def standing_of(person_id: int, quiz_id: int, variant: str) -> Standing | None:
    """The best of the closed attempts, and whether any of them passed."""
    rows = rows_of(_STANDING, person_id=person_id, quiz_id=quiz_id, variant=variant).all()
    if not rows:
        return None
    best = rows[0]
    return Standing(best.points, best.possible, best.percent, any(row.passed for row in rows))
