"""Every page as every role sees it, on a phone and at a desk, in light and in dark: all can use it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.routing import MapAdapter

from tests.browser.axe import SCRIPT, faults
from tests.browser.showcase import showcase
from tests.browser.tour import tour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# The theme changes colours and nothing else: in the dark the rules about colours are asked again, no other.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# Answers that are no page: files, what only a script asks for, and what redirects.
NO_PAGE = {"certificates.pdf", "imports.report", "jobs.file", "media.media", "people.slip_sheet"}
NO_PAGE |= {"analysis.export", "quiz.waiting"}
NO_PAGE |= {"rosters.export", "rosters.index", "static", "teams.slips", "health.healthz", "health.readyz"}


@dataclass
class Findings:
    """What was found on the way; a finding names page, width, theme and the elements."""

    faults: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def findings(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    found = Findings()
    with showcase(tmp_path_factory.mktemp("showcase")) as site:
        rules = site.app.url_map.iter_rules()
        found.unseen = {rule.endpoint for rule in rules if rule.methods and "GET" in rule.methods} - NO_PAGE
        addresses = site.app.url_map.bind("")
        for name, page in tour(browser, site, SCRIPT):
            look_at(page, name, found)
            found.unseen.discard(_view(addresses, page))
        yield found


def look_at(page: Page, name: str, found: Findings) -> None:
    """Ask axe at both widths and in both themes; the page is left as it was met."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme, rules in (("light", None), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found.faults += [f"{name}, {size['width']} px, {theme}: {fault}" for fault in faults(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.sideways.append(f"{name}, {size['width']} px")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def _view(addresses: MapAdapter, page: Page) -> str:
    """The view behind the page's address; none behind that of a form which came back refused."""
    path = urlsplit(page.url).path
    return addresses.match(path)[0] if addresses.test(path) else ""


def test_no_page_breaks_a_rule_of_accessibility(findings: Findings) -> None:
    assert findings.faults == []


def test_no_page_scrolls_sideways(findings: Findings) -> None:
    assert findings.sideways == []


def test_every_page_there_is_was_looked_at(findings: Findings) -> None:
    assert findings.unseen == set()
