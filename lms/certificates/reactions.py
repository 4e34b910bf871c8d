"""A course is certified in the transaction that completes it, and revoked in the one that undoes that."""

from lms.certificates.actions import issue_certificate, revoke_certificate
from lms.certificates.queries import latest_certificate
from lms.foundation.events import reacts_to
from lms.study.events import CompletionUndone, CourseCompleted


@reacts_to(CourseCompleted)
def certify(event: CourseCompleted) -> None:
    """Issue the certificate, where the course gives one."""
    issue_certificate(event.enrolment_id, event.at)


@reacts_to(CompletionUndone)
def revoke(event: CompletionUndone) -> None:
    """Nothing certifies what is no longer so; its page tells the reason."""
    latest = latest_certificate(event.person_id, event.course_slug, event.edition_key)
    if latest is not None and latest.state == "valid":
        revoke_certificate(latest.code, event.reason, actor_id=event.actor_id, now=event.at)
