"""The contract of a format: what it can carry, how it reads, how it writes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from lms.quiz.exchange.item import Item
from lms.quiz.question import Report

_MOST_REMARKS = 200  # of a file; beyond them nobody reads on


@dataclass(frozen=True, order=True)
class Remark:
    """Something to tell the author about a line: a mistake, or a thing that is left behind."""

    line: int
    message: str
    seen: str = ""
    expected: str = ""


class Remarks:
    """Collects remarks; called like a `Report`. The same one told twice is one."""

    def __init__(self) -> None:
        self._found: dict[Remark, None] = {}

    def __call__(self, line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        if len(self._found) < _MOST_REMARKS:
            self._found[Remark(line, message, " ".join(seen[:160].split()), expected)] = None

    def __len__(self) -> int:
        return len(self._found)

    def listed(self) -> list[Remark]:
        """All of them, by line."""
        return sorted(self._found)


@dataclass(frozen=True)
class Ears:
    """Who listens to a reader: `mistake` refuses the file, `note` tells what of it is left behind."""

    mistake: Report
    note: Report


class Format(ABC):
    """One file in `formats/` is one format; being there is its registration."""

    name: ClassVar[str]
    """As it is typed after `--format`."""
    suffixes: ClassVar[tuple[str, ...]]
    """Endings of its files, the one it is written with first."""

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if "name" in cls.__dict__:
            FORMATS[cls.name] = cls()

    @abstractmethod
    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """The questions of a file, in its order. Never guesses a key: what is unclear is a mistake."""


class WritableFormat(Format):
    """A format that questions can be written in too."""

    kinds: ClassVar[frozenset[str]]
    """The types that it can carry."""
    carries: ClassVar[frozenset[str]]
    """The parts that it can carry beside stem and answers; their names are the keys of `losses.PARTS`."""
    carries_pictures: ClassVar[bool] = False
    """Whether the files of pictures travel in it."""
    keeps_no_feedback: ClassVar[frozenset[str]] = frozenset()
    """Those of its types whose answers have no feedback in this format."""

    def can_say(self, item: Item) -> bool:
        """Whether the answers' own words, written in this format, would be read as they are."""
        return True

    def keeps_texts(self, item: Item) -> bool:
        """Whether the Markdown of the texts that it carries comes back looking the same."""
        return True

    @abstractmethod
    def write(self, items: Sequence[Item]) -> bytes:
        """A file with these questions, all of kinds that it carries."""


FORMATS: dict[str, Format] = {}
"""Every format by its name, filled as the modules of `formats/` are imported."""
