"""Vietnamese phone numbers: what was typed becomes E.164, or a sentence that says what is wrong.

Numbers of eleven digits from before 15/9/2018 are converted by the plan of that day.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lms.foundation.i18n import N_

_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
# The mobile numbers in use today, without the zero; kept equal to phonenumbers' metadata by a test,
# because asking that library costs more than all the rest of reading a row.
_MOBILE = re.compile(
    r"(?:3\d{2}|5(?:[168]\d|2[238]|59|9\d)|7[06-9]\d|8(?:[1-8]\d|9[6-9])|9(?:[0-8]\d|9[013-9]))\d{6}"
)
_LANDLINE = re.compile(r"2\d{9}")
_JOINING = re.compile(r"[\s.,()\-–_'’`+/]+")
LENGTH = 10  # digits of a mobile number, the zero counted


class PhoneFault(Enum):
    """Why a text is no mobile number."""

    EMPTY = "empty"
    LETTERS = "letters"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNKNOWN_PREFIX = "unknown_prefix"
    LANDLINE = "landline"


@dataclass(frozen=True)
class Phone:
    """What was read: `number` in E.164 for a mobile number and for a landline, else None.

    `changes` names what had to be done to a mobile number to read it: leading_zero_restored, country_code,
    punctuation_removed, old_prefix_converted.
    """

    number: str | None
    fault: PhoneFault | None = None
    changes: tuple[str, ...] = ()
    digits: int = 0


_SAYINGS = {
    PhoneFault.EMPTY: N_("Nhập số điện thoại."),
    PhoneFault.LETTERS: N_("Số điện thoại chỉ gồm chữ số. Xem lại chữ cái lẫn trong số này."),
    PhoneFault.TOO_SHORT: N_("Số này mới có %(digits)s chữ số, cần đủ 10 chữ số."),
    PhoneFault.TOO_LONG: N_("Số này có %(digits)s chữ số, chỉ cần 10 chữ số."),
    PhoneFault.UNKNOWN_PREFIX: N_("Không có mạng nào dùng đầu số này. Xem lại ba chữ số đầu."),
    PhoneFault.LANDLINE: N_("Đây là số máy bàn. Nhập số di động."),
}


def phone_saying(phone: Phone) -> str:
    """The msgid that says what is wrong; its place `digits` is `phone.digits`."""
    if phone.fault is None:
        raise ValueError("a phone without fault needs no saying")
    return _SAYINGS[phone.fault]


@lru_cache(maxsize=4096)
def read_phone(text: str) -> Phone:
    """The one number that a text means. Text with two numbers is too long; split it first."""
    bare = text.strip()
    digits = _JOINING.sub("", bare)
    if not digits:
        return Phone(None, PhoneFault.EMPTY)
    if not (digits.isascii() and digits.isdecimal()):
        return Phone(None, PhoneFault.LETTERS, digits=sum(char.isdecimal() for char in digits))
    changes = () if digits == bare else ("punctuation_removed",)
    return _judged(*_national(digits, changes))


def _national(digits: str, changes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The digits with the zero of home, and the changes that led there."""
    for prefix in ("0084", "84"):
        rest = digits.removeprefix(prefix)
        if rest != digits and 9 <= len(rest.lstrip("0")) <= 10:
            return "0" + rest.lstrip("0"), ("country_code",)
    if not digits.startswith("0") and _lost_its_zero(digits):
        return "0" + digits, (*changes, "leading_zero_restored")
    return digits, changes


def _lost_its_zero(digits: str) -> bool:
    """Nine digits of today or ten of before 2018: what a spreadsheet leaves of a number."""
    return len(digits) == LENGTH - 1 or (len(digits) == LENGTH and "0" + digits[:3] in _OLD_PREFIXES)


def _judged(digits: str, changes: tuple[str, ...]) -> Phone:
    new_prefix = _OLD_PREFIXES.get(digits[:4]) if len(digits) == LENGTH + 1 else None
    if new_prefix:
        digits, changes = new_prefix + digits[4:], (*changes, "old_prefix_converted")
    count = len(digits)
    if digits.startswith("0") and _MOBILE.fullmatch(digits[1:]):
        return Phone("+84" + digits[1:], None, changes, count)
    if digits.startswith("0") and _LANDLINE.fullmatch(digits[1:]):
        return Phone("+84" + digits[1:], PhoneFault.LANDLINE, digits=count)
    if count < LENGTH:
        return Phone(None, PhoneFault.TOO_SHORT, digits=count)
    if count > LENGTH:
        return Phone(None, PhoneFault.TOO_LONG, digits=count)
    return Phone(None, PhoneFault.UNKNOWN_PREFIX, digits=count)


def spoken_phone(number: str) -> str:
    """'+84912345678' as people write it: 0912 345 678."""
    home = "0" + number.removeprefix("+84")
    return f"{home[:4]} {home[4:7]} {home[7:]}"


def masked_phone(number: str) -> str:
    """'+84912345678' for a page that need not show all of it: 09•• ••• 678."""
    home = "0" + number.removeprefix("+84")
    return f"{home[:2]}•• ••• {home[-3:]}"
