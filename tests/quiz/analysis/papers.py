"""Answers by hand: sums of a matrix as the counting makes them of a site."""

from collections.abc import Sequence

from lms.quiz.analysis.sums import QuizSums, Score, cell_of, pair_sums


def sums_of(answers: Sequence[Sequence[float | None]], points: Sequence[int] | None = None) -> QuizSums:
    """Of the people's shares by question, None where a question was not on the paper; ids count from 0."""
    worth = points or [1] * len(answers[0])
    sums, shares = QuizSums(), {}
    for paper, row in enumerate(answers):
        asked = [(id_, share) for id_, share in enumerate(row) if share is not None]
        total = sum(share * worth[id_] for id_, share in asked)
        score = Score(total, sum(worth[id_] for id_, _ in asked), len(asked), passed=False)
        sums.scores[score] += 1
        for id_, share in asked:
            sums.items[id_].cells[cell_of(share, worth[id_], score)] += 1
            shares.setdefault(id_, {}).setdefault(share, []).append(paper)
    sums.pairs.update(pair_sums(shares, len(answers)))
    return sums
