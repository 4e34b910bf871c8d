"""Codes that people read out and type: Crockford's base 32 with a Luhn mod 32 check character.

Member codes are `TV-XXXX-XXXX`, verification codes `LS-YY-XXXX-XXXX` (YY the year of issue); of the eight
characters seven are random and the last is their check. Any one wrong character is noticed.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE = len(ALPHABET)
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans("OIL", "011")
_RANDOM_LENGTH = 7
_MEMBER_PREFIX = "TV"
_VERIFICATION_PREFIX = "LS"


def random_code(length: int) -> str:
    """So many characters from the system's source of secrets, five bits each; no check character."""
    return "".join(ALPHABET[byte % _BASE] for byte in secrets.token_bytes(length))


def with_check(body: str) -> str:
    """The body with its check character appended. Raises KeyError for a character outside the alphabet."""
    return body + ALPHABET[-_luhn_sum(body, doubled=True) % _BASE]


def is_valid_code(code: str) -> bool:
    """Whether a normalised code, its last character the check, is one that `with_check` could have made."""
    return (
        len(code) > 1 and all(char in _VALUE for char in code) and _luhn_sum(code, doubled=False) % _BASE == 0
    )


def normalise_code(text: str) -> str:
    """What was typed, in capitals, without spaces and hyphens, O read as 0, I and L as 1."""
    return _compact(text).translate(_LOOKALIKES)


def new_member_code() -> str:
    """A random member code; the unique column decides whether it is free."""
    return _MEMBER_PREFIX + "-" + _grouped(with_check(random_code(_RANDOM_LENGTH)))


def new_verification_code(year: int) -> str:
    """A random verification code of the year of issue."""
    return f"{_VERIFICATION_PREFIX}-{year % 100:02}-" + _grouped(with_check(random_code(_RANDOM_LENGTH)))


def read_member_code(text: str) -> str | None:
    """The member code meant by what was typed, with or without its prefix; None if it can be none."""
    code = _without_prefix(text, _MEMBER_PREFIX)
    if len(code) != _RANDOM_LENGTH + 1 or not is_valid_code(code):
        return None
    return f"{_MEMBER_PREFIX}-{_grouped(code)}"


def read_verification_code(text: str) -> str | None:
    """The verification code meant by what was typed, with or without its prefix; None if it can be none."""
    code = _without_prefix(text, _VERIFICATION_PREFIX)
    year, code = code[:2], code[2:]
    if len(code) != _RANDOM_LENGTH + 1 or not year.isdecimal() or not is_valid_code(code):
        return None
    return f"{_VERIFICATION_PREFIX}-{year}-{_grouped(code)}"


def _luhn_sum(code: str, *, doubled: bool) -> int:
    """Sum of the values from the right, every other one doubled (digits of the double added, in base 32)."""
    total = 0
    for char in reversed(code):
        value = _VALUE[char] * (2 if doubled else 1)
        total += value // _BASE + value % _BASE
        doubled = not doubled
    return total


def _compact(text: str) -> str:
    """Letters and digits only, in capitals."""
    return "".join(char for char in text.upper() if char.isalnum())


def _without_prefix(text: str, prefix: str) -> str:
    """The normalised code after the prefix, which is looked for before L becomes 1."""
    return _compact(text).removeprefix(prefix).translate(_LOOKALIKES)


def _grouped(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"
