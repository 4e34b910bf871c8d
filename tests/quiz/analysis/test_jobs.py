"""The counting: whose attempts count, once each, at first and then what came since."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job
from lms.quiz import jobs
from lms.quiz.actions import expire_attempt
from lms.quiz.analysis import queries
from lms.quiz.analysis.actions import NotTheSame, mark_same_meaning, unmark_same_meaning
from lms.quiz.analysis.figures import quiz_figures
from lms.quiz.analysis.sums import UNSURE, VERSION
from lms.quiz.models import Attempt, TallyLater, TallyMark
from lms.quiz.queries import attempt_for_change, questions_of
from lms.quiz.regrading.queries import asked_question
from lms.units.queries import unit_by_key
from tests import make
from tests.conftest import every_database
from tests.quiz.regrading.orders import regrade
from tests.quiz.sitting import begin, hand_in, right, save, wrong
from tests.times import NOON

pytestmark = every_database
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def the_next_day(app, monkeypatch):
    monkeypatch.setattr("lms.foundation.clock.now", lambda: LATER)


def count(*, anew: bool = False) -> int:
    """Run the job as the site does; how many papers it counted."""
    with transaction():
        jobs.submit_analysis(None, LATER, anew=anew)
    job = session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
    session.refresh(job)
    assert job.state == "done"
    return job.result["counted"]


def learner(unit: str = make.HUNG_HA) -> int:
    with transaction():
        return make.member(make.team(unit=unit)).id


def sat(quiz_id: int, person_id: int | None = None, *, wrong_at: tuple[int, ...] = ()) -> Attempt:
    view = begin(person_id or learner(), quiz_id)
    save(view, right(view) | wrong(view, *wrong_at))
    return hand_in(view)


def a_quiz(**settings) -> int:
    with transaction():
        return make.quiz(questions=3, settings={"shuffle": "none", **settings})


def sums_of(quiz_id: int, code: str = "vn"):
    return queries.tally_of(quiz_id, unit_by_key(code, LATER.date()).id).sums


def test_first_attempts_are_counted_and_no_others(app):
    quiz_id, person_id = a_quiz(), learner()
    sat(quiz_id, person_id, wrong_at=(1,))
    sat(quiz_id, person_id)
    assert count() == 1
    (score,) = sums_of(quiz_id).scores
    assert (score.points, score.possible, score.length, score.passed) == (2, 3, 3, False)


def test_whoever_has_a_grant_is_not_counted(app):
    quiz_id, person_id = a_quiz(), learner()
    with transaction():
        make.grant(session.get_one(make.Person, person_id), "instructor")
    sat(quiz_id, person_id)
    assert count() == 0


def test_what_was_counted_is_not_counted_again(app):
    quiz_id = a_quiz()
    sat(quiz_id)
    assert count() == 1
    assert count() == 0
    sat(quiz_id, wrong_at=(2,))
    assert count() == 1
    assert sums_of(quiz_id).count == 2


def test_counting_in_parts_gives_what_counting_at_once_gives(app):
    quiz_id = a_quiz(draw={"easy": 1, "medium": 1})
    for place in (1, 2):
        sat(quiz_id, wrong_at=(place,))
        count()
    in_parts = sums_of(quiz_id)
    assert count(anew=True) == 2
    assert sums_of(quiz_id) == in_parts


def test_an_attempt_that_was_open_is_counted_once_it_is_closed(app):
    quiz_id = a_quiz()
    view = begin(learner(), quiz_id)
    sat(quiz_id)
    assert count() == 1
    assert session.scalars(select(TallyLater.attempt_id)).all() == [view.id]
    hand_in(view)
    assert count() == 1
    assert session.scalars(select(TallyLater.attempt_id)).all() == []
    assert count() == 0
    assert sums_of(quiz_id).count == 2


def test_an_attempt_begun_just_now_waits_until_no_older_one_can_appear(app):
    quiz_id = a_quiz()
    view = begin(learner(), quiz_id, LATER)
    hand_in(view, LATER)
    assert count() == 0


def test_sums_of_another_version_are_counted_anew(app):
    quiz_id = a_quiz()
    sat(quiz_id)
    count()
    with transaction():
        session.scalars(select(TallyMark)).one().version = VERSION - 1
    assert count() == 1
    assert sums_of(quiz_id).count == 1


def test_of_two_countings_of_the_same_one_is_kept(app, monkeypatch):
    quiz_id = a_quiz()
    sat(quiz_id)
    count()
    sat(quiz_id)
    stale = queries.mark()
    count()
    monkeypatch.setattr("lms.quiz.analysis.queries.mark", iter([stale, queries.mark()]).__next__)
    assert count() == 0
    assert sums_of(quiz_id).count == 2


def test_people_count_in_their_province_and_in_the_country(app):
    quiz_id = a_quiz()
    sat(quiz_id, learner(make.HUNG_HA))
    sat(quiz_id, learner("04252"), wrong_at=(1,))
    with transaction():
        nowhere = make.person().id
    sat(quiz_id, nowhere)
    assert count() == 3
    assert sums_of(quiz_id, make.HUNG_YEN).count == 1
    assert sums_of(quiz_id, "15").count == 1
    assert sums_of(quiz_id).count == 3


def test_answers_doubt_and_times_are_those_of_the_attempt(app):
    quiz_id = a_quiz()
    view = begin(learner(), quiz_id)
    save(view, right(view, 1), NOON + timedelta(seconds=14))
    save(view, wrong(view, 2), NOON + timedelta(seconds=40))
    save(view, right(view, 2), NOON + timedelta(seconds=52))
    save(view, {3: {"unsure": True}}, NOON + timedelta(seconds=152))
    hand_in(view, NOON + timedelta(seconds=160))
    count()
    items = sums_of(quiz_id).items
    one, two, three = (items[question.revision_id] for question in view.questions)
    assert [list(item.seconds) for item in (one, two, three)] == [[14], [35], [100]]
    assert one.choices[right(view, 1)[1]["chosen"][0]].count == 1
    assert three.choices.keys() == {UNSURE}
    assert [next(iter(item.cells)).share for item in (one, two, three)] == [1, 1, 0]


def test_answers_that_arrive_together_tell_no_time(app):
    quiz_id = a_quiz()
    view = begin(learner(), quiz_id)
    save(view, right(view), NOON + timedelta(seconds=60))
    hand_in(view, NOON + timedelta(seconds=61))
    count()
    assert all(not item.seconds for item in sums_of(quiz_id).items.values())


def test_an_attempt_whose_time_ran_out_counts_as_it_stood(app):
    quiz_id = a_quiz(minutes=10)
    view = begin(learner(), quiz_id)
    save(view, right(view, 1))
    with transaction():
        expire_attempt(attempt_for_change(view.person_id, view.id), LATER)
    count()
    assert Counter(score.points for score in sums_of(quiz_id).scores) == {1: 1}


def test_a_mended_word_joins_and_a_new_key_does_not(app):
    quiz_id = a_quiz()
    editor = learner()
    before, _ = queries.present_settings(quiz_id)
    with transaction():
        make.quiz(questions=3, quiz_id=quiz_id, stem="Câu thứ {n}?")
    after, _ = queries.present_settings(quiz_id)
    assert set(before).isdisjoint(after)
    with transaction():
        mark_same_meaning(after[0], questions_of([before[0], after[0]]), editor, LATER)
    assert {line.id: line.same_as for line in queries.revisions_of(quiz_id)}[after[0]] == before[0]
    with transaction():
        unmark_same_meaning(after[0])
    assert all(line.same_as is None for line in queries.revisions_of(quiz_id))
    with pytest.raises(NotTheSame), transaction():
        mark_same_meaning(before[0], questions_of([before[0]]), editor, LATER)


def test_figures_come_out_of_what_was_counted(app):
    quiz_id = a_quiz()
    for wrong_at in ((), (1,), (1, 2), (1, 2, 3), ()):
        sat(quiz_id, wrong_at=wrong_at)
    count()
    sums = sums_of(quiz_id)
    figures = quiz_figures(sums, dict.fromkeys(sums.items, 1), 80)
    assert figures.percent.value == pytest.approx(100 * (3 + 2 + 1 + 0 + 3) / 15)
    assert figures.passed.value == pytest.approx(0.4)
    assert figures.near.value == pytest.approx(0.2)
    assert figures.right == (1, 1, 1, 2)
    assert figures.is_same_paper
    # Σpq = 0.64, the variance of 3, 2, 1, 0, 3 is 1.36.
    assert figures.reliability.alpha == pytest.approx(3 / 2 * (1 - 0.64 / 1.36))


def shares(quiz_id: int) -> dict[int, list[float]]:
    """What the counted answers to each revision earned."""
    items = sums_of(quiz_id).items
    return {
        revision_id: sorted(cell.share for cell in item.cells.elements())
        for revision_id, item in items.items()
    }


def test_answers_graded_anew_count_for_the_mended_key(app):
    with transaction():
        quiz_id = make.quiz(mistaken=(2,), settings={"shuffle": "none"})
    sat(quiz_id)
    sat(quiz_id, wrong_at=(2,))
    with transaction():
        make.quiz(quiz_id=quiz_id, settings={"shuffle": "none"})
    assert regrade(quiz_id, "q2") == 2
    count(anew=True)
    question = asked_question(quiz_id, "q2")
    counted = shares(quiz_id)
    assert counted[question.revision_id] == [0.0, 1.0]
    assert not counted.keys() & set(question.earlier)


def test_points_that_were_given_say_nothing_of_the_question(app):
    with transaction():
        quiz_id = make.quiz(settings={"shuffle": "none"})
    sat(quiz_id)
    sat(quiz_id, wrong_at=(2,))
    assert regrade(quiz_id, "q2", gives=True) == 1
    count(anew=True)
    counted = shares(quiz_id)
    assert counted[asked_question(quiz_id, "q1").revision_id] == [1.0, 1.0]
    assert asked_question(quiz_id, "q2").revision_id not in counted
