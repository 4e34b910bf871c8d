"""For the tests of rosters: a published course of two modules, members, and how far they are in it."""

from pathlib import Path

from lms.catalogue.actions import publish_course
from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.demo.deeds import read_lessons
from lms.foundation.db import session
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.people.models import Person, Team
from lms.study.actions import begin_module, record_result
from tests import make
from tests.courses import small_course, write
from tests.times import NOON


def publish(folder: Path) -> CourseOutline:
    """The course `khoa-thu` with the modules `dau` and `cuoi`, assigned to teams."""
    small_course(folder)
    return _published(folder)


def publish_without_modules(folder: Path) -> CourseOutline:
    """The same course before anything in it can be studied."""
    small_course(folder)
    for module in ("01-dau", "02-cuoi"):
        write(folder / "khoa-thu" / module, {"01-mot.md": "", "02-hai.md": "", "quiz.md": ""})
    return _published(folder)


def _published(folder: Path) -> CourseOutline:
    courses, problems = read_courses(folder)
    assert not problems
    publish_course(courses[0], Shelf(folder / "media"), NOON)
    session.commit()
    return course_outline("khoa-thu")


def learner(
    of: Team, full_name: str = "Nguyễn Thị Hạnh", *, role: str = "member", comes_in: bool = False
) -> Person:
    """A member on the roster."""
    person = make.member(of, full_name, role=role)
    if comes_in:
        make.account(person)
    announce(PersonJoinedTeam(person.id, of.id, NOON))
    return person


def study(person: Person, slug: str, state: str = "done", percent: int = 90) -> None:
    """Bring a learner to a state in a module, by the deeds that lead there."""
    course = course_outline("khoa-thu")
    edition, module = course.team_edition, course.module(slug)
    begin_module(person.id, course, edition, module, NOON)
    if state == "done":
        read_lessons(person.id, course, edition, module, NOON)
    if state != "learning":
        record_result(
            person.id,
            course,
            edition,
            module,
            percent=percent,
            points=f"{percent // 10}/10",
            is_passed=state != "failed",
            now=NOON,
        )
    session.commit()
