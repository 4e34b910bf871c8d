"""What learners of the tests do in the course of tests.courses; a module is named by its slug."""

from datetime import timedelta

from lms.catalogue.outline import CourseOutline, LessonLine, ModuleLine
from lms.catalogue.queries import NoSuchModule, lesson_body
from lms.foundation.db import transaction
from lms.people.actions.persons import join_team
from lms.study.actions import answer_check, mark_read, record_result
from tests import make
from tests.times import NOON

EARLIER = NOON - timedelta(minutes=10)


def enrolled_member() -> int:
    with transaction():
        person_id = make.person().id
        join_team(person_id, make.team().id, actor_id=None, now=NOON)
    return person_id


def read(person_id: int, course: CourseOutline, at: str, edition: str = "member", **how) -> None:
    module_slug, slug = at.split("/")
    module = published(course, module_slug)
    lesson = next(one for one in module.lessons if one.slug == slug)
    with transaction():
        mark_read(
            person_id,
            course,
            course.edition(edition),
            lesson=lesson,
            **{"opened_at": EARLIER, "now": NOON} | how,
        )


def answer_checks(person_id: int, lesson: LessonLine) -> None:
    """Answer every question of the lesson, wrongly."""
    for check_id, revision_id in lesson_body(lesson.revision_id).checks.items():
        answer_check(
            person_id,
            lesson,
            check_id,
            question_revision_id=revision_id,
            answer={"chosen": ["x"]},
            share=0.0,
            now=NOON,
        )


def answer(person_id: int, course: CourseOutline, module: str = "dau", share: float = 1.0) -> None:
    lesson = published(course, module).lessons[0]
    with transaction():
        answer_check(
            person_id,
            lesson,
            "hoi-nhanh",
            question_revision_id=lesson_body(lesson.revision_id).checks["hoi-nhanh"],
            answer={"unsure": True},
            share=share,
            now=NOON,
        )


def quiz(person_id: int, course: CourseOutline, module: str, percent: float, edition: str = "member") -> None:
    with transaction():
        record_result(
            person_id,
            course,
            course.edition(edition),
            published(course, module),
            percent=percent,
            points=f"{percent / 50:g}/2",
            is_passed=percent >= 80,
            now=NOON,
        )


def finish(person_id: int, course: CourseOutline, module: str, edition: str = "member") -> None:
    answer(person_id, course, module)
    read(person_id, course, f"{module}/mot", edition)
    read(person_id, course, f"{module}/hai", edition)
    quiz(person_id, course, module, 100, edition)


def published(course: CourseOutline, slug: str) -> ModuleLine:
    found = course.module(slug)
    if found is None:
        raise NoSuchModule
    return found
