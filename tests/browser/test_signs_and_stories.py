"""Signs found and a story told on a phone of 360 px, by thumb and by keyboard, with script and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation import clock
from lms.foundation.db import transaction
from tests.browser.axe import faults
from tests.browser.serving import serving
from tests.courses import small_course, write
from tests.web.quizzing import QUIZ, sign_in
from tests.web.stories import draw_picture, quiz_text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def cookie(app: Flask, tmp_path: Path) -> dict[str, str]:
    """The session of a member before a quiz of a text, a picture and a story, in this order."""
    draw_picture(tmp_path)
    quiz = {"01-dau/quiz.md": f"---\nshuffle: none\n---\n{quiz_text()}"}
    course, problems = read_course(write(small_course(tmp_path), quiz))
    assert problems == []
    assert course is not None
    with transaction():
        publish_course(course, Shelf(app.extensions["settings"].data_folder / "media"), clock.now())
    client = app.test_client()
    sign_in(client)
    found = client.get_cookie("lop_so")
    assert found is not None
    return {"name": "lop_so", "value": found.value}


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(app: Flask, browser: Browser, cookie: dict[str, str], has_script: bool) -> Iterator[Page]:
    with serving(app) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, base_url=address, java_script_enabled=has_script
        )
        context.add_cookies([{**cookie, "url": address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page
        context.close()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def check_page(page: Page, *, has_script: bool) -> None:
    """Nothing scrolls sideways and, where a script can ask, axe finds nothing in either theme."""
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 360
    for theme in ("light", "dark") if has_script else ():
        page.emulate_media(color_scheme=theme)
        assert faults(page) == [], theme
    page.emulate_media(color_scheme="light")


def test_a_quiz_of_signs_and_a_story_is_passed(page: Page, has_script: bool) -> None:
    page.goto(QUIZ)
    page.get_by_role("button", name="Bắt đầu").click()
    find_in_the_text(page)
    check_page(page, has_script=has_script)
    press(page, "Trả lời")
    find_on_the_picture(page)
    check_page(page, has_script=has_script)
    press(page, "Trả lời")
    begin_the_story(page)
    check_page(page, has_script=has_script)
    end_the_story(page)
    check_page(page, has_script=has_script)
    press(page, "Trả lời và nộp bài")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Đạt.")
    for summary in page.locator("summary").all():
        summary.click()
    expect(page.get_by_text("Kết này được 100% số điểm.")).to_be_visible()
    expect(page.get_by_text("Tìm đúng: thanh địa chỉ")).to_be_visible()
    check_page(page, has_script=has_script)


def find_in_the_text(page: Page) -> None:
    expect(page.get_by_role("heading", name="Tìm dấu hiệu")).to_be_visible()
    page.locator("label", has_text="Thông báo").click()
    expect(page.get_by_role("checkbox", name="Thông báo")).to_be_checked()


def find_on_the_picture(page: Page) -> None:
    """The right place by a tap on the picture; a wrong one by the keyboard, undone in the list."""
    expect(page.get_by_role("heading", name="Chạm vào chỗ đáng ngờ")).to_be_visible()
    picture = page.locator(".tap-picture")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] / 2, "y": box["height"] * 0.15})
    address, button = (page.get_by_role("checkbox", name=name) for name in ("thanh địa chỉ", "nút Gửi"))
    expect(address).to_be_checked()
    button.focus()
    page.keyboard.press("Space")
    expect(button).to_be_checked()
    page.get_by_role("listitem").filter(has_text="nút Gửi").locator("label").click()
    expect(button).not_to_be_checked()


def begin_the_story(page: Page) -> None:
    """By the keyboard; what comes of the reply is nowhere before it is given."""
    expect(page.get_by_role("heading", name="Có người gọi")).to_be_visible()
    assert "ấp úng" not in page.content()
    page.get_by_role("radio", name="Anh ở xã nào?").focus()
    page.keyboard.press("Space")
    press(page, "Đáp lời này")
    expect(page.get_by_text("Người gọi ấp úng.")).to_be_visible()
    assert "còn nguyên" not in page.content()


def end_the_story(page: Page) -> None:
    """By the thumb; what the ending earns and teaches is told with the result."""
    page.locator("label", has_text="Tôi tắt máy.").click()
    press(page, "Đáp lời này")
    expect(page.get_by_text("Chuyện kết thúc ở đây.")).to_be_visible()
    assert "Lời riêng" not in page.content()
