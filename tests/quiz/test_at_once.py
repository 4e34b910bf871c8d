"""Many writers at one attempt at the same moment, in threads, on real databases."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest
from flask import Flask

from lms.foundation.db import session, transaction
from lms.foundation.errors import Conflict
from lms.quiz.queries import quiz_overview, steps_of
from tests import make
from tests.conftest import every_database
from tests.quiz.sitting import again, begin, hand_in, merge, right, save, sit_down, wrong
from tests.times import NOON

pytestmark = every_database
Call = Callable[[], object]


def at_once(app: Flask, *calls: Call) -> list[object]:
    """Run the calls in threads at the same moment, each in a context of its own; what each gave or raised."""
    gate: Barrier = Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(number: int, call: Call) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[number] = call()
            except Conflict as refused:
                results[number] = refused
            finally:
                session.remove()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    return results


def test_two_starts_at_once_are_one_attempt(app):
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz()
    at_once(app, *(lambda: begin(person_id, quiz_id).id for _ in range(4)))
    assert quiz_overview(person_id, quiz_id, "all", NOON).open_attempt_id is not None
    assert begin(person_id, quiz_id).number == 1


def test_saves_and_submits_at_once_end_in_one_grade(app):
    view = sit_down()
    at_once(app, *(lambda n=n: save(view, right(view, n)) for n in range(1, 6)))
    results = at_once(app, *(lambda: hand_in(view).percent for _ in range(3)))
    assert [one for one in results if one == 100] == [100]
    done = again(view)
    assert (done.percent, done.step) == (100, 8)
    assert [step.number for step in steps_of(view.id)] == list(range(1, 9))


@pytest.mark.parametrize("_round", range(4))
def test_a_save_racing_the_submit_is_graded_or_refused(app, _round):
    """Never acknowledged and yet left out of the grade."""
    view = sit_down()
    save(view, right(view, 1, 2, 3, 4))
    saved, _ = at_once(app, lambda: save(view, right(view, 5)), lambda: hand_in(view))
    assert again(view).percent == (80 if isinstance(saved, Conflict) else 100)


def test_the_same_save_sent_many_times_at_once_is_one_step(app):
    view = sit_down()
    repeat = lambda: save(view, right(view, 1), client_key="a:1", seen_step=1)  # noqa: E731
    assert at_once(app, *(repeat for _ in range(6))) == [2] * 6
    assert [step.kind for step in steps_of(view.id)] == ["started", "saved"]


def test_saves_of_one_tab_in_any_order_leave_its_last_word(app):
    order = list(range(1, 9))
    Random(7).shuffle(order)
    view = sit_down()
    word = {n: right(view, 1) if n == 8 else wrong(view, 1) | right(view, n % 4 + 2) for n in order}
    calls = [lambda n=n: save(view, word[n], client_key=f"a:{n}", seen_step=1) for n in order]
    at_once(app, *calls)
    assert again(view).questions[0].answer == right(view, 1)[1]


def test_of_two_devices_at_once_one_keeps_its_answers_and_the_other_is_told(app):
    view = sit_down()
    first, second = at_once(
        app,
        lambda: merge(view, right(view), client_key="a:1", seen_step=1),
        lambda: merge(view, wrong(view, 1, 2, 3, 4, 5), client_key="b:1", seen_step=1),
    )
    assert sorted([first.lost, second.lost]) == [(), (1, 2, 3, 4, 5)]
    assert hand_in(view).percent == (100 if second.lost else 0)


def test_two_devices_at_once_with_other_questions_lose_nothing(app):
    view = sit_down()
    results = at_once(
        app,
        lambda: merge(view, right(view, 1, 2), client_key="a:1", seen_step=1),
        lambda: merge(view, right(view, 3, 4, 5), client_key="b:1", seen_step=1),
    )
    assert [one.lost for one in results] == [(), ()]
    assert hand_in(view).percent == 100
