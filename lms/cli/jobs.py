"""flask jobs: the worker, and a look at what waits, failed and is to be tried again."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import crontab
from huey.consumer import Consumer

from lms.cli.speech import Said, as_json, print_json
from lms.foundation import clock, jobs
from lms.foundation.db import transaction
from lms.quiz.jobs import submit_analysis
from lms.upkeep import retention

STOPPING_TAKES = 20  # seconds that work in progress gets to end
commands = AppGroup("jobs", help="Việc chạy nền: làm, xem, làm lại.")


@commands.command("work", help="Làm các việc đang chờ cho đến khi được bảo dừng (SIGTERM).")
def work() -> None:
    """Take jobs off the queue, sweep each minute, count new answers each hour. SIGTERM lets a job end."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def sweep_in_context() -> None:
        with app.app_context():
            sweep(app.extensions["settings"].data_folder, clock.now())

    queue = jobs.the_queue()
    queue.storage.initialize_schema()

    def analyse_in_context() -> None:
        with app.app_context(), transaction():
            submit_analysis(None, clock.now())

    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep_in_context)
    queue.periodic_task(crontab(minute="23"), name="analyse")(analyse_in_context)
    Consumer(queue, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=STOPPING_TAKES).run()


def sweep(data_folder: Path, now: datetime) -> None:
    """Send again what the queue lost, and throw away the files that nobody fetched in time."""
    jobs.send_lost_jobs(now)
    retention.remove_old_exports(data_folder, now)


@commands.command("list", help="Liệt kê các việc theo trạng thái.")
@click.option(
    "--state",
    type=click.Choice(["waiting", "running", "done", "failed"]),
    default="waiting",
    show_default=True,
)
@as_json
def list_jobs(state: str, as_json: bool) -> None:
    """Jobs in one state, oldest first."""
    found = jobs.jobs_in(state)
    if as_json:
        print_json([asdict(job) for job in found])
        return
    for job in found:
        click.echo(f"{job.id:>8}  {job.created_at:%Y-%m-%d %H:%M}  {job.kind}  {job.progress}/{job.total}")
    if not found:
        click.echo("Không có việc nào.")


@commands.command("retry", help="Cho một việc bị hỏng chạy lại.")
@click.argument("job_id", type=int)
def retry(job_id: int) -> None:
    """Put one failed job back in line."""
    with transaction():
        if not jobs.retry_job(job_id):
            raise Said(f"Việc số {job_id} không ở trạng thái hỏng.")
    click.echo(f"Việc số {job_id} đã được xếp lại vào hàng chờ.")
