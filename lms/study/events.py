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
