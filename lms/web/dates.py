"""Dates and numbers as people here write them: filters `day`, `month`, `moment`, `number`, `decimal`."""

from datetime import date, datetime

from flask import Flask

from lms.foundation.clock import VIETNAM


def install_dates(app: Flask) -> None:
    """Register the filters."""
    app.add_template_filter(day)
    app.add_template_filter(month)
    app.add_template_filter(moment)
    app.add_template_filter(number)
    app.add_template_filter(decimal)


def day(value: date | datetime | str | None) -> str:
    """22/11/2026; an instant gives Vietnam's calendar day, text is an ISO date, nothing gives nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return f"{value:%d/%m/%Y}"


def month(value: str) -> str:
    """12/2026 for 2026-12."""
    year, _, number_ = value.partition("-")
    return f"{number_}/{year}"


def moment(value: datetime) -> str:
    """08:15, 22/11/2026 in Vietnam's time."""
    return f"{value.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"


def number(value: int) -> str:
    """348.362: a dot for thousands."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, places: int) -> str:
    """−0,08: a comma for decimals, and a true minus; what rounds to nothing has none."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−").replace(".", ",")
