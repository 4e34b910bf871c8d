"""One question of every kind that is answered at once, in a quiz and in a lesson, and what a browser sends.

A story is told by many answers and has tests of its own.
"""

import re

from lms.quiz.paper import AttemptView, PaperQuestion
from lms.quiz.question import Answer
from lms.quiz.types import KINDS
from tests.courses import LESSON
from tests.quiz.fields import sent

AT_ONCE = {kind: cls for kind, cls in KINDS.items() if not cls.unfolds}
SECRET = "Giải thích kín"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><path d="M0 0h320v180H0z"/></svg>'


def quiz_text() -> str:
    """The first example of every kind as questions; a fenced block has no feedback of its own."""
    return "".join(
        f"\n## Câu kiểu {kind}? {{#kieu-{kind}}}\n\n{cls.examples[0].block}\n\n> {SECRET} {kind}.\n"
        for kind, cls in AT_ONCE.items()
    )


def lesson_text() -> str:
    """A lesson that asks them on the spot."""
    return LESSON.format(slug="mot") + "".join(
        f"\n/// check | hoi-{kind}\nCâu kiểu {kind}?\n\n{cls.examples[0].block}\n\n> {SECRET} {kind}.\n///\n"
        for kind, cls in AT_ONCE.items()
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
