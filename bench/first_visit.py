"""What a first and a second visit to a lesson cost over the wire, measured in Chromium."""

from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure
from bench.site import LESSON, Site, served
from tests.parts import chromium

PICTURES = (".svg?", ".webp", ".jpg", ".png")


def figures(site: Site) -> Iterator[Figure]:
    """A visitor with an empty cache, then the same page again. Bytes as they crossed the wire."""
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 360, "height": 640})
        first = _visit(context.new_page(), address + LESSON)
        again = _visit(context.new_page(), address + LESSON)
        browser.close()
    plain = {url: size for url, size in first.items() if "/media/" not in url}
    yield Figure("first visit to a lesson, pictures apart", sum(plain.values()) / 1024, "KB", 50)
    yield Figure("first visit to a lesson, pictures apart, requests", len(plain), "", 10)
    yield Figure("first visit to a lesson with its pictures", sum(first.values()) / 1024, "KB")
    yield Figure("the same lesson again", sum(again.values()) / 1024, "KB", 12)


def _visit(page: Page, url: str) -> dict[str, int]:
    """Bytes by address: headers and body as the network carried them; what came from the cache is none."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda e: urls.setdefault(e["requestId"], e["request"]["url"]))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.__setitem__(urls.get(e["requestId"], "?"), int(e["encodedDataLength"])),
    )
    page.goto(url, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    return {url: size for url, size in sizes.items() if size}
