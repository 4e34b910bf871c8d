"""The language of a page, chosen once a request; its texts are Vietnamese msgids.

Vietnamese needs no look-up at all, which is why a template's `_` is our own: a lesson page says some thirty
texts, and Flask-Babel's `gettext` asks for the locale anew for each.
"""

from collections.abc import Callable

from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_translations, ngettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from lms.foundation import i18n
from lms.web.access import current_viewer

LANGUAGES = ("vi", "en")
MSGIDS = LANGUAGES[0]  # the language the msgids are written in


def install_language(app: Flask) -> None:
    """Let templates and rooms speak the language of whoever is served."""
    Babel(app, locale_selector=page_language)
    i18n.install_translator(translated)
    install_words: Callable[..., None] = vars(app.jinja_env)["install_gettext_callables"]  # by Jinja's i18n
    install_words(translated, ngettext, newstyle=True)
    app.jinja_env.globals.update(_=_translated_in_template, page_language=page_language)


def page_language() -> str:
    """The account's language; a visitor's browser is asked; commands and jobs speak Vietnamese."""
    if not has_request_context():
        return MSGIDS
    if "language" not in g:
        viewer = current_viewer()
        asked = viewer.locale if viewer else request.accept_languages.best_match(LANGUAGES)
        g.language = asked or MSGIDS
    return str(g.language)


def translated(msgid: str) -> str:
    """The text in the page's language."""
    if not has_app_context():
        return msgid
    translator: Callable[[str], str] | None = g.get("translator")
    if translator is None:
        translator = str if page_language() == MSGIDS else get_translations().ugettext
        g.translator = translator
    return translator(msgid)


@pass_eval_context
def _translated_in_template(context: EvalContext, msgid: str, /, **values: object) -> str:
    """As gettext's new style has it: values fill `%(name)s` places and are escaped."""
    text = translated(msgid)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 (our own text, or its translation)
    return text % values if values or "%" in text else text
