"""Every change of an attempt: begin, save, hand in, run out of time. Steps are appended, never edited.

Who changes an attempt has it from `queries.attempt_for_change`, in the transaction of the change. Everything
is written by statements made beforehand, for a whole hall saves at once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, insert, update

from lms.foundation.db import connection
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.quiz import queries
from lms.quiz.events import AttemptStarted, QuizFailed, QuizPassed
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep
from lms.quiz.queries import AttemptView
from lms.quiz.question import Answer, Question, is_doubt
from lms.quiz.rules import (
    Settings,
    attempts_left,
    draw_questions,
    due_at,
    is_out_of_time,
    is_passed,
    is_straggler,
    option_order,
    percent_of,
    waits_until,
)


class AttemptClosed(Conflict):
    """The paper was handed in, here or on another device, or its time is up."""

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
    """What was sent is no answer to the question at this position of the paper."""

    message = "%(problem)s"

    def __init__(self, problem: str, position: int, answer: Answer | None) -> None:
        super().__init__(problem=problem)
        self.position = position
        self.answer = answer


_attempts = cast(Table, Attempt.__table__)
_answers = cast(Table, AttemptAnswer.__table__)
_THIS_ANSWER = (
    _answers.c.attempt_id == bindparam("of_attempt"),
    _answers.c.position == bindparam("at_position"),
)
_ADD_ATTEMPT = insert(_attempts)
_ADD_ANSWER = insert(_answers)
_ADD_STEP = insert(cast(Table, AttemptStep.__table__))
_KEEP_ANSWER = (
    update(_answers).where(*_THIS_ANSWER).values(answer=bindparam("answer"), unsure=bindparam("unsure"))
)
_KEEP_SHARE = update(_answers).where(*_THIS_ANSWER).values(share=bindparam("share"))
_THIS_ATTEMPT = (_attempts.c.id == bindparam("this"), _attempts.c.step == bindparam("seen"))
_MOVE_ON = update(_attempts).where(*_THIS_ATTEMPT).values(step=bindparam("step"), heard=bindparam("heard"))
_CLOSE = (
    update(_attempts)
    .where(*_THIS_ATTEMPT)
    .values({name: bindparam(name) for name in ("step", "closed_at", "points", "percent", "passed")})
)


def start_attempt(person_id: int, quiz_id: int, variant: str, now: datetime) -> int:
    """Give the person a paper; whoever has an open one gets that, overdue or not. Returns the attempt's id.

    Raises NoSuchQuiz, NoAttemptLeft, WaitFirst.
    """
    sittings = queries.sittings_of(person_id, quiz_id, variant)
    if sittings.open is not None:
        return sittings.open.id
    revision_id, settings, entries = queries.present_paper(quiz_id)
    if attempts_left(settings, len(sittings.closed)) == 0:
        raise NoAttemptLeft
    if waits_until(settings, sittings.last_closed_at, now):
        raise WaitFirst
    seed = secrets.randbits(31)
    drawn = [entry.revision_id for entry in draw_questions(entries, settings, variant, seed)]
    if not drawn:
        raise queries.NoSuchQuiz
    questions = queries.questions_of(drawn)
    added = connection().execute(
        _ADD_ATTEMPT,
        {
            "person_id": person_id,
            "quiz_id": quiz_id,
            "quiz_revision_id": revision_id,
            "variant": variant,
            "number": len(sittings.closed) + 1,
            "seed": seed,
            "started_at": now,
            "due_at": due_at(now, settings.minutes),
            "step": 1,
            "possible": float(sum(questions[one].points for one in drawn)),
        },
    )
    (attempt_id,) = cast(tuple[int], added.inserted_primary_key)
    _write(_ADD_ANSWER, _paper(attempt_id, drawn, questions, settings, seed))
    _write(_ADD_STEP, [_step(attempt_id, 1, "started", now)])
    announce(AttemptStarted(person_id, quiz_id, variant, attempt_id, now))
    return attempt_id


def _paper(
    attempt_id: int,
    drawn: Sequence[int],
    questions: Mapping[int, Question],
    settings: Settings,
    seed: int,
) -> list[dict[str, Any]]:
    """The rows of a paper: its questions in their places, each with the order of its options."""
    return [
        {
            "attempt_id": attempt_id,
            "position": position,
            "question_revision_id": revision_id,
            "options": _order(questions[revision_id], settings, seed, position),
            "answer": None,
            "unsure": False,
        }
        for position, revision_id in enumerate(drawn, 1)
    ]


def _order(question: Question, settings: Settings, seed: int, position: int) -> list[str]:
    if question.keeps_order:
        return list(question.option_ids)
    return option_order(question.option_ids, settings, seed, position)


def save_answers(
    attempt: AttemptView,
    answers: Mapping[int, Answer | None],
    *,
    now: datetime,
    seen_step: int | None = None,
    client_key: str | None = None,
) -> AttemptView:
    """Keep answers by position, None takes one back; returns the attempt as it then is.

    What is saved already, or was heard before under the same `client_key`, adds no step. A `client_key` is
    "TAB:NUMBER": of the saves of a tab that overtake each other the highest number stands. With `seen_step`
    a page that has not seen what another tab or device saved is refused, so that it overwrites nothing.
    Raises AttemptClosed, StaleStep, NotAnAnswer, AnswerStands.
    """
    _refuse_closed(attempt, now)
    if seen_step is not None and _is_stale(attempt, seen_step, client_key):
        raise StaleStep
    if client_key is not None and _is_known(attempt, client_key):
        return attempt
    changed = _changes(attempt, answers)
    if not changed and client_key is None:
        return attempt
    return _keep(attempt, changed, client_key, now)


def _keep(
    attempt: AttemptView, changed: Mapping[int, Answer | None], client_key: str | None, now: datetime
) -> AttemptView:
    """Write the changed answers, each with its step, and the name of the save."""
    rows, steps = [], []
    for number, (position, answer) in enumerate(changed.items(), 1):
        is_unsure = is_doubt(answer)
        rows.append(
            {"of_attempt": attempt.id, "at_position": position, "answer": answer, "unsure": is_unsure}
        )
        step = _step(attempt.id, attempt.step + number, "saved", now)
        key = f"{client_key}.{number}" if client_key and number > 1 else client_key
        steps.append(step | {"position": position, "answer": answer, "client_key": key})
    heard, last = client_key or attempt.heard, attempt.step + len(steps)
    _move_on(_MOVE_ON, attempt, step=last, heard=heard)
    _write(_KEEP_ANSWER, rows)
    _write(_ADD_STEP, steps)
    questions = tuple(
        replace(one, answer=changed[one.position]) if one.position in changed else one
        for one in attempt.questions
    )
    return replace(attempt, questions=questions, step=last, heard=heard)


def _changes(attempt: AttemptView, answers: Mapping[int, Answer | None]) -> dict[int, Answer | None]:
    """What differs from what is kept, in order. Raises NotAnAnswer, AnswerStands."""
    changed = {}
    for one in attempt.questions:
        sent = answers.get(one.position, one.answer)
        if sent == one.answer:
            continue
        problem = one.question.answer_problem(sent)
        if problem:
            raise NotAnAnswer(problem, one.position, sent)
        stands = one.question.kept(one.answer, sent)
        if stands != one.answer:
            changed[one.position] = stands
    return changed


def _is_stale(attempt: AttemptView, seen_step: int, client_key: str | None) -> bool:
    """Whether somebody else saved since: a tab that missed the word of its own last save is not stale."""
    if seen_step >= attempt.step:
        return False
    own = client_key.partition(":")[0] if client_key else None
    return own is None or queries.clients_after(attempt.id, seen_step) != {own}


def _is_known(attempt: AttemptView, client_key: str) -> bool:
    """Whether this save came before, or a later one of the same tab has overtaken it."""
    straggler = is_straggler(client_key, attempt.heard)
    return queries.has_step(attempt.id, client_key) if straggler is None else straggler


def submit_attempt(attempt: AttemptView, *, now: datetime, seen_step: int | None = None) -> None:
    """Hand the paper in as it is saved, grade it and tell the result to whoever reacts.

    Raises AttemptClosed, StaleStep.
    """
    _refuse_closed(attempt, now)
    if seen_step is not None and seen_step < attempt.step:
        raise StaleStep
    _close(attempt, "submitted", now, closed_at=now)


def expire_attempt(attempt: AttemptView, now: datetime) -> None:
    """Close a paper whose time is up; what was answered in time counts. Any other is left as it is.

    It ended when its time was up, whenever that was noticed: the pause before the next one counts from there.
    """
    if attempt.is_overdue(now):
        _close(attempt, "expired", now, closed_at=attempt.due_at or now)


def _refuse_closed(attempt: AttemptView, now: datetime) -> None:
    if attempt.closed_at is not None or is_out_of_time(attempt.due_at, now):
        raise AttemptClosed


def _close(attempt: AttemptView, how: str, now: datetime, *, closed_at: datetime) -> None:
    shares = {one.position: one.question.grade(one.answer) for one in attempt.questions}
    points = sum(shares[one.position] * one.question.points for one in attempt.questions)
    percent = percent_of(points, attempt.possible)
    result = {
        "points": round(points, 4),
        "percent": percent,
        "passed": is_passed(percent, attempt.settings.pass_percent),
    }
    _move_on(_CLOSE, attempt, step=attempt.step + 2, closed_at=closed_at, **result)
    _write(
        _KEEP_SHARE,
        [
            {"of_attempt": attempt.id, "at_position": position, "share": share}
            for position, share in shares.items()
        ],
    )
    kinds = enumerate((how, "graded"), attempt.step + 1)
    _write(_ADD_STEP, [_step(attempt.id, number, kind, now) for number, kind in kinds])
    fact = QuizPassed if result["passed"] else QuizFailed
    announce(
        fact(
            person_id=attempt.person_id,
            quiz_id=attempt.quiz_id,
            variant=attempt.variant,
            attempt_id=attempt.id,
            points=result["points"],
            possible=attempt.possible,
            percent=percent,
            at=now,
        )
    )


def _move_on(statement: Executable, attempt: AttemptView, **values: Any) -> None:
    """Change the attempt's row, if it still is what the caller has seen. Raises StaleStep."""
    seen = {"this": attempt.id, "seen": attempt.step}
    if connection().execute(statement, seen | values).rowcount != 1:
        raise StaleStep


def _step(attempt_id: int, number: int, kind: str, now: datetime) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "number": number,
        "kind": kind,
        "position": None,
        "answer": None,
        "client_key": None,
        "at": now,
    }


def _write(statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection().execute(statement, rows if len(rows) > 1 else rows[0])
