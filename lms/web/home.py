"""The first page: what Lớp Số is, or where one's study goes on."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outlines, place_of_quiz
from lms.certificates.queries import certificates_of
from lms.foundation import clock
from lms.people.queries import Viewer
from lms.quiz.regrading.results import unseen_regrades
from lms.study.pages import home_page
from lms.web.access import current_viewer, notice_first, public
from lms.web.caching import tag_of
from lms.web.paths import CoursePaths
from lms.web.study import step_path

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """A visitor is told what this is; a learner goes on with the course studied last."""
    if (notice := notice_first()) is not None:
        return notice
    viewer, outlines = current_viewer(), course_outlines()
    if viewer is not None:
        return _study(viewer, outlines)
    tag = tag_of([outline.published_at for outline in outlines])
    shown = [_card(outline) for outline in outlines if outline.public_edition and outline.is_ready]
    return tag.unchanged() or tag.answer(render_template("home/landing.html", courses=shown))


def _study(viewer: Viewer, outlines: list[CourseOutline]) -> ResponseReturnValue:
    page = home_page(viewer.person_id, outlines, clock.local_date(clock.now()))
    certified = bool(certificates_of(viewer.person_id))
    regraded = unseen_regrades(viewer.person_id)
    main = page.main
    published = [outline.published_at for outline in outlines]
    topic = page.topic and (page.topic.month, page.topic.team)
    tag = tag_of(published, main and main.state, page.others, page.week, topic, certified, regraded)
    to = CoursePaths(main.course.slug) if main else None
    return tag.unchanged() or tag.answer(
        render_template(
            "study/home.html",
            page=main,
            to=to,
            step_url=step_path(main, to) if main and to else "",
            others=page.others,
            week=page.week,
            topic=page.topic,
            has_certificates=certified,
            regraded=[(one, place_of_quiz(one.quiz_id)) for one in regraded],
        )
    )


def _card(outline: CourseOutline) -> dict[str, str]:
    return {
        "title": outline.title,
        "summary": outline.summary,
        "url": CoursePaths(outline.slug).course,
    }
