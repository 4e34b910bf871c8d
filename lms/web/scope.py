"""Whether what a page is about lies where its viewer may act. Outside, it is NotFound like what never was.

Every page about a unit, a team or a person begins with one of the `require_…` functions; a list filters with
`lms.people.queries.teams_within` and `persons_within`, which share the definition.
"""

from flask import g

from lms.foundation.errors import NotFound
from lms.people import queries as people
from lms.people.permissions import Action, Scope
from lms.people.queries import Viewer


def scope_for(viewer: Viewer, action: Action) -> Scope:
    """Where the viewer may do this; asked once a request."""
    kept: dict[tuple[int, Action], Scope] = g.setdefault("scopes", {})
    key = (viewer.person_id, action)
    if key not in kept:
        kept[key] = people.scope_of(viewer.person_id, action)
    return kept[key]


def require_unit(viewer: Viewer, action: Action, unit_id: int) -> None:
    """Go on only where the unit is inside the viewer's scope."""
    if not people.covers_unit(scope_for(viewer, action), unit_id):
        raise NotFound


def require_team(viewer: Viewer, action: Action, team_id: int) -> None:
    """Go on only where the team is the viewer's own to look after, or at a unit inside the scope."""
    if not may_act_in_team(viewer, action, team_id):
        raise NotFound


def may_act_in_team(viewer: Viewer, action: Action, team_id: int) -> bool:
    """The same as a question."""
    return people.covers_team(scope_for(viewer, action), team_id)


def require_person(viewer: Viewer, action: Action, person_id: int) -> None:
    """Go on only where the person counts somewhere inside the viewer's scope."""
    if not may_see_person(viewer, action, person_id):
        raise NotFound


def may_see_person(viewer: Viewer, action: Action, person_id: int) -> bool:
    """The same as a question, for a page that shows more to those who may."""
    return people.covers_person(scope_for(viewer, action), person_id)


def require_course(viewer: Viewer, action: Action, slug: str) -> None:
    """Go on only where the course is one of those a grant of the viewer is for."""
    if not scope_for(viewer, action).covers_course(slug):
        raise NotFound
