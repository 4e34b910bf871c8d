"""What is counted of first attempts: sums that only grow, so that new attempts are added to the old ones.

Their size depends on the questions and the scores there can be, never on how many people answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import combinations
from operator import or_
from typing import Any, NamedTuple

VERSION = 1  # of what is kept: sums of another version are counted anew
UNSURE, NOTHING, OTHERS = "?", "", "…"  # choices that are no option's id
MOST_TEXTS = 40  # different answers that are told apart where a learner writes or arranges
LONGEST = 3600  # seconds


class Score(NamedTuple):
    """The result of a paper of so many questions."""

    points: float
    possible: float
    length: int
    passed: bool


class Cell(NamedTuple):
    """A share of a question's points, and of the points of the rest of the paper; and of the whole paper."""

    share: float
    rest: float
    whole: float


@dataclass
class Chosen:
    """How many gave an answer, and the sum of their shares of the rest of the paper."""

    count: int = 0
    rest: float = 0.0

    def add(self, count: int, rest: float) -> None:
        """So many more, each with this share of the rest."""
        self.count += count
        self.rest += count * rest


@dataclass
class ItemSums:
    """One question revision: every combination of shares with how many had it; answers; seconds."""

    cells: Counter[Cell] = field(default_factory=Counter)
    choices: dict[str, Chosen] = field(default_factory=dict)
    seconds: Counter[int] = field(default_factory=Counter)  # by the lower end of a bucket

    @property
    def count(self) -> int:
        """How many were asked."""
        return sum(self.cells.values())

    def choose(self, choice: str, count: int, rest: float) -> None:
        """Note an answer; of texts beyond MOST_TEXTS it is only known that there were others."""
        if choice not in self.choices and len(self.choices) >= MOST_TEXTS:
            choice = OTHERS
        self.choices.setdefault(choice, Chosen()).add(count, rest)

    def add(self, other: "ItemSums") -> None:
        """What was counted elsewhere, too."""
        self.cells.update(other.cells)
        self.seconds.update(other.seconds)
        for choice, chosen in other.choices.items():
            self.choose(choice, chosen.count, chosen.rest / chosen.count if chosen.count else 0.0)


@dataclass
class PairSums:
    """Two revisions on the same papers: how many, the shares' sums, and the sum of their products."""

    count: int = 0
    first: float = 0.0
    second: float = 0.0
    product: float = 0.0

    def add(self, other: "PairSums") -> None:
        """What was counted elsewhere, too."""
        self.count += other.count
        self.first += other.first
        self.second += other.second
        self.product += other.product

    def turned(self) -> "PairSums":
        """The same with the two in the other order."""
        return PairSums(self.count, self.second, self.first, self.product)


@dataclass
class QuizSums:
    """Everything counted of a quiz among some people; pairs are counted of the whole country only."""

    scores: Counter[Score] = field(default_factory=Counter)
    items: defaultdict[int, ItemSums] = field(default_factory=lambda: defaultdict(ItemSums))
    pairs: defaultdict[tuple[int, int], PairSums] = field(default_factory=lambda: defaultdict(PairSums))

    @property
    def count(self) -> int:
        """How many papers."""
        return sum(self.scores.values())

    def add(self, other: "QuizSums") -> None:
        """What was counted elsewhere, too."""
        self.scores.update(other.scores)
        for revision_id, item in other.items.items():
            self.items[revision_id].add(item)
        for pair, sums in other.pairs.items():
            self.pairs[pair].add(sums)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "scores": [[*score, count] for score, count in self.scores.items()],
            "items": {str(id_): _item_as_json(item) for id_, item in self.items.items()},
            "pairs": [
                [*pair, one.count, one.first, one.second, one.product] for pair, one in self.pairs.items()
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "QuizSums":
        """What `as_json` made."""
        sums = cls()
        sums.scores.update({Score(*score): count for *score, count in kept["scores"]})
        for id_, item in kept["items"].items():
            sums.items[int(id_)] = _item_from_json(item)
        for first, second, *pair in kept["pairs"]:
            sums.pairs[first, second] = PairSums(*pair)
        return sums


def _item_as_json(item: ItemSums) -> dict[str, Any]:
    return {
        "cells": [[*cell, count] for cell, count in item.cells.items()],
        "choices": {choice: [chosen.count, chosen.rest] for choice, chosen in item.choices.items()},
        "seconds": [[low, count] for low, count in item.seconds.items()],
    }


def _item_from_json(kept: Mapping[str, Any]) -> ItemSums:
    return ItemSums(
        Counter({Cell(*cell): count for *cell, count in kept["cells"]}),
        {choice: Chosen(*chosen) for choice, chosen in kept["choices"].items()},
        Counter(dict(kept["seconds"])),
    )


@lru_cache(maxsize=50_000)
def cell_of(share: float, points: int, score: Score) -> Cell:
    """The place of an answer among the cells; a paper of one question has no rest, which counts as 0."""
    left = score.possible - points
    rest = (score.points - share * points) / left if left else 0.0
    return Cell(share, round(rest, 4), round(score.points / score.possible, 4) if score.possible else 0.0)


def bucket(seconds: float) -> int:
    """The lower end of the time's bucket: whole seconds, from half a minute five, from five minutes sixty."""
    whole = max(0, min(LONGEST, int(seconds)))
    return whole - whole % _width(whole)


def bucket_end(low: int) -> int:
    """Where a bucket ends that begins here."""
    return low + _width(low)


def _width(low: int) -> int:
    return 1 if low < 30 else 5 if low < 300 else 60


def pair_sums(
    shares: Mapping[int, Mapping[float, Sequence[int]]], papers: int
) -> dict[tuple[int, int], PairSums]:
    """Of every two revisions that stood on a same paper: numbers of papers by revision and share.

    Papers are bits of one long number a revision, so that a pair costs a few ANDs and not a step a paper.
    """
    earned = {
        id_: [(share, _bits(numbers, papers)) for share, numbers in by_share.items()]
        for id_, by_share in shares.items()
    }
    present = {id_: reduce(or_, (bits for _, bits in by_share)) for id_, by_share in earned.items()}
    worth = {id_: [(share, bits) for share, bits in by_share if share] for id_, by_share in earned.items()}
    found = {}
    for first, second in combinations(sorted(shares), 2):
        both = present[first] & present[second]
        if both:
            found[first, second] = PairSums(
                both.bit_count(),
                sum(share * (bits & both).bit_count() for share, bits in worth[first]),
                sum(share * (bits & both).bit_count() for share, bits in worth[second]),
                sum(a * b * (x & y).bit_count() for a, x in worth[first] for b, y in worth[second]),
            )
    return found


def _bits(numbers: Iterable[int], papers: int) -> int:
    digits = bytearray(b"0" * papers)
    for number in numbers:
        digits[number] = 49  # "1"
    return int(digits, 2)
