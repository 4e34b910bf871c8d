"""Slow work: written with the deed, done after it, told as it goes, lost by nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import MemoryHuey
from sqlalchemy import func, select, update

from lms.app import create_app
from lms.foundation.db import session, transaction
from lms.foundation.jobs import (
    Job,
    Progress,
    install_queue,
    job_kind,
    job_of,
    jobs_in,
    retry_job,
    run_job,
    send_lost_jobs,
    submit_job,
    the_queue,
)
from tests.conftest import every_database, settings_for
from tests.times import NOON

pytestmark = every_database

done: list[dict[str, object]] = []


@job_kind("tests.note")
def note(progress: Progress, arguments: dict[str, object]) -> dict[str, object]:
    done.append(arguments)
    progress.tell(1, 2)
    return {"length": len(str(arguments["word"]))}


@job_kind("tests.fail")
def fail(progress: Progress, arguments: dict[str, object]) -> dict[str, object]:
    progress.tell(1, 2)
    raise ValueError("the work fails")


@pytest.fixture
def queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryHuey]:
    """A queue that only keeps what it is sent: the test decides when a worker comes."""
    done.clear()
    monkeypatch.setattr(app, "extensions", dict(app.extensions))
    queue = MemoryHuey("tests")
    install_queue(app, queue)
    yield queue
    queue.flush()


def submit(kind: str = "tests.note", **arguments: object) -> int:
    with transaction():
        return submit_job(kind, arguments or {"word": "lúa"}, owner_id=None, now=NOON)


def sent(queue: MemoryHuey) -> list[int]:
    return [task.args[0] for task in queue.pending()]


def work(queue: MemoryHuey) -> None:
    """A worker empties the queue."""
    while (task := queue.dequeue()) is not None:
        queue.execute(task)


def test_the_queue_hears_of_a_job_after_the_commit(queue: MemoryHuey):
    with transaction():
        job_id = submit_job("tests.note", {"word": "lúa"}, owner_id=None, now=NOON)
        assert sent(queue) == []
    assert sent(queue) == [job_id]


def ask_and_fail() -> None:
    with transaction():
        submit_job("tests.note", {"word": "lúa"}, owner_id=None, now=NOON)
        raise ValueError("the deed fails")


def test_a_deed_that_fails_asks_for_no_work(queue: MemoryHuey):
    with pytest.raises(ValueError, match="the deed fails"):
        ask_and_fail()
    assert sent(queue) == []
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_done_work_leaves_its_result_and_how_far_it_went(queue: MemoryHuey):
    job_id = submit(word="lúa")
    work(queue)
    job = job_of(job_id)
    assert (job.state, job.result, job.progress, job.total) == ("done", {"length": 3}, 1, 2)
    assert job.finished_at is not None
    assert done == [{"word": "lúa"}]


def test_a_message_that_comes_twice_works_once(queue: MemoryHuey):
    job_id = submit()
    run_job(job_id)
    work(queue)
    assert len(done) == 1


def test_failed_work_is_told_and_can_be_tried_again(queue: MemoryHuey):
    job_id = submit("tests.fail")
    with pytest.raises(ValueError, match="the work fails"):
        run_job(job_id)
    assert [job.id for job in jobs_in("failed")] == [job_id]
    queue.flush()
    with transaction():
        assert retry_job(job_id)
    assert (job_of(job_id).state, job_of(job_id).progress, sent(queue)) == ("waiting", 0, [job_id])


def test_only_what_failed_is_tried_again(queue: MemoryHuey):
    job_id = submit()
    work(queue)
    with transaction():
        assert not retry_job(job_id)
    assert sent(queue) == []


def test_a_message_that_was_lost_is_sent_again(queue: MemoryHuey):
    lost, just_now = submit(), submit()
    with transaction():
        session.execute(update(Job).where(Job.id == just_now).values(created_at=NOON + timedelta(minutes=4)))
    queue.flush()
    assert send_lost_jobs(NOON + timedelta(minutes=5)) == 1
    assert sent(queue) == [lost]


def test_a_job_whose_worker_was_killed_counts_as_failed(queue: MemoryHuey):
    killed, at_work = submit(), submit()
    with transaction():
        for job_id, started_at in ((killed, NOON), (at_work, NOON + timedelta(minutes=50))):
            session.execute(
                update(Job).where(Job.id == job_id).values(state="running", started_at=started_at)
            )
    send_lost_jobs(NOON + timedelta(minutes=61))
    assert (job_of(killed).state, job_of(at_work).state) == ("failed", "running")


def test_a_job_that_is_gone_is_left_alone(queue: MemoryHuey):
    run_job(4711)
    assert (job_of(4711), done) == (None, [])


def test_jobs_are_listed_by_state_the_oldest_first(queue: MemoryHuey):
    ids = [submit() for _ in range(3)]
    assert [job.id for job in jobs_in("waiting")] == ids
    assert [job.id for job in jobs_in("waiting", limit=2)] == ids[:2]
    assert jobs_in("done") == []


def test_each_site_of_a_process_has_its_own_queue(queue: MemoryHuey, app: Flask, tmp_path: Path):
    other = create_app(settings_for(f"sqlite:///{tmp_path / 'other.db'}", tmp_path))
    with other.app_context():
        assert the_queue() is not queue
    assert the_queue() is queue
    assert [submit()] == sent(queue)
