"""Every change of a regrade: order it, carry it out, see it, take back a pass it left standing."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, update

from lms.foundation import audit
from lms.foundation.db import session
from lms.foundation.errors import Conflict
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.quiz.events import PassWithdrawn, ResultRegraded
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep, Regrade, RegradedAttempt
from lms.quiz.regrading import queries
from lms.quiz.regrading.queries import Graded, Outdated, Target
from lms.quiz.regrading.results import is_pass_kept
from lms.quiz.regrading.rules import NothingToRegrade, Verdict
from lms.quiz.rules import required_reason


class NoPassKept(Conflict):
    """Only a pass that a regrade left standing is an officer's to take back, and once."""

    message = N_("Lần làm này không có kết quả đạt nào đang được giữ sau khi chấm lại.")


def order_regrade(target: Target, reason: str, *, ordered_by: int, now: datetime) -> int:
    """Write down that answers shall count by the target; returns the regrade's id, for the job.

    Raises ReasonMissing, NothingToRegrade.
    """
    reason = required_reason(reason)
    if not queries.outdated_ids(target):
        raise NothingToRegrade
    made = Regrade(
        question_id=target.question_id,
        revision_id=target.revision_id,
        reason=reason,
        ordered_by=ordered_by,
        ordered_at=now,
    )
    session.add(made)
    session.flush()
    audit.record("regrade", ("question", target.question_id), actor_id=ordered_by, at=now, reason=reason)
    return made.id


def regrade_attempts(regrade_id: int, attempt_ids: Collection[int], now: datetime) -> int:
    """Let the question count by the regrade's key in these attempts; returns how many results changed.

    An open attempt will be graded so when it closes. An answer that the key cannot grade keeps its share and
    its key.
    """
    target, reason = queries.target_of(regrade_id)
    rows = queries.outdated(target, attempt_ids, for_change=True)
    results = [one for one in queries.graded(target, rows) if one.is_markable]
    for one in results:
        _count_otherwise(one, regrade_id)
    changed = [(one.row, one.verdict) for one in results if one.verdict and one.verdict.is_changed]
    for row, told in changed:
        _change_result(row, told, regrade_id, reason, now)
    return len(changed)


def _count_otherwise(one: Graded, regrade_id: int) -> None:
    values: dict[str, object] = {"regrade_id": regrade_id}
    if one.row.closed_at is not None:
        values["share"] = one.share
    session.execute(
        update(AttemptAnswer)
        .where(AttemptAnswer.attempt_id == one.row.attempt_id, AttemptAnswer.position == one.row.position)
        .values(values)
    )


def _change_result(row: Outdated, told: Verdict, regrade_id: int, reason: str, now: datetime) -> None:
    _append(row.attempt_id, row.step + 1, row.position, reason, now)
    session.execute(
        update(Attempt)
        .where(Attempt.id == row.attempt_id)
        .values(
            step=row.step + 1,
            points=told.after.points,
            percent=told.after.percent,
            passed=told.after.passed,
        )
    )
    session.execute(
        update(RegradedAttempt)
        .where(RegradedAttempt.attempt_id == row.attempt_id)
        .values(is_pass_kept=False)  # by an earlier regrade: this one decides
    )
    session.execute(
        insert(RegradedAttempt).values(
            regrade_id=regrade_id,
            attempt_id=row.attempt_id,
            person_id=row.person_id,
            position=row.position,
            points_before=told.before.points,
            points_after=told.after.points,
            passed_before=told.before.passed,
            passed_after=told.after.passed,
            is_pass_kept=told.is_pass_kept,
        )
    )
    announce(ResultRegraded(row.person_id, row.quiz_id, row.variant, row.attempt_id, now))


def finish_regrade(regrade_id: int, now: datetime) -> None:
    """Note that no attempt is left to grade."""
    session.execute(update(Regrade).where(Regrade.id == regrade_id).values(finished_at=now))


def see_regrades(person_id: int, attempt_id: int, now: datetime) -> None:
    """The learner has read what became of the attempt."""
    session.execute(
        update(RegradedAttempt)
        .where(
            RegradedAttempt.person_id == person_id,
            RegradedAttempt.attempt_id == attempt_id,
            RegradedAttempt.seen_at.is_(None),
        )
        .values(seen_at=now)
    )


def withdraw_pass(attempt_id: int, reason: str, *, actor_id: int, now: datetime) -> None:
    """Take back a pass that a regrade left standing. Raises ReasonMissing, NoPassKept."""
    reason = required_reason(reason)
    attempt = session.get(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if attempt is None or not attempt.passed or not is_pass_kept(attempt_id):
        raise NoPassKept
    attempt.step += 1
    attempt.passed = False
    _append(attempt.id, attempt.step, None, reason, now)
    session.execute(
        update(RegradedAttempt)
        .where(RegradedAttempt.attempt_id == attempt_id, RegradedAttempt.is_pass_kept)
        .values(is_pass_kept=False, passed_after=False, withdrawn_reason=reason, seen_at=None)
    )
    audit.record("withdraw_pass", ("person", attempt.person_id), actor_id=actor_id, at=now, reason=reason)
    session.flush()
    announce(
        PassWithdrawn(
            person_id=attempt.person_id,
            quiz_id=attempt.quiz_id,
            variant=attempt.variant,
            attempt_id=attempt.id,
            reason=reason,
            actor_id=actor_id,
            at=now,
        )
    )


def _append(attempt_id: int, number: int, position: int | None, reason: str, now: datetime) -> None:
    session.execute(
        insert(cast(Table, AttemptStep.__table__)).values(
            attempt_id=attempt_id, number=number, kind="regraded", position=position, reason=reason, at=now
        )
    )
