"""Answers under weak signal, in a real browser: none is lost, none counts twice, nobody sends another's."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError

from lms.quiz.queries import steps_of
from tests.browser.answering import (
    SAVES,
    Learner,
    choose,
    phone,
    right,
    state,
    strip,
    waiting_list,
    wrong,
)
from tests.browser.chromium import ARGUMENTS
from tests.parts import chromium

pytestmark = pytest.mark.browser


def test_what_is_tapped_without_signal_waits_is_counted_and_sent_once(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    page.context.set_offline(True)
    wrong(page, 1)
    right(page, 1)
    right(page, 2)
    expect(strip(page)).to_contain_text("2 câu trả lời đang chờ gửi")
    assert learner.answered() == {}
    page.context.set_offline(False)
    expect(strip(page)).to_be_hidden()
    expect(state(page)).to_have_text("Đã lưu")
    assert learner.answered() == {1: True, 2: True}
    assert [step.position for step in steps_of(learner.view.id)] == [None, 1, 1, 2]


def test_handing_in_waits_for_what_waits_and_says_so(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    for position in (1, 2, 3):
        right(page, position)
    expect(state(page)).to_have_text("Đã lưu")
    page.context.set_offline(True)
    right(page, 4)
    page.get_by_role("button", name="Trả lời và nộp bài").click()
    expect(strip(page)).to_contain_text("Gửi xong là nộp bài ngay")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đạt")
    assert learner.view.percent == 100


def kill_whatever_uses(folder: Path) -> None:
    """SIGKILL to the browser of this folder, as a phone without memory or battery does."""
    for known in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={folder}" in (known / "cmdline").read_text().split("\0"):
                os.kill(int(known.name), signal.SIGKILL)


def test_a_killed_tab_loses_nothing_and_the_paper_shows_what_waits(
    browser: Browser, address: str, learner: Learner, tmp_path: Path
) -> None:
    def start() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "phone", executable_path=chromium(), args=ARGUMENTS, base_url=address
        )

    context = start()
    context.add_cookies([learner.cookie])
    page = context.new_page()
    page.goto(learner.attempt)
    context.set_offline(True)
    right(page, 3)
    expect(strip(page)).to_contain_text("1 câu trả lời")
    kill_whatever_uses(tmp_path / "phone")
    with suppress(PlaywrightError):
        context.close()

    context = start()
    context.add_cookies([learner.cookie])
    page = context.new_page()
    page.route(SAVES, lambda route: route.abort())
    page.goto(learner.attempt)
    expect(strip(page)).to_contain_text("1 câu trả lời")
    choose(page, 4, "Đáp án hai")
    page.goto(f"{learner.attempt}#question-3")
    expect(page.locator("#question-3").get_by_role("radio", name="Đáp án hai")).to_be_checked()
    expect(strip(page)).to_contain_text("2 câu trả lời")
    page.unroute(SAVES)
    waiting_list(page).get_by_role("button", name="Thử gửi lại").click()
    expect(strip(page)).to_be_hidden()
    assert learner.answered() == {3: True, 4: True}
    context.close()


def test_any_page_of_the_learner_sends_what_waits(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    page.route(SAVES, lambda route: route.abort())
    right(page, 1)
    expect(strip(page)).to_be_visible()
    page.unroute(SAVES)
    with page.expect_response(lambda got: "/answers" in got.url and got.request.method == "POST"):
        page.goto("/me")
    page.goto(learner.attempt)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Câu hỏi 2")
    assert learner.answered() == {1: True}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_network_that_drops_a_third_ends_in_one_right_grade(
    page: Page, learner: Learner, seed: int
) -> None:
    chance, dropped = Random(seed), []

    def carry(route: Route) -> None:
        if route.request.method != "POST" or (luck := chance.random()) >= 0.3:
            route.continue_()
            return
        dropped.append(luck)
        if luck < 0.15:
            route.fetch()  # The server got it; its answer gets lost.
        route.abort()

    page.route(SAVES, carry)
    page.goto(learner.attempt)
    for position in (1, 2, 3, 4):
        for answer in (wrong, right, wrong, right):
            answer(page, position)
    page.get_by_role("button", name="Trả lời và nộp bài").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đạt", timeout=30_000)
    assert {luck < 0.15 for luck in dropped} == {True, False}
    assert learner.view.percent == 100
    keys = [step.client_key for step in steps_of(learner.view.id) if step.kind == "saved"]
    assert len(keys) == len(set(keys)) == 16


def answer_elsewhere(browser: Browser, address: str, learner: Learner) -> None:
    """The first question, rightly, on another phone."""
    other = phone(browser, address, learner)
    page = other.new_page()
    page.goto(learner.attempt)
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    other.close()


def test_what_another_phone_answered_stays_and_is_said_at_the_question(
    browser: Browser, address: str, page: Page, learner: Learner
) -> None:
    page.goto(learner.attempt)
    answer_elsewhere(browser, address, learner)
    right(page, 2)
    expect(
        page.locator("#question-1").get_by_role("radio", name="Đáp án hai", include_hidden=True)
    ).to_be_checked()
    wrong(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    assert learner.answered() == {1: False, 2: True}  # seen, and changed


def test_an_answer_lost_to_another_phone_is_said_at_the_question(
    browser: Browser, address: str, page: Page, learner: Learner
) -> None:
    page.goto(learner.attempt)
    answer_elsewhere(browser, address, learner)
    wrong(page, 1)
    expect(page.locator("#question-1-lost")).to_contain_text("trên máy khác")
    expect(page.get_by_role("radio", name="Đáp án hai")).to_be_checked()
    assert learner.answered() == {1: True}


def test_without_a_store_answers_are_saved_and_waiting_ones_bound_to_the_page(
    page: Page, learner: Learner
) -> None:
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    page.goto(learner.attempt)
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    page.context.set_offline(True)
    right(page, 2)
    expect(state(page)).to_contain_text("đừng đóng trang")
    page.context.set_offline(False)
    expect(state(page)).to_have_text("Đã lưu")
    assert learner.answered() == {1: True, 2: True}


def test_two_tabs_of_one_phone_on_a_bad_network_end_in_one_right_grade(page: Page, learner: Learner) -> None:
    chance, other = Random(3), page.context.new_page()
    page.context.route(SAVES, lambda route: route.abort() if chance.random() < 0.3 else route.continue_())
    for tab in (page, other):
        tab.goto(learner.attempt)
    for position in (1, 2, 3, 4):
        wrong(page, position)
        right(other, position)
    for tab in (page, other):
        expect(strip(tab)).to_be_hidden()
    assert learner.answered() == dict.fromkeys((1, 2, 3, 4), True)
    keys = [step.client_key for step in steps_of(learner.view.id) if step.kind == "saved"]
    assert len(keys) == len(set(keys)) == 8
    assert len({key.partition(":")[0] for key in keys}) == 1
    other.get_by_role("button", name="Trả lời và nộp bài").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Đạt")
    assert learner.view.percent == 100


def test_a_phone_whose_clock_is_set_loses_nothing(page: Page, learner: Learner) -> None:
    page.clock.install()
    page.goto(learner.attempt)
    for position, moment in ((1, "1999-12-31"), (2, "2039-01-01"), (3, "2026-01-01")):
        page.clock.set_system_time(moment)
        wrong(page, position)
        right(page, position)
    expect(state(page)).to_have_text("Đã lưu")
    assert learner.answered() == dict.fromkeys((1, 2, 3), True)
