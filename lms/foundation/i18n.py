"""Texts in the user's language, for rooms that know no web framework.

Msgids are Vietnamese; `N_` marks one where it is written down and `translate` says it where it is shown.
The translator is the app's (Flask-Babel's gettext); without one the Vietnamese text itself is shown.
"""

from collections.abc import Callable

Translator = Callable[[str], str]


def N_(msgid: str) -> str:  # noqa: N802 (gettext's own name, known to the extractor)
    """The msgid itself: a mark for the extractor, translated later."""
    return msgid


_translator: Translator = N_


def install_translator(translator: Translator) -> None:
    """From now on `translate` asks this one; it is called per text, so it may look at the request."""
    global _translator  # noqa: PLW0603 (one translator a process, set once by the app)
    _translator = translator


def translate(msgid: str, **params: object) -> str:
    """The text in the language of whoever is served, its `%(name)s` places filled."""
    text = _translator(msgid)
    return text % params if params else text
