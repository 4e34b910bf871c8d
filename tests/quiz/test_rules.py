"""Drawing and scoring, without a database."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.quiz.rules import (
    Entry,
    Settings,
    draw_questions,
    due_at,
    is_anothers,
    is_out_of_time,
    is_overtaken,
    is_passed,
    is_too_late,
    option_order,
    paper_length,
    percent_of,
    score_text,
    waits_until,
    whole_percent,
)
from tests.times import NOON

LEVELS = ("easy", "medium", "hard")
BANK = [Entry(n, LEVELS[n % 3], f"mt-{n % 4}", ("member",) if n % 5 == 0 else ()) for n in range(30)]


def settings(**changed: object) -> Settings:
    plain = {
        "draw": {},
        "pass": 80,
        "minutes": 0,
        "attempts": 0,
        "wait": 0,
        "shuffle": "both",
        "show": "never",
    }
    return Settings.of(plain | changed)


@given(st.integers(0, 2**31 - 1), st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 12)))
def test_a_paper_has_the_counts_asked_for_and_no_question_twice(seed, draw):
    drawn = draw_questions(BANK, settings(draw=draw), "member", seed)
    assert len({entry.revision_id for entry in drawn}) == len(drawn)
    for level, count in draw.items():
        assert sum(entry.level == level for entry in drawn) == min(count, 10)


@given(st.integers(0, 2**31 - 1), st.dictionaries(st.sampled_from((*LEVELS, "mt-1", "")), st.integers(1, 12)))
def test_a_paper_by_level_and_objective_repeats_no_question(seed, draw):
    drawn = draw_questions(BANK, settings(draw=draw), "member", seed)
    assert (
        len({entry.revision_id for entry in drawn}) == len(drawn) <= max(sum(draw.values()), 30 * (not draw))
    )


@given(st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 12)), st.sampled_from(["member", "citizen"]))
def test_the_length_told_before_is_the_length_of_every_paper(draw, variant):
    told = paper_length(BANK, settings(draw=draw), variant)
    assert all(len(draw_questions(BANK, settings(draw=draw), variant, seed)) == told for seed in (1, 2, 3))


def test_every_question_has_its_turn():
    drawn = {
        entry.revision_id
        for seed in range(60)
        for entry in draw_questions(BANK, settings(draw={"": 8}), "member", seed)
    }
    assert len(drawn) == len(BANK)


@given(st.integers(0, 2**31 - 1))
def test_a_seed_repeats_its_paper(seed):
    wanted = settings(draw={"": 8})
    assert draw_questions(BANK, wanted, "member", seed) == draw_questions(BANK, wanted, "member", seed)


@st.composite
def sat_before(draw):
    """Some counts, an edition, and the papers that one person was given by them, one after the other."""
    wanted = settings(draw=draw(st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 12), min_size=1)))
    variant = draw(st.sampled_from(["member", "citizen"]))
    met: dict[int, int] = {}
    papers = []
    for number in range(1, draw(st.integers(2, 5)) + 1):
        seed = draw(st.integers(0, 2**31 - 1))
        paper = draw_questions(BANK, wanted, variant, seed, last_met=met)
        papers.append(paper)
        met |= {entry.revision_id: number for entry in paper}
    return wanted, variant, papers


@given(sat_before())
def test_each_further_paper_has_the_counts_and_no_more_of_the_last_one_than_it_must(sat):
    wanted, variant, papers = sat
    for last, paper in pairwise(papers):
        assert len({entry.revision_id for entry in paper}) == len(paper)
        assert all(entry.suits(variant) for entry in paper)
        for level, count in wanted.draw.items():
            pool = {entry.revision_id for entry in BANK if entry.suits(variant) and entry.level == level}
            now, before = (
                {entry.revision_id for entry in one if entry.level == level} for one in (paper, last)
            )
            assert len(now) == min(count, len(pool))
            assert len(now & before) == max(0, 2 * len(now) - len(pool))


@given(st.integers(0, 2**31 - 1))
def test_a_person_meets_the_whole_bank_before_a_question_comes_again(seed):
    wanted, met = settings(draw={"": 8}), {}
    for number in (1, 2, 3):  # 24 of 30
        paper = draw_questions(BANK, wanted, "member", seed + number, last_met=met)
        assert not {entry.revision_id for entry in paper} & met.keys()
        met |= {entry.revision_id: number for entry in paper}
    fourth = {entry.revision_id for entry in draw_questions(BANK, wanted, "member", seed, last_met=met)}
    assert len(fourth - met.keys()) == 6
    assert {met[again] for again in fourth & met.keys()} == {1}  # asked the longest ago


def test_what_a_person_has_not_met_is_drawn_by_chance():
    met = dict.fromkeys(range(10), 1)
    papers = {
        frozenset(
            entry.revision_id
            for entry in draw_questions(BANK, settings(draw={"": 8}), "member", seed, last_met=met)
        )
        for seed in range(40)
    }
    assert len(papers) == 40
    assert set().union(*papers) == set(range(10, 30))


@given(st.integers(0, 2**31 - 1))
def test_nobody_is_asked_another_editions_question(seed):
    assert all(entry.suits("citizen") for entry in draw_questions(BANK, settings(), "citizen", seed))


def test_an_unshuffled_paper_keeps_the_files_order():
    drawn = draw_questions(BANK, settings(shuffle="none", draw={"hard": 3, "easy": 3}), "member", 7)
    assert [entry.revision_id for entry in drawn] == sorted(entry.revision_id for entry in drawn)


@given(st.integers(0, 2**31 - 1), st.integers(1, 60))
def test_options_are_shuffled_not_lost(seed, position):
    assert sorted(option_order("abcdef", settings(), seed, position)) == list("abcdef")
    assert option_order("abcdef", settings(shuffle="questions"), seed, position) == list("abcdef")


def test_percent_and_pass_mark():
    assert percent_of(4, 5) == 80
    assert percent_of(0, 0) == 0
    assert is_passed(percent_of(2, 3), 66)
    assert not is_passed(79.9, 80)


def test_what_is_not_enough_does_not_look_so():
    assert (whole_percent(79.9999), whole_percent(80), whole_percent(percent_of(2.9999999999, 3))) == (
        79,
        80,
        100,
    )
    assert [score_text(points, 10) for points in (10, 7.96, 4 / 3, 0.0)] == [
        "10/10",
        "7,9/10",
        "1,3/10",
        "0/10",
    ]


def test_time_runs_out_after_the_grace():
    due = due_at(NOON, 10)
    assert due == NOON + timedelta(minutes=10)
    assert not is_out_of_time(due, due + timedelta(seconds=120))
    assert is_out_of_time(due, due + timedelta(seconds=121))
    assert due_at(NOON, 0) is None
    assert not is_out_of_time(None, NOON)
    assert not is_too_late(None, NOON, NOON + timedelta(days=1))


@given(st.integers(-400, 400), st.one_of(st.none(), st.integers(-10_000, 10_000)))
def test_whatever_a_phone_says_an_answer_in_time_counts_and_none_after_the_grace(arrives, tapped):
    """In seconds from the end; who says nothing has the 30 of an answer that is on its way."""
    said = None if tapped is None else NOON + timedelta(seconds=tapped)
    late = is_too_late(NOON, NOON + timedelta(seconds=arrives), said)
    assert not (arrives <= 0 and late)
    assert late or arrives <= 120
    if 0 < arrives <= 30 and tapped is None:
        assert not late
    if arrives > 0 and tapped is not None and 0 < tapped <= arrives:
        assert late  # it says itself that it came after the end


def test_the_pause_ends_at_its_instant():
    wanted = settings(wait=600)
    assert waits_until(wanted, None, NOON) is None
    assert waits_until(wanted, NOON, NOON + timedelta(seconds=599)) == NOON + timedelta(seconds=600)
    assert waits_until(wanted, NOON, NOON + timedelta(seconds=600)) is None


def test_the_numbers_of_a_tab_say_which_save_is_late():
    assert is_overtaken("a:2", "a:3")
    assert is_overtaken("a:3", "a:3")
    assert is_overtaken("a:3", "a:3.2")  # the second answer of that save
    assert not is_overtaken("a:10", "a:9")
    assert not is_overtaken("a:1", "b:2")
    assert not is_overtaken("a:1", None)


def test_whoever_is_not_the_same_tab_is_another():
    assert [is_anothers("a:1", other) for other in ("a:2", "a:1.3", "b:1", None)] == [
        False,
        False,
        True,
        True,
    ]
