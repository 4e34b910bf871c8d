"""When a lesson was opened, carried by the page itself and sealed: reading begins without a write."""

import hmac
from datetime import UTC, datetime

from flask import current_app


def opening(person_id: int, lesson_id: int, now: datetime) -> str:
    """A word that says when this person opened this lesson, for the form at its end."""
    seconds = int(now.timestamp())
    return f"{seconds}.{_seal(current_app.config['SECRET_KEY'], person_id, lesson_id, seconds)}"


def opened_at(word: str, person_id: int, lesson_id: int) -> datetime | None:
    """When the lesson was opened; nothing if the word is somebody else's, another lesson's, or made up."""
    digits, _, seal = word.partition(".")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10 and seal.isascii()):
        return None
    seconds = int(digits)
    keys = (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"])
    if not any(hmac.compare_digest(seal, _seal(key, person_id, lesson_id, seconds)) for key in keys):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _seal(key: str, person_id: int, lesson_id: int, seconds: int) -> str:
    said = f"lesson-opening {person_id} {lesson_id} {seconds}"
    return hmac.digest(key.encode(), said.encode(), "sha256").hex()
