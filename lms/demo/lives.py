"""Pure: how far an invented learner has come."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

DAYS = 100  # how long ago the first of them began
_HOURS = 12  # a day
_ACTIVATED = 0.7
_FINISHED = 0.36  # of those who have come in
_REACHED = (2.15, 1.0)  # beta distribution of the share that the others have done: 0.68 on average


class Stand(NamedTuple):
    """Where a learner stands in a module; days are counted since the beginning."""

    state: str  # learning, failed, passed, done
    read: float  # share of the lessons
    share: float  # of the quiz's questions answered right, in the best attempt
    attempts: int
    began: int
    ended: int


def comes_in(rng: Random, zeal: float) -> int | None:
    """The day on which the account was activated, or None. `zeal` is the place's; 1 is the average."""
    return rng.randrange(DAYS // 2) if rng.random() < min(0.97, _ACTIVATED * zeal) else None


def study(rng: Random, zeal: float, modules: int, activated: int) -> dict[int, Stand]:
    """The modules begun, by place in the course. With those who never came in, 55 % of all are done."""
    done = 1.0 if rng.random() < min(0.9, _FINISHED * zeal) else rng.betavariate(*_REACHED)
    count = min(modules, int(done * modules + rng.random()))
    order = _order(rng, modules)
    pace = (DAYS - activated) / (modules + 1)
    stands = {place: _done(rng, int(activated + pace * n), pace) for n, place in enumerate(order[:count])}
    for place in order[count : count + rng.randrange(3)]:
        stands[place] = _under_way(rng, int(activated + pace * count))
    return stands


def _order(rng: Random, modules: int) -> list[int]:
    """Most go from the first to the last; some begin with what they need."""
    order = list(range(modules))
    if modules and rng.random() < 0.2:
        order.insert(0, order.pop(rng.randrange(modules)))
    return order


def _done(rng: Random, day: int, pace: float) -> Stand:
    share = rng.choice((0.8, 0.8, 0.9, 0.9, 0.9, 1.0, 1.0))
    return Stand("done", 1.0, share, rng.choice((1, 1, 1, 2, 3)), day, int(day + pace))


def _under_way(rng: Random, day: int) -> Stand:
    state, read, share, attempts = rng.choice(
        (
            ("learning", 0.5, 0.0, 0),
            ("learning", 1.0, 0.0, 0),
            ("failed", 0.5, 0.4, 1),
            ("failed", 1.0, 0.6, 2),
            ("passed", 0.5, 0.9, 1),
        )
    )
    return Stand(state, read, share, attempts, day, min(DAYS, day + 2))


class Calendar:
    """The instants at which things happened, up to now."""

    def __init__(self, now: datetime) -> None:
        self._moments = [
            [now - timedelta(days=DAYS - day, hours=hour, minutes=7 * hour) for hour in range(_HOURS)]
            for day in range(DAYS + 1)
        ]

    def at(self, day: int, person_id: int) -> datetime:
        """When somebody does things on a day since the beginning: always at the same hour."""
        return self._moments[day][person_id % _HOURS]
