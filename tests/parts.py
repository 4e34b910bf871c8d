"""Parts of the machine that some tests need: PostgreSQL, Chromium, and Pango for WeasyPrint.

A test says what it needs by a marker. Where the part is missing the test is skipped, and the end of the run
lists what was not tried; TEST_REQUIRE (names of parts, with commas) makes a failure of it.
"""

import os
import shutil
from collections import Counter
from functools import cache

import pytest

from tests.postgres import PostgresMissing, programs

PART_OF_MARKER = {"browser": "chromium", "postgres": "postgres", "weasyprint": "weasyprint"}
PACKAGES = {
    "chromium": "chromium",
    "postgres": "postgresql",
    "weasyprint": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1",
}


def chromium() -> str | None:
    """The path of the machine's Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@cache
def is_here(part: str) -> bool:
    """Whether the machine has this part; a name that is not a part is a KeyError."""
    return {"chromium": _has_chromium, "postgres": _has_postgres, "weasyprint": _has_pango}[part]()


def required() -> set[str]:
    """The parts whose absence fails the run."""
    return {part.strip() for part in os.environ.get("TEST_REQUIRE", "").split(",") if part.strip()}


def pytest_configure() -> None:
    """Refuse a TEST_REQUIRE that names no part: mistyped, it would skip what it meant to require."""
    if unknown := required() - PACKAGES.keys():
        raise pytest.UsageError(f"TEST_REQUIRE names {sorted(unknown)}; the parts are {sorted(PACKAGES)}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose part is missing, before its fixtures look for it."""
    for marker, part in PART_OF_MARKER.items():
        if item.get_closest_marker(marker) is None or is_here(part):
            continue
        reason = f"this machine lacks {part} (apt-get install {PACKAGES[part]})"
        if part in required():
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this run did not try."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped if report.longrepr)
    if reasons:
        terminalreporter.section("NOT TRIED", sep="!", red=True, bold=True)
        for reason, tests in reasons.most_common():
            terminalreporter.line(f"{tests:5} tests: {reason}", red=True)


def _has_chromium() -> bool:
    return chromium() is not None


def _has_postgres() -> bool:
    try:
        programs()
    except PostgresMissing:
        return False
    return True


def _has_pango() -> bool:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True
