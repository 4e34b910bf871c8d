"""A job's own page: how far it is, and the file when it is done; its owner's only."""

from datetime import datetime
from pathlib import Path

from flask import Blueprint, current_app, make_response, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.foundation import clock
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.foundation.jobs import JobView, job_of, jobs_of
from lms.upkeep.retention import EXPORTS_KEPT
from lms.web.access import signed_in, the_viewer

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

LOOKS_AGAIN = "3"  # seconds after which the page loads itself anew
STATES = {
    "waiting": N_("Đang chờ"),
    "running": N_("Đang chạy"),
    "done": N_("Xong"),
    "failed": N_("Hỏng"),
}


class NoSuchJob(NotFound):
    """No job of this number is this person's."""

    message = N_("Không có việc này, hoặc đây không phải việc của bạn.")


class FileGone(NotFound):
    """Files are kept for some days."""

    message = N_("Tệp này đã hết hạn giữ. Xuất lại để có tệp mới.")


@blueprint.get("/<int:job_id>")
@signed_in
def job(job_id: int) -> ResponseReturnValue:
    """The progress; the browser looks again by itself while there is something to wait for."""
    found, recent = _own(job_id), jobs_of(the_viewer().person_id, 10)
    page = render_template(
        "rosters/job.html",
        job=found,
        recent=recent,
        sizes={one.id: path.stat().st_size for one in [found, *recent] if (path := _file(one))},
        states=STATES,
        minutes_left=_minutes_left(found, clock.now()),
        kept=EXPORTS_KEPT,
    )
    response = make_response(page)
    if found.state in ("waiting", "running"):
        response.headers["Refresh"] = LOOKS_AGAIN
    return response


def _minutes_left(found: JobView, now: datetime) -> int | None:
    """How many more minutes a running job needs, as it went so far; None before that can be told."""
    spent = (now - found.created_at).total_seconds()
    if found.state != "running" or not found.progress or not found.total:
        return None
    return max(1, round(spent * (found.total - found.progress) / found.progress / 60))


@blueprint.get("/<int:job_id>/file")
@signed_in
def file(job_id: int) -> ResponseReturnValue:
    """What the job made."""
    found = _own(job_id)
    path = _file(found)
    if path is None:
        raise FileGone
    return send_file(path, as_attachment=True, download_name=f"lop-so-{path.name}", max_age=0)


def _file(found: JobView) -> Path | None:
    """The file of a job that made one, while it is kept."""
    if found.state != "done" or not found.result or "file" not in found.result:
        return None
    path: Path = current_app.extensions["settings"].data_folder / "exports" / Path(found.result["file"]).name
    return path if path.exists() else None


def _own(job_id: int) -> JobView:
    found = job_of(job_id)
    if found is None or found.owner_id != the_viewer().person_id:
        raise NoSuchJob
    return found
