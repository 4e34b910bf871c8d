"""Events travel up: a lower room announces a fact, upper rooms react in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
Reaction = Callable[[Any], None]

_reactions: dict[type, list[Reaction]] = defaultdict(list)


def reacts_to(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register the decorated function for every announced event of exactly this type."""

    def register(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
        if reaction not in _reactions[event_type]:
            _reactions[event_type].append(reaction)
        return reaction

    return register


def announce(event: object) -> None:
    """Run the reactions now, in the caller's transaction: if one fails, nothing of the deed remains."""
    for reaction in _reactions[type(event)]:
        reaction(event)
