"""A completed course is certified at once, in the transaction that completes it."""

from lms.certificates.actions import issue_certificate
from lms.foundation.events import reacts_to
from lms.study.events import CourseCompleted


@reacts_to(CourseCompleted)
def certify(event: CourseCompleted) -> None:
    """Issue the certificate, where the course gives one."""
    issue_certificate(event.enrolment_id, event.at)
