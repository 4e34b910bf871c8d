"""Counting and sharing."""

import pytest

from lms.rosters.rules import Filters, Sums, added, in_state, known_count, place_of_team, share

SUMS = Sums(2, 20, 15, 5, {1: 8, 2: 5}, {"learning": 3, "failed": 2, "passed": 1, "done": 8})


@pytest.mark.parametrize(
    ("count", "of", "percent"), [(0, 0, 0), (0, 9, 0), (1, 3, 33), (2, 3, 67), (999, 1000, 99), (5, 5, 100)]
)
def test_a_hundred_percent_is_all_of_them(count, of, percent):
    assert share(count, of) == percent


def test_the_sums_of_parts_are_the_sum_of_the_whole():
    assert added([SUMS, SUMS]) == Sums(
        4, 40, 30, 10, {1: 16, 2: 10}, {"learning": 6, "failed": 4, "passed": 2, "done": 16}
    )
    assert added([]) == Sums()


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(), 5),
        (Filters(state="done"), 5),
        (Filters(state="open"), 15),
        (Filters(module_id=1), 8),
        (Filters(module_id=1, state="done"), 8),
        (Filters(module_id=1, state="open"), 12),
        (Filters(module_id=1, state="failed"), 2),
        (Filters(module_id=1, state="none"), 6),
        (Filters(module_id=9), 0),
    ],
)
def test_a_state_is_counted_from_the_sums(filters, count):
    assert in_state(SUMS, filters) == count


def test_a_list_is_counted_from_the_sums_where_they_can_tell():
    assert known_count(SUMS, Filters()) == 20
    assert known_count(SUMS, Filters(active="no")) == 5
    assert known_count(SUMS, Filters(module_id=1, state="failed")) == 2
    assert known_count(SUMS, Filters(module_id=1, state="failed", active="no")) is None
    assert known_count(SUMS, Filters(name="hanh")) is None


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Tổ công nghệ số thôn Đông Hải", "Thôn Đông Hải"),
        ("Tổ công nghệ số cộng đồng ấp 3", "Ấp 3"),
        ("Tổ CNSCĐ và Đề án 06", "Tổ CNSCĐ và Đề án 06"),
    ],
)
def test_paper_names_a_team_by_its_place(title, place):
    assert place_of_team(title) == place
