"""What the answers tell: for those who write courses, per quiz, per question, per province, and as a file."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.outline import CourseOutline, ModuleLine
from lms.catalogue.queries import NoSuchModule, course_outline, course_outlines
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.quiz.analysis import queries
from lms.quiz.analysis.actions import mark_same_meaning, unmark_same_meaning
from lms.quiz.analysis.figures import ENOUGH
from lms.quiz.jobs import is_counting, submit_analysis
from lms.quiz.queries import questions_of
from lms.rosters.analysis import QuizReport, quiz_report, report_table
from lms.rosters.exports import write
from lms.units.queries import UnitView, unit_by_key
from lms.web.access import allowed, the_viewer
from lms.web.downloads import written
from lms.web.scope import require_course, scope_for

blueprint = Blueprint("analysis", __name__, url_prefix="/studio")

NATION = "vn"


class NothingCounted(NotFound):
    """A file is made of figures, and there are none yet."""

    message = N_("Chưa có số liệu để xuất. Số liệu có sau khi bài làm đầu tiên được đếm.")


@blueprint.get("")
@allowed(Action.AUTHOR)
def index() -> ResponseReturnValue:
    """Every quiz of the courses that are the viewer's to write, with how it came out."""
    scope = scope_for(the_viewer(), Action.AUTHOR)
    courses = [course for course in course_outlines() if scope.covers_course(course.slug)]
    quizzes = {module.quiz_id for course in courses for module in _examined(course)}
    nation = unit_by_key(NATION, clock.local_date(clock.now()))
    results = queries.results_in(nation.id, [one for one in quizzes if one is not None])
    return render_template(
        "studio/index.html",
        courses=[(course, _examined(course)) for course in courses],
        results=results,
        enough=ENOUGH,
        mark=queries.mark(),
        is_counting=is_counting(),
    )


def _examined(course: CourseOutline) -> list[ModuleLine]:
    return [module for module in course.modules if module.quiz_id is not None and not module.is_draft]


@blueprint.post("/count")
@allowed(Action.AUTHOR)
def count() -> ResponseReturnValue:
    """Have the attempts counted that were closed since the last time."""
    with transaction():
        submit_analysis(the_viewer().person_id, clock.now())
    return redirect(url_for("analysis.index"), 303)


@blueprint.get("/<course>/<module>/analysis")
@allowed(Action.AUTHOR)
def quiz(course: str, module: str) -> ResponseReturnValue:
    """The analysis of a module's quiz, of the country or of `?unit=`."""
    outline, line = authored_quiz(course, module)
    unit = _unit()
    return render_template(
        "studio/analysis.html",
        course=outline,
        module=line,
        unit=unit,
        report=quiz_report(line, unit, clock.local_date(clock.now())),
        enough=ENOUGH,
        mark=queries.mark(),
    )


@blueprint.get("/<course>/<module>/analysis.<any(xlsx, csv):form>")
@allowed(Action.AUTHOR)
def export(course: str, module: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    outline, line = authored_quiz(course, module)
    unit = _unit()
    report = quiz_report(line, unit, clock.local_date(clock.now()))
    if report is None:
        raise NothingCounted
    table = report_table(report, _about(report, outline, line))
    return written(f"{outline.slug}-{line.slug}-{unit.key}.{form}", partial(write, table, form))


@blueprint.post("/<course>/<module>/analysis/meaning")
@allowed(Action.AUTHOR)
def meaning(course: str, module: str) -> ResponseReturnValue:
    """Say that a question's words were only mended, or take that back: `revision` and `deed`."""
    _, line = authored_quiz(course, module)
    revision_id = request.form.get("revision", type=int)
    if line.quiz_id is None or revision_id not in {one.id for one in queries.revisions_of(line.quiz_id)}:
        raise NotFound
    with transaction():
        if request.form.get("deed") == "part":
            unmark_same_meaning(revision_id)
        else:
            before = queries.revision_before(revision_id)
            two = questions_of([one for one in (before, revision_id) if one is not None])
            mark_same_meaning(revision_id, two, the_viewer().person_id, clock.now())
    return redirect(url_for("analysis.quiz", course=course, module=line.slug), 303)


def authored_quiz(course: str, module: str) -> tuple[CourseOutline, ModuleLine]:
    """A module with a quiz, in a course that is the viewer's to write; NotFound otherwise."""
    require_course(the_viewer(), Action.AUTHOR, course)
    outline = course_outline(course)
    line = outline.module(module)
    if line is None or line.quiz_id is None:
        raise NoSuchModule
    return outline, line


def _unit() -> UnitView:
    """The country, or the province that the address names; communes are too small to conclude from."""
    unit = unit_by_key(request.args.get("unit") or NATION, clock.local_date(clock.now()))
    if unit.level not in ("nation", "province"):
        raise NotFound
    return unit


def _about(report: QuizReport, course: CourseOutline, module: ModuleLine) -> list[tuple[str, str]]:
    """What the file says of itself."""
    of_all = report.unit.level == "nation"
    return [
        (translate(N_("Khóa học")), course.title),
        (translate(N_("Chuyên đề")), f"{module.number}. {module.title}"),
        (translate(N_("Địa bàn")), translate(N_("toàn quốc")) if of_all else report.unit.full_name),
        (translate(N_("Số lần làm đầu tiên")), str(report.figures.count)),
        (translate(N_("Tính đến")), f"{clock.now().astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"),
        (translate(N_("Người xuất")), the_viewer().full_name),
    ]
