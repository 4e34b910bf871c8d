"""Every change of an attempt: begin, save, hand in, run out of time. Steps are appended, never edited."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from lms.foundation.db import session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.quiz import queries
from lms.quiz.events import AttemptStarted, QuizFailed, QuizPassed
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep
from lms.quiz.question import UNSURE, Answer
from lms.quiz.rules import (
    Settings,
    attempts_left,
    draw_questions,
    due_at,
    is_out_of_time,
    is_passed,
    option_order,
    percent_of,
    waits_until,
)


class AttemptClosed(Conflict):
    """The paper was handed in, here or on another device."""

    message = N_("Bài này đã nộp rồi. Xem kết quả ở trang kết quả.")


class StaleStep(Conflict):
    """Answers were given elsewhere since this page was opened."""

    message = N_("Bài này vừa được trả lời thêm ở nơi khác. Tải lại trang để thấy câu trả lời mới nhất.")


class NoAttemptLeft(Conflict):
    """The quiz allows so many attempts and no more."""

    message = N_("Đã dùng hết số lượt làm bài.")


class WaitFirst(Conflict):
    """There is a pause between two attempts."""

    message = N_("Chưa làm lại ngay được. Đọc lại bài trong lúc chờ.")


class NotAnAnswer(Invalid):
    """What was sent is no answer to the question."""

    message = "%(problem)s"


def start_attempt(person_id: int, quiz_id: int, variant: str, now: datetime) -> int:
    """Give the person a paper; whoever has an open one gets that. Returns the attempt's id.

    Raises NoSuchQuiz, NoAttemptLeft, WaitFirst.
    """
    opened = queries.open_attempt(person_id, quiz_id, variant)
    if opened is not None:
        if not is_out_of_time(opened.due_at, now):
            return opened.id
        expire_attempt(person_id, opened.id, now)
    revision_id, settings, entries = queries.present_paper(quiz_id)
    closed = queries.closed_attempts(person_id, quiz_id, variant)
    if attempts_left(settings, len(closed)) == 0:
        raise NoAttemptLeft
    if waits_until(settings, closed[-1].closed_at if closed else None, now):
        raise WaitFirst
    seed = secrets.randbits(31)
    drawn = draw_questions(entries, settings, variant, seed)
    if not drawn:
        raise queries.NoSuchQuiz
    attempt = Attempt(
        person_id=person_id,
        quiz_id=quiz_id,
        quiz_revision_id=revision_id,
        variant=variant,
        number=len(closed) + 1,
        seed=seed,
        started_at=now,
        due_at=due_at(now, settings.minutes),
        step=0,
        possible=0,
    )
    attempt.possible = _lay_paper(attempt, [entry.revision_id for entry in drawn], settings)
    _append(attempt, "started", now)
    announce(AttemptStarted(person_id, quiz_id, variant, attempt.id, now))
    return attempt.id


def _lay_paper(attempt: Attempt, revision_ids: list[int], settings: Settings) -> float:
    """Write the rows of the paper; returns the points it is worth."""
    questions = queries.questions_of(revision_ids)
    attempt.possible = float(sum(questions[revision_id].points for revision_id in revision_ids))
    session.add(attempt)
    session.flush()
    for position, revision_id in enumerate(revision_ids, 1):
        question = questions[revision_id]
        order = list(question.option_ids)
        if not question.keeps_order:
            order = option_order(order, settings, attempt.seed, position)
        session.add(
            AttemptAnswer(
                attempt_id=attempt.id, position=position, question_revision_id=revision_id, options=order
            )
        )
    session.flush()
    return attempt.possible


def save_answers(
    person_id: int,
    attempt_id: int,
    answers: Mapping[int, Answer | None],
    *,
    now: datetime,
    seen_step: int | None = None,
    client_key: str | None = None,
) -> int:
    """Keep answers by position; returns the number of the last step, which the page has now seen.

    What is saved already, or was sent before with the same `client_key`, adds no step. With `seen_step`
    a page that has not seen what another tab or device saved is refused, so that it overwrites nothing;
    a `client_key` is "TAB:NUMBER".
    Raises NoSuchAttempt, AttemptClosed, StaleStep, NotAnAnswer.
    """
    attempt = _open_for_change(person_id, attempt_id, now)
    if client_key is not None and queries.has_step(attempt_id, client_key):
        return attempt.step
    rows = {row.position: row for row in queries.answers_for_change(attempt_id)}
    changed = {
        position: answer
        for position, answer in answers.items()
        if position in rows and answer is not None and rows[position].answer != answer
    }
    if changed and seen_step is not None and _is_stale(attempt, seen_step, client_key):
        raise StaleStep
    questions = queries.questions_of([rows[position].question_revision_id for position in changed])
    for number, (position, answer) in enumerate(sorted(changed.items())):
        row = rows[position]
        problem = questions[row.question_revision_id].answer_problem(answer)
        if problem:
            raise NotAnAnswer(problem=problem)
        row.answer, row.unsure = answer, answer == UNSURE
        key = f"{client_key}.{number}" if client_key and number else client_key
        _append(attempt, "saved", now, position=position, answer=answer, client_key=key)
    return attempt.step


def _is_stale(attempt: Attempt, seen_step: int, client_key: str | None) -> bool:
    """Whether somebody else saved since: a tab that missed the word of its own last save is not stale."""
    if seen_step >= attempt.step:
        return False
    own = client_key.partition(":")[0] if client_key else None
    return own is None or queries.clients_after(attempt.id, seen_step) != {own}


def submit_attempt(person_id: int, attempt_id: int, *, now: datetime, seen_step: int | None = None) -> None:
    """Hand the paper in as it is saved, grade it and tell the result to whoever reacts.

    Raises NoSuchAttempt, AttemptClosed, StaleStep.
    """
    attempt = _open_for_change(person_id, attempt_id, now)
    if seen_step is not None and seen_step < attempt.step:
        raise StaleStep
    _append(attempt, "submitted", now)
    _close(attempt, now)


def expire_attempt(person_id: int, attempt_id: int, now: datetime) -> None:
    """Close a paper whose time is up; what was answered in time counts. Raises NoSuchAttempt."""
    attempt = queries.attempt_for_change(person_id, attempt_id)
    if attempt.closed_at is None and is_out_of_time(attempt.due_at, now):
        _append(attempt, "expired", now)
        _close(attempt, now)


def _open_for_change(person_id: int, attempt_id: int, now: datetime) -> Attempt:
    attempt = queries.attempt_for_change(person_id, attempt_id)
    if attempt.closed_at is not None or is_out_of_time(attempt.due_at, now):
        raise AttemptClosed
    return attempt


def _close(attempt: Attempt, now: datetime) -> None:
    rows = queries.answers_for_change(attempt.id)
    questions = queries.questions_of([row.question_revision_id for row in rows])
    points = 0.0
    for row in rows:
        question = questions[row.question_revision_id]
        row.share = question.grade(row.answer)
        points += row.share * question.points
    _, settings, _ = queries.paper_of(attempt.quiz_revision_id)
    attempt.points = round(points, 4)
    attempt.percent = percent_of(points, attempt.possible)
    attempt.passed = is_passed(attempt.percent, settings.pass_percent)
    attempt.closed_at = now
    _append(attempt, "graded", now)
    fact = QuizPassed if attempt.passed else QuizFailed
    announce(
        fact(
            person_id=attempt.person_id,
            quiz_id=attempt.quiz_id,
            variant=attempt.variant,
            attempt_id=attempt.id,
            points=attempt.points,
            possible=attempt.possible,
            percent=attempt.percent,
            at=now,
        )
    )


def _append(
    attempt: Attempt,
    kind: str,
    now: datetime,
    *,
    position: int | None = None,
    answer: Answer | None = None,
    client_key: str | None = None,
) -> None:
    attempt.step += 1
    session.add(
        AttemptStep(
            attempt_id=attempt.id,
            number=attempt.step,
            kind=kind,
            position=position,
            answer=answer,
            client_key=client_key,
            at=now,
        )
    )
    session.flush()
