"""Attempts on the database: one consistent attempt whatever happens."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.foundation.db import session, transaction
from lms.foundation.events import _reactions
from lms.quiz.actions import (
    AttemptClosed,
    NotAnAnswer,
    StaleStep,
    save_answers,
)
from lms.quiz.events import AttemptStarted, QuizFailed, QuizPassed
from lms.quiz.models import Attempt, AttemptAnswer
from lms.quiz.paper import AttemptView
from lms.quiz.queries import (
    NoSuchAttempt,
    NoSuchQuiz,
    attempt_for_change,
    attempt_of,
    present_paper,
    question_of,
    quiz_overview,
    steps_of,
)
from lms.quiz.question import UNSURE
from lms.quiz.rules import draw_questions, option_order
from tests import make
from tests.conftest import every_database
from tests.quiz.sitting import again, begin, hand_in, kinds, merge, right, save, sit_down, wrong
from tests.times import NOON

pytestmark = every_database
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sitting(app) -> AttemptView:
    return sit_down()


@pytest.fixture
def announced(monkeypatch) -> list[object]:
    """What is announced while the test runs."""
    heard: list[object] = []
    for kind in (AttemptStarted, QuizPassed, QuizFailed):
        monkeypatch.setitem(_reactions, kind, [heard.append])
    return heard


# Grades


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


def test_doubt_is_kept_apart_for_statistics(sitting):
    save(sitting, right(sitting, 1) | {2: dict(UNSURE)})
    flags = select(AttemptAnswer.unsure).order_by(AttemptAnswer.position)
    assert list(session.scalars(flags)) == [False, True, False, False, False]
    assert session.scalar(select(func.count()).where(AttemptAnswer.answer.is_(None))) == 3


@pytest.mark.parametrize(("count", "fact"), [(5, QuizPassed), (3, QuizFailed)])
def test_whoever_reacts_is_told_the_result(app, announced, count, fact):
    view = sit_down()
    save(view, right(view, *range(1, count + 1)))
    hand_in(view, NOON + MINUTE)
    who = {"person_id": view.person_id, "quiz_id": view.quiz_id, "variant": "all", "attempt_id": view.id}
    result = {"points": count, "possible": 5, "percent": 20 * count, "at": NOON + MINUTE}
    assert announced == [AttemptStarted(**who, at=NOON), fact(**who, **result)]


# Saving


def test_a_save_sent_twice_is_one_step(sitting):
    first = save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    assert save(sitting, right(sitting, 1), client_key="a:1", seen_step=1) == first
    assert kinds(sitting) == ["started", "saved"]


def test_the_same_answer_without_script_is_one_step(sitting):
    assert save(sitting, right(sitting, 1)) == save(sitting, right(sitting, 1)) == 2


def test_a_changed_answer_is_a_new_step_and_the_old_one_stays(sitting):
    save(sitting, wrong(sitting, 1))
    save(sitting, right(sitting, 1))
    assert [step.answer for step in steps_of(sitting.id)[1:]] == [
        wrong(sitting, 1)[1],
        right(sitting, 1)[1],
    ]


def test_an_answer_can_be_taken_back(sitting):
    save(sitting, right(sitting, 1, 2))
    save(sitting, {1: None})
    assert again(sitting).unanswered == (1, 3, 4, 5)
    assert steps_of(sitting.id)[-1].answer is None


def test_a_question_the_paper_does_not_have_is_nobodys_answer(sitting):
    assert save(sitting, {0: dict(UNSURE), 6: dict(UNSURE)}) == 1


def test_several_answers_of_one_save_are_steps_of_one_tab(sitting):
    assert save(sitting, right(sitting), client_key="a:1", seen_step=1) == 6
    assert save(sitting, wrong(sitting, 3), client_key="a:2", seen_step=1) == 7


def test_a_tab_that_missed_the_word_of_its_own_save_goes_on(sitting):
    save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    assert merge(sitting, right(sitting, 1, 2), client_key="a:2", seen_step=1).elsewhere == ()
    assert again(sitting).unanswered == (3, 4, 5)


@pytest.mark.parametrize("late", [1, 2])
def test_a_save_that_was_overtaken_changes_nothing(sitting, late):
    save(sitting, wrong(sitting, 1), client_key="a:2", seen_step=1)
    save(sitting, right(sitting, 1), client_key="a:3", seen_step=1)
    assert save(sitting, wrong(sitting, 1), client_key=f"a:{late}", seen_step=1) == 3
    assert again(sitting).questions[0].answer == right(sitting, 1)[1]


def test_a_late_save_of_another_question_is_kept(sitting):
    save(sitting, right(sitting, 1), client_key="a:2", seen_step=1)
    save(sitting, right(sitting, 2), client_key="a:1", seen_step=1)
    assert again(sitting).unanswered == (3, 4, 5)


def test_a_save_overtaken_by_one_that_changed_nothing_changes_nothing(sitting):
    save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    save(sitting, right(sitting, 1), client_key="a:3", seen_step=2)  # wrong tapped, lost, and tapped back
    assert save(sitting, wrong(sitting, 1), client_key="a:2", seen_step=2) == 3
    assert again(sitting).questions[0].answer == right(sitting, 1)[1]


def test_a_save_heard_before_another_device_spoke_is_still_known(sitting):
    save(sitting, wrong(sitting, 1), client_key="a:1", seen_step=1)
    save(sitting, right(sitting, 1), client_key="a:2", seen_step=2)
    save(sitting, right(sitting, 2), client_key="b:1", seen_step=3)
    repeated = merge(sitting, wrong(sitting, 1), client_key="a:1", seen_step=1)
    assert (repeated.attempt.step, repeated.elsewhere, repeated.lost) == (4, (2,), ())


def test_of_two_devices_the_first_keeps_its_answer_and_the_other_all_the_rest(sitting):
    save(sitting, right(sitting, 1, 2), client_key="a:1", seen_step=1)
    merged = merge(sitting, wrong(sitting, 1) | right(sitting, 2, 3), client_key="b:1", seen_step=1)
    assert (merged.elsewhere, merged.lost) == ((1, 2), (1,))
    assert [one.answer for one in again(sitting).questions][:3] == list(right(sitting, 1, 2, 3).values())
    assert again(sitting) == merged.attempt


def test_a_device_that_has_seen_anothers_answer_may_change_it(sitting):
    step = save(sitting, wrong(sitting, 1), client_key="a:1", seen_step=1)
    merged = merge(sitting, right(sitting, 1), client_key="b:1", seen_step=step)
    assert (merged.elsewhere, merged.lost) == ((), ())
    assert again(sitting).questions[0].answer == right(sitting, 1)[1]


def test_a_page_without_script_is_another_device(sitting):
    save(sitting, right(sitting, 1))
    assert merge(sitting, wrong(sitting, 1), client_key="a:1", seen_step=1).lost == (1,)


def test_a_repeated_save_is_told_again_what_it_lost(sitting):
    save(sitting, right(sitting, 1), client_key="a:1", seen_step=1)
    for _ in range(2):
        merged = merge(sitting, wrong(sitting, 1), client_key="b:1", seen_step=1)
        assert (merged.attempt.step, merged.lost) == (2, (1,))


def test_what_was_read_without_the_lock_is_not_built_upon(sitting):
    save(sitting, right(sitting, 1))
    with pytest.raises(StaleStep), transaction():
        save_answers(sitting, wrong(sitting, 1), now=NOON)
    assert again(sitting).questions[0].answer == right(sitting, 1)[1]


@pytest.mark.parametrize("answer", [{"chosen": ["no-such"]}, {"chosen": "x"}, {"other": 1}, {"chosen": []}])
def test_what_is_no_answer_is_refused_and_nothing_of_the_save_kept(sitting, answer):
    with pytest.raises(NotAnAnswer):
        save(sitting, right(sitting, 2) | {1: answer})
    assert again(sitting) == sitting


# Handing in


def test_a_double_submit_grades_once(sitting):
    save(sitting, right(sitting))
    hand_in(sitting)
    with pytest.raises(AttemptClosed):
        hand_in(sitting)
    assert kinds(sitting).count("graded") == 1


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
    for find in (attempt_of, attempt_for_change):
        with pytest.raises(NoSuchAttempt):
            find(other, sitting.id)


# Papers


def test_a_second_start_gives_the_open_paper(sitting):
    assert begin(sitting.person_id, sitting.quiz_id) == sitting


def test_every_attempt_has_a_seed_and_a_paper_of_its_own(app):
    with transaction():
        quiz_id = make.quiz(questions=20, settings={"draw": {"easy": 3, "medium": 3, "hard": 3}})
        people = [make.person(f"Nguyễn Văn {n}").id for n in "ABCDEF"]
    papers = {tuple(one.revision_id for one in begin(person, quiz_id).questions) for person in people}
    assert {len(paper) for paper in papers} == {9}
    assert len(papers) > 1


def test_the_seed_makes_the_same_paper_again(app):
    view = sit_down(questions=20, settings={"draw": {"easy": 3, "hard": 3}})
    _, settings, entries = present_paper(view.quiz_id)
    seed = session.scalar(select(Attempt.seed).where(Attempt.id == view.id))
    drawn = draw_questions(entries, settings, view.variant, seed)
    assert [entry.revision_id for entry in drawn] == [one.revision_id for one in view.questions]
    assert [list(one.options) for one in view.questions] == [
        option_order(one.question.option_ids, settings, seed, one.position) for one in view.questions
    ]


def test_the_next_paper_asks_what_the_last_one_did_not(app):
    """Known by the question, not by its words: what was mended meanwhile was asked all the same."""
    view = sit_down(questions=8, settings={"draw": {"": 4}})
    first = {one.question.id for one in hand_in(view).questions}
    with transaction():
        make.quiz(questions=8, settings={"draw": {"": 4}}, stem="Hỏi lại {n}?", quiz_id=view.quiz_id)
    second = hand_in(begin(view.person_id, view.quiz_id, NOON + MINUTE), NOON + MINUTE)
    assert {one.question.id for one in second.questions} == {f"q{n}" for n in range(1, 9)} - first
    with transaction():
        another = make.person("Nguyễn Văn Khác").id
    assert len(begin(another, view.quiz_id).questions) == 4


def test_an_edited_quiz_leaves_a_paper_as_it_was(sitting):
    save(sitting, right(sitting))
    with transaction():
        make.quiz(questions=2, stem="Hỏi khác {n}?", quiz_id=sitting.quiz_id)
    assert [one.question for one in again(sitting).questions] == [one.question for one in sitting.questions]
    assert hand_in(sitting).percent == 100
    assert len(begin(sitting.person_id, sitting.quiz_id, NOON + MINUTE).questions) == 2


def test_mended_feedback_is_seen_at_once_and_is_no_new_revision(sitting):
    shown = sitting.questions[0]
    with transaction():
        make.quiz(explanation="Giải thích rõ hơn {n}", quiz_id=sitting.quiz_id, at=NOON + MINUTE)
    now_shown = again(sitting).questions[0]
    assert now_shown.revision_id == shown.revision_id
    assert "Giải thích rõ hơn" in str(now_shown.question.explanation)
    assert question_of(shown.revision_id) == now_shown.question


def test_a_variant_without_questions_has_no_quiz(app):
    with transaction():
        person_id, quiz_id = make.person().id, make.quiz(editions=("member",))
    with pytest.raises(NoSuchQuiz):
        begin(person_id, quiz_id)
    with pytest.raises(NoSuchQuiz):
        quiz_overview(person_id, quiz_id, "all", NOON)
    assert quiz_overview(person_id, quiz_id, "member", NOON).length == 5


# What it costs


@pytest.mark.parametrize("size", [1, 50])
def test_an_attempt_costs_the_same_at_any_size(app, count_queries, size):
    view = sit_down(questions=size)
    assert count_queries(lambda: again(view)) == 2
    assert count_queries(lambda: save(view, right(view, 1), client_key="a:1", seen_step=1)) == 5
    assert count_queries(lambda: save(view, wrong(view, 1), client_key="a:2", seen_step=1)) == 6
    assert count_queries(lambda: quiz_overview(view.person_id, view.quiz_id, "all", NOON)) == 2
