"""Every change of an attempt: begin, save, hand in, run out of time. Steps are appended, never edited.

Who changes an attempt has it from `queries.attempt_for_change`, in the transaction of the change. Everything
is written by statements made beforehand, for a whole hall saves at once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, insert, update

from lms.foundation import audit
from lms.foundation.db import connection, session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.quiz import queries
from lms.quiz.events import AttemptStarted, QuizFailed, QuizPassed
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep, QuizExtension
from lms.quiz.paper import AttemptView
from lms.quiz.question import Answer, Question, is_doubt
from lms.quiz.rules import (
    Extension,
    NothingGiven,
    Settings,
    attempts_left,
    draw_questions,
    due_at,
    is_anothers,
    is_overtaken,
    is_passed,
    is_too_late,
    option_order,
    percent_of,
    required_reason,
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
_MOVE_ON = update(_attempts).where(*_THIS_ATTEMPT).values(step=bindparam("step"))
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
    settings = queries.settings_for(settings, person_id, quiz_id, sittings.last_closed_at)
    if attempts_left(settings, len(sittings.closed)) == 0:
        raise NoAttemptLeft
    if waits_until(settings, sittings.last_closed_at, now):
        raise WaitFirst
    seed = secrets.randbits(31)
    paper = draw_questions(entries, settings, variant, seed, last_met=queries.last_met(person_id, quiz_id))
    drawn = [entry.revision_id for entry in paper]
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


@dataclass(frozen=True)
class Sent:
    """What a script says of a save: who sends it, what its page had seen, when the answer was tapped."""

    client_key: str  # "TAB:NUMBER", the numbers of a tab rising in the order of its taps
    seen_step: int
    tapped: datetime | None = None  # by the server's clock as the page knew it


@dataclass(frozen=True)
class Saved:
    """The attempt after a save, and what others answered since the page had last seen it."""

    attempt: AttemptView
    elsewhere: tuple[int, ...] = ()  # positions that another device or tab has answered
    lost: tuple[int, ...] = ()  # those of them to which this save had another answer


def save_answers(
    attempt: AttemptView, answers: Mapping[int, Answer | None], *, now: datetime, sent: Sent | None = None
) -> Saved:
    """Keep answers by position, None takes one back.

    Each answer of a script's save is a step, so that the save is known when it comes again and adds none.
    A question that another device or tab answered in a step the page had not seen keeps that answer, one
    that a later tap of the same tab answered keeps the later; the others of the save are kept. Without
    `sent`, as of a page without script, the last one stands and what is saved already adds no step.
    Raises AttemptClosed, NotAnAnswer, AnswerStands.
    """
    _refuse_closed(attempt, now, sent.tapped if sent else None)
    if sent is None:
        standing = {one.position: one.answer for one in attempt.questions}
        changed = {at: given for at, given in answers.items() if given != standing.get(at)}
        return Saved(_keep(attempt, changed, None, now))
    since = queries.answered_since(attempt.id, sent.seen_step) if sent.seen_step < attempt.step else {}
    elsewhere = {at for at, key in since.items() if is_anothers(sent.client_key, key)}
    lost = tuple(
        one.position
        for one in attempt.questions
        if one.position in elsewhere and answers.get(one.position, one.answer) != one.answer
    )
    own = {
        at: given
        for at, given in answers.items()
        if at not in elsewhere and not is_overtaken(sent.client_key, since.get(at))
    }
    return Saved(_keep(attempt, own, sent.client_key, now), tuple(sorted(elsewhere)), lost)


def _keep(
    attempt: AttemptView, answers: Mapping[int, Answer | None], client_key: str | None, now: datetime
) -> AttemptView:
    """Write the answers, each with its step named after the save. Raises NotAnAnswer, AnswerStands."""
    kept, rows, steps = [], [], []
    for one in attempt.questions:
        if one.position not in answers:
            kept.append(one)
            continue
        answer = answers[one.position]
        problem = one.question.answer_problem(answer)
        if problem:
            raise NotAnAnswer(problem, one.position, answer)
        answer = one.question.kept(one.answer, answer)
        kept.append(replace(one, answer=answer))
        given = {"answer": answer, "unsure": is_doubt(answer)}
        rows.append({"of_attempt": attempt.id, "at_position": one.position} | given)
        number = len(rows)
        key = f"{client_key}.{number}" if client_key and number > 1 else client_key
        step = _step(attempt.id, attempt.step + number, "saved", now)
        steps.append(step | {"position": one.position, "answer": answer, "client_key": key})
    if not steps:
        return attempt
    last = attempt.step + len(steps)
    _move_on(_MOVE_ON, attempt, step=last)
    _write(_KEEP_ANSWER, rows)
    _write(_ADD_STEP, steps)
    return replace(attempt, questions=tuple(kept), step=last)


def submit_attempt(attempt: AttemptView, *, now: datetime, seen_step: int | None = None) -> None:
    """Hand the paper in as it is saved, grade it and tell the result to whoever reacts.

    After its time it is closed as it would have been by itself. Raises AttemptClosed, StaleStep.
    """
    if attempt.closed_at is not None:
        raise AttemptClosed
    if seen_step is not None and seen_step < attempt.step:
        raise StaleStep
    if attempt.is_time_up(now):
        _expire(attempt, now)
    else:
        _close(attempt, "submitted", now, closed_at=now)


def expire_attempt(attempt: AttemptView, now: datetime) -> None:
    """Close a paper whose time is up; what was answered in time counts. Any other is left as it is.

    It ended when its time was up, whenever that was noticed: the pause before the next one counts from there.
    """
    if attempt.is_overdue(now):
        _expire(attempt, now)


def _expire(attempt: AttemptView, now: datetime) -> None:
    _close(attempt, "expired", now, closed_at=attempt.due_at or now)


def extend_quiz(
    person_id: int, quiz_id: int, given: Extension, reason: str, *, given_by: int, now: datetime
) -> None:
    """Give one person more than the quiz allows; more minutes reach the attempt that is open too.

    Raises ReasonMissing, NothingGiven.
    """
    reason = required_reason(reason)
    if not given.is_reasonable:
        raise NothingGiven
    values = {
        "attempts": given.attempts,
        "minutes": given.minutes,
        "skips_wait": given.skips_wait_until is not None,
    }
    session.add(
        QuizExtension(
            person_id=person_id, quiz_id=quiz_id, reason=reason, given_by=given_by, given_at=now, **values
        )
    )
    opened = queries.open_attempt_for_change(person_id, quiz_id)
    if opened is not None and opened.due_at is not None:
        opened.due_at += timedelta(minutes=given.minutes)
    audit.record(
        "extend_quiz",
        ("person", person_id),
        actor_id=given_by,
        at=now,
        changes={name: (None, value) for name, value in values.items() if value},
        reason=reason,
    )


def _refuse_closed(attempt: AttemptView, now: datetime, tapped: datetime | None) -> None:
    if attempt.closed_at is not None or is_too_late(attempt.due_at, now, tapped):
        raise AttemptClosed


def _close(attempt: AttemptView, how: str, now: datetime, *, closed_at: datetime) -> None:
    shares = {one.position: one.grade() for one in attempt.questions}
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
