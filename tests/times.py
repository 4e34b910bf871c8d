"""The instants tests speak of."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # noon of 24/11/2026 in Vietnam
