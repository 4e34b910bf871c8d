"""Facts about courses that upper rooms react to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CoursePublished:
    """A course was published, for the first time or anew; its outline is already the new one."""

    course_id: int
    at: datetime
