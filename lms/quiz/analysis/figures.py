"""From sums to figures: what a quiz and each of its questions turned out to be."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median as middle_of

from lms.quiz.analysis import formulas
from lms.quiz.analysis.formulas import Estimate, Reliability
from lms.quiz.analysis.sums import NOTHING, UNSURE, Cell, ItemSums, QuizSums, bucket_end

ENOUGH = 30  # attempts, below which nothing is concluded


@dataclass(frozen=True)
class Asked:
    """What figures need to know of a question: whom its answers belong to, and what they are worth."""

    revision_id: int
    points: int
    option_ids: tuple[str, ...]  # in the author's order; empty where answers are not chosen from options


@dataclass(frozen=True)
class ChoiceFigures:
    """One answer: its share, and how having given it goes with the rest of the paper."""

    choice: str
    share: Estimate
    rest: Estimate | None


@dataclass(frozen=True)
class ItemFigures:
    """One question, or several revisions of it that mean the same."""

    revision_id: int
    count: int
    facility: Estimate  # mean share of its points
    discrimination: Estimate | None
    rest: Estimate | None  # correlation with the rest of the paper
    unsure: Estimate
    unanswered: Estimate
    seconds: Estimate | None
    choices: tuple[ChoiceFigures, ...]

    @property
    def is_enough(self) -> bool:
        """Whether anything may be concluded."""
        return self.count >= ENOUGH


@dataclass(frozen=True)
class Pairs:
    """How many pairs of questions were asked together, the fewest papers of one, and the papers of most."""

    asked: int
    possible: int
    fewest: int
    typical: int


@dataclass(frozen=True)
class QuizFigures:
    """A quiz among some people."""

    count: int
    percent: Estimate
    passed: Estimate
    near: Estimate  # failed by one question at most
    length: int  # questions of most papers
    right: tuple[int, ...]  # how many people had 0, 1, 2 … questions' worth of points, rounded down
    is_same_paper: bool
    is_right_or_wrong: bool  # every question is worth the same and earns all or nothing
    reliability: Reliability | None
    pairs: Pairs | None

    @property
    def is_enough(self) -> bool:
        """Whether anything may be concluded."""
        return self.count >= ENOUGH


def quiz_figures(
    sums: QuizSums, points: Mapping[int, int], pass_percent: int, *, with_pairs: bool = True
) -> QuizFigures | None:
    """The figures of a quiz; `points` by revision. None if nobody has done it."""
    percent = formulas.mean(_percents(sums))
    passed = formulas.share(sum(n for score, n in sums.scores.items() if score.passed), sums.count)
    near = formulas.share(_near(sums, pass_percent), sums.count)
    if percent is None or passed is None or near is None:
        return None
    length = _usual_length(sums)
    shares = {cell.share for item in sums.items.values() for cell in item.cells}
    return QuizFigures(
        count=sums.count,
        percent=percent,
        passed=passed,
        near=near,
        length=length,
        right=_right(sums, length),
        is_same_paper=all(item.count == sums.count for item in sums.items.values()),
        is_right_or_wrong=shares <= {0.0, 1.0} and len({points[id_] for id_ in sums.items}) == 1,
        reliability=_reliability(sums, points) if with_pairs else None,
        pairs=_pairs(sums) if with_pairs else None,
    )


def _percents(sums: QuizSums) -> Counter[float]:
    percents: Counter[float] = Counter()
    for score, count in sums.scores.items():
        percents[100 * score.points / score.possible if score.possible else 0.0] += count
    return percents


def _near(sums: QuizSums, pass_percent: int) -> int:
    """How many failed although one more question would have been enough."""
    return sum(
        count
        for score, count in sums.scores.items()
        if not score.passed
        and score.points + score.possible / score.length >= score.possible * pass_percent / 100 - 1e-6
    )


def _usual_length(sums: QuizSums) -> int:
    lengths: Counter[int] = Counter()
    for score, count in sums.scores.items():
        lengths[score.length] += count
    return lengths.most_common(1)[0][0]


def _right(sums: QuizSums, length: int) -> tuple[int, ...]:
    bars = [0] * (length + 1)
    for score, count in sums.scores.items():
        if score.possible:
            bars[int(length * score.points / score.possible + 1e-6)] += count
    return tuple(bars)


def _reliability(sums: QuizSums, points: Mapping[int, int]) -> Reliability | None:
    """In points; a pair on fewer than two papers says nothing and is left out."""
    variances, covariances = [], []
    for id_, item in sums.items.items():
        found = formulas.variance(_shares(item))
        if found is not None:
            variances.append((found * points[id_] ** 2, item.count / sums.count))
    for (first, second), pair in sums.pairs.items():
        found = formulas.covariance(pair.count, pair.first, pair.second, pair.product)
        if found is not None:
            covariances.append((found * points[first] * points[second], pair.count / sums.count))
    mean_length = sum(score.length * count for score, count in sums.scores.items()) / sums.count
    return formulas.reliability(variances, covariances, mean_length)


def _pairs(sums: QuizSums) -> Pairs:
    counts = sorted(pair.count for pair in sums.pairs.values())
    possible = len(sums.items) * (len(sums.items) - 1) // 2
    return Pairs(len(counts), possible, counts[0] if counts else 0, int(middle_of(counts or [0])))


def _shares(item: ItemSums) -> Counter[float]:
    shares: Counter[float] = Counter()
    for cell, count in item.cells.items():
        shares[cell.share] += count
    return shares


def item_figures(item: ItemSums, asked: Asked) -> ItemFigures | None:
    """The figures of a question; None if nobody was asked it."""
    facility = formulas.mean(_shares(item))
    unsure = formulas.share(_chosen(item, UNSURE), item.count)
    unanswered = formulas.share(_chosen(item, NOTHING), item.count)
    if facility is None or unsure is None or unanswered is None:
        return None
    return ItemFigures(
        revision_id=asked.revision_id,
        count=item.count,
        facility=facility,
        discrimination=formulas.discrimination_index(_pairs_of(item, lambda cell: cell.whole)),
        rest=formulas.correlation(_pairs_of(item, lambda cell: cell.rest)),
        unsure=unsure,
        unanswered=unanswered,
        seconds=formulas.median({low: (bucket_end(low), count) for low, count in item.seconds.items()}),
        choices=_choices(item, asked.option_ids),
    )


def _pairs_of(item: ItemSums, score: Callable[[Cell], float]) -> Counter[formulas.Pair]:
    pairs: Counter[formulas.Pair] = Counter()
    for cell, count in item.cells.items():
        pairs[cell.share, score(cell)] += count
    return pairs


def _chosen(item: ItemSums, choice: str) -> int:
    return item.choices[choice].count if choice in item.choices else 0


def _choices(item: ItemSums, option_ids: Sequence[str]) -> tuple[ChoiceFigures, ...]:
    """Every option, or what was written, the most frequent first."""
    rests: Counter[float] = Counter()
    for cell, count in item.cells.items():
        rests[cell.rest] += count
    written = sorted(item.choices, key=lambda choice: -item.choices[choice].count)
    told = option_ids or [choice for choice in written if choice not in (UNSURE, NOTHING)]
    found = []
    for choice in told:
        share = formulas.share(_chosen(item, choice), item.count)
        if share is not None:
            total = item.choices[choice].rest if choice in item.choices else 0.0
            rest = formulas.chooser_correlation(_chosen(item, choice), total, rests)
            found.append(ChoiceFigures(choice, share, rest))
    return tuple(found)


def joined(sums: QuizSums, same_as: Mapping[int, int], options: Mapping[int, Sequence[str]]) -> QuizSums:
    """The sums with revisions of the same meaning as one, under the revision that `same_as` leads to.

    Their options belong together by place: the author's order lasts where words were mended.
    """
    found = QuizSums(scores=sums.scores.copy())
    for id_, item in sums.items.items():
        target = same_as.get(id_, id_)
        found.items[target].add(_renamed(item, options.get(id_, ()), options.get(target, ())))
    for (first, second), pair in sums.pairs.items():
        one, other = same_as.get(first, first), same_as.get(second, second)
        if one != other:
            found.pairs[min(one, other), max(one, other)].add(pair if one < other else pair.turned())
    return found


def _renamed(item: ItemSums, old: Sequence[str], new: Sequence[str]) -> ItemSums:
    names = dict(zip(old, new, strict=False))
    return ItemSums(
        item.cells,
        {names.get(choice, choice): chosen for choice, chosen in item.choices.items()},
        item.seconds,
    )
