"""Refusals carry a sentence for a person."""

import pytest

from lms.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from lms.web.errors import STATUS


class TooEarly(Conflict):
    message = "Đọc thêm %(seconds)s giây nữa."


def test_a_refusal_says_its_sentence_with_its_facts():
    assert str(TooEarly(seconds=12)) == "Đọc thêm 12 giây nữa."


def test_the_door_gets_the_sentence_untouched_to_translate_it_first():
    refusal = TooEarly(seconds=12)
    assert (refusal.message, refusal.params) == ("Đọc thêm %(seconds)s giây nữa.", {"seconds": 12})


def test_a_refusal_may_be_given_another_sentence():
    assert str(Invalid("Ngày này chưa đúng.")) == "Ngày này chưa đúng."


def test_a_sentence_without_facts_may_hold_a_percent_sign():
    assert str(Invalid("Đúng từ 80% là đạt.")) == "Đúng từ 80% là đạt."


@pytest.mark.parametrize("family", [NotFound, Forbidden, Conflict, Invalid])
def test_every_family_has_its_status(family: type[Refusal]):
    assert sum(issubclass(family, known) for known in STATUS) == 1
