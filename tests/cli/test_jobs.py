"""`flask jobs` shows what waits and failed, and lets it be tried again."""

import json
import os
from pathlib import Path

from flask import Flask

from lms.cli.jobs import sweep
from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job, job_of
from lms.upkeep.retention import EXPORTS_KEPT
from tests.times import NOON


def a_failed_job() -> int:
    with transaction():
        job = Job(kind="nothing", arguments={}, created_at=NOON, state="failed")
        session.add(job)
        session.flush()
        return job.id


def test_the_list_shows_one_state(app: Flask):
    a_failed_job()
    runner = app.test_cli_runner()
    failed = json.loads(runner.invoke(args=["jobs", "list", "--state", "failed", "--json"]).output)
    assert [job["kind"] for job in failed] == ["nothing"]
    assert "Không có việc nào" in runner.invoke(args=["jobs", "list"]).output


def test_a_job_that_did_not_fail_is_not_tried_again(app: Flask):
    with transaction():
        job = Job(kind="nothing", arguments={}, created_at=NOON, state="done")
        session.add(job)
        session.flush()
        job_id = job.id
    refused = app.test_cli_runner().invoke(args=["jobs", "retry", str(job_id)])
    assert refused.exit_code == 1
    assert job_of(job_id).state == "done"


def test_the_worker_sweeps_old_files_away(app: Flask, tmp_path: Path):
    file = tmp_path / "exports" / "1.csv"
    file.parent.mkdir()
    file.touch()
    os.utime(file, ((NOON - 2 * EXPORTS_KEPT).timestamp(),) * 2)
    sweep(tmp_path, NOON)
    assert not file.exists()
