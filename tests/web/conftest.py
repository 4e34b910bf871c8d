"""A quiz in its course, the clock that the doors read, and somebody with a grant at the door."""

import pytest

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import transaction
from lms.people.models import Person
from tests import make
from tests.courses import small_course, write
from tests.times import NOON
from tests.web.quizzing import MANY, QUESTION, sign_in


@pytest.fixture
def noon(monkeypatch):
    """The doors read this clock; the test turns it."""

    class Clock:
        at = NOON

    clock = Clock()
    monkeypatch.setattr("lms.foundation.clock.now", lambda: clock.at)
    return clock


@pytest.fixture
def publish(app, noon, tmp_path):
    """Publish the course with a quiz of these questions and settings."""

    def published(questions: str = "", **settings: object) -> None:
        text = questions or "".join(QUESTION.format(n=n) for n in (1, 2, 3)) + MANY
        front = "".join(f"{name}: {value}\n" for name, value in settings.items())
        files = {"01-dau/quiz.md": f"---\n{front}---\n{text}"}
        source, problems = read_course(write(small_course(tmp_path), files))
        assert problems == []
        assert source is not None
        with transaction():
            publish_course(source, Shelf(tmp_path / "media"), noon.at)

    return published


@pytest.fixture
def learner(publish, client) -> int:
    """A member signed in, before a quiz of three single choices and a multiple one."""
    publish()
    return sign_in(client)


@pytest.fixture
def enter(client):
    """Come in as somebody with this grant; the same browser."""

    def enter(role: str, unit: str | None = None) -> Person:
        person = make.person(f"Cán bộ {role}")
        make.grant(person, role, unit=unit)
        make.signed_in(client, person.id)
        return person

    return enter
