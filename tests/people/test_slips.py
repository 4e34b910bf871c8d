"""Tokens and codes: derived, never stored, found by what is typed."""

import re

import pytest

from lms.foundation.codes import ALPHABET
from lms.people.slips import SlipKeys

KEYS = SlipKeys(("the site's secret",))


def made():
    nonce, token_hmac, code_hmac = KEYS.new_slip()
    secret = KEYS.secret_of(nonce, token_hmac)
    assert secret is not None
    return nonce, token_hmac, code_hmac, secret


def test_the_same_slip_is_printed_again():
    nonce, token_hmac, _code_hmac, secret = made()
    assert KEYS.secret_of(nonce, token_hmac) == secret
    assert re.fullmatch(r"[\w-]{22}", secret.token)
    assert set(secret.code) <= set(ALPHABET)
    assert secret.spoken_code == f"{secret.code[:4]}-{secret.code[4:]}"


def test_nothing_of_it_stands_in_the_database():
    nonce, token_hmac, code_hmac, secret = made()
    for stored in (nonce, token_hmac, code_hmac):
        assert secret.token not in stored
        assert secret.code.lower() not in stored


def test_a_code_is_found_however_it_is_typed():
    _nonce, token_hmac, code_hmac, secret = made()
    for typed in (secret.spoken_code, secret.code.lower(), f"  {secret.code[:4]} {secret.code[4:]} "):
        assert KEYS.code_hmacs(typed) == [code_hmac]
    assert KEYS.token_hmacs(secret.token) == [token_hmac]


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGHJ", "ƯƯƯƯ-ƯƯƯƯ", "\x00" * 8])
def test_what_can_be_no_code_finds_nothing(typed):
    assert KEYS.code_hmacs(typed) == []


def test_another_site_finds_nothing():
    nonce, token_hmac, code_hmac, secret = made()
    other = SlipKeys(("another site's secret",))
    assert other.secret_of(nonce, token_hmac) is None
    assert code_hmac not in other.code_hmacs(secret.code)


def test_codes_use_all_forty_bits():
    codes = {made()[3].code for _ in range(300)}
    assert len(codes) == 300
    assert len({code[0] for code in codes}) > 20
    assert len({code[-1] for code in codes}) > 20
