"""What study does when something happens below: to people, in quizzes, to courses."""

from lms.catalogue.events import CoursePublished
from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine
from lms.catalogue.queries import NoSuchCourse, NoSuchModule, course_outline_by_id, place_of_quiz
from lms.foundation.events import reacts_to
from lms.foundation.text import collate
from lms.people.events import (
    AccountActivated,
    PeopleJoined,
    PersonJoinedTeam,
    PersonMoved,
    PersonRenamed,
)
from lms.quiz.events import AttemptStarted, PassWithdrawn, QuizFailed, QuizPassed, ResultRegraded
from lms.quiz.regrading.results import standing_of
from lms.quiz.rules import score_text
from lms.study.actions import (
    activate,
    begin_module,
    correct_result,
    place,
    record_result,
    rename,
    settle_course,
    take_pass_back,
)
from lms.study.bulk import enrol_members


@reacts_to(PersonJoinedTeam)
def enrol_member(event: PersonJoinedTeam) -> None:
    """A member is on the roster from the first day, activated or not."""
    enrol_members([event.person_id], event.at)


@reacts_to(PeopleJoined)
def enrol_imported(event: PeopleJoined) -> None:
    """The same for a whole roster."""
    enrol_members(event.person_ids, event.at)


@reacts_to(CoursePublished)
def reach_everybody(event: CoursePublished) -> None:
    """What is asked may be less than it was; a course assigned to teams reaches everybody who is in one."""
    course = course_outline_by_id(event.course_id)
    touched = settle_course(course, event.at)
    enrol_members(None if course.team_edition else [], event.at, touched)


@reacts_to(PersonMoved)
def count_elsewhere(event: PersonMoved) -> None:
    """What was learnt goes along to the new team's roster."""
    place(event.person_id)


@reacts_to(PersonRenamed)
def sort_anew(event: PersonRenamed) -> None:
    """Rosters sort by the name of today."""
    rename(event.person_id, collate(event.full_name))


@reacts_to(AccountActivated)
def count_as_activated(event: AccountActivated) -> None:
    """Rosters tell who has come in."""
    activate(event.person_id)


@reacts_to(AttemptStarted)
def begin(event: AttemptStarted) -> None:
    """Starting the quiz is studying the module."""
    where = _module_of(event.quiz_id, event.variant)
    if where:
        begin_module(event.person_id, *where, event.at)


@reacts_to(QuizPassed)
def take_pass(event: QuizPassed) -> None:
    """With its lessons read a passed module is complete."""
    _take_result(event)


@reacts_to(QuizFailed)
def take_failure(event: QuizFailed) -> None:
    """A try is noted; the best result counts."""
    _take_result(event)


def _take_result(event: QuizPassed | QuizFailed) -> None:
    where = _module_of(event.quiz_id, event.variant)
    if where:
        record_result(
            event.person_id,
            *where,
            percent=event.percent,
            points=score_text(event.points, event.possible),
            is_passed=isinstance(event, QuizPassed),
            now=event.at,
        )


@reacts_to(ResultRegraded)
def take_regrade(event: ResultRegraded) -> None:
    """The best of the attempts may be another one now, and may pass at last."""
    where = _module_of(event.quiz_id, event.variant)
    best = standing_of(event.person_id, event.quiz_id, event.variant)
    if where and best:
        correct_result(
            event.person_id,
            *where,
            percent=best.percent,
            points=score_text(best.points, best.possible),
            is_passed=best.is_passed,
            now=event.at,
        )


@reacts_to(PassWithdrawn)
def lose_pass(event: PassWithdrawn) -> None:
    """Unless another attempt passed too, the module is open again, and with it perhaps the course."""
    where = _module_of(event.quiz_id, event.variant)
    best = standing_of(event.person_id, event.quiz_id, event.variant)
    if where and best and not best.is_passed:
        take_pass_back(event.person_id, *where, reason=event.reason, actor_id=event.actor_id, now=event.at)


def _module_of(quiz_id: int, edition_key: str) -> tuple[CourseOutline, EditionView, ModuleLine] | None:
    """Where a quiz stands; nothing for one that belongs to no published module."""
    try:
        course = course_outline_by_id(place_of_quiz(quiz_id).course_id)
    except (NoSuchModule, NoSuchCourse):
        return None
    edition = course.edition(edition_key)
    module = next((one for one in course.modules if one.quiz_id == quiz_id), None)
    return (course, edition, module) if edition and module else None
