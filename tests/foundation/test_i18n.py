"""Texts for rooms without a web framework."""

from collections.abc import Iterator

import pytest

from lms.foundation import i18n


@pytest.fixture(autouse=True)
def own_translator() -> Iterator[None]:
    before = i18n._translator
    yield
    i18n.install_translator(before)


def test_without_a_translator_the_vietnamese_text_is_said() -> None:
    i18n.install_translator(i18n.N_)
    assert i18n.translate("Tôi không chắc") == "Tôi không chắc"


def test_the_installed_translator_is_asked_each_time() -> None:
    i18n.install_translator({"%(n)s câu": "%(n)s questions"}.__getitem__)
    assert i18n.translate("%(n)s câu", n=3) == "3 questions"


def test_a_text_without_places_may_hold_a_percent_sign() -> None:
    i18n.install_translator(i18n.N_)
    assert i18n.translate("100%") == "100%"
