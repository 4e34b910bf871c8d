"""What a regrade means for the module, the course, the sums and the certificate."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.catalogue.outline import CourseOutline
from lms.certificates.queries import certificates_of
from lms.certificates.rules import Standing
from lms.foundation import clock
from lms.foundation.db import session, transaction
from lms.quiz.actions import start_attempt
from lms.quiz.paper import AttemptView
from lms.quiz.queries import attempt_of
from lms.quiz.regrading.actions import withdraw_pass
from lms.study.models import Completion, Enrolment, ModuleProgress
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.courses import QUIZ, course_file
from tests.quiz.regrading.orders import officer, regrade
from tests.quiz.sitting import hand_in, right, save, wrong
from tests.study.deeds import answer, enrolled_member, published, read
from tests.times import NOON

pytestmark = every_database
MISTAKEN = QUIZ.replace("- ( ) Ba\n", "- (x) Ba\n").replace("- (x) Hai\n\n> Đếm", "- ( ) Hai\n\n> Đếm")
ONE_IS_ENOUGH = course_file(complete="{modules: 1}")


@pytest.fixture
def course(app, tmp_path: Path) -> CourseOutline:
    """Of its quiz's two questions the key of the first is wrong; one module is enough for the course."""
    return make.course(tmp_path, {"course.md": ONE_IS_ENOUGH, "01-dau/quiz.md": MISTAKEN})


def mend(tmp_path: Path) -> None:
    make.course(tmp_path, {"01-dau/quiz.md": QUIZ})


def sat(course: CourseOutline, person_id: int, *, wrongly: bool) -> AttemptView:
    """The first question answered by the key of that day, or rightly, which was wrong then."""
    quiz_id = published(course, "dau").quiz_id
    with transaction():
        attempt_id = start_attempt(person_id, quiz_id, "member", NOON)
    view = attempt_of(person_id, attempt_id)
    first = next(one.position for one in view.questions if one.question.id == "mot-cong-mot")
    save(view, right(view) | (wrong(view, first) if wrongly else {}))
    return hand_in(view)


def take_back(view: AttemptView, at: datetime = NOON) -> None:
    by = officer()
    with transaction():
        withdraw_pass(view.id, "Học lại mới chắc.", actor_id=by, now=at)


def learner(course: CourseOutline) -> int:
    """A member of a team who has read the module."""
    person_id = enrolled_member()
    answer(person_id, course)
    for lesson in ("dau/mot", "dau/hai"):
        read(person_id, course, lesson)
    return person_id


def standing(person_id: int) -> tuple[str, str | None, int, bool]:
    """State and best result in the module, how many modules are done, whether the course is."""
    session.expire_all()
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()
    progress = session.scalars(
        select(ModuleProgress).where(ModuleProgress.enrolment_id == enrolment.id)
    ).one()
    return progress.state, progress.best_points, enrolment.done_count, enrolment.completed_at is not None


def certified(person_id: int) -> list[Standing]:
    today = clock.local_date(NOON)
    return [one.standing(today) for one in certificates_of(person_id)]


def test_whom_a_wrong_key_failed_gets_module_course_and_certificate(course, tmp_path):
    person_id = learner(course)
    view = sat(course, person_id, wrongly=True)
    assert standing(person_id) == ("failed", "1/2", 0, False)
    mend(tmp_path)
    assert regrade(view.quiz_id, "mot-cong-mot") == 1
    assert standing(person_id) == ("done", "2/2", 1, True)
    assert certified(person_id) == [Standing.VALID]
    assert differences() == []


def test_whom_a_wrong_key_passed_keeps_it_all(course, tmp_path):
    person_id = learner(course)
    view = sat(course, person_id, wrongly=False)
    assert standing(person_id) == ("done", "2/2", 1, True)
    mend(tmp_path)
    regrade(view.quiz_id, "mot-cong-mot")
    assert standing(person_id) == ("done", "1/2", 1, True)
    assert certified(person_id) == [Standing.VALID]
    assert differences() == []


def test_the_best_of_several_attempts_may_be_another_one_now(course, tmp_path):
    person_id = learner(course)
    for wrongly in (True, False):
        view = sat(course, person_id, wrongly=wrongly)
    mend(tmp_path)
    regrade(view.quiz_id, "mot-cong-mot")
    assert standing(person_id) == ("done", "2/2", 1, True)


def test_an_officer_takes_back_what_rests_on_a_kept_pass(course, tmp_path):
    person_id = learner(course)
    view = sat(course, person_id, wrongly=False)
    mend(tmp_path)
    regrade(view.quiz_id, "mot-cong-mot")
    take_back(view)
    assert standing(person_id) == ("failed", "1/2", 0, False)
    assert session.scalars(select(Completion.undone_at)).all() == [NOON]
    assert certified(person_id) == [Standing.REVOKED]
    assert certificates_of(person_id)[0].reason == "Học lại mới chắc."
    assert differences() == []


def test_who_passes_anew_is_certified_anew(course, tmp_path):
    person_id = learner(course)
    view = sat(course, person_id, wrongly=False)
    mend(tmp_path)
    regrade(view.quiz_id, "mot-cong-mot")
    take_back(view, NOON - timedelta(days=1))
    sat(course, person_id, wrongly=False)
    assert standing(person_id) == ("done", "2/2", 1, True)
    assert set(certified(person_id)) == {Standing.VALID, Standing.REVOKED}


def test_a_kept_pass_taken_back_leaves_one_that_was_earned(course, tmp_path):
    person_id = learner(course)
    lucky = sat(course, person_id, wrongly=False)
    mend(tmp_path)
    regrade(lucky.quiz_id, "mot-cong-mot")
    sat(course, person_id, wrongly=False)
    take_back(lucky)
    assert standing(person_id) == ("done", "2/2", 1, True)
    assert certified(person_id) == [Standing.VALID]
