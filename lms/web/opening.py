"""When a lesson was opened, carried by the page itself and signed: reading begins without a write."""

from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def opening(person_id: int, lesson_id: int, now: datetime) -> str:
    """A word that says when this person opened this lesson, for the form at its end."""
    return str(_signer().dumps([person_id, lesson_id, int(now.timestamp())]))


def opened_at(word: str, person_id: int, lesson_id: int) -> datetime | None:
    """When the lesson was opened; nothing if the word is somebody else's, another lesson's, or made up."""
    try:
        person, lesson, seconds = _signer().loads(word[:200])
    except (BadSignature, ValueError, TypeError):
        return None
    if (person, lesson) != (person_id, lesson_id):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="lesson-opening")
