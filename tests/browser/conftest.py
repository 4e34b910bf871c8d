"""A course with a quiz behind a real server, a learner before it, and the learner's phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation import clock
from lms.foundation.db import transaction
from tests.browser.answering import Learner, phone
from tests.browser.serving import serving
from tests.courses import small_course, write
from tests.web.quizzing import QUESTION


@pytest.fixture
def front() -> str:
    """The quiz's settings."""
    return "shuffle: none\n"


@pytest.fixture
def address(app: Flask, tmp_path: Path, front: str) -> Iterator[str]:
    text = "".join(QUESTION.format(n=n) for n in (1, 2, 3, 4))
    source, problems = read_course(
        write(small_course(tmp_path), {"01-dau/quiz.md": f"---\n{front}---\n{text}"})
    )
    assert source is not None, problems
    with transaction():
        publish_course(source, Shelf(tmp_path / "media"), clock.now())
    with serving(app) as address:
        yield address


@pytest.fixture
def learner(app: Flask, address: str) -> Learner:
    return Learner(app, address, "Nguyễn Thị Hạnh")


@pytest.fixture
def page(browser: Browser, address: str, learner: Learner) -> Iterator[Page]:
    context = phone(browser, address, learner)
    yield context.new_page()
    context.close()
