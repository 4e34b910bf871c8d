"""Every SELECT about certificates, and the facts of the day that one is made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from lms.catalogue.models import Course, Edition
from lms.certificates.models import Certificate
from lms.certificates.rules import Standing, standing
from lms.foundation.db import session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.models import Membership, Person, Team
from lms.study.models import Completion, Enrolment


class NoSuchCertificate(NotFound):
    """No certificate of this code, or not for this person to fetch."""

    message = N_("Không có chứng nhận nào mang mã này. Xem lại từng chữ trên giấy.")


@dataclass(frozen=True)
class CertificateView:
    """A certificate as pages, commands and the PDF see it."""

    id: int
    code: str
    person_id: int | None
    course_slug: str
    edition_key: str
    round: int
    version: int
    state: str
    template: str
    snapshot: dict[str, Any]
    issued_at: datetime
    issued_on: date
    expires_on: date | None
    revoked_at: datetime | None
    reason: str | None
    agency_number: str | None
    agency_date: date | None
    successor_code: str | None  # of the certificate that replaced this one

    def standing(self, today: date) -> Standing:
        """How it stands on a day."""
        return standing(self.state, self.expires_on, today)


@dataclass(frozen=True)
class Completed:
    """What a certificate certifies, as it is known on the day of issue."""

    enrolment_id: int
    person_id: int
    full_name: str
    birth: date | None
    birth_precision: str | None
    sex: str | None
    team_title: str | None
    unit_id: int | None  # of the home membership, as recorded
    course_id: int
    course_slug: str
    course_title: str
    course_settings: dict[str, Any]
    edition_key: str
    edition_title: str
    enrolled_at: datetime
    completed_at: datetime
    evidence: dict[str, Any]


def certificate_of(code: str) -> CertificateView:
    """The certificate of this code. Raises NoSuchCertificate."""
    row = session.execute(_select().where(Certificate.code == code)).one_or_none()
    if row is None:
        raise NoSuchCertificate
    return CertificateView(**row._mapping)


def certificates_of(person_id: int) -> list[CertificateView]:
    """A person's certificates that were not replaced by a corrected one, newest first."""
    rows = session.execute(
        _select()
        .where(Certificate.person_id == person_id, Certificate.state != "corrected")
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )
    return [CertificateView(**row._mapping) for row in rows]


def latest_certificate(person_id: int, course_slug: str, edition_key: str) -> CertificateView | None:
    """The last round's last version for a person in an edition, however it stands."""
    row = session.execute(
        _select()
        .where(
            Certificate.person_id == person_id,
            Certificate.course_slug == course_slug,
            Certificate.edition_key == edition_key,
        )
        .order_by(Certificate.round.desc(), Certificate.version.desc())
        .limit(1)
    ).one_or_none()
    return CertificateView(**row._mapping) if row else None


def completed_course(enrolment_id: int) -> Completed | None:
    """A completion that stands, with who, where and what; nothing if the course is not completed."""
    row = session.execute(_completed().where(Enrolment.id == enrolment_id)).one_or_none()
    return Completed(**row._mapping) if row else None


def completed_courses_of(person_id: int) -> list[Completed]:
    """Every completion of a person that stands."""
    rows = session.execute(_completed().where(Enrolment.person_id == person_id).order_by(Enrolment.id))
    return [Completed(**row._mapping) for row in rows]


def _select() -> Select[*tuple[Any, ...]]:
    successor = aliased(Certificate)
    names = [name for name in CertificateView.__dataclass_fields__ if name != "successor_code"]
    return select(
        *(getattr(Certificate, name) for name in names),
        select(successor.code)
        .where(successor.replaces_id == Certificate.id)
        .limit(1)
        .scalar_subquery()
        .label("successor_code"),
    )


def _completed() -> Select[*tuple[Any, ...]]:
    home = (Membership.person_id == Person.id) & Membership.is_home & Membership.ended_on.is_(None)
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Person.id.label("person_id"),
            Person.full_name,
            Person.birth,
            Person.birth_precision,
            Person.sex,
            Team.title.label("team_title"),
            Membership.recorded_unit_id.label("unit_id"),
            Course.id.label("course_id"),
            Course.slug.label("course_slug"),
            Course.title.label("course_title"),
            Course.settings.label("course_settings"),
            Edition.key.label("edition_key"),
            Edition.title.label("edition_title"),
            Enrolment.enrolled_at,
            Completion.completed_at,
            Completion.evidence,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Completion, (Completion.enrolment_id == Enrolment.id) & Completion.undone_at.is_(None))
        .outerjoin(Membership, home)
        .outerjoin(Team, Team.id == Membership.team_id)
    )
