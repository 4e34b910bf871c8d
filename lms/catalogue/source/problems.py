"""Mistakes of authors: where, what was seen, what is expected, all of a file told at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.quiz.question import Report

_LONGEST_QUOTE = 160
_MOST_IN_A_FILE = 200


@dataclass(frozen=True, order=True)
class SourceProblem:
    """One mistake in a course folder; `path` begins with the course's folder, lines count from 1."""

    path: str
    line: int
    message: str
    seen: str = ""
    expected: str = ""

    def __str__(self) -> str:
        expected = self.expected.replace("\n", "\n        ")
        return f"{self.path}:{self.line}: {self.message}\n  Thấy: {self.seen}\n  Cần:  {expected}"


class Problems:
    """The mistakes found so far in a course; the same one told twice is one."""

    def __init__(self) -> None:
        self._found: dict[str, dict[SourceProblem, None]] = {}

    def of(self, path: str) -> Report:
        """A reporter for one file; beyond 200 of them nobody reads on."""

        def report(line: int, message: str, *, seen: str = "", expected: str = "") -> None:
            found = self._found.setdefault(path, {})
            if len(found) < _MOST_IN_A_FILE:
                found[SourceProblem(path, line, message, _quoted(seen), expected)] = None

        return report

    def under(self, path: str) -> bool:
        """Whether a file is wrong that is this one or lies in this folder."""
        return any(wrong == path or wrong.startswith(f"{path}/") for wrong in self._found)

    def listed(self) -> list[SourceProblem]:
        """All of them, by file and line."""
        return sorted(problem for found in self._found.values() for problem in found)


def choice_of(words: Iterable[str]) -> str:
    """The words as a list to choose from."""
    return ", ".join(words) or "(chưa có)"


def counted(number: int) -> str:
    """A number as Vietnamese writes it: 262.144."""
    return f"{number:,}".replace(",", ".")


def _quoted(seen: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in seen[: 2 * _LONGEST_QUOTE])
    return printable if len(printable) <= _LONGEST_QUOTE else f"{printable[:_LONGEST_QUOTE]}…"
