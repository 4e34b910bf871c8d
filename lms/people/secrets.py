"""PINs and passphrases: which ones are good enough, and how they are kept (Argon2id)."""

import re
from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.foundation.text import fold, nfc

PIN, PASSPHRASE = "pin", "passphrase"  # the kinds of a secret
PIN_LENGTH = 6
PASSPHRASE_LEAST, PASSPHRASE_MOST = 10, 200
_LEAST_DISTINCT = 5
# Chosen again and again by people everywhere, and not caught by the patterns below.
_WELL_KNOWN_PINS = frozenset({"159753", "147258", "258369", "789456", "159357", "520520", "131400", "686868"})
_RUNS = ("012345678901234", "432109876543210")
# 19 MiB, two passes: OWASP's least for a server that signs in many at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of no secret, made by _hasher: checking it takes as long as checking a real one.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$bIBjb1LWhzo4H9ICHsNfog$whw7MroOVaBSVqs6bLFEHhl9jEiHlmdl5bOOkyik1E8"


class WeakSecret(Invalid):
    """Too easy to guess, or not of the shape asked for."""


@dataclass(frozen=True)
class Owner:
    """What others know of a person, and so no secret may be made of."""

    full_name: str
    member_code: str
    phone: str | None
    birth: date | None


def check_pin(pin: str, owner: Owner) -> None:
    """Raise WeakSecret for what is not six digits, or six that others would try first."""
    if not (len(pin) == PIN_LENGTH and pin.isascii() and pin.isdecimal()):
        raise WeakSecret(N_("Mã cá nhân gồm đúng 6 chữ số."))
    if _is_pattern(pin):
        raise WeakSecret(N_("Mã này dễ đoán. Chọn 6 chữ số không theo dãy và không lặp lại."))
    if owner.birth and _tells_birth(pin, owner.birth):
        raise WeakSecret(N_("Mã này giống ngày sinh, người quen dễ đoán. Chọn mã khác."))
    if owner.phone and pin in owner.phone:
        raise WeakSecret(N_("Mã này nằm trong số điện thoại, người quen dễ đoán. Chọn mã khác."))


def check_passphrase(passphrase: str, owner: Owner) -> None:
    """Raise WeakSecret for a short or monotonous passphrase, or one made of the owner's name or numbers."""
    text = nfc(passphrase)
    if len(text) < PASSPHRASE_LEAST:
        raise WeakSecret(N_("Cụm mật khẩu cần từ 10 ký tự. Viết cả câu tiếng Việt cũng được."))
    if len(text) > PASSPHRASE_MOST:
        raise WeakSecret(N_("Cụm mật khẩu dài quá 200 ký tự."))
    if len(set(text)) < _LEAST_DISTINCT or text.isdecimal():
        raise WeakSecret(N_("Cụm mật khẩu này dễ đoán. Dùng nhiều chữ khác nhau, đừng chỉ dùng chữ số."))
    if _names_owner(text, owner):
        raise WeakSecret(N_("Cụm mật khẩu có họ tên, mã thành viên hoặc số điện thoại. Chọn câu khác."))


def hash_secret(secret: str) -> str:
    """The Argon2id hash to keep. Takes tens of milliseconds: never inside a transaction, never in bulk."""
    return _hasher.hash(_same_everywhere(secret))


def is_secret_of(secret_hash: str | None, secret: str) -> bool:
    """Whether this is the secret; for nobody's account (None) it is not, and takes as long to say so."""
    try:
        _hasher.verify(secret_hash or _NOBODYS, _same_everywhere(secret))
    except (VerificationError, InvalidHashError):
        return False
    return secret_hash is not None


def wants_new_hash(secret_hash: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(secret_hash)


def _same_everywhere(secret: str) -> bytes:
    """Composed alike whatever the keyboard sent; lone surrogates, which no keyboard sends, are kept apart."""
    return nfc(secret).encode("utf-8", "surrogatepass")


def _is_pattern(pin: str) -> bool:
    """One digit, a run, two or three digits again and again, pairs in a row, or a well-known one."""
    return (
        len(set(pin)) <= 2
        or any(pin in row for row in _RUNS)
        or pin == pin[:3] * 2
        or pin == pin[::-1]
        or re.fullmatch(r"(\d)\1(\d)\2(\d)\3", pin) is not None
        or pin in _WELL_KNOWN_PINS
    )


def _tells_birth(pin: str, birth: date) -> bool:
    """Day, month and year in any order people write them, or the whole year anywhere."""
    day, month, year = f"{birth.day:02}", f"{birth.month:02}", f"{birth.year:04}"
    short = year[2:]
    written = {day + month + short, short + month + day, month + day + short, month + short + day}
    return pin in written or year in pin


def _names_owner(text: str, owner: Owner) -> bool:
    bare = fold(text).replace(" ", "")
    known = (fold(owner.full_name), fold(owner.member_code), (owner.phone or "").removeprefix("+84"))
    return any(word.replace(" ", "") in bare for word in known if word)
