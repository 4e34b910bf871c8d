"""Vietnam's calendar day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.foundation import clock


def test_the_present_instant_carries_its_zone():
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("in_vietnam", "at", "day"),
    [
        ("23:30", datetime(2026, 11, 24, 16, 30, tzinfo=UTC), date(2026, 11, 24)),
        ("midnight", datetime(2026, 11, 24, 17, 0, tzinfo=UTC), date(2026, 11, 25)),
        ("00:30", datetime(2026, 11, 24, 17, 30, tzinfo=UTC), date(2026, 11, 25)),
        ("New Year's", datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_vietnam(in_vietnam: str, at: datetime, day: date):
    assert clock.local_date(at) == day
