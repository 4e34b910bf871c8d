"""What is written is read again: what the format says it carries has not changed."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.markup import escaped, words_of
from lms.quiz.exchange.reading import read_questions
from lms.quiz.formats import WRITABLE
from tests.quiz.formats.questions import items, kept, question

WORDS_ONLY = [name for name, format_ in WRITABLE.items() if "markup" not in format_.carries]
CARRYING_MARKUP = [name for name, format_ in WRITABLE.items() if "markup" in format_.carries]


@pytest.mark.parametrize("name", CARRYING_MARKUP)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(item=items())
def test_export_and_import_change_nothing_that_the_format_carries(name: str, item) -> None:
    format_ = WRITABLE[name]
    before = question(item)
    assume(before is not None and before.kind in format_.kinds)
    carried, _ = losses([before], format_)
    assume(carried)
    written = format_.write(carried)
    reading = read_questions(written, format_)
    assert not reading.mistakes, written.decode(errors="replace")
    (after,) = (one.question for one in reading.questions)
    assert kept(after, format_) == kept(before, format_), written.decode(errors="replace")


def test_an_arrow_in_a_typed_answer_is_told_to_be_more_than_gift_can_say() -> None:
    arrow = question(Item("short", "Dấu nào?", [Part("->"), Part("9")], id="dau"))
    assert arrow is not None
    carried, (lost,) = losses([arrow], WRITABLE["gift"])
    assert (carried, lost.id) == ([], "dau")
    assert losses([arrow], WRITABLE["moodle-xml"])[0]


@pytest.mark.parametrize("name", WORDS_ONLY)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(item=items())
def test_where_only_words_travel_they_and_the_key_stay(name: str, item) -> None:
    format_ = WRITABLE[name]
    before = question(replace(item, stem=f"Hỏi {escaped(item.stem)}?", material=""))
    assume(before is not None and before.kind in format_.kinds)
    carried, _ = losses([before], format_)
    assume(carried)
    written = format_.write(carried)
    reading = read_questions(written, format_)
    assert not reading.mistakes, written
    (after,) = (one.question for one in reading.questions)
    then, now = kept(before, format_), kept(after, format_)
    assert (now.kind, now.id, now.points, now.fixed) == (then.kind, then.id, then.points, then.fixed)
    assert words_of(now.stem).split() == words_of(then.stem).split()
    assert now.parts == then.parts
