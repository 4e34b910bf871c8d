"""What strict rules find: a mistake such as readers of files tell, and the rule that it breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lms.catalogue.source.elements import CourseSource
from lms.catalogue.source.problems import SourceProblem
from lms.quiz.question import Report


@dataclass(frozen=True)
class Sheet:
    """Where a rule writes what it finds; `on` is the day for which the course is looked at."""

    on: date
    of: Callable[[str], Report]
    """A reporter for the file of this path."""


Check = Callable[[CourseSource, Sheet], None]
"""A rule: looks through a course that was read and reports every place where it is broken."""


@dataclass(frozen=True)
class Rule:
    """A rule with the name that findings carry; one that `warns` finds what aged by itself."""

    name: str
    check: Check
    warns: bool = False


@dataclass(frozen=True, order=True)
class Finding:
    """A place where a rule is broken; one that `warns` is a reminder and no mistake."""

    problem: SourceProblem
    rule: str
    warns: bool = False

    def __str__(self) -> str:
        head, _, rest = str(self.problem).partition("\n")
        return f"{head} [{self.rule}{', nhắc' if self.warns else ''}]\n{rest}"
