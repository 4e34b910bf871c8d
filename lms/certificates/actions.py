"""Every change of the register: issue, correct, revoke."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from lms.certificates.models import Certificate
from lms.certificates.queries import (
    CertificateView,
    Completed,
    certificate_of,
    completed_course,
    latest_certificate,
)
from lms.certificates.rules import Standing, last_valid_day, require_reason
from lms.foundation import audit, clock
from lms.foundation.codes import new_verification_code
from lms.foundation.db import session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.i18n import N_
from lms.units.queries import unit_names


class NotCurrent(Conflict):
    """Only the certificate in force is corrected or revoked."""

    message = N_("Chứng nhận này đã được sửa hoặc thu hồi rồi.")


class NameMissing(Invalid):
    """A corrected certificate needs the right name."""

    message = N_("Nhập họ tên đúng theo căn cước.")


@dataclass(frozen=True)
class Issuer:
    """Whom certificates speak for; without a name the platform's neutral confirmation is made."""

    parent: str = ""
    name: str = ""
    place: str = ""
    signer_office: str = ""
    signer_name: str = ""


_issuer = Issuer()


def set_issuer(issuer: Issuer) -> None:
    """Name the agency of this site, once, at its start."""
    global _issuer  # noqa: PLW0603 — one agency a site, set by the app
    _issuer = issuer


def issue_certificate(enrolment_id: int, now: datetime) -> str | None:
    """Certify a completed course; returns the code.

    Whoever holds a valid certificate of the edition keeps it. Nothing if the course gives none or is not
    completed, or if the last certificate was revoked and the course not completed anew since: a revocation is
    undone by a person, not by a deed.
    """
    completed = completed_course(enrolment_id)
    if completed is None or completed.course_settings["certificate"] is None:
        return None
    today = clock.local_date(now)
    latest = latest_certificate(completed.person_id, completed.course_slug, completed.edition_key)
    if latest is not None and not _makes_room(latest, completed, today):
        return latest.code if latest.standing(today) is Standing.VALID else None
    settings = completed.course_settings["certificate"]
    made = Certificate(
        code=new_verification_code(today.year),
        person_id=completed.person_id,
        course_slug=completed.course_slug,
        edition_key=completed.edition_key,
        round=latest.round + 1 if latest else 1,
        template=settings["template"],
        snapshot=_snapshot(completed, now),
        issued_at=now,
        issued_on=today,
        expires_on=last_valid_day(today, settings["months"]),
    )
    session.add(made)
    session.flush()
    return made.code


def _makes_room(latest: CertificateView, completed: Completed, today: date) -> bool:
    """Whether the last certificate does not stand in the way of another one."""
    if latest.revoked_at is not None:
        return completed.completed_at > latest.revoked_at
    return latest.standing(today) is Standing.EXPIRED


def correct_certificate(
    code: str, full_name: str, reason: str, *, actor_id: int | None, now: datetime
) -> str:
    """Replace a valid certificate by one with the right name; returns the new code.

    The old one says that it was corrected and leads to its successor. Raises NotCurrent, NameMissing,
    ReasonMissing.
    """
    old = _in_force(code)
    if not full_name:
        raise NameMissing
    session.execute(
        update(Certificate)
        .where(Certificate.id == old.id)
        .values(state="corrected", reason=require_reason(reason))
    )
    made = _successor(old, full_name, now)
    audit.record(
        "certificate.corrected",
        ("certificate", made.id),
        actor_id=actor_id,
        at=now,
        changes={"full_name": (old.snapshot["full_name"], full_name)},
        reason=reason,
    )
    return made.code


def _successor(old: CertificateView, full_name: str, now: datetime) -> Certificate:
    made = Certificate(
        code=new_verification_code(clock.local_date(now).year),
        person_id=old.person_id,
        course_slug=old.course_slug,
        edition_key=old.edition_key,
        round=old.round,
        version=old.version + 1,
        replaces_id=old.id,
        template=old.template,
        snapshot=old.snapshot | {"full_name": full_name},
        issued_at=now,
        issued_on=old.issued_on,
        expires_on=old.expires_on,
        agency_number=old.agency_number,
        agency_date=old.agency_date,
    )
    session.add(made)
    session.flush()
    return made


def revoke_certificate(code: str, reason: str, *, actor_id: int | None, now: datetime) -> None:
    """Take a certificate back; its page tells when and why. Raises NotCurrent, ReasonMissing."""
    old = _in_force(code)
    session.execute(
        update(Certificate)
        .where(Certificate.id == old.id)
        .values(state="revoked", revoked_at=now, reason=require_reason(reason))
    )
    audit.record("certificate.revoked", ("certificate", old.id), actor_id=actor_id, at=now, reason=reason)


def _in_force(code: str) -> CertificateView:
    found = certificate_of(code)
    if found.state != "valid":
        raise NotCurrent
    return found


def _snapshot(completed: Completed, now: datetime) -> dict[str, Any]:
    """The facts of the day: later changes of name, team or map do not reach an issued certificate."""
    names = unit_names([completed.unit_id], clock.local_date(now)) if completed.unit_id else {}
    return {
        "full_name": completed.full_name,
        "birth": completed.birth.isoformat() if completed.birth else None,
        "birth_precision": completed.birth_precision,
        "sex": completed.sex,
        "team": completed.team_title,
        "unit": names.get(completed.unit_id) if completed.unit_id else None,
        "course": completed.course_title,
        "edition": completed.edition_title,
        "title": completed.course_settings["certificate"]["title"],
        "modules": len(completed.evidence["modules"]),
        "began_on": clock.local_date(completed.enrolled_at).isoformat(),
        "completed_on": clock.local_date(completed.completed_at).isoformat(),
        "percent": completed.evidence["percent"],
        "issuer": vars(_issuer) if _issuer.name else None,
    }
