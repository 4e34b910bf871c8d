"""Every kind of question on a phone of 360 pixels, by keys alone, with and without script."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from lms.foundation.db import session
from lms.quiz.paper import PaperQuestion
from tests import make
from tests.browser.axe import faults
from tests.browser.filling import answer_question
from tests.browser.serving import serving
from tests.web.kinds import AT_ONCE, pictures, quiz_text
from tests.web.quizzing import QUIZ, view_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    """Whether the phone runs scripts."""
    return bool(request.param)


@pytest.fixture
def page(has_script: bool, app: Flask, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A member's phone, before a quiz with one question of every kind."""
    files = {"01-dau/quiz.md": f"---\nshuffle: none\n---\n{quiz_text()}", **pictures("01-dau")}
    make.course(tmp_path, files)
    copytree(tmp_path / "shelf", app.extensions["settings"].data_folder / "media", dirs_exist_ok=True)
    member = make.member(make.team(), "Nguyễn Thị Hạnh")
    session.commit()
    client = app.test_client()
    make.signed_in(client, member.id)
    cookie = client.get_cookie("lop_so")
    assert cookie is not None
    with serving(app) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, base_url=address, java_script_enabled=has_script
        )
        context.add_cookies([{"name": "lop_so", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page
        context.close()


def test_every_kind_is_answered_by_keys_alone(page: Page, has_script: bool) -> None:
    for one in begun(page):
        question = page.locator(f"#question-{one.position}")
        expect(question.get_by_role("heading", level=1)).to_contain_text(str(one.question.stem.source))
        is_fit_for_a_phone(page, has_script)
        answer_question(page, one)
    expect(page.get_by_role("heading", name="Đạt.")).to_be_visible()
    view = view_of(urlsplit(page.url).path)
    assert [one.share for one in view.questions] == [1.0] * len(AT_ONCE)
    is_fit_for_a_phone(page, has_script)


@pytest.mark.parametrize("has_script", [True], indirect=True, ids=["with script"])
def test_steps_move_by_buttons_and_are_saved_as_they_stand(page: Page, has_script: bool) -> None:
    (one,) = (one for one in begun(page) if one.question.kind == "ordering")
    page.goto(f"{page.url}?q={one.position}")
    rows = page.locator("[data-enhance=sortable] > li")
    before = rows.locator("[data-words]").all_inner_texts()
    page.get_by_role("button", name=f"Đưa “{before[1]}” lên").press("Enter")
    expect(rows.locator("[data-words]")).to_have_text([before[1], before[0], *before[2:]])
    assert [box.input_value().partition(".")[2] for box in rows.locator("select").all()] == list("1234")
    expect(page.get_by_role("button", name=f"Đưa “{before[1]}” lên")).to_be_disabled()
    expect(page.get_by_role("button", name=f"Đưa “{before[1]}” xuống")).to_be_focused()
    expect(page.get_by_text(f"{before[1]}: 1", exact=True)).to_be_attached()
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu")
    is_fit_for_a_phone(page, has_script)
    page.reload()
    expect(rows.locator("[data-words]")).to_have_text([before[1], before[0], *before[2:]])


@pytest.mark.parametrize("has_script", [True], indirect=True, ids=["with script"])
def test_a_number_typed_wrong_is_told_while_the_others_are_saved(page: Page, has_script: bool) -> None:
    (one,) = (one for one in begun(page) if one.question.kind == "number")
    page.goto(f"{page.url}#question-{one.position}")
    field = page.locator(f"#question-{one.position} input[type=text]")
    field.fill("mười")
    field.blur()
    expect(page.locator(f"#question-{one.position}-problem")).to_contain_text("“mười” chưa phải là một số")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-save-state]")).to_contain_text(f"chưa lưu được: câu {one.position}.")
    is_fit_for_a_phone(page, has_script)
    field.fill("10")
    field.blur()
    expect(page.locator(f"#question-{one.position}-problem")).to_be_hidden()
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu")


def begun(page: Page) -> tuple[PaperQuestion, ...]:
    """The paper, once the quiz has begun."""
    page.goto(QUIZ)
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_url("**/attempts/*")
    return view_of(urlsplit(page.url).path).questions


def is_fit_for_a_phone(page: Page, has_script: bool) -> None:
    """Nothing scrolls sideways, and axe, which is a script itself, finds nothing to complain of."""
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    if has_script:
        assert faults(page) == []
