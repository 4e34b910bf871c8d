"""The question types: every module of this package is one, and being here is its registration."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from lms.quiz.question import KINDS, Question

__all__ = ["KINDS", "question_from_body"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def question_from_body(body: Mapping[str, Any]) -> Question:
    """The question that `to_body` wrote. Raises KeyError for a kind that is not known here."""
    return KINDS[body["kind"]].from_body(body)
