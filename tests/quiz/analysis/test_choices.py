"""What an answer counts as, asked of every example of every question type."""

import json

import pytest

from lms.quiz.analysis.actions import goes_together
from lms.quiz.analysis.counting import LONGEST_TEXT, choices_of, options_to_choose
from lms.quiz.analysis.sums import NOTHING, UNSURE
from lms.quiz.question import UNSURE as UNSURE_ANSWER
from lms.quiz.types import KINDS
from tests.quiz.test_types import EXAMPLES, question


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_every_answer_of_every_type_counts_as_something(kind, example):
    asked = question(example.block)
    answer = None if example.answer is None else json.dumps(example.answer)
    found = choices_of(asked, answer)
    if example.answer is None:
        assert found == (NOTHING,)
    elif example.answer == UNSURE_ANSWER:
        assert found == (UNSURE,)
    else:
        assert found
        assert all(0 < len(choice) <= LONGEST_TEXT for choice in found)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_question_goes_together_with_itself(kind, example):
    asked = question(example.block)
    assert goes_together(asked, asked)


def test_another_key_or_another_worth_does_not_go_together():
    one = question("- ( ) Một\n- (x) Hai")
    assert goes_together(one, question("- ( ) Mot\n- (x) Hai"))
    assert not goes_together(one, question("- (x) Một\n- ( ) Hai"))
    assert not goes_together(one, question("- ( ) Một\n- (x) Hai\n- ( ) Ba"))
    assert not goes_together(one, question("- ( ) Một\n- (x) Hai", points=2))
    assert not goes_together(one, question("- [ ] Một\n- [x] Hai"))
    assert not goes_together(question("=# 100"), question("=# 101"))


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_every_option_to_choose_has_words_of_its_own(kind, example):
    asked = question(example.block)
    words = [asked.answer_text({"chosen": [option]}) for option in options_to_choose(asked)]
    assert all(words)
    assert len({*words}) == len(words)


def test_what_is_put_in_order_or_paired_is_not_chosen():
    assert {kind for kind, cls in KINDS.items() if options_to_choose(question(cls.examples[0].block))} == {
        *("single", "multiple", "spot", "tap")
    }
