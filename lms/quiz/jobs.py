"""The item analysis as a job: everything at first, then what was closed since."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.jobs import Progress, job_kind, jobs_in, submit_job
from lms.quiz.analysis import queries
from lms.quiz.analysis.actions import Stretch, keep_tallies
from lms.quiz.analysis.counting import Answered, Counting, Paper, Step
from lms.quiz.analysis.queries import FirstAttempt
from lms.quiz.queries import questions_of
from lms.units.queries import present_places, unit_by_key

KIND = "quiz.analysis"
BATCH = 5_000  # papers that are in memory at a time
TIMED = 500  # papers of a batch whose steps are read: enough for any median, and steps are the most rows
_SCATTERED = 500  # papers of a batch that do not lie side by side


def submit_analysis(owner_id: int | None, now: datetime, *, anew: bool = False) -> None:
    """Have new attempts counted, in the present transaction; a counting that waits is not asked for twice."""
    if not any(job.kind == KIND for job in jobs_in("waiting")):
        submit_job(KIND, {"anew": anew}, owner_id=owner_id, now=now)


def is_counting() -> bool:
    """Whether a counting waits or runs."""
    return any(job.kind == KIND for state in ("waiting", "running") for job in jobs_in(state))


@job_kind(KIND)
def analyse(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Count the first attempts closed since the last time, or all of them if `arguments["anew"]`."""
    now = clock.now()
    since = queries.mark()
    if arguments.get("anew") or (since is not None and not since.is_current):
        since = None
    run = _Run()
    no_longer = run.count_waiting() if since else []
    begin, upto = since.attempt_id if since else 0, queries.last_settled(now)
    later = run.count_new(begin, upto, lambda at: progress.tell(at - begin, upto - begin))
    stretch = Stretch(since, max(begin, upto), later, no_longer)
    nation_id = unit_by_key("vn", clock.local_date(now)).id
    with transaction():
        kept = keep_tallies(run.counting.tallies(), stretch, nation_id, now)
    return {"counted": run.counting.papers if kept else 0}


class _Run:
    """One counting: where people count is asked once for each unit."""

    def __init__(self) -> None:
        self.counting = Counting(questions_of)
        self._provinces: dict[int, int] = {}

    def count_new(self, after: int, upto: int, tell: Callable[[int], None]) -> list[int]:
        """Count what lies between two attempts; returns those that are still open."""
        later: list[int] = []
        while found := queries.next_first_attempts(after, upto, BATCH):
            first, after = found[0].id, found[-1].id
            timed = found[:TIMED][-1].id
            later += [one.id for one in found if one.closed_at is None]
            self._count(found, queries.answers_between(first, after), queries.steps_between(first, timed))
            tell(after)
        return later

    def count_waiting(self) -> list[int]:
        """Count those that an earlier run found open and that are closed now; returns them."""
        counted: list[int] = []
        after = 0
        while found := queries.closed_since(after, _SCATTERED):
            ids = [one.id for one in found]
            self._count(found, queries.answers_of(ids), queries.steps_of(ids))
            counted += ids
            after = ids[-1]
        return counted

    def _count(self, found: list[FirstAttempt], answers: list[Answered], steps: list[Step]) -> None:
        self._learn_provinces({one.unit_id for one in found if one.unit_id is not None})
        papers = [self._paper(one, one.closed_at) for one in found if one.closed_at is not None]
        self.counting.add(papers, answers, steps)

    def _paper(self, one: FirstAttempt, closed_at: datetime) -> Paper:
        province_id = self._provinces.get(one.unit_id) if one.unit_id is not None else None
        points, passed = one.points or 0.0, bool(one.passed)
        return Paper(one.id, one.quiz_id, province_id, points, one.possible, passed, closed_at)

    def _learn_provinces(self, unit_ids: set[int]) -> None:
        unknown = unit_ids - self._provinces.keys()
        if unknown:
            places = present_places(unknown)
            self._provinces |= {unit_id: province for unit_id, (_, province) in places.items()}
