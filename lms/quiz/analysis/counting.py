"""A few thousand papers at a time become sums: nothing here asks the database, nothing grows with people."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, groupby
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


Answered = tuple[int, str | None, float, str]
"""An answer that many gave: question revision, answer as JSON text, share, attempts with commas between."""
Step = tuple[int, int | None, float]
"""The beginning of an attempt (no question) or a saved answer: attempt, revision, seconds of a clock."""


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
        self._same: defaultdict[tuple[int, str | None, float], Counter[int]] = defaultdict(Counter)

    def add(self, papers: Sequence[Paper], answers: Sequence[Answered], steps: Iterable[Step]) -> None:
        """One batch: answers by whom, of these papers and perhaps of others; steps by paper in their order.

        Steps may be of some of the papers only: so many times are as good as all of them.
        """
        given = [
            (revision_id, answer, share, [int(id_) for id_ in ids.split(",")])
            for revision_id, answer, share, ids in answers
        ]
        lengths = Counter(chain.from_iterable(ids for *_, ids in given))
        papers = [paper for paper in papers if paper.id in lengths]
        self.papers += len(papers)
        groups = self._group(papers, lengths)
        numbers = {paper.id: number for number, paper in enumerate(papers)}
        shares: defaultdict[int, defaultdict[int, defaultdict[float, list[int]]]]
        shares = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))  # by quiz, revision, share
        for revision_id, answer, share, ids in given:
            alike = [numbers[id_] for id_ in ids if id_ in numbers]
            self._same[revision_id, answer, share].update(map(groups.__getitem__, alike))
            if alike:
                shares[papers[alike[0]].quiz_id][revision_id][share] += alike
        for quiz_id, of_quiz in shares.items():
            pairs = self._tallies[quiz_id, None].sums.pairs
            for pair, sums in pair_sums(of_quiz, len(papers)).items():
                pairs[pair].add(sums)
        self._count_times({paper.id: paper for paper in papers}, steps)
        if sum(map(len, self._same.values())) > MOST_WAITING:
            self._look()

    def tallies(self) -> Mapping[Place, Tally]:
        """What was counted so far."""
        self._look()
        return self._tallies

    def _group(self, papers: Sequence[Paper], lengths: Mapping[int, int]) -> list[int]:
        """Note the results; of each paper the number of all those with the same result in the same place."""
        groups: list[int] = []
        closed: defaultdict[Place, list[datetime]] = defaultdict(list)
        for paper in papers:
            place = (paper.quiz_id, paper.province_id)
            score = Score(paper.points, paper.possible, lengths[paper.id], paper.passed)
            groups.append(self._groups.setdefault((place, score), len(self._groups)))
            closed[place].append(paper.closed_at)
        known = list(self._groups)
        for group, count in Counter(groups).items():
            place, score = known[group]
            self._tallies[place].sums.scores[score] += count
        for place, times in closed.items():
            self._tallies[place].saw(min(times), max(times))
        return groups

    def _look(self) -> None:
        """Bring what waits into the tallies."""
        questions = self._known(sorted({revision_id for revision_id, _, _ in self._same}))
        groups = list(self._groups)
        for (revision_id, answer, share), of_groups in self._same.items():
            question = questions[revision_id]
            choices = choices_of(question, answer)
            for group, count in of_groups.items():
                place, score = groups[group]
                item = self._tallies[place].sums.items[revision_id]
                cell = cell_of(share, question.points, score)
                item.cells[cell] += count
                for choice in choices:
                    item.choose(choice, count, cell.rest)
        self._same.clear()

    def _count_times(self, papers: Mapping[int, Paper], steps: Iterable[Step]) -> None:
        for id_, of_paper in groupby(steps, key=itemgetter(0)):
            if id_ not in papers:
                continue
            items = self._tallies[papers[id_].quiz_id, papers[id_].province_id].sums.items
            for revision_id, seconds in seconds_spent(of_paper).items():
                items[revision_id].seconds[bucket(seconds)] += 1


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
    """Seconds on each question: what passed before its saves. Answers that came at once tell nothing."""
    spent: dict[int, float] = {}
    for revision_id, seconds in _gaps(steps):
        spent[revision_id] = spent.get(revision_id, 0.0) + seconds
    return spent


def _gaps(steps: Iterable[Step]) -> Iterator[tuple[int, float]]:
    """What was saved alone at an instant, with the time since the instant before."""
    before: float | None = None
    for at, together in groupby(steps, key=itemgetter(2)):
        revision_id, *others = [revision_id for _, revision_id, _ in together]
        if before is not None and revision_id is not None and not others:
            yield revision_id, at - before
        before = at
