"""Ordering regrades in tests."""

from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job
from lms.quiz.regrading.actions import order_regrade
from lms.quiz.regrading.jobs import submit_regrade
from lms.quiz.regrading.queries import Target, asked_question
from tests import make
from tests.times import NOON

REASON = "Đáp án cũ ghi nhầm."


def officer() -> int:
    with transaction():
        return make.person("Người Soạn").id


def target(quiz_id: int, slug: str, *, gives: bool = False) -> Target:
    """That answers to a question shall count by today's key, or earn its points whatever they are."""
    question = asked_question(quiz_id, slug)
    return Target(question.id, None if gives else question.revision_id)


def regrade(quiz_id: int, slug: str, *, gives: bool = False, reason: str = REASON) -> int:
    """Order it and let the job run; how many results changed."""
    by = officer()
    with transaction():
        regrade_id = order_regrade(target(quiz_id, slug, gives=gives), reason, ordered_by=by, now=NOON)
        job_id = submit_regrade(regrade_id, owner_id=by, now=NOON)
    job = session.get_one(Job, job_id, populate_existing=True)
    assert job.state == "done"
    changed: int = job.result["changed"]
    return changed
