"""A key is mended: whose result changes, how, and what stays as it was."""

import pytest

from lms.foundation.db import transaction
from lms.people.permissions import Scope
from lms.quiz.queries import steps_of
from lms.quiz.regrading.actions import NoPassKept, order_regrade, see_regrades, withdraw_pass
from lms.quiz.regrading.queries import (
    asked_question,
    asked_questions,
    graded,
    may_mark,
    outdated,
    outdated_ids,
)
from lms.quiz.regrading.results import is_pass_kept, kept_passes, regrades_of, unseen_regrades
from lms.quiz.regrading.rules import NothingToRegrade
from lms.quiz.rules import ReasonMissing
from tests import make
from tests.conftest import every_database
from tests.quiz.regrading.orders import REASON, officer, regrade, target
from tests.quiz.sitting import again, begin, hand_in, kinds, right, save, wrong
from tests.times import NOON

pytestmark = every_database
EVERYWHERE = Scope(everywhere=True)


@pytest.fixture
def quiz_id(app) -> int:
    """Five questions; the author marked the wrong answer of q2 as right."""
    with transaction():
        return make.quiz(mistaken=(2,), settings={"shuffle": "none"})


def learner() -> int:
    with transaction():
        return make.person().id


def mend(quiz_id: int, **quiz) -> None:
    with transaction():
        make.quiz(quiz_id=quiz_id, settings={"shuffle": "none"}, **quiz)


def sat(quiz_id: int, *, wrong_at: tuple[int, ...] = ()):
    """A closed attempt of somebody who knows everything but these; "right" is what the key calls so."""
    view = begin(learner(), quiz_id)
    save(view, right(view) | wrong(view, *wrong_at))
    return hand_in(view)


def result(view) -> tuple[float | None, bool | None]:
    return view.points, view.passed


def test_who_was_right_all_along_is_paid(quiz_id):
    knew = sat(quiz_id, wrong_at=(2, 3))  # "wrong" at 2 is truly right
    assert result(knew) == (3, False)
    mend(quiz_id)
    assert regrade(quiz_id, "q2") == 1
    assert result(again(knew)) == (4, True)
    assert kinds(knew)[-2:] == ["graded", "regraded"]
    last = steps_of(knew.id)[-1]
    assert (last.position, last.reason, last.number) == (2, REASON, again(knew).step)


def test_a_pass_already_given_is_kept(quiz_id):
    lucky = sat(quiz_id, wrong_at=(3,))
    assert result(lucky) == (4, True)
    mend(quiz_id)
    assert regrade(quiz_id, "q2") == 1
    after = again(lucky)
    assert (after.points, after.percent, after.passed) == (3, 60, True)
    [kept] = kept_passes(EVERYWHERE)
    assert (kept.attempt_id, kept.points_before, kept.points_after) == (lucky.id, 4, 3)


def test_whose_answer_was_wrong_by_both_keys_is_not_told_anything(quiz_id):
    view = begin(learner(), quiz_id)
    third = view.questions[1].question.options[2].id
    save(view, right(view) | {2: {"chosen": [third]}})
    done = hand_in(view)
    mend(quiz_id)
    assert regrade(quiz_id, "q2") == 0
    assert result(again(done)) == result(done)
    assert kinds(done)[-1] == "graded"
    assert unseen_regrades(done.person_id) == []


def test_the_learner_is_told_until_it_was_seen(quiz_id):
    knew = sat(quiz_id, wrong_at=(2, 3))
    mend(quiz_id)
    regrade(quiz_id, "q2")
    [told] = unseen_regrades(knew.person_id)
    assert (told.attempt_id, told.points_before, told.points_after, told.reason) == (knew.id, 3, 4, REASON)
    assert told.is_newly_passed
    with transaction():
        see_regrades(knew.person_id, knew.id, NOON)
    assert unseen_regrades(knew.person_id) == []


def test_a_faulty_question_gives_everybody_its_points(quiz_id):
    views = [sat(quiz_id, wrong_at=(2, 3)), sat(quiz_id, wrong_at=(1, 3)), sat(quiz_id)]
    assert regrade(quiz_id, "q2", gives=True) == 1
    assert [again(view).points for view in views] == [4, 3, 5]
    assert [one.is_given for one in again(views[0]).questions] == [False, True, False, False, False]
    with pytest.raises(NothingToRegrade):
        regrade(quiz_id, "q2", gives=True)


def test_points_given_by_mistake_can_be_counted_by_the_key_again(quiz_id):
    view = sat(quiz_id, wrong_at=(2, 3))
    regrade(quiz_id, "q2", gives=True)
    assert again(view).points == 4
    assert regrade(quiz_id, "q2") == 1
    assert again(view).points == 3
    assert kinds(view)[-2:] == ["regraded", "regraded"]


def test_a_regrade_is_undone_by_mending_back(quiz_id):
    view = sat(quiz_id, wrong_at=(2, 3))
    mend(quiz_id)
    regrade(quiz_id, "q2")
    mend(quiz_id, mistaken=(2,))
    assert asked_question(quiz_id, "q2").outdated == 1
    assert regrade(quiz_id, "q2") == 1
    assert (again(view).points, again(view).passed) == (3, True)


def test_an_attempt_still_open_is_graded_by_the_mended_key_when_it_closes(quiz_id):
    view = begin(learner(), quiz_id)
    save(view, right(view) | wrong(view, 2))
    mend(quiz_id)
    assert regrade(quiz_id, "q2") == 0
    assert result(hand_in(view)) == (5, True)
    assert kinds(view)[-2:] == ["submitted", "graded"]


def test_the_review_shows_the_mended_key(quiz_id):
    view = sat(quiz_id)
    mend(quiz_id)
    regrade(quiz_id, "q2")
    assert again(view).questions[1].marking.right_answer() == "Đúng 2"
    assert again(view).questions[1].question.right_answer() == "Sai 2"


def test_answers_to_other_options_keep_their_key(quiz_id):
    view = sat(quiz_id)
    with transaction():
        make.quiz(quiz_id=quiz_id, questions=1)  # q2 … are no longer asked
    assert asked_question(quiz_id, "q2").revision_id is None
    assert not may_mark(asked_question(quiz_id, "q2"))
    assert regrade(quiz_id, "q2", gives=True) == 0
    assert again(view).points == 5


def test_a_mended_wording_changes_nobodys_result(quiz_id):
    view = sat(quiz_id, wrong_at=(3,))
    mend(quiz_id, mistaken=(2,), stem="Câu {n} hỏi gì?")
    assert {one.slug: one.outdated for one in asked_questions(quiz_id)}["q3"] == 1
    assert regrade(quiz_id, "q3") == 0
    assert result(again(view)) == result(view)


def test_a_rehearsal_says_what_would_come_and_changes_nothing(quiz_id):
    views = [sat(quiz_id, wrong_at=(2, 3)), sat(quiz_id, wrong_at=(3,))]
    mend(quiz_id)
    wanted = target(quiz_id, "q2")
    told = [one.verdict for one in graded(wanted, outdated(wanted, outdated_ids(wanted)))]
    assert [(one.is_newly_passed, one.is_pass_kept) for one in told if one] == [(True, False), (False, True)]
    assert [again(view) for view in views] == views


def test_nothing_is_ordered_without_a_reason_or_a_need(quiz_id):
    sat(quiz_id)
    by = officer()
    mend(quiz_id)
    wanted = target(quiz_id, "q2")
    with transaction(), pytest.raises(ReasonMissing):
        order_regrade(wanted, "  ", ordered_by=by, now=NOON)
    regrade(quiz_id, "q2")
    with transaction(), pytest.raises(NothingToRegrade):
        order_regrade(wanted, REASON, ordered_by=by, now=NOON)
    [line] = regrades_of(quiz_id)
    assert (line.slug, line.is_given, line.changed, line.passes_kept, line.newly_passed) == (
        "q2",
        False,
        1,
        0,
        0,
    )


def test_only_a_kept_pass_is_taken_back_and_once(quiz_id):
    lucky, other = sat(quiz_id, wrong_at=(3,)), sat(quiz_id, wrong_at=(2,))
    mend(quiz_id)
    regrade(quiz_id, "q2")
    by = officer()
    with transaction():
        withdraw_pass(lucky.id, "Học lại mới chắc.", actor_id=by, now=NOON)
    assert again(lucky).passed is False
    assert steps_of(lucky.id)[-1].reason == "Học lại mới chắc."
    [told] = unseen_regrades(lucky.person_id)
    assert told.withdrawn_reason == "Học lại mới chắc."
    for attempt_id in (lucky.id, other.id):
        with transaction(), pytest.raises(NoPassKept):
            withdraw_pass(attempt_id, "Lại.", actor_id=by, now=NOON)


def test_a_pass_that_a_later_regrade_earns_is_no_longer_only_kept(quiz_id):
    lucky = sat(quiz_id, wrong_at=(3,))
    mend(quiz_id)
    regrade(quiz_id, "q2")
    assert is_pass_kept(lucky.id)
    regrade(quiz_id, "q3", gives=True)
    assert again(lucky).points == 4
    assert not is_pass_kept(lucky.id)
