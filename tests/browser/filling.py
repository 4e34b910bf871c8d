"""Answering any question on a page as its model answer does, by keys alone."""

from playwright.sync_api import Locator, Page, expect

from lms.quiz.queries import PaperQuestion
from lms.quiz.types.scenario import Scenario
from tests.web.kinds import fields_of

DOCK = ".action-dock button"


def answer_question(page: Page, one: PaperQuestion) -> None:
    """Fill in the question of an attempt and go on to the next one; a story is told to its end."""
    question = page.locator(f"#question-{one.position}")
    expect(question).to_be_visible()
    if isinstance(one.question, Scenario):
        tell_story(page, question, one)
    else:
        fill_in(question, one)
    page.locator(DOCK).press("Enter")


def fill_in(question: Locator, one: PaperQuestion) -> None:
    """Answer as the model does; lists are found by their values, for rows move as they are numbered."""
    values = fields_of(one, one.question.model_answer())
    for box in question.locator("input[type=radio], input[type=checkbox]").all():
        if box.get_attribute("value") in values:
            box.press("Space")
    for value in values:
        if (choice := question.locator(f'select:has(option[value="{value}"])')).count():
            choice.select_option(value)
    typed = [value for value in values if not question.locator(f'[value="{value}"]').count()]
    for field, text in zip(question.locator("input[type=text]").all(), typed, strict=True):
        field.fill(text)


def tell_story(page: Page, question: Locator, one: PaperQuestion) -> None:
    """Give the replies of the model one by one; each is sent by the button under the page."""
    for count, reply in enumerate(one.question.model_answer()["path"], 1):
        question.locator(f"input[value='{reply}']").press("Space")
        page.locator(DOCK).press("Enter")
        expect(question.locator(".conversation .own")).to_have_count(count)
