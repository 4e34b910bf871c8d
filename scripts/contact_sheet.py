"""Every lesson, guide and card as a member sees it: on a phone of 360 px by day and by night, and on paper.

    scripts/run python -m scripts.contact_sheet [MODULE …]

The pictures go to contact-sheet/, with index.html, which shows them side by side, a row a lesson. Modules are
named by their slugs; without one all of them are looked at, which takes some minutes.
"""

import logging
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from lms.catalogue.queries import course_outlines
from lms.demo.cast import HALF_WAY, PIN
from tests.browser.showcase import Showcase, showcase
from tests.browser.tour import sign_in
from tests.parts import chromium

TARGET = Path(__file__).parent.parent / "contact-sheet"
PHONE, PAPER = 360, 688  # pixels; A4 without its margins, as print.css sets them
THEMES_AND_PAPER = ("light", "dark", "print")
HEAD = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Mọi bài học</title>'
    "<style>body{font:16px sans-serif;background:#777}section{display:flex;gap:12px;align-items:flex-start}"
    "img{width:360px;background:#fff}h2{color:#fff}</style>\n"
)
ROW = '<h2 id="{name}">{title}</h2><section>{pictures}</section>\n'
PICTURE = '<a href="{file}"><img src="{file}" loading="lazy" alt="{look}"></a>'


class Lesson(NamedTuple):
    """A page to look at."""

    name: str
    title: str
    address: str


def main(modules: list[str]) -> None:
    """Take the pictures, then write the page that shows them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    TARGET.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        showcase(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_context(base_url=site.address, locale="vi-VN").new_page()
        sign_in(page, HALF_WAY.phone, PIN)
        lessons = list(lessons_of(site, modules))
        for lesson in lessons:
            page.goto(lesson.address)
            take(page, lesson.name)
        browser.close()
    (TARGET / "index.html").write_text(HEAD + "".join(map(row, lessons)), encoding="utf-8")
    print(f"{len(lessons)} lessons: {TARGET / 'index.html'}")


def lessons_of(site: Showcase, modules: list[str]) -> Iterator[Lesson]:
    """The lessons of these modules, of all without one, in the edition of members."""
    with site.app.app_context():
        outlines = course_outlines()
    for course in outlines:
        edition = course.team_edition or course.editions[0]
        for module in course.modules_of(edition.key):
            for lesson in module.lessons_of(edition.key) if module.slug in (modules or [module.slug]) else ():
                name = f"{course.slug}.{module.number:02d}-{module.slug}.{lesson.slug}"
                title = f"{module.number}. {module.title}: {lesson.title}"
                yield Lesson(name, title, f"/courses/{course.slug}/{module.slug}/{lesson.slug}")


def take(page: Page, name: str) -> None:
    """The page in its three looks, each as tall as it is, its pictures loaded and its folded parts open."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.evaluate("document.querySelectorAll('img').forEach((one) => (one.loading = 'eager'))")
    for look in THEMES_AND_PAPER:
        if look == "print":
            page.emulate_media(media="print", color_scheme="light")
        else:
            page.emulate_media(media="screen", color_scheme=look)  # type: ignore[arg-type]
        width = PAPER if look == "print" else PHONE
        page.set_viewport_size({"width": width, "height": 740})
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": tall})
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / f"{name}.{look}.png")


def row(lesson: Lesson) -> str:
    """A lesson on the page that shows all of them."""
    pictures = (PICTURE.format(file=f"{lesson.name}.{look}.png", look=look) for look in THEMES_AND_PAPER)
    return ROW.format(name=lesson.name, title=escape(lesson.title), pictures="".join(pictures))


if __name__ == "__main__":
    main(sys.argv[1:])
