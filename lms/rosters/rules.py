"""Pure rules of rosters: what a list is narrowed to, what units add up to, how much of it that is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lms.foundation.i18n import N_
from lms.study.rules import DONE, FAILED, LEARNING, PASSED

OPEN, NONE = "open", "none"  # not done; not begun
OF_A_COURSE = (DONE, OPEN)
STATES = {
    DONE: N_("Đạt"),
    OPEN: N_("Chưa đạt"),
    PASSED: N_("Đạt bài kiểm tra, còn bài chưa đọc"),
    FAILED: N_("Đã thi, chưa đạt"),
    LEARNING: N_("Đang học"),
    NONE: N_("Chưa học"),
}
ACTIVE = {"yes": N_("Đã kích hoạt"), "no": N_("Chưa kích hoạt")}
UNIT_SORTS = ("name", "communes", "teams", "enrolled", "activated", "share")
PEOPLE_SORTS = ("name", "done", "active")


@dataclass(frozen=True)
class Filters:
    """What a roster is narrowed to; everything empty means everybody.

    Without a module, a state speaks of the whole course and is one of OF_A_COURSE.
    """

    module_id: int | None = None
    module_bit: int = 0
    state: str = ""
    name: str = ""
    team_id: int | None = None
    role: str = ""
    active: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def are_about_persons(self) -> bool:
        """Whether they ask what no sum tells."""
        return bool(self.name or self.team_id or self.role)


@dataclass(frozen=True)
class Sums:
    """What a unit's people add up to."""

    teams: int = 0
    enrolled: int = 0
    activated: int = 0
    completed: int = 0
    done: Mapping[int, int] = field(default_factory=dict)  # module → people who completed it
    states: Mapping[str, int] = field(default_factory=dict)  # of one module that was asked for


def added(parts: Iterable[Sums]) -> Sums:
    """The sums of several units together."""
    teams = enrolled = activated = completed = 0
    done: dict[int, int] = defaultdict(int)
    states: dict[str, int] = defaultdict(int)
    for part in parts:
        teams += part.teams
        enrolled += part.enrolled
        activated += part.activated
        completed += part.completed
        for module_id, count in part.done.items():
            done[module_id] += count
        for state, count in part.states.items():
            states[state] += count
    return Sums(teams, enrolled, activated, completed, dict(done), dict(states))


def place_of_team(title: str) -> str:
    """A team's title without what every team is called: 'Thôn Đông Hải'."""
    short = title
    for common in ("Tổ công nghệ số ", "cộng đồng "):
        short = short.removeprefix(common)
    return f"{short[:1].upper()}{short[1:]}"


def share(count: int, of: int) -> int:
    """A count as a whole percent; 100 only for all of them, and 0 of nobody."""
    return min(round(100 * count / of), 100 if count >= of else 99) if of else 0


def in_state(sums: Sums, filters: Filters) -> int:
    """How many people stand as the filters say, all else left aside; without a state, who is done."""
    if filters.module_id is None:
        return sums.enrolled - sums.completed if filters.state == OPEN else sums.completed
    done = sums.done.get(filters.module_id, 0)
    if filters.state in ("", DONE):
        return done
    if filters.state == OPEN:
        return sums.enrolled - done
    if filters.state == NONE:
        return sums.enrolled - sum(sums.states.values())
    return sums.states.get(filters.state, 0)


def known_count(sums: Sums, filters: Filters) -> int | None:
    """How many people a list has, as far as sums can tell."""
    if filters.are_about_persons or (filters.state and filters.active):
        return None
    if filters.state:
        return in_state(sums, filters)
    if filters.active:
        return sums.activated if filters.active == "yes" else sums.enrolled - sums.activated
    return sums.enrolled
