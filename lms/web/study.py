"""Courses, modules and lessons as learners and visitors meet them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from secrets import token_hex
from types import MappingProxyType

from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.catalogue.outline import EditionView, ModuleLine
from lms.catalogue.queries import NoSuchLesson, NoSuchModule, course_outlines, lesson_body, new_address
from lms.certificates.pdf import qr_code
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.i18n import N_, translate
from lms.quiz.question import Answer
from lms.study.actions import (
    ChecksUnanswered,
    TooEarly,
    answer_check,
    begin_module,
    mark_read,
    remember_position,
)
from lms.study.months import month_page
from lms.study.pages import CoursePage, LessonPage, course_page, lesson_page
from lms.study.queries import open_course
from lms.web.access import current_viewer, notice_first, public, signed_in, the_viewer
from lms.web.caching import Making, expect_form, kept, tag_of
from lms.web.errors import said
from lms.web.forms import csrf_token
from lms.web.language import page_language
from lms.web.layout import navigation
from lms.web.opening import opened_at, opening
from lms.web.paths import CoursePaths

blueprint = Blueprint("study", __name__, url_prefix="/courses")

_CSRF, _OPENED, _OWNER = (f"left-open-{token_hex(16)}" for _ in range(3))
"""What stands in a kept page for the session's token, for the time of opening, for whose page it is."""
_ANSWER_FIRST = N_("Chọn hoặc gõ câu trả lời rồi bấm “Trả lời”.")
_REOPEN = N_("Trang này mở đã lâu. Đọc lại bài rồi bấm “Đã đọc xong” lần nữa.")


@blueprint.get("/<course>")
@public
def course(course: str) -> ResponseReturnValue:
    """The hillside of the course and its modules."""
    opened = open_course(_person_id(), course)
    page = course_page(_person_id(), opened.outline, opened.edition(_asked()))
    to = _paths(course)
    tag = tag_of(opened.outline.published_at, opened.editions, page.edition.key, page.state)
    return tag.unchanged() or tag.answer(
        render_template(
            "study/course.html", page=page, to=to, step_url=step_path(page, to), editions=opened.editions
        )
    )


@blueprint.get("/<course>/<module>")
@public
def module(course: str, module: str) -> ResponseReturnValue:
    """One module: what for, its lessons, its quiz."""
    opened = open_course(_person_id(), course)
    edition = opened.edition(_asked())
    found = opened.outline.module(module)
    if found is None or edition.key not in found.editions:
        return _moved(course, module)
    page = course_page(_person_id(), opened.outline, edition)
    tag = tag_of(opened.outline.published_at, edition.key, page.state)
    return tag.unchanged() or tag.answer(
        render_template(
            "study/module.html",
            page=page,
            to=_paths(course),
            module=found,
            reviewed=_oldest_review(found, edition),
        )
    )


@blueprint.get("/<course>/calendar/<month>")
@public
def month(course: str, month: str) -> ResponseReturnValue:
    """The guide to a team's meeting about the topic of a month, and the other months."""
    opened, outlines = open_course(_person_id(), course), course_outlines()
    page = month_page(opened.outline, month, outlines)
    tag = tag_of([outline.published_at for outline in outlines], opened.editions, month)
    return tag.unchanged() or tag.answer(
        render_template("study/month.html", page=page, course=opened.outline, to=_paths(course))
    )


@blueprint.get("/<course>/<module>/<lesson>")
@public
def lesson(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """The lesson's text with its questions, and the way on."""
    page = _lesson(course, module, lesson)
    if page is None:
        return _moved(course, module, lesson)
    if page.body.checks or current_viewer() is not None:
        expect_form()
    tag = tag_of(page.course.published_at, page.edition.key, page.read, page.answers)
    return tag.unchanged() or tag.answer(_kept_html(page))


@blueprint.post("/<course>/<module>/<lesson>/read")
@signed_in
def read(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """ "Đã đọc xong": noted, and on to what comes next."""
    page = _lesson(course, module, lesson)
    if page is None:
        raise NoSuchLesson
    person_id, now = the_viewer().person_id, clock.now()
    word = request.form.get("opened", "")
    since = opened_at(word, person_id, page.lesson.id)
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
        return _lesson_html(page, problem=said(refusal), opened=word), 409
    return redirect(_after(page, _paths(course)))


@blueprint.post("/<course>/<module>/<lesson>/checks/<check_id>")
@public
def check(course: str, module: str, lesson: str, check_id: str) -> ResponseReturnValue:
    """A question answered on the spot; a visitor is told at once, a learner's answer is kept."""
    page = _lesson(course, module, lesson)
    if page is None or check_id not in page.checks:
        raise NoSuchLesson
    if (notice := notice_first()) is not None:
        return notice
    viewer, given = current_viewer(), _answers(page)
    if viewer is None:  # Nothing of a visitor is kept but what the page itself carries along.
        page = replace(page, answers={id_: answer for id_, answer in given.items() if answer})
    question, answer = page.checks[check_id].question, given[check_id]
    if answer is None:
        return _lesson_html(page, problems={check_id: translate(_ANSWER_FIRST)}), 422
    if problem := question.answer_problem(answer):
        return _lesson_html(page, problems={check_id: problem}, given=given), 422
    if viewer is None:
        return _lesson_html(page)
    now = clock.now()
    with transaction():
        answer_check(
            viewer.person_id,
            page.lesson,
            check_id,
            question_revision_id=page.body.checks[check_id],
            answer=answer,
            share=question.grade(answer),
            now=now,
        )
        remember_position(viewer.person_id, page.course, page.lesson, check_id, now)
        begin_module(viewer.person_id, page.course, page.edition, page.module, now)
    return redirect(_paths(course).lesson(module, lesson, check_id))


@blueprint.post("/<course>/<module>/<lesson>/position")
@signed_in
def position(course: str, module: str, lesson: str) -> ResponseReturnValue:
    """For the script: which section is on the screen."""
    page = _lesson(course, module, lesson)
    if page is None:
        raise NoSuchLesson
    person_id, now = the_viewer().person_id, clock.now()
    section = request.form.get("section", "")[:80]
    with transaction():
        remember_position(person_id, page.course, page.lesson, section, now)
        begin_module(person_id, page.course, page.edition, page.module, now)
    return "", 204


def step_path(page: CoursePage, to: CoursePaths) -> str:
    """Where "Học tiếp" leads."""
    step = page.step
    if step.kind == "lesson":
        return to.lesson(step.module_slug, step.lesson_slug, step.section)
    if step.kind == "quiz":
        return to.quiz(step.module_slug)
    return "/certificates" if page.course.settings["certificate"] else to.course


def _person_id() -> int | None:
    viewer = current_viewer()
    return viewer.person_id if viewer else None


def _asked() -> str | None:
    return request.args.get("edition")


def _paths(course: str) -> CoursePaths:
    """Once the course is open: the edition asked for is then one of its own."""
    return CoursePaths(course, _asked() or "")


def _lesson(course: str, module: str, lesson: str) -> LessonPage | None:
    opened = open_course(_person_id(), course)
    return lesson_page(_person_id(), opened.outline, opened.edition(_asked()), module, lesson)


def _moved(course: str, module: str, lesson: str = "") -> ResponseReturnValue:
    """To where it is now, for good; else there is no such thing. A renamed module moves its lessons along."""
    moved = new_address(course, module, lesson)
    if moved is None and lesson and (to := new_address(course, module)):
        moved = (to[0], lesson)
    if moved is None:
        raise NoSuchLesson if lesson else NoSuchModule
    paths = _paths(course)
    return redirect(paths.lesson(*moved) if lesson else paths.module(*moved), 301)


def _answers(page: LessonPage) -> dict[str, Answer | None]:
    form = request.form.to_dict(flat=False)
    return {id_: asked.question.read_answer(id_, form) for id_, asked in page.checks.items()}


def _kept_html(page: LessonPage) -> str:
    """The page of whoever stands at this place of the lesson, with this learner's own tokens in it."""
    viewer = current_viewer()
    facts = (
        request.args.get("edition"),
        (viewer.locale, viewer.text_size, navigation(viewer)) if viewer else page_language(),
        (page.course.published_at, page.edition.id, page.lesson.revision_id, page.module.id, page.read),
        repr(page.answers),
    )
    html = kept(Making(facts, partial(_rendered, page, _CSRF, _OPENED, page_owner=_OWNER)))
    if "csrf_token" in session:
        html = html.replace(_CSRF, csrf_token())
    if viewer:
        html = html.replace(_OPENED, opening(viewer.person_id, page.lesson.id, clock.now()))
        html = html.replace(_OWNER, str(viewer.person_id))
    return html


def _lesson_html(
    page: LessonPage,
    *,
    problem: str = "",
    problems: Mapping[str, str] | None = None,
    given: Mapping[str, Answer | None] = MappingProxyType({}),
    opened: str = "",
) -> str:
    """The page in answer to a form: with what was wrong, with what a visitor answered."""
    viewer = current_viewer()
    if viewer and not opened:
        opened = opening(viewer.person_id, page.lesson.id, clock.now())
    return _rendered(
        page,
        csrf_token(),
        opened,
        problem=problem,
        problems=problems or {},
        given=given,
        carried=[] if viewer else _carried(page),
    )


def _rendered(
    page: LessonPage,
    csrf: str,
    opened: str,
    *,
    problem: str = "",
    problems: Mapping[str, str] = MappingProxyType({}),
    given: Mapping[str, Answer | None] = MappingProxyType({}),
    carried: Sequence[tuple[str, str]] = (),
    page_owner: str = "",
) -> str:
    to = _paths(page.course.slug)
    return render_template(
        f"study/{page.lesson.kind}.html",
        page=page,
        to=to,
        onward=_after(page, to),
        csrf=csrf,
        opened=opened,
        problem=problem,
        problems=problems,
        given=given,
        carried=carried,
        page_owner=page_owner,
        qr_code=_qr_code,
    )


def _carried(page: LessonPage) -> list[tuple[str, str]]:
    """What a visitor has answered in this lesson, as fields of the forms still to be sent."""
    return [(check_id, value) for check_id in page.answers for value in request.form.getlist(check_id)]


def _after(page: LessonPage, to: CoursePaths) -> str:
    """The next lesson; after the last the quiz."""
    if page.following is not None:
        return to.lesson(page.module.slug, page.following.slug)
    return to.quiz(page.module.slug)


def _qr_code(path: str) -> Markup:
    return _drawn(current_app.extensions["settings"].site_url + path)


@lru_cache(maxsize=256)
def _drawn(url: str) -> Markup:
    return qr_code(url)


def _oldest_review(module: ModuleLine, edition: EditionView) -> str:
    """The day on which the oldest of the module's facts was checked."""
    return min(lesson_body(line.revision_id).reviewed for line in module.lessons_of(edition.key))
