"""The notice: its version stands for its words."""

from lms.people.notice import NOTICE, NOTICE_VERSION, notice_hash

# Changing a word of the notice means raising its version; then this pair follows.
KNOWN = ("2026-11-24", "d4ecd6f763257150e58c3a5108aae9eb813b939d39cac606f84145178da8e899")


def test_other_words_are_another_version():
    assert (NOTICE_VERSION, notice_hash(str)) == KNOWN


def test_it_fits_one_screen_of_a_phone():
    words = sum(len(point.text.split()) + len(point.title.split()) for point in NOTICE)
    assert words <= 120
