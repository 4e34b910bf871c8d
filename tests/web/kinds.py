"""One question of every kind there is, in a quiz and in a lesson, and what a browser sends of them."""

import re

from lms.quiz.queries import AttemptView, PaperQuestion
from lms.quiz.question import Answer
from lms.quiz.types import KINDS
from tests.courses import LESSON
from tests.quiz.fields import sent

SECRET = "Giải thích kín"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><path d="M0 0h320v180H0z"/></svg>'


def quiz_text() -> str:
    """The first example of every kind as questions; a fenced block has no feedback of its own."""
    return "".join(
        f"\n## Câu kiểu {kind}? {{#kieu-{kind}}}\n\n{cls.examples[0].block}\n\n> {SECRET} {kind}.\n"
        for kind, cls in KINDS.items()
    )


def lesson_text() -> str:
    """A lesson that asks them on the spot."""
    return LESSON.format(slug="mot") + "".join(
        f"\n/// check | hoi-{kind}\nCâu kiểu {kind}?\n\n{cls.examples[0].block}\n\n> {SECRET} {kind}.\n///\n"
        for kind, cls in KINDS.items()
    )


def pictures(folder: str) -> dict[str, str]:
    """The files that those questions show, by their path."""
    named = re.findall(r"media/[\w.-]+\.svg", quiz_text())
    return {f"{folder}/{name}": PICTURE for name in named}


def fields_of(one: PaperQuestion, answer: Answer | None) -> list[str]:
    """What the browser sends of a question once this is filled in."""
    return sent(one.question.ask(one.options, answer, one.name)).get(one.name, [])


def model_fields(view: AttemptView) -> dict[str, list[str]]:
    """The whole paper answered rightly, as a form."""
    return {one.name: fields_of(one, one.question.model_answer()) for one in view.questions}
