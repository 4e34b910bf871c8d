"""Slips: issued, replaced, ended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from lms.foundation import audit
from lms.foundation.db import session
from lms.foundation.errors import Forbidden
from lms.foundation.i18n import N_
from lms.people.models import Slip
from lms.people.queries import grant_holders, used_code_hmacs
from lms.people.slips import OFFICERS_VALID_FOR, VALID_FOR, SlipKeys


class NotForOfficers(Forbidden):
    """Whoever holds a grant is let in anew from above only."""

    message = N_("Người này có quyền cán bộ. Chỉ quản trị viên hoặc cán bộ cấp trên mở lại được tài khoản.")


def issue_slips(person_ids: Collection[int], keys: SlipKeys, *, issued_by: int | None, now: datetime) -> int:
    """A new slip for each person, ending the old one; who holds a grant is passed over. Returns how many."""
    holders = grant_holders(person_ids)
    plain = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in holders]
    _issue(plain, keys, for_officer=False, issued_by=issued_by, now=now)
    return len(plain)


def issue_slip(person_id: int, keys: SlipKeys, *, issued_by: int | None, now: datetime) -> None:
    """A new slip for one person. Raises NotForOfficers."""
    if not issue_slips([person_id], keys, issued_by=issued_by, now=now):
        raise NotForOfficers


def issue_officer_slip(person_id: int, keys: SlipKeys, *, issued_by: int | None, now: datetime) -> None:
    """A slip of three days that opens an account holding a grant; the door has asked whether one may."""
    _issue([person_id], keys, for_officer=True, issued_by=issued_by, now=now)


def end_slips(person_id: int, now: datetime) -> None:
    """What was printed for this person opens nothing any more."""
    session.execute(
        update(Slip)
        .where(Slip.person_id == person_id, Slip.used_at.is_(None), Slip.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _issue(
    person_ids: list[int], keys: SlipKeys, *, for_officer: bool, issued_by: int | None, now: datetime
) -> None:
    if not person_ids:
        return
    session.execute(
        update(Slip)
        .where(Slip.person_id.in_(person_ids), Slip.used_at.is_(None), Slip.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    valid_for = OFFICERS_VALID_FOR if for_officer else VALID_FOR
    shared: dict[str, Any] = {
        "for_officer": for_officer,
        "issued_at": now,
        "issued_by": issued_by,
        "expires_at": now + valid_for,
    }
    made = zip(person_ids, _new_slips(len(person_ids), keys), strict=True)
    session.execute(
        insert(Slip),
        [
            {"person_id": person_id, "nonce": nonce, "token_hmac": token, "code_hmac": code} | shared
            for person_id, (nonce, token, code) in made
        ],
    )
    for person_id in person_ids:
        audit.record("issue_slip", ("person", person_id), actor_id=issued_by, at=now)


def _new_slips(count: int, keys: SlipKeys) -> list[tuple[str, str, str]]:
    """So many slips whose codes nobody's slip ever had: forty bits meet sooner than one thinks."""
    free: dict[str, tuple[str, str, str]] = {}
    while len(free) < count:
        drawn = {code: (nonce, token, code) for nonce, token, code in (keys.new_slip() for _ in range(count))}
        taken = used_code_hmacs(drawn)
        free |= {code: slip for code, slip in drawn.items() if code not in taken}
    return [*free.values()][:count]
