"""Every page of the site at phone and desktop size, and one contact sheet of them all.

    make screenshots        (python -m scripts.screenshots)

A demo site is started in a temporary folder. A visitor and each demo account follow the links they are shown,
a member also begins a quiz; every view is taken once as a visitor, a member and an officer see it. The
pictures go to screenshots/.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException

from config import settings_from
from lms.app import create_app
from lms.demo.queries import DemoAccount, demo_accounts
from tests.parts import chromium

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "screenshots"
SIZES = {"360": (360, 740), "1280": (1280, 800)}
VISITS = 6  # addresses of one view that an account opens in search of further views
LONGEST = 2400  # pixels of a page that the contact sheet shows
COLUMNS, COLUMN, GAP = 8, 300, 12


def main() -> None:
    """Take the pictures, then make the sheet."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = {"PATH": os.environ["PATH"], "LMS_LOG_LEVEL": "ERROR"}
        environment = quiet | {"LMS_DATA": folder, "PORT": str(free_port())}
        with served(environment) as address, sync_playwright() as playwright:
            app = create_app(settings_from(environment, ROOT))
            with app.app_context():
                accounts = demo_accounts()
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            walk = Walk(app, browser, address)
            walk.visitor()
            for account in accounts:
                walk.account(account)
            browser.close()
    make_sheet(sorted(TARGET.glob("*.png")))
    print(f"{len(walk.taken)} pages: {TARGET / 'sheet.jpg'}")


class Walk:
    """Follows links from page to page and keeps a picture of every view once for each kind of person."""

    def __init__(self, app: Flask, browser: Browser, address: str) -> None:
        self.router = app.url_map.bind("127.0.0.1")
        self.browser = browser
        self.address = address
        self.taken: set[str] = set()

    def visitor(self) -> None:
        page = self.browser.new_page(base_url=self.address)
        starts = [
            "/",
            "/courses/lam-quen",
            "/sign-in",
            "/sign-in/officer",
            "/activate",
            "/verify",
            "/no-such-page",
        ]
        self._follow(page, "visitor", starts)
        page.context.close()

    def account(self, account: DemoAccount) -> None:
        """Sign in as one of the demo province and look at everything that is linked."""
        kind = "officer" if account.is_officer else "member"
        page = self.browser.new_page(base_url=self.address)
        page.goto("/sign-in/officer" if account.is_officer else "/sign-in")
        page.fill("input[name=who]", account.who)
        page.fill("input[name=secret]", account.secret)
        page.press("input[name=secret]", "Enter")
        page.wait_for_load_state()
        if "/notice" in page.url:
            self._take(page, f"{kind}.accounts.notice")
            page.click("main form button")
            page.wait_for_load_state()
        self._follow(page, kind, ["/", "/me", "/certificates", "/rosters", "/people/import"])
        if kind == "member":
            page.goto("/courses/lam-quen/bat-dau/quiz")
            if (begin := page.locator("form button.primary")).count():
                begin.click()
                self._take(page, f"{kind}.quiz.attempt")
        page.context.close()

    def _follow(self, page: Page, kind: str, paths: list[str]) -> None:
        seen: set[str] = set()
        visits: Counter[str] = Counter()
        while paths:
            path = paths.pop(0)
            view = self._view(path)
            if path in seen or view is None or visits[view] == VISITS:
                continue
            seen.add(path)
            visits[view] += 1
            response = page.goto(path)
            if response is None or (response.status >= 400 and view != "404"):
                continue
            self._take(page, f"{kind}.{view}")
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            paths += [urlsplit(link).path for link in links if link.startswith(self.address)]

    def _view(self, path: str) -> str | None:
        """The view behind a path; files and addresses without a page are none."""
        try:
            view, _ = self.router.match(path, method="GET")
        except HTTPException:
            return "404" if path == "/no-such-page" else None
        is_page = "." not in path and not view.startswith("health.")
        return view if is_page else None

    def _take(self, page: Page, view: str) -> None:
        if view in self.taken:
            return
        self.taken.add(view)
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            # As tall as the page: what sticks to the window's edge would else lie across the text.
            tall = max(height, page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": tall})
            page.screenshot(path=TARGET / f"{view}-{name}.png")


def make_sheet(pictures: list[Path]) -> None:
    """All pictures beside each other, the long ones cut off, each under its name."""
    tiles = [tile(path) for path in pictures]
    rows = [tiles[start : start + COLUMNS] for start in range(0, len(tiles), COLUMNS)]
    heights = [max(one.height for one in row) + GAP for row in rows]
    sheet = Image.new("RGB", (COLUMNS * (COLUMN + GAP), sum(heights)), "#888")
    for line, row in enumerate(rows):
        for column, one in enumerate(row):
            sheet.paste(one, (column * (COLUMN + GAP), sum(heights[:line])))
    sheet.save(TARGET / "sheet.jpg", quality=80)


def tile(path: Path) -> Image.Image:
    """One picture as the sheet shows it."""
    with Image.open(path) as picture:
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, LONGEST)))
    shown = shown.resize((COLUMN, shown.height * COLUMN // shown.width))
    made = Image.new("RGB", (COLUMN, shown.height + 16), "white")
    made.paste(shown, (0, 16))
    ImageDraw.Draw(made).text((4, 2), path.stem, fill="black")
    return made


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """A demo site for as long as the block lasts."""
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--no-worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{environment['PORT']}"
    try:
        while process.poll() is None:
            try:
                with urlopen(f"{address}/healthz", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
