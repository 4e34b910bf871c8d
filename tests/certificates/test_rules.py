"""Validity, without a database."""

from datetime import date

import pytest

from lms.certificates.rules import last_valid_day


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 11, 25), 24, date(2028, 11, 24)),
        (date(2026, 12, 1), None, None),
    ],
)
def test_validity_ends_the_day_before_the_anniversary(issued, months, last):
    assert last_valid_day(issued, months) == last
