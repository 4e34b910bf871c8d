"""Who may do what, where: one definition for the check on a page and the filter on a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What a grant or a role can allow."""

    VIEW_ROSTER = "view_roster"
    VIEW_TEAM = "view_team"  # progress of the members of a team
    MANAGE_PEOPLE = "manage_people"  # people, teams, imports, certificates of a subtree
    HAND_OUT_SLIPS = "hand_out_slips"
    AUTHOR = "author"
    REVIEW = "review"
    ADMINISTER = "administer"


_OF_GRANT: dict[str, frozenset[Action]] = {
    "viewer": frozenset({Action.VIEW_ROSTER, Action.VIEW_TEAM}),
    "manager": frozenset({Action.VIEW_ROSTER, Action.VIEW_TEAM, Action.MANAGE_PEOPLE, Action.HAND_OUT_SLIPS}),
    "instructor": frozenset({Action.AUTHOR}),
    "reviewer": frozenset({Action.REVIEW}),
    "administrator": frozenset(Action),
}
_OF_THE_COUNTRY = frozenset({"viewer", "manager", "administrator"})
_OF_COURSES = frozenset({"instructor", "reviewer", "administrator"})
_OF_TEAM_ROLE: dict[str, frozenset[Action]] = {
    "leader": frozenset({Action.VIEW_TEAM, Action.HAND_OUT_SLIPS}),
    "deputy": frozenset({Action.VIEW_TEAM, Action.HAND_OUT_SLIPS}),
}


@dataclass(frozen=True)
class HeldGrant:
    """A grant that stands today; an officer's or administrator's without a unit holds for the country."""

    role: str
    unit_id: int | None
    course_slug: str | None


@dataclass(frozen=True)
class HeldRole:
    """A current membership that leads."""

    role: str
    team_id: int


@dataclass(frozen=True)
class Scope:
    """Where somebody may do one thing: everywhere, in the subtrees of units, in teams of their own.

    Units are named by the roots that were granted; who asks about a place passes its path, every unit that
    it stands under or that its people count in now (`units.queries.path_of`).
    """

    everywhere: bool = False
    unit_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    every_course: bool = False
    courses: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or self.every_course or bool(self.unit_ids or self.team_ids or self.courses)

    def covers_course(self, slug: str) -> bool:
        """Whether a course is inside."""
        return self.every_course or slug in self.courses

    def covers_units(self, path: Iterable[int]) -> bool:
        """Whether a place is inside, given the ids of its unit and of every unit above that."""
        return self.everywhere or not self.unit_ids.isdisjoint(path)

    def covers_team(self, team_id: int, path: Iterable[int]) -> bool:
        """Whether a team is inside: one's own, or in a unit that is."""
        return team_id in self.team_ids or self.covers_units(path)


def scope_from(action: Action, grants: Iterable[HeldGrant], roles: Iterable[HeldRole]) -> Scope:
    """The scope that grants and team roles add up to, for one action."""
    fitting = [grant for grant in grants if action in _OF_GRANT[grant.role]]
    of_courses = [grant for grant in fitting if grant.role in _OF_COURSES]
    return Scope(
        everywhere=any(grant.unit_id is None and grant.role in _OF_THE_COUNTRY for grant in fitting),
        unit_ids=frozenset(grant.unit_id for grant in fitting if grant.unit_id is not None),
        team_ids=frozenset(held.team_id for held in roles if action in _OF_TEAM_ROLE.get(held.role, ())),
        every_course=any(grant.course_slug is None for grant in of_courses),
        courses=frozenset(grant.course_slug for grant in of_courses if grant.course_slug is not None),
    )


def grants_allow(action: Action, roles: Iterable[str], team_roles: Iterable[str]) -> bool:
    """Whether any of these grants or team roles allows the action somewhere."""
    return any(action in _OF_GRANT[role] for role in roles) or any(
        action in _OF_TEAM_ROLE.get(role, ()) for role in team_roles
    )
