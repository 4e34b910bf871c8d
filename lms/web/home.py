"""The first page: what Lớp Số is, or where one's study goes on."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outlines
from lms.certificates.queries import certificates_of
from lms.foundation import clock
from lms.people.queries import Viewer
from lms.study.pages import course_page, week_of
from lms.study.queries import edition_for, enrolled_course_ids
from lms.web.access import current_viewer, notice_first, public
from lms.web.study import step_address

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """A visitor is told what this is; a learner goes on with the course studied last."""
    if (notice := notice_first()) is not None:
        return notice
    viewer, outlines = current_viewer(), course_outlines()
    if viewer is None:
        shown = [_card(outline) for outline in outlines if outline.public_edition and _is_ready(outline)]
        return render_template("home/landing.html", courses=shown)
    return _study(viewer, outlines)


def _study(viewer: Viewer, outlines: list[CourseOutline]) -> str:
    in_order = {course_id: place for place, course_id in enumerate(enrolled_course_ids(viewer.person_id))}
    outlines.sort(key=lambda outline: in_order.get(outline.id, len(in_order)))
    pages = [
        course_page(viewer.person_id, outline, edition)
        for outline in outlines
        if _is_ready(outline) and (edition := edition_for(viewer.person_id, outline))
    ]
    return render_template(
        "study/home.html",
        page=pages[0] if pages else None,
        step_url=step_address(pages[0]) if pages else "",
        others=pages[1:],
        week=week_of(viewer.person_id, clock.local_date(clock.now())),
        has_certificates=bool(certificates_of(viewer.person_id)),
    )


def _is_ready(outline: CourseOutline) -> bool:
    """Whether there is anything to read in it."""
    return any(not module.is_draft for module in outline.modules)


def _card(outline: CourseOutline) -> dict[str, str]:
    return {
        "title": outline.title,
        "summary": outline.summary,
        "url": url_for("study.course", course=outline.slug),
    }
