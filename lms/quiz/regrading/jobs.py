"""A regrade as a job: some attempts at a time, so that learners who save answers need not wait for it."""

from datetime import datetime
from typing import Any

from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.jobs import Progress, job_kind, submit_job
from lms.quiz.jobs import submit_analysis
from lms.quiz.regrading.actions import finish_regrade, regrade_attempts
from lms.quiz.regrading.queries import outdated_ids, target_of

KIND = "quiz.regrade"
BATCH = 100  # attempts a transaction holds


def submit_regrade(regrade_id: int, *, owner_id: int, now: datetime) -> int:
    """Have it carried out once the present transaction is over; returns the job's id."""
    return submit_job(KIND, {"regrade": regrade_id}, owner_id=owner_id, now=now)


@job_kind(KIND)
def carry_out(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Grade what is not graded by the regrade's key yet: done again after a failure it goes on where it was.

    What the answers tell is counted anew afterwards, for the sums only ever grow.
    """
    regrade_id: int = arguments["regrade"]
    target, _ = target_of(regrade_id)
    ids, done, changed = outdated_ids(target), 0, 0
    for begin in range(0, len(ids), BATCH):
        some = ids[begin : begin + BATCH]
        with transaction():
            changed += regrade_attempts(regrade_id, some, clock.now())
        done += len(some)
        progress.tell(done, len(ids))
    with transaction():
        finish_regrade(regrade_id, clock.now())
        submit_analysis(None, clock.now(), anew=True)
    return {"changed": changed}
