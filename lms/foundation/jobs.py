"""Slow work: a row written in the deed's own transaction, a message to the queue after the commit."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from huey.api import Huey, TaskWrapper
from sqlalchemy import CheckConstraint, ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation import clock
from lms.foundation.db import Base, after_commit, session, transaction

log = logging.getLogger(__name__)


class Job(Base):
    """One piece of slow work: whose, how far, and what came of it."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state_known"),
        Index("ix_job_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True)
class JobView:
    """A job as pages and commands see it."""

    id: int
    kind: str
    owner_id: int | None
    arguments: dict[str, Any]
    state: str
    progress: int
    total: int
    result: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None


Work = Callable[["Progress", dict[str, Any]], dict[str, Any]]
LOST_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(hours=1)  # no work takes as long: its worker was killed
_QUEUE, _TASK = "jobs.queue", "jobs.task"  # what a site has of this in its extensions
_kinds: dict[str, Work] = {}


@dataclass(frozen=True)
class Progress:
    """What running work tells about itself; each telling is durable at once, in its own transaction."""

    job_id: int

    def tell(self, done: int, total: int) -> None:
        """Set how many of how many are done. Must not be called inside a transaction."""
        with transaction():
            session.execute(update(Job).where(Job.id == self.job_id).values(progress=done, total=total))


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register the decorated function as the work of jobs of this kind. It opens its own transactions."""

    def register(work: Work) -> Work:
        _kinds[name] = work
        return work

    return register


def submit_job(kind: str, arguments: dict[str, Any], *, owner_id: int | None, now: datetime) -> int:
    """Write a job in the present transaction; the queue hears of it after the commit. Returns its id."""
    job = Job(kind=kind, arguments=arguments, owner_id=owner_id, created_at=now)
    session.add(job)
    session.flush()
    job_id = job.id
    after_commit(lambda: _send(job_id))
    return job_id


def install_queue(app: Flask, queue: Huey) -> None:
    """Give the site its queue; what comes out of it is run in the site's own context."""

    def run_in_context(job_id: int) -> None:
        with app.app_context():
            run_job(job_id)

    app.extensions[_QUEUE] = queue
    app.extensions[_TASK] = queue.task(name="run_job")(run_in_context)


def the_queue() -> Huey:
    """The site's queue, for its worker."""
    queue: Huey = current_app.extensions[_QUEUE]
    return queue


def _send(job_id: int) -> None:
    task: TaskWrapper = current_app.extensions[_TASK]
    task(job_id)


def run_job(job_id: int) -> None:
    """Take a waiting job and do its work. A job already taken or gone is left alone."""
    job = _take(job_id, clock.now())
    if job is None:
        return
    try:
        result: dict[str, Any] | None = _kinds[job.kind](Progress(job_id), job.arguments)
        state = "done"
    except BaseException:
        log.exception("job failed", extra={"job": job_id, "kind": job.kind})
        _finish(job_id, "failed", None)
        raise
    _finish(job_id, state, result)


def _take(job_id: int, now: datetime) -> JobView | None:
    with transaction():
        taken = session.scalar(
            update(Job)
            .where(Job.id == job_id, Job.state == "waiting")
            .values(state="running", started_at=now)
            .returning(Job.id)
        )
        return job_of(job_id) if taken else None


def _finish(job_id: int, state: str, result: dict[str, Any] | None) -> None:
    with transaction():
        session.execute(
            update(Job).where(Job.id == job_id).values(state=state, result=result, finished_at=clock.now())
        )


def job_of(job_id: int) -> JobView | None:
    """The job as it stands, or nothing."""
    row = session.execute(_SELECT.where(Job.id == job_id)).one_or_none()
    return JobView(**row._mapping) if row else None


def jobs_in(state: str, limit: int = 100) -> list[JobView]:
    """Jobs in a state, oldest first."""
    rows = session.execute(_SELECT.where(Job.state == state).order_by(Job.id).limit(limit))
    return [JobView(**row._mapping) for row in rows]


def jobs_of(owner_id: int, limit: int = 20) -> list[JobView]:
    """A person's jobs, newest first."""
    rows = session.execute(_SELECT.where(Job.owner_id == owner_id).order_by(Job.id.desc()).limit(limit))
    return [JobView(**row._mapping) for row in rows]


def retry_job(job_id: int) -> bool:
    """Put a failed job back in line, in the present transaction. False if it had not failed."""
    changed = session.scalar(
        update(Job)
        .where(Job.id == job_id, Job.state == "failed")
        .values(state="waiting", progress=0)
        .returning(Job.id)
    )
    if changed:
        after_commit(lambda: _send(job_id))
    return changed is not None


def send_lost_jobs(now: datetime) -> int:
    """Send again the waiting jobs whose message never came; returns how many. The worker calls it.

    A job whose worker was killed counts as failed, so that its owner is told and it can be tried again.
    """
    with transaction():
        session.execute(
            update(Job)
            .where(Job.state == "running", Job.started_at < now - GIVEN_UP_AFTER)
            .values(state="failed", finished_at=now)
        )
    lost = session.scalars(
        select(Job.id).where(Job.state == "waiting", Job.created_at < now - LOST_AFTER).order_by(Job.id)
    ).all()
    for job_id in lost:
        _send(job_id)
    return len(lost)


_SELECT = select(
    Job.id,
    Job.kind,
    Job.owner_id,
    Job.arguments,
    Job.state,
    Job.progress,
    Job.total,
    Job.result,
    Job.created_at,
    Job.finished_at,
)
