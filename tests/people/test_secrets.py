"""PINs and passphrases that others would not guess, and how they are kept."""

import time
from datetime import date

import pytest

from lms.people.secrets import (
    Owner,
    WeakSecret,
    check_passphrase,
    check_pin,
    hash_secret,
    is_secret_of,
    wants_new_hash,
)
from tests.make import PIN, PIN_HASH

HANH = Owner("Nguyễn Thị Hạnh", "TV-7K3M-Q2TX", "+84912345678", date(1966, 9, 2))


@pytest.mark.parametrize("pin", ["482913", "205871", "906642"])
def test_a_pin_of_no_pattern_is_taken(pin):
    check_pin(pin, HANH)


@pytest.mark.parametrize(
    "pin",
    [
        "123456", "654321", "012345", "890123", "111111", "121212", "112211", "123123", "112233", "123321",
        "789456", "686868", "020966", "660902", "090266", "196601", "021966", "345678", "12345", "1234567",
        "12345a", "", "١٢٣٤٥٦", "١٢٣٤٥٧",
    ],
)  # fmt: skip
def test_a_pin_that_others_try_first_is_refused(pin):
    with pytest.raises(WeakSecret):
        check_pin(pin, HANH)


@pytest.mark.parametrize("text", ["mưa dầm thấm lâu", "Trồng 3 luống rau.", "🌾🌾 lúa chín vàng 🌾"])
def test_a_sentence_is_a_passphrase(text):
    check_passphrase(text, HANH)


@pytest.mark.parametrize(
    "text",
    [
        "ngắn quá",
        "1234567890",
        "aaaaaaaaaaaa",
        "nguyen thi hanh 1",
        "tv 7k3m q2tx",
        "0912345678 nhé",
        "a" * 201,
    ],
)
def test_a_passphrase_that_others_try_first_is_refused(text):
    with pytest.raises(WeakSecret):
        check_passphrase(text, HANH)


def test_a_secret_is_known_again_composed_or_not():
    kept = hash_secret("mưa dầm thấm lâu")
    assert is_secret_of(kept, "mưa dầm thấm lâu")
    assert not is_secret_of(kept, "mưa dầm thấm lau")
    assert "m=19456,t=2,p=1" in kept


def test_a_hash_of_other_costs_is_to_be_made_anew():
    assert is_secret_of(PIN_HASH, PIN)
    assert wants_new_hash(PIN_HASH)
    assert not wants_new_hash(hash_secret(PIN))


@pytest.mark.parametrize("text", ["", "\x00" * 10, "\ud800", "Ư" * 200])
def test_any_text_is_compared_and_nobodys_secret_is_none(text):
    assert not is_secret_of(PIN_HASH, text)
    assert not is_secret_of(None, text)
    assert not is_secret_of("no hash at all", text)


def test_nobodys_account_takes_as_long_as_somebodys():
    real = hash_secret(PIN)

    def cpu(kept):
        start = time.process_time()
        for _ in range(5):
            is_secret_of(kept, "135792")
        return time.process_time() - start

    cpu(real)
    assert 0.5 < cpu(None) / cpu(real) < 2
