"""What the cells of a person's row mean: a value, and the issues on the way to it."""

import re
from dataclasses import dataclass, field
from datetime import date

from lms.foundation.text import clean, fold
from lms.people.phones import PhoneFault, read_phone

_DATE = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{2,4})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR = re.compile(r"(?:năm\s*)?(\d{4})")
_HONORIFIC = re.compile(r"^(?:ông|bà|anh|chị|đ/c|đồng chí)\s*[:.]?\s+", re.IGNORECASE)
_REMARK = re.compile(r"\s*(?:\(([^)]*)\)|\s[-–]\s(.+))$")
_LEFT = ("nghi", "chuyen", "thoi")
_OLDEST = 100
ROLES = {
    "to truong": "leader", "tt": "leader", "truong": "leader", "to pho": "deputy", "pho to truong": "deputy",
    "tp": "deputy", "thu ky": "secretary", "thanh vien": "member", "tv": "member", "to vien": "member",
    "uy vien": "member", "": "member",
}  # fmt: skip
_ABBREVIATED = {"tt", "tp", "tv"}
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
        if fold(str(reading.values["note"])).startswith(_LEFT):
            reading.note("person.maybe_left", "note")
    if title := _HONORIFIC.match(name):
        name = name[title.end() :]
        reading.note("name.honorific_removed", "name")
    if not name:
        reading.note("name.missing", "name")
    elif not all(char.isalpha() or char in " '’.-" for char in name):
        reading.note("name.not_a_name", "name")
    elif len(name.split()) == 1:
        reading.note("name.one_word", "name")
    if len(name) > 3 and name in (name.upper(), name.lower()):
        name = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name.lower())
        reading.note("name.case_normalised", "name")
    reading.values["full_name"] = name


def read_birth(reading: Reading, texts: dict[str, str], today: date) -> None:
    """One column, or one for men and one for women: then the filled one tells the sex."""
    male, female = texts.get("birth_male", ""), texts.get("birth_female", "")
    if male and female:
        reading.note("gender.both_columns_filled", "sex")
    elif "birth_male" in texts:
        reading.values["sex"] = "male" if male else "female" if female else None
    text = texts.get("birth") or male or female
    if not text:
        reading.note("birth.missing", "birth")
        return
    found = _parsed(text)
    if isinstance(found, str):
        reading.note(found, "birth")
        return
    born, precision, issue = found
    if issue:
        reading.note(issue, "birth")
    if born > today:
        reading.note("birth.future", "birth")
        return
    reading.values |= {"birth": born, "birth_precision": precision}
    _note_age(reading, born, precision, today)


def _parsed(text: str) -> tuple[date, str, str] | str:
    """A day, month or year with its precision and a remark; or the issue that it is none."""
    if year := _YEAR.fullmatch(text):
        number = int(year[1])
        return (
            (date(number, 1, 1), "year", "birth.year_only") if 1900 <= number <= 2100 else "birth.unreadable"
        )
    if month := _MONTH.fullmatch(text):
        if not 1 <= int(month[1]) <= 12:
            return "birth.impossible"
        return date(int(month[2]), int(month[1]), 1), "month", "birth.month_only"
    day = _DATE.fullmatch(text)
    if day is None:
        return "birth.unreadable"
    year_text = day[3]
    year_number = int(year_text) if len(year_text) == 4 else 1900 + int(year_text)
    try:
        born = date(year_number, int(day[2]), int(day[1]))
    except ValueError:
        return "birth.day_month_swapped" if int(day[2]) > 12 >= int(day[1]) else "birth.impossible"
    return born, "day", "" if len(year_text) == 4 else "birth.two_digit_year"


def _note_age(reading: Reading, born: date, precision: str, today: date) -> None:
    age = today.year - born.year - (precision == "day" and (today.month, today.day) < (born.month, born.day))
    if age > _OLDEST:
        reading.note("birth.implausible", "birth")
    elif age < 16:
        reading.note("person.child", "birth")
    elif age < 18:
        reading.note("person.minor_16_17", "birth")


def read_sex(reading: Reading, text: str) -> None:
    """Nam, Nữ, or an x under Nữ."""
    if text and "sex" not in reading.values:
        reading.values["sex"] = _SEXES.get(fold(text))


def read_role(reading: Reading, text: str) -> None:
    """The role in the team; another wording is a member's."""
    folded = fold(text)
    if folded in _ABBREVIATED:
        reading.note("role.abbreviation", "role")
    elif folded not in ROLES:
        reading.note("role.mapped", "role")
    reading.values["role"] = ROLES.get(folded, "member")


def read_phones(reading: Reading, text: str) -> None:
    """The first number is the login, a second one a contact."""
    if not text:
        reading.values["phone"] = None
        reading.note("phone.missing", "phone")
        return
    parts = [part for part in re.split(r"\s*(?:[;,/]|\s-\s|\n)\s*", text) if part]
    first = read_phone(parts[0] if len(parts) > 1 and read_phone(parts[0]).number else text)
    for change in first.changes:
        reading.note(f"phone.{change}", "phone")
    if first.fault is None:
        reading.values["phone"] = first.number
    elif first.fault is PhoneFault.LANDLINE:
        reading.values |= {"phone": None, "contact_phone": first.number}
        reading.note("phone.landline_no_sms", "phone")
    else:
        reading.note(_FAULTS[first.fault], "phone")
    if first.fault is None and len(parts) > 1 and (second := read_phone(parts[1])).number:
        reading.values["contact_phone"] = second.number
        reading.note("phone.second_number_kept", "phone")


_FAULTS = {
    PhoneFault.EMPTY: "phone.missing",
    PhoneFault.LETTERS: "phone.letter_o",
    PhoneFault.TOO_SHORT: "phone.too_short",
    PhoneFault.TOO_LONG: "phone.too_long",
    PhoneFault.UNKNOWN_PREFIX: "phone.unknown_prefix",
}
