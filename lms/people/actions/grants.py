"""Grants: given and taken back."""

from datetime import datetime

from sqlalchemy import insert, update

from lms.foundation import audit
from lms.foundation.db import session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.i18n import N_
from lms.people.actions.slips import end_slips
from lms.people.models import Grant, Person
from lms.people.queries import grants_of, person_of
from lms.people.rules import GRANTS_AT_A_UNIT


class GrantNeedsUnit(Invalid):
    """An officer is one somewhere; nobody else is."""

    message = N_("Quyền cán bộ gắn với một đơn vị; các quyền khác thì không.")


class AlreadyGranted(Conflict):
    """The same right twice is one right."""

    message = N_("Người này đã có quyền đó.")


def grant_role(
    person_id: int,
    role: str,
    *,
    unit_id: int | None = None,
    course_slug: str | None = None,
    granted_by: int | None,
    now: datetime,
) -> int:
    """Give a right. It sleeps while the account is kept by a PIN, and slips of a team open it no more.

    Raises GrantNeedsUnit, AlreadyGranted, NoSuchPerson.
    """
    person_of(person_id)
    if (role in GRANTS_AT_A_UNIT) != (unit_id is not None):
        raise GrantNeedsUnit
    if any(
        (one.role, one.unit_id, one.course_slug) == (role, unit_id, course_slug)
        for one in grants_of(person_id)
    ):
        raise AlreadyGranted
    grant_id = session.scalars(
        insert(Grant)
        .values(
            person_id=person_id,
            role=role,
            unit_id=unit_id,
            course_slug=course_slug,
            granted_at=now,
            granted_by=granted_by,
        )
        .returning(Grant.id)
    ).one()
    end_slips(person_id, now)
    _note("grant_role", person_id, role, unit_id, actor_id=granted_by, now=now)
    return grant_id


def revoke_grant(person_id: int, grant_id: int, *, revoked_by: int | None, now: datetime) -> None:
    """Take a right back; taking it twice changes nothing."""
    found = next((one for one in grants_of(person_id) if one.id == grant_id), None)
    if found is None:
        return
    session.execute(update(Grant).where(Grant.id == grant_id).values(revoked_at=now))
    _note("revoke_grant", person_id, found.role, found.unit_id, actor_id=revoked_by, now=now)


def _note(
    action: str, person_id: int, role: str, unit_id: int | None, *, actor_id: int | None, now: datetime
) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(version=Person.version + 1))
    audit.record(
        action,
        ("person", person_id),
        actor_id=actor_id,
        at=now,
        changes={"role": (None, role), "unit": (None, unit_id)},
    )
