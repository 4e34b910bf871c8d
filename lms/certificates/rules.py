"""Pure rules of certificates: how long one holds and how it stands today."""

import calendar
from datetime import date
from enum import Enum

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_


class Standing(Enum):
    """What the verification page states."""

    VALID = "valid"
    CORRECTED = "corrected"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ReasonMissing(Invalid):
    """A certificate is revoked or corrected only for a reason that is shown."""

    message = N_("Ghi lý do: người tra cứu sẽ đọc lý do này.")


def last_valid_day(issued_on: date, months: int | None) -> date | None:
    """The last day of validity for a course whose certificates hold so many months; None for ever.

    A month later is the same day of that month, or its last day; the certificate holds to the day before it.
    """
    if months is None:
        return None
    total = issued_on.month - 1 + months
    year, month = issued_on.year + total // 12, total % 12 + 1
    anniversary = date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))
    return date.fromordinal(anniversary.toordinal() - 1)


def standing(state: str, expires_on: date | None, today: date) -> Standing:
    """How a certificate stands on a day: what was decided about it comes before what time did."""
    if state != "valid":
        return Standing(state)
    return Standing.EXPIRED if expires_on is not None and today > expires_on else Standing.VALID


def require_reason(reason: str) -> str:
    """The reason, or the refusal that asks for one."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()
