"""How many wrong secrets are borne, per account and for the whole site; never per address.

A village, a hall or a mobile carrier is one address, so an address says nothing about who is guessing.
Five tries in a quarter of an hour leave a PIN of six digits standing for years; the site's limits hold
back who tries one PIN on everybody, or codes of slips at random.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.foundation.errors import Conflict
from lms.foundation.i18n import N_


@dataclass(frozen=True)
class Limit:
    """So many failures in a window, counted from the first."""

    failures: int
    window: timedelta


class TooManyTries(Conflict):
    """Held back for now; whether the secret was right is not said."""

    message = N_("Sai nhiều lần quá. Chờ 15 phút rồi thử lại, hoặc nhờ tổ trưởng in phiếu mới.")


class SiteIsBusy(Conflict):
    """The whole site has seen too many failures; nobody in particular is to blame."""

    message = N_("Đang có quá nhiều lượt nhập sai trên toàn trang. Chờ vài phút rồi thử lại.")


ACCOUNT = Limit(5, timedelta(minutes=15))
SITE = Limit(2_000, timedelta(minutes=5))
SLIPS = Limit(300, timedelta(minutes=10))
FORGOTTEN_AFTER = timedelta(days=1)  # rows of windows long past are swept


def is_held_back(failures: int, window_start: datetime | None, limit: Limit, now: datetime) -> bool:
    """Whether so many failures since then are enough; a window that is over counts for nothing."""
    return window_start is not None and now - window_start < limit.window and failures >= limit.failures
