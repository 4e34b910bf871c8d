"""Learners before a paper in a real browser, and what they do there."""

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from lms.catalogue.queries import quiz_place
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.quiz.actions import start_attempt
from lms.quiz.queries import AttemptView
from tests import make
from tests.web.quizzing import view_of

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


def phone(browser: Browser, address: str, learner: Learner) -> BrowserContext:
    context = browser.new_context(viewport={"width": 360, "height": 640}, base_url=address, locale="vi-VN")
    context.add_cookies([learner.cookie])
    context.set_default_timeout(30_000)
    return context


def choose(page: Page, position: int, words: str) -> None:
    page.goto(f"{page.url.partition('#')[0]}#question-{position}")
    page.locator("label:visible", has_text=words).click()


def right(page: Page, position: int) -> None:
    choose(page, position, "Đáp án hai")


def wrong(page: Page, position: int) -> None:
    choose(page, position, "Đáp án một")


def strip(page: Page) -> Locator:
    return page.get_by_role("region", name="Câu trả lời chờ gửi")


def waiting_list(page: Page) -> Locator:
    """The list of what waits, opened by the strip's button."""
    strip(page).get_by_role("button", name="Xem").click()
    return page.get_by_role("dialog")


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]")
