"""Sitting a quiz in tests: begin, answer right or wrong, save, hand in."""

from datetime import datetime
from typing import Any

from lms.foundation.db import transaction
from lms.quiz.actions import Saved, Sent, save_answers, start_attempt, submit_attempt
from lms.quiz.choice import Choice
from lms.quiz.paper import AttemptView
from lms.quiz.queries import attempt_for_change, attempt_of, steps_of
from tests import make
from tests.times import NOON

Answers = dict[int, dict[str, Any] | None]


def sit_down(**quiz: Any) -> AttemptView:
    """A new person before a new quiz."""
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz(**quiz)
    return begin(person_id, quiz_id)


def begin(person_id: int, quiz_id: int, at: datetime = NOON) -> AttemptView:
    with transaction():
        attempt_id = start_attempt(person_id, quiz_id, "all", at)
    return attempt_of(person_id, attempt_id)


def again(view: AttemptView) -> AttemptView:
    """The attempt as it is now."""
    return attempt_of(view.person_id, view.id)


def right(view: AttemptView, *positions: int) -> Answers:
    """The right answers at these positions, at all of them by default."""
    return {
        one.position: {"chosen": _chosen(one.question, right=True)}
        for one in view.questions
        if not positions or one.position in positions
    }


def wrong(view: AttemptView, *positions: int) -> Answers:
    """A wrong answer at these positions."""
    return {at: {"chosen": _chosen(view.questions[at - 1].question, right=False)[:1]} for at in positions}


def _chosen(question: Any, *, right: bool) -> list[str]:
    assert isinstance(question, Choice)
    return [option.id for option in question.options if option.right == right]


def save(view: AttemptView, answers: Answers, at: datetime = NOON, **sent: Any) -> int:
    """Save in one transaction, as a script does if `sent` says so; the attempt's step afterwards."""
    return merge(view, answers, at, **sent).attempt.step


def merge(view: AttemptView, answers: Answers, at: datetime = NOON, **sent: Any) -> Saved:
    """The same; all that the save tells."""
    with transaction():
        held = attempt_for_change(view.person_id, view.id)
        return save_answers(held, answers, now=at, sent=Sent(**sent) if sent else None)


def hand_in(view: AttemptView, at: datetime = NOON, **how: Any) -> AttemptView:
    with transaction():
        submit_attempt(attempt_for_change(view.person_id, view.id), now=at, **how)
    return again(view)


def kinds(view: AttemptView) -> list[str]:
    """What happened in the attempt, in order."""
    return [step.kind for step in steps_of(view.id)]
