"""What a regrade would do, put together for its author before it is ordered."""

from dataclasses import dataclass

from lms.people.permissions import Scope
from lms.people.queries import FoundPerson, people_within
from lms.quiz.regrading.queries import Target, graded, outdated, outdated_ids
from lms.quiz.regrading.rules import Verdict
from lms.quiz.rules import score_text

_AT_A_TIME = 5_000  # attempts graded by one statement
SHOWN = 50  # people who are listed


@dataclass(frozen=True)
class Change:
    """One attempt whose result would be another; nobody's name where the viewer may not see the person."""

    person: FoundPerson | None
    before: str
    after: str
    verdict: Verdict


@dataclass(frozen=True)
class Rehearsal:
    """A regrade that has not been ordered: how many attempts it would reach, and how."""

    people: int
    closed: int
    still_open: int
    unmarkable: int  # answers that the key cannot grade: they stay as they are
    higher: int
    lower: int
    newly_passed: int
    passes_kept: int
    changes: tuple[Change, ...]  # the first of them, the most urgent ones

    @property
    def unchanged(self) -> int:
        """Closed attempts whose result stays."""
        return self.closed - self.higher - self.lower


def rehearse(target: Target, scope: Scope) -> Rehearsal:
    """Grade everything the regrade would reach, and write nothing. Names are told within the scope only."""
    ids = outdated_ids(target)
    results = [
        one
        for begin in range(0, len(ids), _AT_A_TIME)
        for one in graded(target, outdated(target, ids[begin : begin + _AT_A_TIME]))
    ]
    markable = [one for one in results if one.is_markable]
    told = [(one.row, one.verdict) for one in markable if one.verdict]
    changed = [(row, verdict) for row, verdict in told if verdict.is_changed]
    urgent = sorted(changed, key=lambda one: _urgency(one[1]))[:SHOWN]
    names = people_within(scope, {row.person_id for row, _ in urgent})
    return Rehearsal(
        people=len({one.row.person_id for one in markable}),
        closed=len(told),
        still_open=len(markable) - len(told),
        unmarkable=len(results) - len(markable),
        higher=sum(verdict.is_higher for _, verdict in changed),
        lower=sum(not verdict.is_higher for _, verdict in changed),
        newly_passed=sum(verdict.is_newly_passed for _, verdict in changed),
        passes_kept=sum(verdict.is_pass_kept for _, verdict in changed),
        changes=tuple(
            Change(
                names.get(row.person_id),
                score_text(verdict.before.points, row.possible),
                score_text(verdict.after.points, row.possible),
                verdict,
            )
            for row, verdict in urgent
        ),
    )


def _urgency(told: Verdict) -> tuple[bool, bool, float]:
    """Passes first: those that stand only because they were given, then new ones, then points lost."""
    return (not told.is_pass_kept, not told.is_newly_passed, told.after.points - told.before.points)
