"""Sums: added to each other they are those of all people, and they survive being kept as JSON."""

import json
from dataclasses import asdict

import numpy
import pytest

from lms.quiz.analysis.figures import joined
from lms.quiz.analysis.sums import MOST_TEXTS, OTHERS, Cell, ItemSums, QuizSums, bucket, bucket_end, pair_sums
from tests.quiz.analysis.papers import sums_of
from tests.quiz.analysis.worked import WUENSCH


def test_sums_of_two_halves_add_up_to_those_of_the_whole():
    added = sums_of(WUENSCH[:4])
    added.add(sums_of(WUENSCH[4:]))
    assert added == sums_of(WUENSCH)


def test_sums_come_back_as_they_were_kept():
    sums = sums_of([[0.5, 1.0, None], [0.0, None, 1 / 3], [1.0, 1.0, None]], [1, 2, 3])
    sums.items[1].choose("ab12", 2, 0.25)
    sums.items[1].seconds[35] += 3
    assert QuizSums.from_json(json.loads(json.dumps(sums.as_json()))) == sums


def test_pairs_by_bits_are_pairs_by_counting():
    rng = numpy.random.default_rng(2)
    shares = rng.choice([0, 1 / 3, 0.5, 1], size=(500, 5))
    asked = rng.random((500, 5)) < 0.6
    kept = {
        n: {
            float(v): numpy.flatnonzero(asked[:, n] & (shares[:, n] == v)).tolist()
            for v in (0, 1 / 3, 0.5, 1)
        }
        for n in range(5)
    }
    found = pair_sums(kept, 500)
    for (i, j), pair in found.items():
        both = asked[:, i] & asked[:, j]
        x, y = shares[both, i], shares[both, j]
        assert asdict(pair) == pytest.approx(
            {"count": both.sum(), "first": x.sum(), "second": y.sum(), "product": (x * y).sum()}
        )
    assert len(found) == 10


def test_texts_beyond_a_number_are_only_known_as_others():
    item = ItemSums()
    for n in range(MOST_TEXTS + 7):
        item.choose(f"câu {n}", 1, 0.5)
    assert len(item.choices) == MOST_TEXTS + 1
    assert item.choices[OTHERS].count == 7


@pytest.mark.parametrize("seconds", [0, 0.9, 29.9, 30, 34, 299, 300, 3599, 3600])
def test_a_time_lies_in_its_bucket(seconds):
    assert bucket(seconds) <= seconds < bucket_end(bucket(seconds))


def test_a_time_longer_than_an_hour_counts_as_an_hour_and_none_is_negative():
    assert bucket(90_000) == 3600
    assert bucket(-2) == 0


def test_revisions_of_one_meaning_are_one_and_their_options_go_by_place():
    old, new = ItemSums(), ItemSums()
    old.cells[Cell(1.0, 0.5, 0.6)], new.cells[Cell(1.0, 0.5, 0.6)] = 2, 3
    old.choose("khong dau", 2, 0.5)
    new.choose("có dấu", 3, 0.5)
    sums = sums_of([[None, 1.0, 1.0], [1.0, None, 0.0]])
    sums.items[0], sums.items[1] = old, new
    found = joined(sums, {0: 1}, {0: ["khong dau", "x"], 1: ["có dấu", "y"]})
    assert found.items.keys() == {1, 2}
    assert found.items[1].cells == {Cell(1.0, 0.5, 0.6): 5}
    assert found.items[1].choices["có dấu"].count == 5
    assert found.pairs[1, 2].count == 2
    assert (found.pairs[1, 2].first, found.pairs[1, 2].second) == (2.0, 1.0)
