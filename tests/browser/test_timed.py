"""Papers with a time limit in a real browser: the server's clock ends them, whatever the phone's says."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lms.foundation import clock
from tests.browser.answering import Learner, right, state, strip

pytestmark = pytest.mark.browser
TEN_MINUTES = timedelta(minutes=10)


class ServersClock:
    """What the server takes for now: the real time, and as much later as a test says."""

    def __init__(self) -> None:
        self.real, self.later = clock.now, timedelta(0)

    def now(self):
        return self.real() + self.later


@pytest.fixture
def front() -> str:
    return "shuffle: none\nminutes: 10\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, address: str) -> ServersClock:
    server = ServersClock()
    monkeypatch.setattr("lms.foundation.clock.now", server.now)
    return server


@pytest.mark.parametrize(
    ("after_the_end", "counts"), [(timedelta(minutes=1), True), (timedelta(minutes=2, seconds=5), False)]
)
def test_what_waited_since_before_the_end_counts_for_two_minutes(
    page: Page, learner: Learner, server: ServersClock, after_the_end: timedelta, counts: bool
) -> None:
    page.goto(learner.attempt)
    page.context.set_offline(True)
    right(page, 1)
    expect(strip(page)).to_be_visible()
    server.later = TEN_MINUTES + after_the_end
    page.context.set_offline(False)
    expect(state(page)).to_have_text(
        "Đã lưu" if counts else "Bài này đã nộp hoặc hết giờ, không nhận thêm câu trả lời."
    )
    assert learner.answered() == ({1: True} if counts else {})


def test_a_phone_set_back_after_the_end_gains_nothing(
    page: Page, learner: Learner, server: ServersClock
) -> None:
    page.clock.install()
    page.goto(learner.attempt)
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    server.later = TEN_MINUTES + timedelta(seconds=40)
    page.clock.fast_forward(640_000)
    page.clock.set_system_time("2020-01-01")
    right(page, 2)
    expect(state(page)).to_contain_text("không nhận thêm")
    expect(strip(page)).to_contain_text("hết giờ trước khi câu trả lời")
    assert learner.answered() == {1: True}


def test_a_phone_set_forward_loses_nothing_that_was_answered_in_time(
    page: Page, learner: Learner, server: ServersClock
) -> None:
    page.clock.install()
    page.goto(learner.attempt)
    page.clock.set_system_time("2039-01-01")
    right(page, 1)
    expect(state(page)).to_have_text("Đã lưu")
    page.context.set_offline(True)
    right(page, 2)
    expect(strip(page)).to_be_visible()
    server.later = TEN_MINUTES + timedelta(seconds=2)
    page.context.set_offline(False)
    expect(strip(page)).to_be_hidden()
    assert learner.answered() == {1: True, 2: True}
