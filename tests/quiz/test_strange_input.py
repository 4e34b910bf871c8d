"""Whatever an author writes and a form or a database holds: no type crashes, no share leaves 0..1."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quiz.question import Question
from lms.quiz.types import KINDS
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

ASKED = [
    pytest.param(question(block), id=f"{kind}-{number}")
    for kind, cls in KINDS.items()
    for number, block in enumerate(dict.fromkeys(example.block for example in cls.examples))
]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["chosen", "typed", "places", "pairs", "gaps", "path"]), inner)
    ),
    max_leaves=8,
)


def texts_of(cls: type[Question]) -> st.SearchStrategy[str]:
    """Blocks of this type, mangled: its own signs in any order."""
    signs = sorted(
        {sign for example in cls.examples for sign in example.block} | set("\\*`[]{}|:=#~±.,-?! 0a\n")
    )
    lines = st.sampled_from([line for example in cls.examples for line in example.block.split("\n")])
    return st.lists(lines | st.text(st.sampled_from(signs), max_size=12), max_size=8).map("\n".join)


@pytest.mark.parametrize("kind", KINDS)
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_question_or_has_a_reason_not_to_be(kind: str, draw: Any) -> None:
    asked, problems = read(draw.draw(texts_of(KINDS[kind])))
    assert (asked is None) == bool(problems)
    if asked is not None:
        fields = sent(asked.ask(asked.option_ids, asked.model_answer(), "q"))
        assert asked.read_answer("q", fields) == asked.model_answer()
        assert asked.answer_problem(asked.model_answer()) is None
        assert asked.grade(asked.model_answer()) == 1.0
        assert asked.right_answer()


@pytest.mark.parametrize("asked", ASKED)
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_any_form_is_answered_with_a_share_or_a_problem(asked: Question, draw: Any) -> None:
    known = [value for value in sent(asked.ask(asked.option_ids, None, "q")).get("q", []) if value]
    values = st.sampled_from([*known, *asked.option_ids, "unsure", "", "0", "-1"]) | st.text(max_size=12)
    answer = asked.read_answer("q", {"q": draw.draw(st.lists(values, max_size=9))})
    assert json.loads(json.dumps(answer)) == answer
    holds(asked, answer)


@pytest.mark.parametrize("asked", ASKED)
@given(answer=JUNK.filter(lambda junk: isinstance(junk, dict)))
@settings(max_examples=60, deadline=None)
def test_any_json_is_refused_or_graded(asked: Question, answer: Any) -> None:
    holds(asked, answer)


def holds(asked: Question, answer: Any) -> None:
    assert 0.0 <= asked.grade(answer) <= 1.0
    problem = asked.answer_problem(answer)
    assert problem is None or problem.strip()
    for html in (asked.ask(asked.option_ids, answer, "q"), asked.reveal(asked.option_ids, answer)):
        assert "<script" not in html
    assert isinstance(asked.answer_text(answer), str)
    assert isinstance(asked.feedback_for(answer), tuple)
