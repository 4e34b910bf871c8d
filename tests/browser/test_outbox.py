"""Answers under weak signal, in a real browser: none is lost, none counts twice, nobody sends another's."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import quiz_place
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.quiz.actions import start_attempt
from lms.quiz.paper import AttemptView
from lms.quiz.queries import steps_of
from tests import make
from tests.browser.axe import faults
from tests.browser.chromium import ARGUMENTS
from tests.browser.serving import serving
from tests.courses import small_course, write
from tests.parts import chromium
from tests.web.quizzing import QUESTION, view_of

pytestmark = pytest.mark.browser
SAVES = "**/attempts/*/answers"


class Learner:
    """A person before an open attempt of four questions, whose second option is right."""

    def __init__(self, app: Flask, address: str, name: str) -> None:
        now = clock.now()
        with transaction():
            team = make.team()
            self.person_id = make.member(team, name).id
            announce(PersonJoinedTeam(self.person_id, team.id, now))
        with transaction():
            quiz_id = quiz_place("khoa-thu", "dau").quiz_id
            self.attempt = f"/attempts/{start_attempt(self.person_id, quiz_id, 'member', now)}"
        client = app.test_client()
        make.signed_in(client, self.person_id)
        self.cookie = {"name": "lop_so", "value": client.get_cookie("lop_so").value, "url": address}
        self.cookie["expires"] = now.timestamp() + 86400  # so that it outlives the browser

    @property
    def view(self) -> AttemptView:
        return view_of(self.attempt)

    def answered(self) -> dict[int, bool]:
        """By position, whether the answer that stands is right."""
        return {
            one.position: one.question.grade(one.answer) == 1
            for one in self.view.questions
            if one.answer is not None
        }


@pytest.fixture
def address(app: Flask, tmp_path: Path) -> Iterator[str]:
    text = "".join(QUESTION.format(n=n) for n in (1, 2, 3, 4))
    source, problems = read_course(
        write(small_course(tmp_path), {"01-dau/quiz.md": f"---\nshuffle: none\n---\n{text}"})
    )
    assert source is not None, problems
    with transaction():
        publish_course(source, Shelf(tmp_path / "media"), clock.now())
    with serving(app) as address:
        yield address


@pytest.fixture
def learner(app: Flask, address: str) -> Learner:
    return Learner(app, address, "Nguyễn Thị Hạnh")


def phone(browser: Browser, address: str, learner: Learner) -> BrowserContext:
    context = browser.new_context(viewport={"width": 360, "height": 640}, base_url=address)
    context.add_cookies([learner.cookie])
    context.set_default_timeout(30_000)
    return context


@pytest.fixture
def page(browser: Browser, address: str, learner: Learner) -> Iterator[Page]:
    context = phone(browser, address, learner)
    yield context.new_page()
    context.close()


def choose(page: Page, position: int, words: str) -> None:
    page.goto(f"{page.url.partition('#')[0]}#question-{position}")
    page.locator("label:visible", has_text=words).click()


def right(page: Page, position: int) -> None:
    choose(page, position, "Đáp án hai")


def wrong(page: Page, position: int) -> None:
    choose(page, position, "Đáp án một")


def strip(page: Page):
    return page.get_by_role("region", name="Câu trả lời chờ gửi")


def state(page: Page):
    return page.locator("[data-save-state]")


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
    page.get_by_role("button", name="Thử gửi lại").click()
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


def test_signing_out_warns_and_then_clears_the_phone(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    page.route(SAVES, lambda route: route.abort())
    right(page, 1)
    expect(strip(page)).to_be_visible()
    page.goto("/me")
    leave = page.get_by_role("button", name="Đăng xuất khỏi máy này")
    leave.click()
    expect(page.get_by_role("alert")).to_contain_text("Còn 1 câu trả lời trên máy này chưa gửi")
    leave.click()
    page.wait_for_url("**/sign-in?left=1")
    assert page.evaluate("indexedDB.databases()") == []
    assert learner.answered() == {}


def test_somebody_else_on_the_phone_neither_sees_nor_sends_what_waits(
    app: Flask, address: str, page: Page, learner: Learner
) -> None:
    page.goto(learner.attempt)
    page.route(SAVES, lambda route: route.abort())
    right(page, 1)
    expect(strip(page)).to_be_visible()
    page.unroute(SAVES)
    other = Learner(app, address, "Trần Văn Khác")
    page.context.clear_cookies()
    page.context.add_cookies([other.cookie])
    asked: list[tuple[str, int]] = []
    page.on("response", lambda got: "/answers" in got.url and asked.append((got.request.method, got.status)))
    with page.expect_response(SAVES):
        page.goto("/me")
    expect(strip(page)).to_be_hidden()
    page.goto(other.attempt)
    right(page, 2)
    expect(state(page)).to_have_text("Đã lưu")
    assert ("GET", 404) in asked
    assert [one for one in asked if one[0] == "POST"] == [("POST", 200)], asked
    assert (learner.answered(), other.answered()) == ({}, {2: True})
    page.context.clear_cookies()
    page.context.add_cookies([learner.cookie])
    with page.expect_response(lambda got: "/answers" in got.url and got.request.method == "POST"):
        page.goto("/me")
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


def test_a_phone_whose_clock_is_turned_gains_no_time(page: Page, learner: Learner) -> None:
    told: list[int] = []
    page.on(
        "request", lambda sent: "/answers" in sent.url and told.append(int(sent.post_data_json["tapped"]))
    )
    page.goto(learner.attempt)
    page.evaluate("Date.now = () => 0")
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    assert abs(told[0] / 1000 - clock.now().timestamp()) < 20


def test_the_strip_has_no_fault_that_axe_finds(page: Page, learner: Learner) -> None:
    page.goto(learner.attempt)
    page.context.set_offline(True)
    right(page, 1)
    expect(strip(page)).to_be_visible()
    assert faults(page) == []
