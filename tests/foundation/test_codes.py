"""Codes that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.codes import (
    ALPHABET,
    is_valid_code,
    new_member_code,
    new_verification_code,
    normalise_code,
    random_code,
    read_member_code,
    read_verification_code,
    with_check,
)

bodies = st.text(ALPHABET, min_size=7, max_size=7)


@given(bodies)
def test_a_code_with_its_check_is_valid(body):
    assert is_valid_code(with_check(body))


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(body, place, char):
    code = with_check(body)
    wrong = code[:place] + char + code[place + 1 :]
    assert is_valid_code(wrong) == (wrong == code)


@given(bodies, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(body, place):
    code = with_check(body)
    pair = code[place : place + 2]
    swapped = code[:place] + pair[::-1] + code[place + 2 :]
    # Luhn's known gap: the first and the last character of the alphabet side by side.
    assert is_valid_code(swapped) == (swapped == code or set(pair) == {"0", "Z"})


@pytest.mark.parametrize(
    ("body", "code"), [("0000000", "00000000"), ("0000001", "0000001Y"), ("7K3M9QX", "7K3M9QX1")]
)
def test_the_check_character_is_luhn_mod_32(body, code):
    assert with_check(body) == code


def test_lookalikes_are_read_as_digits():
    assert normalise_code("tv-o1il 9z") == "TV01119Z"


def test_a_member_code_is_read_however_it_is_typed():
    assert read_member_code("TV-7K3M-9QX1") == "TV-7K3M-9QX1"
    assert read_member_code(" tv 7k3m 9qxl ") == "TV-7K3M-9QX1"
    assert read_member_code("7k3m9qx1") == "TV-7K3M-9QX1"


@pytest.mark.parametrize(
    "text", ["", "TV", "TV-7K3M-9QX2", "TV-7K3M-9QX", "TV-7K3M-9QX11", "0912345678", "TV-7K3M-9QXU"]
)
def test_what_cannot_be_a_member_code_is_none(text):
    assert read_member_code(text) is None


def test_a_verification_code_is_read_however_it_is_typed():
    assert read_verification_code("ls26 7k3m-9qxi") == "LS-26-7K3M-9QX1"
    assert read_verification_code("26-7K3M-9QX1") == "LS-26-7K3M-9QX1"


@pytest.mark.parametrize("text", ["", "LS-26", "LS-26-7K3M-9QX2", "LS-AB-7K3M-9QX1", "TV-7K3M-9QX1"])
def test_what_cannot_be_a_verification_code_is_none(text):
    assert read_verification_code(text) is None


def test_new_codes_are_read_back_and_differ():
    members = {new_member_code() for _ in range(200)}
    certificates = {new_verification_code(2026) for _ in range(200)}
    assert len(members) == len(certificates) == 200
    assert all(read_member_code(code) == code for code in members)
    assert all(read_verification_code(code) == code and code.startswith("LS-26-") for code in certificates)


def test_random_codes_have_the_length_asked_for():
    assert [len(random_code(length)) for length in (0, 1, 12)] == [0, 1, 12]


@given(st.text(max_size=20))
def test_any_text_can_be_read_as_a_code(text):
    read_member_code(text)
    read_verification_code(text)
