"""Every SELECT about study."""

from lms.study.queries.enrolments import team_edition_ids
from lms.study.queries.learner import (
    CourseState,
    OpenCourse,
    course_state,
    edition_for,
    enrolments_of,
    open_course,
    readable,
    unanswered_checks,
)

__all__ = [
    "CourseState",
    "OpenCourse",
    "course_state",
    "edition_for",
    "enrolments_of",
    "open_course",
    "readable",
    "team_edition_ids",
    "unanswered_checks",
]
