"""How tests wait for other processes, and how they tell a hang from a busy machine."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

SECOND = 1.0
# Seconds. It bounds what hangs and says nothing of speed: on a machine with a load of ten an ordinary user
# waited longer than a minute for the first start, which compiles all Python anew.
PATIENCE = 240
_TRIES = 3

T = TypeVar("T")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(call: Callable[[], T | None]) -> T:
    """The first thing that is something: another process tells nobody when it is ready, so it is asked."""
    patience = time.monotonic() + PATIENCE
    while not (found := call()):
        assert time.monotonic() < patience, "too late"
        time.sleep(0.05)
    return found


def within_a_second(call: Callable[[], T]) -> T:
    """What the call gives, for a second of CPU at most.

    Beside other machines on the same processor a second holds less work: what is too slow is tried again, and
    what hangs is too slow each time.
    """
    spent = []
    for _ in range(_TRIES):
        begun = time.process_time()
        found = call()
        spent.append(time.process_time() - begun)
        if spent[-1] < SECOND:
            return found
    raise AssertionError(f"{spent} s")
