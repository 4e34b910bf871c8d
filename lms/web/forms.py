"""The base of every form: CSRF, Vietnamese messages, text cleaned on the way in."""

from functools import lru_cache
from typing import Any, cast

from flask import session
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect, generate_csrf
from wtforms import Field

from lms.foundation.i18n import N_, translate
from lms.foundation.text import clean

csrf = CSRFProtect()


def csrf_token() -> str:
    """The session's token. Without a time limit, it is signed once and good for all pages."""
    secret = session.get("csrf_token")
    return _signed(secret) if secret else str(generate_csrf())


@lru_cache(maxsize=4096)
def _signed(_secret: str) -> str:
    return str(generate_csrf())


# What WTForms says by itself, where a field's own validators say nothing. Vietnamese has no plural.
_TOO_LONG, _NO_CHOICE = N_("Ô này không dài quá %(max)d ký tự."), N_("Chọn một trong các mục có sẵn.")
_OUR_WORDS = {
    "Field cannot be longer than %(max)d character.": _TOO_LONG,
    "Field cannot be longer than %(max)d characters.": _TOO_LONG,
    "Not a valid integer value.": N_("Nhập một số, hoặc để trống."),
    "Not a valid choice.": _NO_CHOICE,
    "Invalid Choice: could not coerce.": _NO_CHOICE,
}


class _Translations:
    """WTForms' own messages in our words and the user's language."""

    def gettext(self, msgid: str) -> str:
        return translate(_OUR_WORDS.get(msgid, msgid))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class SiteForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A form of the site. Checks shape; what the values mean is the action's to judge."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the library ships no types
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Text fields lose invisible characters and outer spaces before they are checked.

            Labels and hints are msgids, said in the user's language.
            """
            filters = list(unbound_field.kwargs.get("filters", ()))
            if unbound_field.field_class.__name__ in {"StringField", "TelField", "SearchField"}:
                filters.append(_cleaned)
            field = cast(Field, unbound_field.bind(form=form, filters=filters, **options))
            field.label.text = translate(field.label.text)
            field.description = translate(field.description) if field.description else ""
            return field

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; a validator's own message is a msgid too."""
        is_valid = bool(super().validate(extra_validators))
        for field in self:
            if field.errors:
                field.errors = [translate(error) for error in field.errors]
        return is_valid

    def refuse(self, field: str, message: str) -> None:
        """Put an action's refusal at the field it speaks of."""
        self[field].errors = [*self[field].errors, message]


class FilterForm(SiteForm):
    """What a list is narrowed to: a GET form, so that every view has an address."""

    class Meta(SiteForm.Meta):
        csrf = False


def _cleaned(value: str | None) -> str | None:
    return clean(value) if isinstance(value, str) else value
