"""Facts about study that upper rooms react to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CourseCompleted:
    """A course's completion rule was met; the completion with its evidence is already stored."""

    enrolment_id: int
    person_id: int
    course_id: int
    edition_id: int
    at: datetime


@dataclass(frozen=True)
class CompletionUndone:
    """An officer took back what a completion rested on; it is already marked as undone."""

    enrolment_id: int
    person_id: int
    course_slug: str
    edition_key: str
    reason: str
    actor_id: int
    at: datetime
