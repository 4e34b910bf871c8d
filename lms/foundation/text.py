"""Vietnamese text: composed, cleaned, folded for search, keyed for sorting, made into slugs.

Search and sort columns are written by this module alone, so that SQLite and PostgreSQL agree
(neither's own lower-casing or collation knows Vietnamese).
"""

import re
import unicodedata
from functools import lru_cache

from vn_collate import collate_key

# Controls, zero-width marks, direction overrides and lone surrogates. The soft hyphen stays: in text still
# in the TCVN3 encoding it is the letter ư.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class _Bare(dict[int, str | int | None]):
    """A translation table, filled as characters come: marks are dropped, strokes taken off."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)) == "Mn" else code
        self[code] = kept
        return kept


_BARE = _Bare({ord("đ"): "d", ord("ƀ"): "b"})
# The short ŏ, ĭ, ĕ, ŭ of the highland languages sort as their plain letter; only ă is a letter of its own.
_FOREIGN_BREVE = re.compile("(?<!a)(?<!a\u0323)\u0306")
# One printable character a weight. The level mark and the weight zero are both "0", the weights of letters
# are above it, anything unknown is "~".
_PRINTABLE = bytes(0x30 + weight if weight < 0x2C else 0x7E for weight in range(256))


def nfc(text: str) -> str:
    """The text in composed form (NFC), the only form stored."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """One line as it is stored: NFC, invisible characters dropped, any run of white space (also the
    no-break space) one space, none at the ends."""
    if not text.isprintable():  # None that can be printed is invisible, and to ask costs less than to look.
        text = _INVISIBLE.sub("", text)
    return " ".join(nfc(text).split())


@lru_cache(maxsize=16_384)  # A roster says the same words in every row, and each name several times.
def fold(text: str) -> str:
    """What a search compares: lower case, no diacritics, đ as d, everything but letters and digits one space.

    >>> fold("ĐẶNG THỊ HÒA"), fold("K'Brôi")
    ('dang thi hoa', 'k broi')
    """
    return _NOT_WORD.sub(" ", unmarked(text)).strip()


def unmarked(text: str) -> str:
    """The text in lower case without diacritics, đ as d; signs and spaces as they stand."""
    return unicodedata.normalize("NFD", text.casefold()).translate(_BARE)


def slugify(text: str) -> str:
    """The text as an ASCII slug, words joined by hyphens; empty if no letter or digit remains."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def collate(full_name: str) -> str:
    """Sort key of a person's name in class-list order: the last word, then the others from the left.

    The key is plain ASCII, at most four times as long as the name, and is compared byte by byte
    (SQLite as it stands, PostgreSQL with COLLATE "C").
    """
    words = clean(full_name).split()
    return " ".join(map(_word_key, words[-1:] + words[:-1]))


def collate_words(title: str) -> str:
    """Sort key of any other name, from the left, numbers by value (Phường 2 before Phường 10)."""
    return " ".join(_word_key(word.zfill(6) if word.isdecimal() else word) for word in clean(title).split())


@lru_cache(maxsize=16_384)
def _word_key(word: str) -> str:
    """Key of one word: its letters, "0", its tones up to the last one that is not level.

    No key is a beginning of another that must sort before it: a word ends with a space or the key's end,
    both below "0", and case is left out. So whole keys compare word by word.
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    weights = bytes.fromhex(collate_key(_FOREIGN_BREVE.sub("", decomposed)))
    return weights.translate(_PRINTABLE).decode("ascii").rstrip("0")
