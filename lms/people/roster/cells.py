"""What the cells of a person's row mean: a value, and the issues on the way to it."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from lms.foundation.text import clean, fold
from lms.people.phones import Phone, PhoneFault, read_phone
from lms.people.rules import NAME_MOST, age_on

_DATE = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR = re.compile(r"(?:năm\s*)?(\d{4})", re.IGNORECASE)
_SERIAL = re.compile(r"\d{4,5}")
_FIRST_SERIAL, _LAST_SERIAL = 7_000, 45_000  # as days these are 1919 to 2023, as years they are none
_SERIAL_ZERO = date(1899, 12, 30)
_HONORIFIC = re.compile(r"^(?:ông|bà|anh|chị|đ/c|đồng chí)\s*[:.]?\s+", re.IGNORECASE)
_REMARK = re.compile(r"\s*(?:\(([^)]*)\)|\s[-–]\s(.+))$")
_LEFT = re.compile(r"(?:da |xin )?(?:nghi|chuyen|thoi)\b")
_OLDEST, _YOUNGEST = 100, 16
# What a Vietnamese name is written with beside ASCII, once taken apart; the letters of the highland languages
# are among it. Anything else is most likely of an old font (TCVN3, VNI) and must not enter as it stands.
_WRITTEN = frozenset(map(chr, range(128))) | frozenset("đƀ’ʼ\u0300\u0301\u0303\u0309\u0323\u0306\u0302\u031b")
_SIGN = re.compile(r"[\x00-\x7f](?<![A-Za-z '.-])")  # of ASCII, what no name is written with
# Vowels that VNI writes one after the other and Vietnamese never does: Coâng, Tuaán, Vaên.
_VNI = re.compile("[aăâ][àáãâèéêùúûäåëïöüøõ]|e[àáãâèéêùúûäåëïöüøõ]|o[âêùúûäåëïöüøõ]|ö|ô[àáãâùû]")
ROLES = {
    "to truong": "leader", "tt": "leader", "truong": "leader", "to pho": "deputy", "pho to truong": "deputy",
    "tp": "deputy", "thu ky": "secretary", "tk": "secretary", "thanh vien": "member", "tv": "member",
    "to vien": "member", "uy vien": "member",
}  # fmt: skip
_ABBREVIATED = {"tt", "tp", "tv", "tk"}
_OTHER_WORDS = {"uy vien", "to vien"}
_SEXES = {"nam": "male", "nu": "female", "x": "female"}


@dataclass
class Reading:
    """The values understood so far and what was noticed: (code, field)."""

    values: dict[str, object] = field(default_factory=dict)
    issues: list[tuple[str, str]] = field(default_factory=list)

    def note(self, code: str, at: str) -> None:
        """Remember an issue at a field."""
        self.issues.append((code, at))


def read_name(reading: Reading, text: str) -> None:
    """The full name in name case without titles and remarks; what was a remark goes to the note."""
    name = clean(text).strip(" .,;")
    if remark := _REMARK.search(name):
        name = name[: remark.start()]
        reading.values["note"] = clean(remark[1] or remark[2])
        reading.note("name.note_moved", "name")
    if title := _HONORIFIC.match(name):
        name = name[title.end() :]
        reading.note("name.honorific_removed", "name")
    if not name:
        reading.note("name.missing", "name")
    elif len(name) > NAME_MOST or _is_no_name(name):
        reading.note("name.not_a_name", "name")
    elif _is_of_an_old_font(name):
        reading.note("name.old_font", "name")
    elif len(name.split()) == 1:
        reading.note("name.one_word", "name")
    if len(name) > 3 and name in (name.upper(), name.lower()):
        name = name_case(name)
        reading.note("name.case_normalised", "name")
    reading.values["full_name"] = name[:NAME_MOST]


def name_case(text: str) -> str:
    """Every word with one capital, also after an apostrophe or hyphen: K'BRÔI → K'Brôi."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text.lower())


def _is_no_name(name: str) -> bool:
    """Digits, signs of the keyboard, or no letter at all."""
    return _SIGN.search(name) is not None or not any(map(str.isalpha, name))


def _is_of_an_old_font(name: str) -> bool:
    lower = unicodedata.normalize("NFC", name.lower())
    return _VNI.search(lower) is not None or not _WRITTEN.issuperset(unicodedata.normalize("NFD", lower))


def read_birth(reading: Reading, texts: dict[str, str], today: date) -> None:
    """One column, or one for men and one for women: then the filled one tells the sex."""
    male, female = texts.get("birth_male", ""), texts.get("birth_female", "")
    if male and female:
        reading.note("gender.both_columns_filled", "sex")
    elif "birth_male" in texts:
        reading.values["sex"] = "male" if male else "female" if female else None
    if text := texts.get("birth") or male or female:
        _read_day(reading, text, today)
    elif texts.keys() & {"birth", "birth_male", "birth_female"}:
        reading.note("birth.missing", "birth")


def _read_day(reading: Reading, text: str, today: date) -> None:
    found = _parsed(text, today)
    if isinstance(found, str):
        reading.note(found, "birth")
        return
    born, precision, issue = found
    if born > today or age_on(today, born) > _OLDEST:
        reading.note("birth.future" if born > today else "birth.implausible", "birth")
        return
    if issue:
        reading.note(issue, "birth")
    reading.values |= {"birth": born, "birth_precision": precision}
    _note_age(reading, born, today)


def _parsed(text: str, today: date) -> tuple[date, str, str] | str:
    """A day, month or year with its precision and a remark; or the issue that it is none."""
    if year := _YEAR.fullmatch(text):
        number = int(year[1])
        if 1900 <= number <= 2100:
            return date(number, 1, 1), "year", "birth.year_only"
    if _SERIAL.fullmatch(text):
        days = int(text)
        is_day = _FIRST_SERIAL <= days <= _LAST_SERIAL
        return (_SERIAL_ZERO + timedelta(days), "day", "birth.excel_serial") if is_day else "birth.unreadable"
    if month := _MONTH.fullmatch(text):
        if not (1 <= int(month[1]) <= 12 and 1900 <= int(month[2]) <= 2100):
            return "birth.impossible"
        return date(int(month[2]), int(month[1]), 1), "month", "birth.month_only"
    day = _DATE.fullmatch(text)
    return _day(int(day[1]), int(day[2]), day[3], today) if day else "birth.unreadable"


def _day(day: int, month: int, year_text: str, today: date) -> tuple[date, str, str] | str:
    """Day first, always. Of two digits the latest century is meant that makes the person sixteen."""
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if 2000 + year <= today.year - _YOUNGEST else 1900
    try:
        born = date(year, month, day)
    except ValueError:
        return "birth.day_month_swapped" if month > 12 >= day else "birth.impossible"
    return born, "day", "birth.two_digit_year" if len(year_text) == 2 else ""


def _note_age(reading: Reading, born: date, today: date) -> None:
    age = age_on(today, born)
    if age < _YOUNGEST:
        reading.note("person.child", "birth")
    elif age < 18:
        reading.note("person.minor_16_17", "birth")


def read_sex(reading: Reading, text: str) -> None:
    """Nam, Nữ, or an x under Nữ; a column of dates may have told it already."""
    if text and reading.values.get("sex") is None:
        reading.values["sex"] = _SEXES.get(fold(text))


def read_role(reading: Reading, text: str) -> None:
    """The role in the team; another wording is a member's."""
    folded = fold(text)
    if folded in _ABBREVIATED:
        reading.note("role.abbreviation", "role")
    elif (folded and folded not in ROLES) or folded in _OTHER_WORDS:
        reading.note("role.mapped", "role")
    reading.values["role"] = ROLES.get(folded, "member")


def read_phones(reading: Reading, text: str) -> None:
    """The first number is the login, a second one a contact."""
    reading.values["phone"] = None
    if not any(char.isdigit() for char in text):
        reading.note("phone.missing", "phone")
        return
    parts = [part for part in re.split(r"\s*(?:[;,/]|\s-\s|\n)\s*", text) if part]
    first = read_phone(text)
    second = None
    if first.number is None and len(parts) == 2 and read_phone(parts[0]).number:
        first, second = read_phone(parts[0]), read_phone(parts[1])
    _take_first(reading, first)
    if second is not None:
        reading.values["contact_phone"] = second.number
        reading.note("phone.second_number_kept" if second.number else "phone.second_unreadable", "phone")


def _take_first(reading: Reading, phone: Phone) -> None:
    for change in phone.changes:
        reading.note(f"phone.{change}", "phone")
    if phone.fault is None:
        reading.values["phone"] = phone.number
    elif phone.fault is PhoneFault.LANDLINE:
        reading.values["contact_phone"] = phone.number
        reading.note("phone.landline_no_sms", "phone")
    else:
        reading.note(_FAULTS[phone.fault], "phone")


def suggested_phone(text: str) -> str | None:
    """What a text with letters most likely means, for a person to confirm: the letter O is a zero."""
    bare = re.sub(r"\([^)]*\)|[^\dOo+]", "", text)
    return read_phone(bare.replace("O", "0").replace("o", "0")).number


def says_gone(note: str) -> bool:
    """Whether a remark says that the person has left: nghỉ, chuyển, thôi."""
    return _LEFT.match(fold(note)) is not None


_FAULTS = {
    PhoneFault.EMPTY: "phone.missing",
    PhoneFault.LETTERS: "phone.letters",
    PhoneFault.TOO_SHORT: "phone.too_short",
    PhoneFault.TOO_LONG: "phone.too_long",
    PhoneFault.UNKNOWN_PREFIX: "phone.unknown_prefix",
}
