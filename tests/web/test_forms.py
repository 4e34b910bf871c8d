"""Every form of the site speaks Vietnamese, whatever is typed into it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.web.forms import SiteForm

STRANGE = ["", "x" * 6000, "\u202e", "٣", "🌾", "<b>", "ẫ" * 300, "-1"]


def all_forms(of: type[SiteForm] = SiteForm) -> Iterator[type[SiteForm]]:
    for form in of.__subclasses__():
        yield form
        yield from all_forms(form)


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
def test_no_mistake_is_told_in_english(app: Flask, typed: str):
    told: dict[str, list[str]] = {}
    for kind in all_forms():
        with app.test_request_context(method="POST"):
            names = [field.name for field in kind(meta={"csrf": False})]
        with app.test_request_context(method="POST", data=dict.fromkeys(names, typed)):
            form = kind(meta={"csrf": False})
            for field in form:
                if getattr(field, "choices", ()) is None:  # A page fills them in.
                    field.choices = [("1", "One")]
            form.validate()
            told[kind.__name__] = [*form.form_errors, *(one for field in form for one in field.errors)]
    assert len(told) > 5
    english = {name: [one for one in errors if one.isascii()] for name, errors in told.items()}
    assert not any(english.values()), english
