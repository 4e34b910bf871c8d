"""A few thousand papers at a time become sums: nothing here asks the database, nothing grows with people."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from lms.quiz.analysis.sums import NOTHING, UNSURE, QuizSums, Score, bucket, cell_of, pair_sums
from lms.quiz.question import UNSURE as UNSURE_ANSWER
from lms.quiz.question import Question

LONGEST_TEXT = 80  # characters of an answer in the learner's own words
MOST_WAITING = 250_000  # kinds of answers that are counted before they are looked at


class Paper(NamedTuple):
    """A closed first attempt, and where its learner counts; `province_id` is None for who is in no team."""

    id: int
    quiz_id: int
    province_id: int | None
    points: float
    possible: float
    passed: bool
    closed_at: datetime


Answered = tuple[int, int, str | None, float]
"""A question of a paper: attempt, revision, the answer as JSON text (reading each would take long), share."""
Step = tuple[int, int | None, float]
"""The beginning of an attempt (no position) or a saved answer: attempt, position, seconds of a clock."""


@dataclass
class Tally:
    """The sums of a quiz among some people, and when the first and the last of their papers were closed."""

    sums: QuizSums = field(default_factory=QuizSums)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def saw(self, first: datetime | None, last: datetime | None) -> None:
        """Papers were closed between these."""
        if first is not None and last is not None:
            self.first_at = min(self.first_at or first, first)
            self.last_at = max(self.last_at or last, last)


Place = tuple[int, int | None]  # quiz, province; pairs, and what has no province, stand under None
Known = Callable[[Sequence[int]], Mapping[int, Question]]


class Counting:
    """Counts batches of papers into one tally a quiz and province.

    Those with the same answer on papers of the same result are counted first, and looked at once; what waits
    to be looked at is bounded, too.
    """

    def __init__(self, known: Known) -> None:
        self.papers = 0
        self._tallies: defaultdict[Place, Tally] = defaultdict(Tally)
        self._known = known
        self._groups: dict[tuple[Place, Score], int] = {}
        self._same: Counter[tuple[int, int, str | None, float]] = Counter()  # group, revision, answer, share

    def add(self, papers: Sequence[Paper], answers: Sequence[Answered], steps: Iterable[Step]) -> None:
        """One batch: answers by paper and position, steps by paper in their order.

        Steps may be of some of the papers only: so many times are as good as all of them.
        """
        lengths = Counter(map(itemgetter(0), answers))
        papers = [paper for paper in papers if paper.id in lengths]
        places = {
            paper.id: (self._group_of(paper, lengths[paper.id]), number)
            for number, paper in enumerate(papers)
        }
        self.papers += len(papers)
        marks: defaultdict[tuple[int, float], list[int]] = defaultdict(list)
        same = self._same
        for id_, revision_id, answer, share in answers:
            place = places.get(id_)
            if place is not None:
                same[place[0], revision_id, answer, share] += 1
                marks[revision_id, share].append(place[1])
        self._count_pairs(papers, answers, marks)
        self._count_times({paper.id: paper for paper in papers}, answers, steps)
        if len(same) > MOST_WAITING:
            self._look()

    def tallies(self) -> Mapping[Place, Tally]:
        """What was counted so far."""
        self._look()
        return self._tallies

    def _group_of(self, paper: Paper, length: int) -> int:
        """Note the result of a paper; the number of all those with the same in the same place."""
        score = Score(paper.points, paper.possible, length, paper.passed)
        place = (paper.quiz_id, paper.province_id)
        tally = self._tallies[place]
        tally.sums.scores[score] += 1
        tally.saw(paper.closed_at, paper.closed_at)
        return self._groups.setdefault((place, score), len(self._groups))

    def _look(self) -> None:
        """Bring what waits into the tallies."""
        questions = self._known(sorted({revision_id for _, revision_id, _, _ in self._same}))
        groups = list(self._groups)
        choices: dict[tuple[int, str | None], tuple[str, ...]] = {}
        for (group, revision_id, answer, share), count in self._same.items():
            place, score = groups[group]
            item, question = self._tallies[place].sums.items[revision_id], questions[revision_id]
            cell = cell_of(share, question.points, score)
            item.cells[cell] += count
            if (revision_id, answer) not in choices:
                choices[revision_id, answer] = choices_of(question, answer)
            for choice in choices[revision_id, answer]:
                item.choose(choice, count, cell.rest)
        self._same.clear()

    def _count_pairs(
        self,
        papers: Sequence[Paper],
        answers: Sequence[Answered],
        marks: Mapping[tuple[int, float], Sequence[int]],
    ) -> None:
        """Of the whole country, quiz by quiz; `marks` are the numbers of the papers by revision and share."""
        quiz_of = {paper.id: paper.quiz_id for paper in papers}
        of_revision = {revision_id: quiz_of[id_] for id_, revision_id, _, _ in answers if id_ in quiz_of}
        by_quiz: defaultdict[int, defaultdict[int, dict[float, Sequence[int]]]]
        by_quiz = defaultdict(lambda: defaultdict(dict))
        for (revision_id, share), numbers in marks.items():
            by_quiz[of_revision[revision_id]][revision_id][share] = numbers
        for quiz_id, shares in by_quiz.items():
            pairs = self._tallies[quiz_id, None].sums.pairs
            for pair, sums in pair_sums(shares, len(papers)).items():
                pairs[pair].add(sums)

    def _count_times(
        self, papers: Mapping[int, Paper], answers: Sequence[Answered], steps: Iterable[Step]
    ) -> None:
        timed = {
            id_: seconds_spent(of_paper)
            for id_, of_paper in groupby(steps, key=itemgetter(0))
            if id_ in papers
        }
        asked: defaultdict[int, list[int]] = defaultdict(list)
        for id_, revision_id, _, _ in answers:
            if id_ in timed:
                asked[id_].append(revision_id)
        for id_, spent in timed.items():
            items = self._tallies[papers[id_].quiz_id, papers[id_].province_id].sums.items
            for position, seconds in spent.items():
                items[asked[id_][position - 1]].seconds[bucket(seconds)] += 1


def options_to_choose(question: Question) -> tuple[str, ...]:
    """The ids of its options; none where options are not chosen but put in order, paired, followed."""
    return question.option_ids if "chosen" in question.model_answer() else ()


def choices_of(question: Question, answer: str | None) -> tuple[str, ...]:
    """What an answer counts as: the options chosen, UNSURE, NOTHING, or its text where nothing is chosen."""
    if answer is None:
        return (NOTHING,)
    said = json.loads(answer)
    if said == UNSURE_ANSWER:
        return (UNSURE,)
    chosen = said.get("chosen")
    if isinstance(chosen, list) and set(chosen) <= set(question.option_ids):
        return tuple(chosen)
    return (question.answer_text(said)[:LONGEST_TEXT],)


def seconds_spent(steps: Iterable[Step]) -> dict[int, float]:
    """Seconds on each position: what passed before its saves. Answers that came at once tell nothing."""
    spent: dict[int, float] = {}
    for position, seconds in _gaps(steps):
        spent[position] = spent.get(position, 0.0) + seconds
    return spent


def _gaps(steps: Iterable[Step]) -> Iterator[tuple[int, float]]:
    """What was saved alone at an instant, with the time since the instant before."""
    before: float | None = None
    for at, together in groupby(steps, key=itemgetter(2)):
        position, *others = [position for _, position, _ in together]
        if before is not None and position is not None and not others:
            yield position, at - before
        before = at
