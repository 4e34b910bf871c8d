"""A figure: what was measured, beside what was to be reached."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the report. `goal` is what to reach; a figure without one is told for comparison."""

    job: str
    measured: float
    unit: str
    goal: float | None = None
    at_least: bool = False  # the goal is a floor, not a ceiling

    @property
    def is_reached(self) -> bool:
        """Whether the figure is on the right side of its goal."""
        if self.goal is None:
            return True
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        goal = f"{sign} {self.goal:g} {self.unit}" if self.goal is not None else ""
        mark = "" if self.goal is None else "ok" if self.is_reached else "MISSED"
        return f"{self.job:<86} {self.measured:>10.4g} {self.unit:<12} {goal:<18} {mark}"


def report(title: str, figures: Iterable[Figure]) -> bool:
    """Print a part of the report; whether every goal was reached."""
    print(f"\n{title}")
    reached = True
    for figure in figures:
        print(f"  {figure}", flush=True)
        reached &= figure.is_reached
    return reached
