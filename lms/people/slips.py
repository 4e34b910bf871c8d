"""Tokens and codes of activation slips. Neither is stored: both are derived, and found by their keyed hash.

Derived from the slip's nonce and the site's secret, so that a sheet can be printed again while it is valid;
found by an HMAC, so that a stolen database opens no account.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from lms.foundation.codes import ALPHABET, normalise_code

VALID_FOR = timedelta(days=60)
OFFICERS_VALID_FOR = timedelta(days=3)  # the link that opens an account with a grant is not left lying about
CODE_LENGTH = 8  # 40 bits; guessing is held back for the whole site (people.throttle)
_TOKEN_BYTES = 16


@dataclass(frozen=True)
class SlipSecret:
    """What is printed on a slip: the token in its QR, the code to type."""

    token: str
    code: str

    @property
    def spoken_code(self) -> str:
        """The code as it is printed: K7M3-4QPD."""
        return f"{self.code[:4]}-{self.code[4:]}"


@dataclass(frozen=True)
class SlipKeys:
    """The site's secrets, the present one first: slips of before a change of keys still open."""

    secrets: tuple[str, ...]

    def secret_of(self, nonce: str, token_hmac: str) -> SlipSecret | None:
        """What was printed on the slip with this nonce; None if its key is no longer known."""
        for key in self._keys():
            made = _derived(key, nonce)
            if hmac.compare_digest(_hashed(key, "token", made.token), token_hmac):
                return made
        return None

    def new_slip(self) -> tuple[str, str, str]:
        """Nonce, token's HMAC and code's HMAC of a new slip."""
        key = next(iter(self._keys()))
        nonce = secrets.token_hex(16)
        made = _derived(key, nonce)
        return nonce, _hashed(key, "token", made.token), _hashed(key, "code", made.code)

    def token_hmacs(self, token: str) -> list[str]:
        """What a token may be found by."""
        return [_hashed(key, "token", token) for key in self._keys()]

    def code_hmacs(self, typed: str) -> list[str]:
        """What a typed code may be found by; nothing if it can be no code."""
        code = normalise_code(typed)
        if len(code) != CODE_LENGTH or any(char not in ALPHABET for char in code):
            return []
        return [_hashed(key, "code", code) for key in self._keys()]

    def _keys(self) -> list[bytes]:
        return [
            hmac.digest(secret.encode(), b"lop-so: activation slips", "sha256") for secret in self.secrets
        ]


def _derived(key: bytes, nonce: str) -> SlipSecret:
    token = hmac.digest(key, f"token of {nonce}".encode(), sha256)[:_TOKEN_BYTES]
    number = int.from_bytes(hmac.digest(key, f"code of {nonce}".encode(), sha256)[:5])
    code = "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))
    return SlipSecret(base64.urlsafe_b64encode(token).decode().rstrip("="), code)


def _hashed(key: bytes, kind: str, value: str) -> str:
    return hmac.new(key, f"{kind}: {value}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
