"""A job's own page: how far it is, and the file when it is done; its owner's only."""

from flask import Blueprint, current_app, make_response, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.foundation.jobs import JobView, job_of
from lms.web.access import signed_in, the_viewer

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


class NoSuchJob(NotFound):
    """No job of this number is this person's."""

    message = N_("Không có việc này, hoặc đây không phải việc của bạn.")


@blueprint.get("/<int:job_id>")
@signed_in
def job(job_id: int) -> ResponseReturnValue:
    """The progress; the browser looks again by itself while there is something to wait for."""
    found = _own(job_id)
    response = make_response(render_template("rosters/job.html", job=found))
    if found.state in ("waiting", "running"):
        response.headers["Refresh"] = "3"
    return response


@blueprint.get("/<int:job_id>/file")
@signed_in
def file(job_id: int) -> ResponseReturnValue:
    """What the job made."""
    found = _own(job_id)
    if found.result is None:
        raise NoSuchJob
    path = current_app.extensions["settings"].data_folder / "exports" / found.result["file"]
    if not path.exists():
        raise NoSuchJob(N_("Tệp này đã hết hạn giữ. Xuất lại để có tệp mới."))
    return send_file(path, as_attachment=True, download_name=f"lop-so-{path.name}")


def _own(job_id: int) -> JobView:
    found = job_of(job_id)
    if found is None or found.owner_id != the_viewer().person_id:
        raise NoSuchJob
    return found
