"""Attempts on the database: one consistent attempt whatever happens."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from lms.foundation.db import session, transaction
from lms.foundation.errors import Conflict
from lms.quiz.actions import (
    AttemptClosed,
    NoAttemptLeft,
    NotAnAnswer,
    StaleStep,
    WaitFirst,
    expire_attempt,
    save_answers,
    start_attempt,
    submit_attempt,
)
from lms.quiz.queries import AttemptView, NoSuchAttempt, attempt_of, quiz_overview, steps_of
from lms.quiz.question import UNSURE
from tests import make
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database
MINUTE = timedelta(minutes=1)


def begin(person_id: int, quiz_id: int, at=NOON) -> AttemptView:
    with transaction():
        attempt_id = start_attempt(person_id, quiz_id, "all", at)
    return attempt_of(person_id, attempt_id)


def right(view: AttemptView, *positions: int) -> dict[int, dict]:
    """The right answers at these positions, at all of them by default."""
    chosen = positions or tuple(one.position for one in view.questions)
    return {
        one.position: {"chosen": [option.id for option in one.question.options if option.right]}
        for one in view.questions
        if one.position in chosen
    }


def wrong(view: AttemptView, position: int) -> dict[int, dict]:
    question = view.questions[position - 1].question
    return {position: {"chosen": [next(option.id for option in question.options if not option.right)]}}


def save(view: AttemptView, answers: dict, **how: object) -> int:
    with transaction():
        return save_answers(view.person_id, view.id, answers, now=NOON, **how)


def hand_in(view: AttemptView, at=NOON, **how: object) -> AttemptView:
    with transaction():
        submit_attempt(view.person_id, view.id, now=at, **how)
    return attempt_of(view.person_id, view.id)


@pytest.fixture
def sitting(app) -> AttemptView:
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz()
    return begin(person_id, quiz_id)


def test_all_right_is_a_hundred_percent_and_passed(sitting):
    save(sitting, right(sitting))
    done = hand_in(sitting)
    assert (done.points, done.possible, done.percent, done.passed) == (5, 5, 100, True)


def test_the_pass_mark_is_reached_exactly(sitting):
    save(sitting, right(sitting, 1, 2, 3, 4) | wrong(sitting, 5))
    done = hand_in(sitting)
    assert (done.percent, done.passed) == (80, True)


def test_what_is_unanswered_or_unsure_earns_nothing(sitting):
    save(sitting, right(sitting, 1) | {2: dict(UNSURE)})
    done = hand_in(sitting)
    assert (done.points, done.passed) == (1, False)
    assert [one.share for one in done.questions] == [1, 0, 0, 0, 0]


def test_a_second_start_gives_the_open_paper(sitting):
    assert begin(sitting.person_id, sitting.quiz_id).id == sitting.id


def test_an_answer_sent_twice_is_one_step(sitting):
    first = save(sitting, right(sitting, 1), client_key="a:1")
    assert save(sitting, right(sitting, 1), client_key="a:1") == first
    assert save(sitting, right(sitting, 1), client_key="a:2") == first
    assert [step.kind for step in steps_of(sitting.id)] == ["started", "saved"]


def test_a_changed_answer_is_a_new_step_and_the_old_one_stays(sitting):
    save(sitting, wrong(sitting, 1))
    save(sitting, right(sitting, 1))
    assert [step.answer for step in steps_of(sitting.id)[1:]] == [
        wrong(sitting, 1)[1],
        right(sitting, 1)[1],
    ]


def test_a_tab_that_missed_the_word_of_its_own_save_goes_on(sitting):
    save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    assert save(sitting, right(sitting, 1, 2), client_key="a:2", seen_step=1) == 3


def test_a_device_that_missed_anothers_answer_overwrites_nothing(sitting):
    save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    with pytest.raises(StaleStep):
        save(sitting, wrong(sitting, 1), client_key="b:1", seen_step=1)
    assert attempt_of(sitting.person_id, sitting.id).questions[0].answer == right(sitting, 1)[1]


def test_a_double_submit_grades_once(sitting):
    save(sitting, right(sitting))
    hand_in(sitting)
    with pytest.raises(AttemptClosed):
        hand_in(sitting)
    assert [step.kind for step in steps_of(sitting.id)].count("graded") == 1


def test_nothing_is_saved_into_a_closed_attempt(sitting):
    hand_in(sitting)
    with pytest.raises(AttemptClosed):
        save(sitting, right(sitting, 1))


def test_a_stale_page_does_not_hand_in(sitting):
    save(sitting, right(sitting, 1))
    with pytest.raises(StaleStep):
        hand_in(sitting, seen_step=1)


def test_somebody_elses_attempt_does_not_exist(sitting):
    with transaction():
        other = make.person("Trần Văn Khác").id
    with pytest.raises(NoSuchAttempt):
        attempt_of(other, sitting.id)
    with pytest.raises(NoSuchAttempt), transaction():
        save_answers(other, sitting.id, right(sitting), now=NOON)


@pytest.mark.parametrize("answer", [{"chosen": ["no-such"]}, {"chosen": "x"}, {"other": 1}, {"chosen": []}])
def test_what_is_no_answer_is_refused(sitting, answer):
    with pytest.raises(NotAnAnswer):
        save(sitting, {1: answer})


def test_every_attempt_has_a_seed_and_a_paper_of_its_own(app):
    with transaction():
        quiz_id = make.quiz(questions=20, settings={"draw": {"easy": 3, "medium": 3, "hard": 3}})
        people = [make.person(f"Nguyễn Văn {n}").id for n in "ABCDEF"]
    papers = {tuple(one.revision_id for one in begin(person, quiz_id).questions) for person in people}
    assert {len(paper) for paper in papers} == {9}
    assert len(papers) > 1


def test_an_edited_quiz_leaves_a_paper_as_it_was(sitting):
    before = [one.question.stem for one in sitting.questions]
    assert [one.question.stem for one in attempt_of(sitting.person_id, sitting.id).questions] == before


def test_time_is_the_servers_and_what_was_answered_in_time_counts(app):
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz(settings={"minutes": 10})
    view = begin(person_id, quiz_id)
    save(view, right(view))
    with pytest.raises(AttemptClosed):
        hand_in(view, NOON + 11 * MINUTE)
    with transaction():
        expire_attempt(person_id, view.id, NOON + 11 * MINUTE)
    done = attempt_of(person_id, view.id)
    assert (done.percent, done.passed) == (100, True)
    assert [step.kind for step in steps_of(view.id)][-2:] == ["expired", "graded"]


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
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz()
    good = begin(person_id, quiz_id)
    save(good, right(good))
    hand_in(good)
    hand_in(begin(person_id, quiz_id, NOON + MINUTE), NOON + MINUTE)
    overview = quiz_overview(person_id, quiz_id, "all", NOON)
    assert (overview.best_percent, overview.is_passed, overview.attempts) == (100, True, 2)


def at_once(app, *calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads at the same moment, each in a context of its own; what each gave or raised."""
    gate, results = Barrier(len(calls)), [None] * len(calls)

    def run(number: int, call: Callable[[], object]) -> None:
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
    return results


def test_two_starts_at_once_are_one_attempt(app):
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz()
    at_once(app, *(lambda: begin(person_id, quiz_id).id for _ in range(4)))
    session.rollback()
    assert quiz_overview(person_id, quiz_id, "all", NOON).open_attempt_id is not None
    assert begin(person_id, quiz_id).number == 1


def test_saves_and_submits_at_once_end_in_one_grade(app, sitting):
    calls = [lambda n=n: save(sitting, right(sitting, n)) for n in range(1, 6)]
    at_once(app, *calls)
    results = at_once(app, *(lambda: hand_in(sitting).percent for _ in range(3)))
    session.rollback()
    assert [one for one in results if one == 100] == [100]
    done = attempt_of(sitting.person_id, sitting.id)
    assert (done.percent, done.step) == (100, 8)
    assert [step.number for step in steps_of(sitting.id)] == list(range(1, 9))
