"""Pure rules of a regrade: what an answer is worth by the mended key, and what becomes of the result."""

from dataclasses import dataclass

from lms.foundation.errors import Conflict
from lms.foundation.i18n import N_
from lms.quiz.rules import is_passed, percent_of


class NothingToRegrade(Conflict):
    """Every answer counts by this key already."""

    message = N_("Không còn bài nào phải chấm lại theo đáp án này.")


@dataclass(frozen=True)
class Result:
    """What a closed attempt came to."""

    points: float
    percent: float
    passed: bool


@dataclass(frozen=True)
class Verdict:
    """A closed attempt before and after its question counts by another key."""

    before: Result
    after: Result
    is_pass_kept: bool  # the percent no longer reaches the mark

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to tell."""
        return self.before != self.after

    @property
    def is_higher(self) -> bool:
        """Whether the learner gains points."""
        return self.after.points > self.before.points

    @property
    def is_newly_passed(self) -> bool:
        """Whether this passes the quiz."""
        return self.after.passed and not self.before.passed


def verdict(before: Result, points: float, possible: float, pass_percent: int) -> Verdict:
    """The result for points counted anew. A pass once given stays: only an officer takes it back."""
    percent = percent_of(points, possible)
    reaches = is_passed(percent, pass_percent)
    after = Result(round(points, 4), percent, before.passed or reaches)
    return Verdict(before, after, is_pass_kept=before.passed and not reaches)
