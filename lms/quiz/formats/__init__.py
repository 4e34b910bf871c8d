"""The other formats of questions: every module of this package is one, and being here is its registration."""

from importlib import import_module
from pkgutil import iter_modules

from lms.quiz.exchange.format import FORMATS, Format, WritableFormat

__all__ = ["FORMATS", "WRITABLE", "format_of"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

WRITABLE = {name: one for name, one in FORMATS.items() if isinstance(one, WritableFormat)}


def format_of(file_name: str) -> Format | None:
    """The format whose files end like this, by the longest ending; None if none does or several do."""
    fitting = [
        (len(suffix), one)
        for one in FORMATS.values()
        for suffix in one.suffixes
        if file_name.lower().endswith(suffix)
    ]
    longest = max((length for length, _ in fitting), default=0)
    found = [one for length, one in fitting if length == longest]
    return found[0] if len(found) == 1 else None
