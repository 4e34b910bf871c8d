"""When something is read, passed, complete, and where one goes on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.study.rules import (
    DONE,
    FAILED,
    LEARNING,
    PASSED,
    ModuleToDo,
    Standing,
    Step,
    bits,
    is_course_complete,
    least_reading_time,
    next_step,
    seconds_too_early,
    state_of,
)
from tests.times import NOON


@pytest.mark.parametrize(
    ("read", "is_passed", "attempts", "state"),
    [
        (0, False, 0, LEARNING),
        (2, False, 0, LEARNING),
        (0, False, 3, FAILED),
        (1, True, 1, PASSED),
        (2, True, 1, DONE),
        (3, True, 1, DONE),
    ],
)
def test_a_module_is_done_when_its_lessons_are_read_and_its_quiz_is_passed(read, is_passed, attempts, state):
    standing = Standing(read, 2, is_passed, attempts)
    assert state_of(standing, lessons_are_optional=False) == state


def test_where_lessons_are_optional_the_passed_quiz_is_enough():
    assert state_of(Standing(0, 2, True, 1), lessons_are_optional=True) == DONE
    assert state_of(Standing(2, 2, False, 0), lessons_are_optional=True) == LEARNING


def test_a_mask_has_one_bit_a_module():
    assert bits([]) == 0
    assert bits([0, 2, 2, 62]) == 0b101 | 1 << 62


def test_all_modules_means_every_published_one_and_at_least_one():
    assert is_course_complete("all-modules", 0b111, 0b011)
    assert not is_course_complete("all-modules", 0b101, 0b011)
    assert not is_course_complete("all-modules", 0, 0)


def test_so_many_modules_may_be_any_also_such_as_are_taught_no_more():
    assert is_course_complete({"modules": 2}, 0b1001, 0b0001)
    assert not is_course_complete({"modules": 3}, 0b1001, 0b1111)


@given(mask=st.integers(0, 2**63 - 1), more=st.integers(0, 62), asked=st.integers(1, 63))
def test_another_module_done_never_undoes_a_course(mask, more, asked):
    published = bits(range(63))
    for rule in ("all-modules", {"modules": asked}):
        if is_course_complete(rule, mask, published):
            assert is_course_complete(rule, mask | 1 << more, published)


def test_a_fifth_of_the_reading_time_is_the_least():
    assert least_reading_time(5) == timedelta(minutes=1)
    assert seconds_too_early(NOON, NOON, 5) == 60
    assert seconds_too_early(NOON, NOON + timedelta(seconds=59, milliseconds=1), 5) == 1
    assert seconds_too_early(NOON, NOON + timedelta(minutes=1), 5) == 0
    assert seconds_too_early(NOON, NOON + timedelta(days=30), 5) == 0
    assert seconds_too_early(NOON, NOON, 0) == 0


ONE = ModuleToDo("mot", ((11, "a"), (12, "b"), (13, "c")), is_passed=False, is_done=False)
TWO = ModuleToDo("hai", ((21, "d"),), is_passed=False, is_done=False)
DONE_ONE = ModuleToDo("mot", ONE.lessons, is_passed=True, is_done=True)


@pytest.mark.parametrize(
    ("read", "last", "step"),
    [
        ((), None, Step("lesson", "mot", "a")),
        ((11,), None, Step("lesson", "mot", "b")),
        ((), (12, "buoc-2"), Step("lesson", "mot", "b", "buoc-2")),
        ((12,), (12, "buoc-2"), Step("lesson", "mot", "c")),
        ((12, 13), (13, ""), Step("lesson", "mot", "a")),
        ((11, 12, 13), (13, ""), Step("quiz", "mot")),
        ((), (21, "dau"), Step("lesson", "hai", "d", "dau")),
        ((21,), (21, ""), Step("quiz", "hai")),
        ((), (99, "gone"), Step("lesson", "mot", "a")),
    ],
)
def test_one_goes_on_where_one_was(read, last, step):
    assert next_step([ONE, TWO], frozenset(read), last) == step


def test_a_done_module_is_passed_by_and_after_the_last_one_comes_the_first_left_out():
    assert next_step([DONE_ONE, TWO], frozenset(), (11, "")) == Step("lesson", "hai", "d")
    done_two = ModuleToDo("hai", TWO.lessons, is_passed=True, is_done=True)
    assert next_step([ONE, done_two], frozenset({21}), (21, "")) == Step("lesson", "mot", "a")
    assert next_step([DONE_ONE, done_two], frozenset(), None) == Step("finished")
    assert next_step([], frozenset(), None) == Step("finished")


def test_a_passed_module_still_leads_to_its_unread_lessons_and_never_again_to_its_quiz():
    passed = ModuleToDo("mot", ONE.lessons, is_passed=True, is_done=False)
    assert next_step([passed], frozenset({11, 12}), None) == Step("lesson", "mot", "c")
    assert next_step([passed, TWO], frozenset({11, 12, 13}), None) == Step("lesson", "hai", "d")
