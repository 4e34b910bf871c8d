"""Time limits, pauses and counts of attempts, on the database."""

from datetime import timedelta

import pytest

from lms.foundation.db import transaction
from lms.quiz.actions import AttemptClosed, NoAttemptLeft, WaitFirst, expire_attempt
from lms.quiz.paper import AttemptView
from lms.quiz.queries import attempt_for_change, quiz_overview
from tests import make
from tests.conftest import every_database
from tests.quiz.sitting import again, begin, hand_in, kinds, right, save, sit_down, wrong
from tests.times import NOON

pytestmark = every_database
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
END = NOON + 10 * MINUTE


def expire(view: AttemptView, at) -> AttemptView:
    with transaction():
        expire_attempt(attempt_for_change(view.person_id, view.id), at)
    return again(view)


def test_time_is_the_servers_and_what_was_answered_in_time_counts(app):
    view = sit_down(settings={"minutes": 10})
    save(view, right(view), NOON + 10 * MINUTE)
    with pytest.raises(AttemptClosed):
        save(view, wrong(view, 1), NOON + 11 * MINUTE)
    done = expire(view, NOON + 60 * MINUTE)
    assert (done.percent, done.passed, done.closed_at) == (100, True, NOON + 10 * MINUTE)
    assert kinds(view)[-2:] == ["expired", "graded"]
    assert expire(view, NOON + 61 * MINUTE) == done


def test_handing_in_after_the_time_closes_the_paper_as_of_its_end(app):
    view = sit_down(settings={"minutes": 10})
    assert hand_in(view, NOON + 11 * MINUTE).closed_at == NOON + 10 * MINUTE
    assert kinds(view)[-2:] == ["expired", "graded"]


@pytest.mark.parametrize(
    ("arrives", "tapped", "counts"),
    [
        (END + 30 * SECOND, None, True),  # without script: it was on its way
        (END + 31 * SECOND, None, False),
        (END + 120 * SECOND, END, True),
        (END + 121 * SECOND, END, False),  # whatever the phone says
        (END + 1 * SECOND, END + 1 * SECOND, False),
        (END, END + 60 * MINUTE, True),  # a phone's clock takes nothing away
        (END + 30 * SECOND, END + 60 * MINUTE, True),  # it was set while the answer was on its way
        (END + 31 * SECOND, END + 60 * MINUTE, False),
        (END + 120 * SECOND, NOON - 60 * MINUTE, True),
        (END + 121 * SECOND, NOON - 60 * MINUTE, False),
    ],
)
def test_an_answer_given_in_time_counts_a_little_later(app, arrives, tapped, counts):
    view = sit_down(settings={"minutes": 10})
    sent = {"client_key": "a:1", "seen_step": 1, "tapped": tapped}
    if counts:
        save(view, right(view, 1), arrives, **sent)
    else:
        with pytest.raises(AttemptClosed):
            save(view, right(view, 1), arrives, **sent)
    assert expire(view, NOON + 60 * MINUTE).points == counts


def test_a_paper_waits_with_its_end_for_what_is_on_its_way(app):
    view = sit_down(settings={"minutes": 10})
    assert expire(view, END + 2 * MINUTE) == view
    assert expire(view, END + 2 * MINUTE + SECOND).closed_at == END


def test_a_paper_in_time_does_not_expire(app):
    view = sit_down(settings={"minutes": 10})
    assert expire(view, NOON + 10 * MINUTE) == view
    assert expire(sit_down(), NOON + 10_000 * MINUTE).closed_at is None


def test_a_start_when_time_is_up_leads_to_the_paper_that_has_to_be_closed(app):
    view = sit_down(settings={"minutes": 10, "attempts": 1})
    assert begin(view.person_id, view.quiz_id, NOON + 60 * MINUTE).id == view.id
    overview = quiz_overview(view.person_id, view.quiz_id, "all", NOON + 60 * MINUTE)
    assert (overview.is_overdue, overview.attempts) == (True, 0)


def test_the_pause_counts_from_when_time_was_up(app):
    view = sit_down(settings={"minutes": 10, "wait": 600})
    expire(view, NOON + 19 * MINUTE)
    with pytest.raises(WaitFirst):
        begin(view.person_id, view.quiz_id, NOON + 19 * MINUTE)
    assert begin(view.person_id, view.quiz_id, NOON + 20 * MINUTE).number == 2


def test_attempts_are_limited_and_wait(app):
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz(settings={"attempts": 2, "wait": 600})
    hand_in(begin(person_id, quiz_id))
    with pytest.raises(WaitFirst):
        begin(person_id, quiz_id, NOON + 9 * MINUTE)
    hand_in(begin(person_id, quiz_id, NOON + 10 * MINUTE), NOON + 10 * MINUTE)
    with pytest.raises(NoAttemptLeft):
        begin(person_id, quiz_id, NOON + 60 * MINUTE)
    assert quiz_overview(person_id, quiz_id, "all", NOON).left == 0


def test_the_best_attempt_is_told_and_a_pass_stays(app):
    good = sit_down()
    save(good, right(good))
    hand_in(good)
    hand_in(begin(good.person_id, good.quiz_id, NOON + MINUTE), NOON + MINUTE)
    overview = quiz_overview(good.person_id, good.quiz_id, "all", NOON)
    assert (overview.best_percent, overview.is_passed, overview.attempts) == (100, True, 2)
