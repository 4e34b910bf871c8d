"""Which format a file is."""

import pytest

from lms.quiz.formats import format_of


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.gift", "gift"),
        ("A.GIFT.TXT", "gift"),
        ("a.aiken", "aiken"),
        ("a.word.txt", "word"),
        ("a.moodle.xml", "moodle-xml"),
        ("a.xlsx", "xlsx"),
        ("a.csv", "xlsx"),
    ],
)
def test_a_file_is_known_by_its_ending(file, name):
    assert format_of(file).name == name


@pytest.mark.parametrize("file", ["a.txt", "a", "a.docx", "gift"])
def test_what_may_be_several_things_is_asked(file):
    assert format_of(file) is None
