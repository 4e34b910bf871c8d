"""Courses, modules and lessons as learners and visitors meet them."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.catalogue.queries import (
    NoSuchCourse,
    NoSuchLesson,
    NoSuchModule,
    course_outline,
    lesson_body,
    new_address,
)
from lms.certificates.pdf import qr_code
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.i18n import N_, translate
from lms.study.actions import (
    ChecksUnanswered,
    TooEarly,
    answer_check,
    begin_module,
    mark_read,
    remember_position,
)
from lms.study.pages import Check, CoursePage, LessonPage, course_page, lesson_page
from lms.study.queries import edition_for, editions_for
from lms.web.access import current_viewer, public, signed_in, the_viewer
from lms.web.caching import unchanged, with_tag
from lms.web.errors import said
from lms.web.opening import opened_at, opening

blueprint = Blueprint("study", __name__, url_prefix="/courses")

_ANSWER_FIRST = N_("Chọn một đáp án rồi bấm “Trả lời”.")
_REOPEN = N_("Trang này mở đã lâu. Đọc lại bài rồi bấm “Đã đọc xong” lần nữa.")


@blueprint.get("/<course>")
@public
def course(course: str) -> ResponseReturnValue:
    """The hillside of the course and its modules."""
    outline = course_outline(course)
    page = course_page(_person_id(), outline, _edition(outline))
    tag = with_tag(outline.published_at, page.edition.key, page.state)
    return unchanged(tag) or tag.answer(
        render_template(
            "study/course.html", page=page, step_url=step_address(page), editions=_editions(outline)
        )
    )


@blueprint.get("/<course>/<module>")
@public
def module(course: str, module: str) -> ResponseReturnValue:
    """One module: what for, its lessons, its quiz."""
    outline = course_outline(course)
    edition = _edition(outline)
    found = _module(outline, edition, module)
    if found is None:
        return _moved(course, module)
    page = course_page(_person_id(), outline, edition)
    tag = with_tag(outline.published_at, edition.key, page.state)
    return unchanged(tag) or tag.answer(
        render_template("study/module.html", page=page, module=found, reviewed=_reviewed(found, edition))
    )


@blueprint.get("/<course>/<module>/<lesson>")
@public
def lesson(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """The lesson's text with its questions, and the way on."""
    page = _lesson(course, module, lesson)
    if page is None:
        return _moved(course, module, lesson)
    tag = with_tag(page.course.published_at, page.edition.key, page.state, page.checks)
    return unchanged(tag) or tag.answer(_lesson_html(page))


@blueprint.post("/<course>/<module>/<lesson>/read")
@signed_in
def read(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """ "Đã đọc xong": noted, and on to what comes next."""
    page = _lesson(course, module, lesson)
    if page is None:
        raise NoSuchLesson
    person_id, now = the_viewer().person_id, clock.now()
    since = opened_at(request.form.get("opened", ""), person_id, page.lesson.id)
    if since is None and not page.is_read:
        return _lesson_html(page, problem=translate(_REOPEN)), 422
    try:
        with transaction():
            mark_read(
                person_id,
                page.course,
                page.edition,
                lesson=page.lesson,
                opened_at=since or now,
                now=now,
                is_hurried=current_app.extensions["settings"].short_reading,
            )
    except (ChecksUnanswered, TooEarly) as refusal:
        return _lesson_html(page, problem=said(refusal), opened=request.form["opened"]), 409
    return redirect(_after(page))


@blueprint.post("/<course>/<module>/<lesson>/checks/<check_id>")
@public
def check(course: str, module: str, lesson: str, check_id: str) -> ResponseReturnValue:
    """A question answered on the spot; a visitor is told at once, a learner's answer is kept."""
    page = _lesson(course, module, lesson)
    if page is None or check_id not in page.checks:
        raise NoSuchLesson
    asked = page.checks[check_id]
    answer = asked.question.read_answer(check_id, request.form.to_dict(flat=False))
    problem = asked.question.answer_problem(answer)
    if answer is None or problem:
        return _lesson_html(page, problems={check_id: problem or translate(_ANSWER_FIRST)}), 422
    viewer = current_viewer()
    if viewer is None:
        page.checks[check_id] = Check(asked.id, asked.question, asked.order, answer)
        return _lesson_html(page)
    with transaction():
        answer_check(
            viewer.person_id,
            page.lesson,
            check_id,
            question_revision_id=page.body.checks[check_id],
            answer=answer,
            share=asked.question.grade(answer),
            now=clock.now(),
        )
        begin_module(viewer.person_id, page.course, page.edition, page.module, clock.now())
    return redirect(f"{_address(page)}#{check_id}")


@blueprint.post("/<course>/<module>/<lesson>/position")
@signed_in
def position(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """For the script: which section is on the screen."""
    page = _lesson(course, module, lesson)
    if page is None:
        raise NoSuchLesson
    with transaction():
        remember_position(
            the_viewer().person_id,
            page.course,
            page.lesson,
            request.form.get("section", "")[:80],
            clock.now(),
        )
        begin_module(the_viewer().person_id, page.course, page.edition, page.module, clock.now())
    return "", 204


def _person_id() -> int | None:
    viewer = current_viewer()
    return viewer.person_id if viewer else None


def _edition(outline: CourseOutline) -> EditionView:
    """The edition asked for or the learner's own. Raises NoSuchCourse for a course not meant for them."""
    edition = edition_for(_person_id(), outline, request.args.get("edition"))
    if edition is None:
        raise NoSuchCourse
    return edition


def _editions(outline: CourseOutline) -> list[EditionView]:
    return editions_for(_person_id(), outline)


def _module(outline: CourseOutline, edition: EditionView, slug: str) -> ModuleLine | None:
    found = outline.module(slug)
    return found if found is not None and edition.key in found.editions else None


def _lesson(course: str, module: str, lesson: str) -> LessonPage | None:
    outline = course_outline(course)
    edition = _edition(outline)
    found = _module(outline, edition, module)
    line = next((one for one in found.lessons_of(edition.key) if one.slug == lesson), None) if found else None
    if found is None or line is None:
        return None
    return lesson_page(_person_id(), outline, edition, found, line)


def _moved(course: str, module: str, lesson: str = "") -> ResponseReturnValue:
    """To where it is now, for good; else there is no such thing. A renamed module moves its lessons along."""
    moved = new_address(course, module, lesson)
    if moved is None and lesson and (to := new_address(course, module)):
        moved = (to[0], lesson)
    if moved is None:
        raise NoSuchLesson if lesson else NoSuchModule
    return redirect("/".join(("/courses", course, *moved)), 301)


def _lesson_html(
    page: LessonPage, *, problem: str = "", problems: dict[str, str] | None = None, opened: str = ""
) -> str:
    viewer = current_viewer()
    if viewer and not opened:
        opened = opening(viewer.person_id, page.lesson.id, clock.now())
    return render_template(
        f"study/{page.lesson.kind}.html",
        page=page,
        lesson_url=_address(page),
        onward=_after(page),
        opened=opened,
        problem=problem,
        problems=problems or {},
        sources=page.body.sources,
        qr_code=_qr_code,
    )


def _address(page: LessonPage, lesson: LessonLine | None = None) -> str:
    return url_for(
        "study.lesson",
        course=page.course.slug,
        module=page.module.slug,
        lesson=(lesson or page.lesson).slug,
        edition=request.args.get("edition"),
    )


def _after(page: LessonPage) -> str:
    """The next lesson; after the last the quiz."""
    if page.following is not None:
        return _address(page, page.following)
    return url_for("quiz.start", course=page.course.slug, module=page.module.slug)


def _qr_code(address: str) -> Markup:
    return qr_code(current_app.extensions["settings"].site_url + address)


def _reviewed(module: ModuleLine, edition: EditionView) -> str:
    """The day on which the oldest of the module's facts was checked."""
    return min(lesson_body(line.revision_id).reviewed for line in module.lessons_of(edition.key))


def step_address(page: CoursePage) -> str:
    """Where "Học tiếp" leads."""
    step, slug = page.step, page.course.slug
    if step.kind == "lesson":
        return url_for(
            "study.lesson",
            course=slug,
            module=step.module_slug,
            lesson=step.lesson_slug,
            _anchor=step.section or None,
        )
    if step.kind == "quiz":
        return url_for("quiz.start", course=slug, module=step.module_slug)
    return url_for("certificates.mine") if page.course.settings["certificate"] else url_for("home.index")
