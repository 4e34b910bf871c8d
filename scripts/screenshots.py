"""Every page of the site, at phone and desk size, in light and in dark, and one contact sheet of them all.

    make screenshots        (python -m scripts.screenshots)

The pages are those of the tour in tests/browser/tour.py, named by who sees them and what they show. The
pictures go to screenshots/; the sheet shows the light ones.
"""

import logging
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

from tests.browser.showcase import showcase
from tests.browser.tour import tour
from tests.parts import chromium

TARGET = Path(__file__).parent.parent / "screenshots"
SIZES = {"360": (360, 740), "1280": (1280, 800)}
LONGEST = 2400  # pixels of a page that the contact sheet shows
COLUMNS, COLUMN, GAP = 8, 300, 12


def main() -> None:
    """Take the pictures, then make the sheet."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        showcase(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, page in tour(browser, site):
            take(page, name)
        browser.close()
    pictures = sorted(TARGET.glob("*-light.png"))
    make_sheet(pictures)
    print(f"{len(pictures) // len(SIZES)} pages: {TARGET / 'sheet.jpg'}")


def take(page: Page, name: str) -> None:
    """A page in both sizes and themes; afterwards it stands as it was met."""
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            # As tall as the page: what sticks to the window's edge would else lie across the text.
            tall = max(height, page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": tall})
            page.screenshot(path=TARGET / f"{name}-{size}-{theme}.png")
            page.set_viewport_size({"width": width, "height": height})


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


if __name__ == "__main__":
    main()
