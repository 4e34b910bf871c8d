"""The formulas: worked examples from the literature, and numpy as an independent implementation."""

from collections import Counter
from random import Random

import numpy
import pytest

from lms.quiz.analysis import formulas
from lms.quiz.analysis.figures import Asked, item_figures, quiz_figures
from tests.quiz.analysis.papers import sums_of
from tests.quiz.analysis.worked import WUENSCH, lsat_6


def figures_of(answers, points=None):
    worth = points or [1] * len(answers[0])
    sums = sums_of(answers, points)
    items = {id_: item_figures(item, Asked(id_, worth[id_], ())) for id_, item in sums.items.items()}
    return quiz_figures(sums, dict(enumerate(worth)), 80), items


def drawn_papers(people=400, bank=12, length=6, *, partial=True):
    """People of different ability, each with a paper of their own."""
    chance = Random(7)
    answers = []
    for _ in range(people):
        ability, paper = chance.gauss(0, 1), chance.sample(range(bank), length)
        row = [None] * bank
        for id_ in paper:
            knows = ability + chance.gauss(0, 1.2) > (id_ - bank / 2) / bank
            row[id_] = 1.0 if knows else chance.choice([0.0, 0.5]) if partial else 0.0
        answers.append(row)
    return answers


def test_kr_20_is_that_of_a_worked_example():
    """Σpq 2.18, variance of the totals 5.84: 10/9 · (1 − 2.18/5.84)."""
    quiz, items = figures_of(WUENSCH)
    assert quiz.is_same_paper
    assert quiz.is_right_or_wrong
    assert quiz.reliability.alpha == pytest.approx(0.6963, abs=5e-5)
    assert [round(items[n].facility.value, 2) for n in range(10)] == [
        0.7,
        0.7,
        0.6,
        0.7,
        0.6,
        0.8,
        0.7,
        0.7,
        0.5,
        0.6,
    ]
    assert quiz.reliability.score_variance == pytest.approx(5.84 * 10 / 9)


def test_the_law_school_test_comes_out_as_published():
    """Alpha .2950 and correlations without the item, as the R package ltm prints them: descript(LSAT)."""
    quiz, items = figures_of(lsat_6())
    assert quiz.reliability.alpha == pytest.approx(0.2950, abs=5e-5)
    assert [items[n].facility.value for n in range(5)] == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    rests = [items[n].rest.value for n in range(5)]
    assert rests == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=5e-5)


def test_the_discrimination_index_is_that_of_a_worked_example():
    """Forty people, eleven in a group (27 %), nine of the best right and three of the weakest: 6/11."""
    seen = Counter({(1.0, 3): 9, (0.0, 3): 2, (1.0, 2): 10, (0.0, 2): 8, (1.0, 1): 3, (0.0, 1): 8})
    size = formulas.EXTREME * 40
    best, weakest = 9 / 11, 3 / 11  # Groups of 10.8: each loses 0.2 of a person, in proportion.
    found = formulas.discrimination_index(seen)
    assert found.value == pytest.approx(best - weakest)
    spread = best * (1 - best) + weakest * (1 - weakest)
    assert found.error == pytest.approx((spread / (size - 1)) ** 0.5)


def test_numpy_finds_the_same_of_items():
    rng = numpy.random.default_rng(3)
    answers = rng.choice([0, 0.5, 1], size=(200, 6)) * (rng.random((200, 1)) > 0.2)
    quiz, items = figures_of(answers.tolist(), [1, 2, 1, 3, 1, 1])
    worth = numpy.array([1, 2, 1, 3, 1, 1])
    totals = answers @ worth
    for n in range(6):
        rest = totals - answers[:, n] * worth[n]
        assert items[n].facility.value == pytest.approx(answers[:, n].mean())
        assert items[n].facility.error == pytest.approx(answers[:, n].std(ddof=1) / 200**0.5)
        assert items[n].rest.value == pytest.approx(numpy.corrcoef(answers[:, n], rest)[0, 1], abs=1e-4)
    covariances = numpy.cov(answers * worth, rowvar=False)
    alpha = 6 / 5 * (1 - numpy.trace(covariances) / covariances.sum())
    assert quiz.reliability.alpha == pytest.approx(alpha)
    assert quiz.reliability.score_variance == pytest.approx(totals.var(ddof=1))
    assert quiz.reliability.standard_error == pytest.approx(totals.std(ddof=1) * (1 - alpha) ** 0.5)
    assert quiz.percent.value == pytest.approx(100 * totals.mean() / worth.sum())
    assert quiz.percent.error == pytest.approx(100 * totals.std(ddof=1) / worth.sum() / 200**0.5)


def test_numpy_finds_the_same_reliability_of_drawn_papers():
    rows = drawn_papers()
    answers = numpy.array([[numpy.nan if one is None else one for one in row] for row in rows])
    asked = ~numpy.isnan(answers)
    quiz, _ = figures_of(rows)
    own = common = 0.0
    for i in range(12):
        own += answers[asked[:, i], i].var(ddof=1) * asked[:, i].mean()
        for j in range(12):
            both = asked[:, i] & asked[:, j]
            if i != j:
                common += numpy.cov(answers[both, i], answers[both, j])[0, 1] * both.mean()
    assert not quiz.is_same_paper
    assert not quiz.is_right_or_wrong
    assert quiz.reliability.alpha == pytest.approx(6 / 5 * common / (own + common))
    counts = [(asked[:, i] & asked[:, j]).sum() for i in range(12) for j in range(i)]
    assert (quiz.pairs.asked, quiz.pairs.possible, quiz.pairs.fewest) == (66, 66, min(counts))
    assert quiz.pairs.typical == int(numpy.median(counts))


def test_drawn_papers_tell_nearly_the_reliability_of_all_their_questions():
    """Draw half of each paper away, and alpha is that of a paper half as long (Spearman and Brown)."""
    whole = drawn_papers(people=6000, length=12, partial=False)
    half = drawn_papers(people=6000, length=6, partial=False)
    alpha = figures_of(whole)[0].reliability.alpha
    assert figures_of(half)[0].reliability.alpha == pytest.approx(alpha / (2 - alpha), abs=0.02)


def test_a_choice_goes_with_the_rest_as_numpy_says():
    rng = numpy.random.default_rng(5)
    rest = rng.integers(0, 10, 300) / 9
    chose = rng.random(300) < 0.2 + rest / 2
    found = formulas.chooser_correlation(int(chose.sum()), float(rest[chose].sum()), Counter(rest.tolist()))
    assert found.value == pytest.approx(numpy.corrcoef(chose, rest)[0, 1])


def test_the_median_is_read_between_the_ends_of_its_bucket():
    assert formulas.median({10: (11, 4), 20: (21, 4), 12: (13, 2)}).value == pytest.approx(12.5)
    seconds = numpy.random.default_rng(1).lognormal(3, 0.6, 4000)
    buckets = Counter(int(one) for one in seconds)
    found = formulas.median({low: (low + 1, times) for low, times in buckets.items()})
    assert found.value == pytest.approx(numpy.median(seconds), abs=0.1)
    # Of a log-normal the median's error is known: 1.2533 · σ · median ÷ √n.
    assert found.error == pytest.approx(1.2533 * 0.6 * numpy.exp(3) / 4000**0.5, rel=0.15)


def test_what_cannot_be_told_is_told_as_nothing():
    assert formulas.mean({}) is None
    assert formulas.mean({3: 1}).error is None
    assert formulas.share(0, 0) is None
    assert formulas.correlation({(1.0, 0.5): 40}) is None
    assert formulas.discrimination_index({(1.0, 0.5): 3}) is None
    assert formulas.chooser_correlation(0, 0.0, {0.5: 9, 0.1: 3}) is None
    assert formulas.covariance(1, 1, 1, 1) is None
    assert formulas.reliability([(0.2, 1)], [], 1) is None
    assert formulas.reliability([(0.0, 1), (0.0, 1)], [(0.0, 1)], 2) is None
    assert formulas.median({}) is None


def test_people_of_one_score_on_the_border_count_in_part():
    """Ten of one score and one group of 2.7: whoever is in it, the mean is theirs."""
    assert formulas.discrimination_index({(1.0, 5): 5, (0.0, 5): 5}).value == 0
