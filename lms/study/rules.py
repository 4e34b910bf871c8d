"""Pure rules of study: when something is read, passed, complete, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LEARNING, FAILED, PASSED, DONE = STATES = ("learning", "failed", "passed", "done")


@dataclass(frozen=True)
class Standing:
    """What is known of an enrolment in a module."""

    lessons_read: int
    lessons_needed: int
    is_passed: bool
    attempts: int  # closed ones


def state_of(standing: Standing, *, lessons_are_optional: bool) -> str:
    """learning; failed: tried, not passed; passed: lessons still unread; done: both, or optional lessons."""
    if standing.is_passed:
        all_read = standing.lessons_read >= standing.lessons_needed
        return DONE if all_read or lessons_are_optional else PASSED
    return FAILED if standing.attempts else LEARNING


def bits(places: Iterable[int]) -> int:
    """The mask in which these bits are set."""
    return sum(1 << place for place in set(places))


def is_course_complete(rule: Any, mask: int, published: int) -> bool:
    """Whether the done modules in `mask` fulfil a course's `complete`.

    "all-modules" wants every published module, and at least one; {"modules": N} any N, also such as were
    retired since: a completion is never lost to an edit.
    """
    if isinstance(rule, dict):
        return mask.bit_count() >= int(rule["modules"])
    return published != 0 and mask & published == published


def least_reading_time(minutes: int) -> timedelta:
    """A fifth of the reading time: below that a lesson was opened, not read."""
    return timedelta(minutes=minutes) / 5


def seconds_too_early(opened_at: datetime, now: datetime, minutes: int) -> int:
    """How many seconds are missing until the lesson can be marked read; 0 when none are."""
    missing = least_reading_time(minutes) - (now - opened_at)
    return max(0, -(-missing // timedelta(seconds=1)))


@dataclass(frozen=True)
class Step:
    """Where "Học tiếp" leads: a lesson, a module's quiz, or nowhere because all is done."""

    kind: str  # lesson, quiz, finished
    module_slug: str = ""
    lesson_slug: str = ""
    section: str = ""


@dataclass(frozen=True)
class ModuleToDo:
    """A module as the next step is looked for: its lessons in order, which are read, whether it is passed."""

    slug: str
    lessons: tuple[tuple[int, str], ...]  # id, slug, of those that count
    is_passed: bool
    is_done: bool


def next_step(modules: Iterable[ModuleToDo], read: frozenset[int], last: tuple[int, str] | None) -> Step:
    """From the lesson last open on: the first unread one of its module, then what was left out before it,
    then the quiz; then the same in the next unfinished module, from there on and at last from the beginning.

    `last` is the id of the lesson last open and the section reached in it.
    """
    in_order = list(modules)
    last_id, section = last or (None, "")
    here = next((i for i, m in enumerate(in_order) if any(id_ == last_id for id_, _ in m.lessons)), 0)
    for module in [*in_order[here:], *in_order[:here]]:
        if module.is_done:
            continue
        begin = next((i for i, (id_, _) in enumerate(module.lessons) if id_ == last_id), 0)
        in_turn = [*module.lessons[begin:], *module.lessons[:begin]]
        unread = next(((id_, slug) for id_, slug in in_turn if id_ not in read), None)
        if unread is not None:
            return Step("lesson", module.slug, unread[1], section if unread[0] == last_id else "")
        if not module.is_passed:
            return Step("quiz", module.slug)
    return Step("finished")
