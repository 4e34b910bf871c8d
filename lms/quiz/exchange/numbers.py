"""Numbers between the course format's Vietnamese way and the decimal point of the others."""

import re
from decimal import Decimal, InvalidOperation

_SIGNED = re.compile(r"\s*(±|\+/?-|\.\.)\s*")
_MOST_DIGITS = 40


def english(written: str) -> tuple[str, str, str]:
    """A course's number as first number, sign ("", "±" or "..") and second number, with decimal points.

    >>> english("1.500 ± 0,5")
    ('1500', '±', '0.5')
    """
    first, sign, second = ([*_SIGNED.split(written, maxsplit=1), "", ""])[:3]
    numbers = [one.strip().replace("−", "-").replace(".", "").replace(",", ".") for one in (first, second)]
    return numbers[0], ".." if sign == ".." else "±" if sign else "", numbers[1]


def vietnamese(first: str, sign: str = "", second: str = "") -> str:
    """The numbers as the course format has them; empty where one cannot be read.

    >>> vietnamese("1500", "±", "0.5"), vietnamese("10", "..", "20"), vietnamese("x")
    ('1.500 ± 0,5', '10 .. 20', '')
    """
    numbers = [_grouped(one) for one in ((first, second) if sign else (first,))]
    return f" {sign} ".join(numbers) if all(numbers) else ""


def bounds(first: str, second: str) -> str:
    """The range between two numbers, which may be one."""
    same = vietnamese(first)
    return same if same == vietnamese(second) else vietnamese(first, "..", second)


def _grouped(number: str) -> str:
    try:
        value = Decimal(number.strip())
    except InvalidOperation:
        return ""
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        return ""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))
