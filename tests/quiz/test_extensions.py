"""More attempts, more time, no pause, for one person and with a reason."""

from datetime import timedelta

import pytest

from lms.foundation.db import transaction
from lms.quiz.actions import NoAttemptLeft, WaitFirst, extend_quiz
from lms.quiz.queries import extensions_of, limited_quizzes, quiz_overview
from lms.quiz.rules import Extension, NothingGiven, ReasonMissing
from tests import make
from tests.conftest import every_database
from tests.quiz.sitting import again, begin, hand_in, right, save, sit_down
from tests.times import NOON

pytestmark = every_database
MINUTE = timedelta(minutes=1)


def extend(view, reason: str = "Mất điện cả buổi.", at=NOON, **given) -> None:
    with transaction():
        by = make.person("Cán Bộ Xã").id
        extend_quiz(view.person_id, view.quiz_id, Extension(**given), reason, given_by=by, now=at)


def test_one_more_attempt_than_the_quiz_allows(app):
    view = hand_in(sit_down(settings={"attempts": 1}))
    with pytest.raises(NoAttemptLeft):
        begin(view.person_id, view.quiz_id)
    extend(view, attempts=1)
    assert quiz_overview(view.person_id, view.quiz_id, "all", NOON).left == 1
    hand_in(begin(view.person_id, view.quiz_id))
    with pytest.raises(NoAttemptLeft):
        begin(view.person_id, view.quiz_id)


def test_nobody_else_has_it(app):
    view = hand_in(sit_down(settings={"attempts": 1}))
    extend(view, attempts=2)
    with transaction():
        other = make.person("Người Khác").id
    assert quiz_overview(other, view.quiz_id, "all", NOON).left == 1


def test_more_minutes_reach_the_open_attempt_and_the_next(app):
    view = sit_down(settings={"minutes": 10})
    extend(view, minutes=15)
    assert again(view).due_at == NOON + 25 * MINUTE
    save(view, right(view), NOON + 20 * MINUTE)
    hand_in(view, NOON + 24 * MINUTE)
    following = begin(view.person_id, view.quiz_id, NOON + 30 * MINUTE)
    assert following.due_at == NOON + 55 * MINUTE


def test_the_pause_that_runs_is_skipped_and_the_next_is_not(app):
    view = hand_in(sit_down(settings={"wait": 3600}))
    with pytest.raises(WaitFirst):
        begin(view.person_id, view.quiz_id, NOON + MINUTE)
    extend(view, at=NOON + MINUTE, skips_wait_until=NOON + MINUTE)
    second = hand_in(begin(view.person_id, view.quiz_id, NOON + 2 * MINUTE), NOON + 3 * MINUTE)
    with pytest.raises(WaitFirst):
        begin(second.person_id, second.quiz_id, NOON + 4 * MINUTE)


def test_what_has_no_limit_gets_none(app):
    view = sit_down()
    extend(view, attempts=1, minutes=5)
    overview = quiz_overview(view.person_id, view.quiz_id, "all", NOON)
    assert (overview.left, overview.settings.minutes, again(view).due_at) == (None, 0, None)
    assert limited_quizzes([view.quiz_id]) == {}


@pytest.mark.parametrize(
    ("given", "reason", "refusal"),
    [
        ({"attempts": 1}, " ", ReasonMissing),
        ({}, "Vì.", NothingGiven),
        ({"attempts": 21}, "Vì.", NothingGiven),
        ({"minutes": -1}, "Vì.", NothingGiven),
    ],
)
def test_what_gives_nothing_or_too_much_is_refused(app, given, reason, refusal):
    view = sit_down(settings={"attempts": 1})
    with pytest.raises(refusal):
        extend(view, reason, **given)
    assert extensions_of(view.person_id) == []


def test_what_was_given_is_told_with_its_reason(app):
    view = sit_down(settings={"attempts": 1})
    extend(view, attempts=2, minutes=5)
    [told] = extensions_of(view.person_id)
    assert (told.attempts, told.minutes, told.skips_wait, told.reason, told.given_by) == (
        2,
        5,
        False,
        "Mất điện cả buổi.",
        "Cán Bộ Xã",
    )
