"""The formulas of classical test theory, over counts: a distribution maps what was seen to how often.

Every function says where its formula comes from. None stands for "cannot be told": too few, or no spread.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

Pair = tuple[float, float]
Distribution = Mapping[float, int]
EXTREME = 0.27  # Kelley's share of the best and of the weakest


@dataclass(frozen=True)
class Estimate:
    """A figure and its standard error; the error is None where it cannot be told."""

    value: float
    error: float | None


def mean(seen: Distribution) -> Estimate | None:
    """The mean, and its standard error s ÷ √n with s² over n − 1."""
    count = sum(seen.values())
    if not count:
        return None
    middle = sum(value * times for value, times in seen.items()) / count
    spread = variance(seen)
    return Estimate(middle, None if spread is None else sqrt(spread / count))


def variance(seen: Distribution) -> float | None:
    """The unbiased variance, over n − 1."""
    count = sum(seen.values())
    if count < 2:
        return None
    middle = sum(value * times for value, times in seen.items()) / count
    return sum(times * (value - middle) ** 2 for value, times in seen.items()) / (count - 1)


def share(part: int, count: int) -> Estimate | None:
    """A proportion p and its standard error √(p (1 − p) ÷ n)."""
    if not count:
        return None
    found = part / count
    return Estimate(found, sqrt(found * (1 - found) / count))


def correlation(seen: Mapping[Pair, int]) -> Estimate | None:
    """Pearson's r of pairs, with its standard error √((1 − r²) ÷ (n − 2)).

    Between an item and the score on the rest of the paper it is the corrected item-total correlation, for
    right-or-wrong items the corrected point-biserial (Henrysson 1963, "Correction of item-total correlations
    in item analysis", Psychometrika 28, 211–218): the item itself is no part of what it is compared with.
    """
    count = sum(seen.values())
    if count < 3:
        return None
    x_mean = sum(times * x for (x, _), times in seen.items()) / count
    y_mean = sum(times * y for (_, y), times in seen.items()) / count
    xx = sum(times * (x - x_mean) ** 2 for (x, _), times in seen.items())
    yy = sum(times * (y - y_mean) ** 2 for (_, y), times in seen.items())
    if xx < 1e-12 or yy < 1e-12:
        return None
    xy = sum(times * (x - x_mean) * (y - y_mean) for (x, y), times in seen.items())
    found = max(-1.0, min(1.0, xy / sqrt(xx * yy)))
    return Estimate(found, sqrt((1 - found**2) / (count - 2)))


def chooser_correlation(choosers: int, total: float, among: Distribution) -> Estimate | None:
    """Point-biserial of having chosen something, with a score whose distribution over all is `among`.

    `total` is the sum of the choosers' scores. r = (M₁ − M) ÷ s · √(n₁ ÷ (n − n₁)), s² over n (Lord and
    Novick 1968, "Statistical theories of mental test scores", 15.5); a distractor's should be negative.
    """
    count = sum(among.values())
    spread = variance(among)
    if count < 3 or not 0 < choosers < count or not spread or spread < 1e-12:
        return None
    middle = sum(value * times for value, times in among.items()) / count
    deviation = sqrt(spread * (count - 1) / count)
    found = (total / choosers - middle) / deviation * sqrt(choosers / (count - choosers))
    found = max(-1.0, min(1.0, found))
    return Estimate(found, sqrt((1 - found**2) / (count - 2)))


def discrimination_index(seen: Mapping[Pair, int]) -> Estimate | None:
    """Mean share of the best 27 % less that of the weakest 27 %, of pairs (share, score of the paper).

    Kelley 1939, "The selection of upper and lower groups for the validation of test items", Journal of
    Educational Psychology 30, 17–24. Where a group's border runs through people of the same score, each of
    them counts in part. The standard error is that of a difference of two means.
    """
    size = EXTREME * sum(seen.values())
    if size < 2:
        return None
    by_score: dict[float, list[tuple[float, int]]] = {}
    for (item, score), times in seen.items():
        by_score.setdefault(score, []).append((item, times))
    weakest = _extreme(by_score, sorted(by_score), size)
    best = _extreme(by_score, sorted(by_score, reverse=True), size)
    return Estimate(best[0] - weakest[0], sqrt((best[1] + weakest[1]) / (size - 1)))


def _extreme(
    by_score: Mapping[float, list[tuple[float, int]]], order: Iterable[float], size: float
) -> tuple[float, float]:
    """Mean and variance (over n) of the items of so many people, taken in the order of their scores."""
    left, total, squares = size, 0.0, 0.0
    for score in order:
        people = sum(times for _, times in by_score[score])
        part = min(1.0, left / people)
        total += part * sum(item * times for item, times in by_score[score])
        squares += part * sum(item * item * times for item, times in by_score[score])
        left -= people
        if left <= 0:
            break
    return total / size, squares / size - (total / size) ** 2


def covariance(count: int, x_sum: float, y_sum: float, xy_sum: float) -> float | None:
    """The unbiased covariance of two items, over the papers that had both."""
    return (xy_sum - x_sum * y_sum / count) / (count - 1) if count > 1 else None


@dataclass(frozen=True)
class Reliability:
    """Alpha of the paper that people had on average, and the variance of its scores."""

    alpha: float
    score_variance: float

    @property
    def standard_error(self) -> float:
        """Standard error of measurement, s · √(1 − α), in points.

        Gulliksen 1950, "Theory of mental tests", chapter 2.
        """
        return sqrt(max(0.0, self.score_variance * (1 - self.alpha)))


def reliability(
    variances: Collection[tuple[float, float]], covariances: Collection[tuple[float, float]], length: float
) -> Reliability | None:
    """Cronbach's alpha: k ÷ (k − 1) · C ÷ (V + C), V the items' variances and C twice the pairs' covariances.

    Cronbach 1951, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 297–334; of
    right-or-wrong items it is KR-20 (Kuder and Richardson 1937, Psychometrika 2, 151–160). Each variance and
    covariance comes with the share of the papers that had the item, or both items. Where all had the same
    paper every share is 1; where questions were drawn it is the alpha of synthetic aperture assessment
    (Revelle, Wilt and Rosenthal 2010): covariances of whatever pairs were asked together.
    """
    if length <= 1:
        return None
    own = sum(found * weight for found, weight in variances)
    common = 2 * sum(found * weight for found, weight in covariances)
    if own + common < 1e-12:
        return None
    return Reliability(length / (length - 1) * common / (own + common), own + common)


def quantile(buckets: Mapping[int, tuple[float, int]], share_below: float) -> float | None:
    """The value below which such a share lies.

    `buckets` by their lower ends, each with its upper end and how many are in it, spread evenly.
    """
    count = sum(times for _, times in buckets.values())
    if not count:
        return None
    wanted = max(0.0, min(1.0, share_below)) * count
    passed = 0.0
    low, high = 0.0, 0.0
    for low, (high, times) in sorted(buckets.items()):
        if times and passed + times >= wanted:
            return low + (high - low) * (wanted - passed) / times
        passed += times
    return high


def median(buckets: Mapping[int, tuple[float, int]]) -> Estimate | None:
    """The median; its standard error by order statistics, half the way between the ranks n/2 ± √n/2.

    The ranks lie one standard deviation of a binomial (n, ½) apart from the middle (David and Nagaraja 2003,
    "Order statistics", 7.1), whatever the distribution.
    """
    count = sum(times for _, times in buckets.values())
    middle = quantile(buckets, 0.5)
    if middle is None:
        return None
    around = [quantile(buckets, 0.5 + side / sqrt(count)) or 0.0 for side in (-0.5, 0.5)]
    return Estimate(middle, (around[1] - around[0]) / 2)
