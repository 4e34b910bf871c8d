"""Whose answers wait on a phone: the owner sees which; others see, take and lose none of them."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.answering import SAVES, Learner, phone, right, state, strip, waiting_list, wrong
from tests.browser.axe import faults
from tests.web.quizzing import UNTOLD

pytestmark = pytest.mark.browser


@pytest.fixture
def other(app: Flask, address: str) -> Learner:
    return Learner(app, address, "Trần Văn Khác")


def hand_over(page: Page, to: Learner) -> None:
    """Somebody else signs in on the phone."""
    page.context.clear_cookies()
    page.context.add_cookies([to.cookie])


def leave_one_waiting(page: Page, learner: Learner) -> None:
    """An answer that cannot be sent; nothing can until `SAVES` is let through again."""
    page.goto(learner.attempt)
    page.context.route(SAVES, lambda route: route.abort())
    right(page, 1)
    expect(strip(page)).to_be_visible()


def test_the_list_says_which_answers_wait_since_when_and_that_they_came(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    page.context.set_offline(True)
    wrong(page, 1)
    right(page, 1)
    right(page, 3)
    waiting = waiting_list(page)
    expect(waiting.get_by_role("heading")).to_have_text("2 câu trả lời đang chờ gửi")
    expect(waiting).to_contain_text("Điện thoại đang mất mạng")
    expect(waiting).to_contain_text("2 câuChuyên đề 1: Chuyên đề dau")
    lines = waiting.get_by_role("listitem")
    expect(lines).to_have_text(
        [re.compile(rf"Câu {n}\. Câu hỏi {n} có.*Trả lời lúc \d\d:\d\d · chờ gửi") for n in (1, 3)]
    )
    page.context.set_offline(False)
    expect(waiting.get_by_role("heading")).to_have_text("Không còn gì chờ gửi")
    expect(lines).to_have_text([re.compile(rf"Câu {n}\..*máy chủ đã nhận") for n in (1, 3)])
    waiting.get_by_role("button", name="Làm tiếp").click()
    expect(waiting).to_be_hidden()
    assert learner.answered() == {1: True, 3: True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_fits_a_small_phone_and_has_no_fault_that_axe_finds(
    page: Page, learner: Learner, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(learner.attempt)
    page.context.set_offline(True)
    for position in (1, 2, 3, 4):
        right(page, position)
    waiting_list(page)
    assert faults(page) == []
    assert page.evaluate("document.querySelector('dialog').scrollWidth <= innerWidth")


def test_a_session_that_ended_is_said_and_its_owner_sends_by_signing_in_again(
    page: Page, learner: Learner
) -> None:
    page.goto(learner.attempt)
    page.context.clear_cookies()
    right(page, 1)
    expect(strip(page)).to_contain_text("Đăng nhập lại thì máy mới gửi được")
    waiting = waiting_list(page)
    expect(waiting.get_by_role("link", name="Đăng nhập lại")).to_be_visible()
    assert learner.answered() == {}
    page.context.add_cookies([learner.cookie])
    waiting.get_by_role("button", name="Thử gửi lại").click()
    expect(waiting.get_by_role("heading")).to_have_text("Không còn gì chờ gửi")
    assert learner.answered() == {1: True}


def test_the_sign_in_page_says_that_answers_wait_and_neither_whose_nor_which(
    page: Page, learner: Learner
) -> None:
    told = page.get_by_text("Trên máy này còn câu trả lời chưa gửi")
    page.goto("/sign-in")
    page.wait_for_load_state("networkidle")
    expect(told).to_be_hidden()
    leave_one_waiting(page, learner)
    page.context.clear_cookies()
    page.goto("/sign-in")
    expect(told).to_be_visible()
    assert not re.search("Câu hỏi|Nguyễn|attempts", page.content())
    assert page.locator("[data-outbox], [data-outbox-list]").count() == 0


def test_somebody_else_on_the_phone_neither_sees_nor_sends_what_waits(
    page: Page, learner: Learner, other: Learner
) -> None:
    leave_one_waiting(page, learner)
    page.context.unroute(SAVES)
    hand_over(page, other)
    asked: list[str] = []
    page.on("request", lambda sent: "/answers" in sent.url and asked.append(sent.url))
    page.goto(other.attempt)
    page.context.set_offline(True)
    right(page, 2)
    expect(strip(page)).to_contain_text("1 câu trả lời")
    expect(waiting_list(page).get_by_role("listitem")).to_have_text([re.compile("Câu 2")])
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(state(page)).to_have_text("Đã lưu")
    assert {url.partition("/attempts")[2] for url in asked} == {
        f"{other.attempt.removeprefix('/attempts')}/answers"
    }
    assert (learner.answered(), other.answered()) == ({}, {2: True})
    hand_over(page, learner)
    with page.expect_response(lambda got: "/answers" in got.url and got.request.method == "POST"):
        page.goto("/me")
    assert learner.answered() == {1: True}


def test_a_page_left_open_while_somebody_else_signs_in_sends_nothing_in_that_ones_name(
    page: Page, learner: Learner, other: Learner
) -> None:
    page.goto(learner.attempt)
    hand_over(page, other)
    right(page, 1)
    expect(strip(page)).to_contain_text("Đăng nhập lại thì máy mới gửi được")
    assert (learner.answered(), other.answered()) == ({}, {})


def sign_out(page: Page) -> None:
    page.goto("/me")
    page.get_by_role("button", name="Đăng xuất khỏi máy này").click()


def test_signing_out_warns_and_then_clears_the_phone(page: Page, learner: Learner) -> None:
    leave_one_waiting(page, learner)
    sign_out(page)
    expect(page.get_by_role("alert")).to_contain_text("Còn 1 câu trả lời trên máy này chưa gửi")
    page.get_by_role("button", name="Đăng xuất khỏi máy này").click()
    page.wait_for_url("**/sign-in?left=1")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("indexedDB.databases()") == []
    assert learner.answered() == {}


def test_who_signs_out_leaves_what_another_has_waiting(page: Page, learner: Learner, other: Learner) -> None:
    leave_one_waiting(page, learner)
    hand_over(page, other)
    page.goto(other.attempt)
    right(page, 2)
    expect(strip(page)).to_be_visible()
    sign_out(page)
    expect(page.get_by_role("alert")).to_contain_text("Còn 1 câu trả lời")
    page.get_by_role("button", name="Đăng xuất khỏi máy này").click()
    page.wait_for_url("**/sign-in?left=1")
    page.context.unroute(SAVES)
    hand_over(page, learner)
    with page.expect_response(lambda got: "/answers" in got.url and got.request.method == "POST"):
        page.goto("/me")
    assert (learner.answered(), other.answered()) == ({1: True}, {})


def test_going_back_after_signing_out_shows_no_answers(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    sign_out(page)
    page.wait_for_url("**/sign-in?left=1")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


STORED = """async () => {
  const asked = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const store = await asked(indexedDB.open("lop-so"));
  return asked(store.transaction("answers").objectStore("answers").getAll());
}"""


def test_what_a_phone_keeps_tells_nothing_but_what_its_owner_did(page: Page, learner: Learner) -> None:
    """Nor does any page that the browser keeps of the time before handing in."""
    leave_one_waiting(page, learner)
    addresses = ("/", "/me", learner.attempt, f"{learner.attempt}?q=all", f"{learner.attempt}?q=1")
    kept = [page.goto(address).text() for address in addresses]
    [entry] = page.evaluate(STORED)
    assert entry.keys() == {
        *("attempt", "question", "title", "place", "fields", "seen_step", "tapped"),
        *("owner", "device", "number"),
    }
    assert [name for name, _ in entry["fields"]] == ["question-1"]
    for text in (str(entry), *kept, page.content()):
        assert not any(words in text for words in UNTOLD)


def test_another_phone_shows_nothing_of_what_waits_here(
    browser: Browser, address: str, page: Page, learner: Learner
) -> None:
    leave_one_waiting(page, learner)
    second = phone(browser, address, learner)
    there = second.new_page()
    there.goto(learner.attempt)
    expect(strip(there)).to_be_hidden()
    second.close()
