"""The word in a lesson's form that says when it was opened."""

from datetime import timedelta

import pytest

from lms.web.opening import opened_at, opening
from tests.times import NOON


def test_a_word_says_when_to_the_second(app):
    assert opened_at(opening(1, 2, NOON + timedelta(milliseconds=900)), 1, 2) == NOON


def test_a_word_is_for_one_person_and_one_lesson(app):
    word = opening(1, 2, NOON)
    assert opened_at(word, 2, 2) is None
    assert opened_at(word, 1, 3) is None


def test_a_word_made_with_the_key_before_this_one_is_still_taken(app, monkeypatch):
    word = opening(1, 2, NOON)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.config["SECRET_KEY"]])
    monkeypatch.setitem(app.config, "SECRET_KEY", "a new secret, long enough to count as one")
    assert opened_at(word, 1, 2) == NOON
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    assert opened_at(word, 1, 2) is None


@pytest.mark.parametrize(
    "change", ["", ".", "1", "9" * 400, "-1.{seal}", "{later}.{seal}", "{when}.ư", "{when}."]
)
def test_a_word_made_up_says_nothing(app, change):
    when, _, seal = opening(1, 2, NOON).partition(".")
    assert opened_at(change.format(when=when, later=int(when) - 60, seal=seal), 1, 2) is None
