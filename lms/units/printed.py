"""Names of units as people write them: types, abbreviations, and how near two spellings are."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lms.foundation.text import clean, fold

# Two letters before one: "T.P Huế" is no tỉnh.
_SHORT = {
    "commune": {"thị trấn": "tt", "đặc khu": "đk", "xã": "x", "phường": "p"},
    "district": {"thị xã": "tx", "thành phố": "tp", "huyện": "h", "quận": "q"},
    "province": {"thành phố": "tp", "tỉnh": "t"},
}
_NICKNAMES = {
    "hcm": "hồ chí minh", "brvt": "bà rịa - vũng tàu", "thừa thiên huế": "huế", "thừa thiên - huế": "huế",
    "đắc lắc": "đắk lắk", "đắc nông": "đắk nông", "daklak": "đắk lắk", "daknong": "đắk nông",
}  # fmt: skip
_NICKNAMED = re.compile(r"(?:t\.?p)?[.\s]*(hcm)", re.IGNORECASE)
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10",
}  # fmt: skip
_NOT_WORD = re.compile(r"[\W_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@dataclass(frozen=True)
class Printed:
    """A name from paper. `names` are what it may be without its type, likeliest first; none if empty."""

    type: str | None = None
    names: tuple[str, ...] = ()
    is_abbreviated: bool = False


def read_name(text: str, level: str) -> Printed:
    """A commune, district or province as written: 'TT. Hưng Nhân', 'P15', 'xã Tân Hòa', 'TPHCM', 'Huế'."""
    text = clean(text).strip(" .,;-")
    if not text:
        return Printed()
    if level == "province" and (nickname := _NICKNAMED.fullmatch(text)):
        return Printed("thành phố", (_NICKNAMES[nickname[1].casefold()],), is_abbreviated=True)
    for type_, short in _SHORT[level].items():
        in_full, in_short = _patterns(type_, short)
        if written := in_full.fullmatch(text) or in_short.fullmatch(text):
            names = _plain(written["name"], level), _plain(text, level)
            return Printed(type_, names, is_abbreviated=written.re is in_short)
    return Printed(None, (_plain(text, level),))


def folded_name(name: str) -> str:
    """The key under which a name is looked for: no diacritics, numbers as they are counted."""
    return fold(_spelling(name))


def distance(one: str, other: str) -> int:
    """0: spelled alike, case and signs apart; 1: but for the vowel that carries a tone; 2: otherwise."""
    if _spelling(one) == _spelling(other):
        return 0
    return 1 if _tones_last(_spelling(one)) == _tones_last(_spelling(other)) else 2


@lru_cache(maxsize=32)
def _patterns(type_: str, short: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A type in full, with or without diacritics, and abbreviated: before a dot, a space or a number."""
    full = rf"(?:{type_}|{fold(type_)})[.\s]+(?P<name>.+)"
    letters = r"\.?\s?".join(short)
    return (
        re.compile(full, re.IGNORECASE),
        re.compile(rf"{letters}(?:\.\s*|\s+|(?=\d))(?P<name>.+)", re.IGNORECASE),
    )


def _plain(name: str, level: str) -> str:
    name = name.strip(" .,;-")
    return _NICKNAMES.get(name.casefold(), name) if level == "province" else name


@lru_cache(maxsize=32_768)
def _spelling(name: str) -> str:
    """Lower case, words apart by one space, '01' and 'I' as '1'."""
    words = _NOT_WORD.sub(" ", clean(name).casefold()).split()
    if len(words) == 1:
        words = [_ROMAN.get(words[0], words[0])]
    return " ".join(word.lstrip("0") or word if word.isdecimal() else word for word in words)


@lru_cache(maxsize=32_768)
def _tones_last(spelling: str) -> str:
    """Each word with its tone after its letters, so that hoà and hòa are one."""
    words = unicodedata.normalize("NFD", spelling).split()
    return " ".join(_TONES.sub("", word) + "".join(_TONES.findall(word)) for word in words)
