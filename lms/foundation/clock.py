"""The one place that reads the clock; doors read it and pass the time down."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def local_date(at: datetime) -> date:
    """Vietnam's calendar day at an instant: 17:00 UTC already belongs to the next day."""
    return at.astimezone(VIETNAM).date()
