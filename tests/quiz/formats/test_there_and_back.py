"""What is written is read again: what the format says it carries has not changed."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.markup import escaped
from lms.quiz.exchange.reading import Incoming, read_questions
from lms.quiz.formats import WRITABLE
from lms.quiz.question import Question
from tests.quiz.formats.questions import FILES, as_shown, as_words, as_written, items, kept, question

IN_MARKDOWN, IN_XHTML = ("gift", "moodle-xml"), ("qti21", "qti30")
PLENTY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def carried_and_read(before: Question | None, name: str) -> tuple[Item, Question, Incoming]:
    """The question as the format carries it, and what came back; other examples are not looked at."""
    format_ = WRITABLE[name]
    assume(before is not None and before.kind in format_.kinds)
    carried, _ = losses([before], format_, FILES)
    assume(carried)
    written = format_.write(carried)
    reading = read_questions(written, format_)
    assert not reading.mistakes, (reading.mistakes, carried)
    (after,) = reading.questions
    return carried[0], after.question, after


@pytest.mark.parametrize("name", [*IN_MARKDOWN, *IN_XHTML])
@settings(max_examples=250, **PLENTY)
@given(item=items())
def test_export_and_import_change_nothing_that_the_format_carries(name: str, item) -> None:
    """Where Markdown travels it is the same; what becomes XHTML looks the same, or is told not to."""
    format_ = WRITABLE[name]
    before = question(item)
    carried, after, incoming = carried_and_read(before, name)
    is_markdown = name in IN_MARKDOWN and item.kind != "gaps"  # Moodle's gaps stand in HTML.
    look = as_written if is_markdown else as_shown if format_.keeps_texts(carried) else as_words
    assert kept(after, format_, look) == kept(before, format_, look)
    if format_.carries_pictures:
        files = {name: picture.content for name, picture in incoming.item.files.items()}
        assert files == {name: picture.content for name, picture in carried.files.items()}


@pytest.mark.parametrize("name", [*IN_MARKDOWN, *IN_XHTML])
@settings(max_examples=100, **PLENTY)
@given(item=items())
def test_what_came_in_goes_there_and_back_as_it_is(name: str, item) -> None:
    _, once, incoming = carried_and_read(question(item), name)
    twice = read_questions(WRITABLE[name].write([incoming.item]), WRITABLE[name])
    assert [one.question for one in twice.questions] == [once]


@settings(max_examples=120, **PLENTY)
@given(item=items(kinds=("single",)))
def test_where_only_words_travel_they_and_the_key_stay(item) -> None:
    before = question(replace(item, stem=f"Hỏi {escaped(item.stem)}?", material=""))
    _, after, _ = carried_and_read(before, "aiken")
    assert kept(after, WRITABLE["aiken"], as_words) == kept(before, WRITABLE["aiken"], as_words)


def test_an_arrow_in_a_typed_answer_is_told_to_be_more_than_gift_can_say() -> None:
    arrow = question(Item("short", "Dấu nào?", [Part("->"), Part("9")], id="dau"))
    assert arrow is not None
    carried, (lost,) = losses([arrow], WRITABLE["gift"])
    assert (carried, lost.id) == ([], "dau")
    assert losses([arrow], WRITABLE["moodle-xml"])[0]
