"""The other formats of questions: every module of this package is one, and being here is its registration."""

from importlib import import_module
from pkgutil import iter_modules

from lms.quiz.exchange.format import FORMATS, Format, WritableFormat

__all__ = ["FORMATS", "WRITABLE", "format_of"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

WRITABLE = {name: one for name, one in FORMATS.items() if isinstance(one, WritableFormat)}


def format_of(file_name: str) -> Format | None:
    """The format whose files end like this; None if none does or several do."""
    name = file_name.lower()
    found = [format_ for format_ in FORMATS.values() if name.endswith(format_.suffixes)]
    return found[0] if len(found) == 1 else None
