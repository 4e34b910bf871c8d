"""Every SELECT about persons, teams, memberships, grants, slips and imports."""

from lms.people.queries.scope import (
    Place,
    covers_person,
    covers_team,
    covers_unit,
    persons_within,
    places_of,
    scope_of,
    teams_within,
    units_inside,
)
from lms.people.queries.viewer import Viewer, viewer_of

__all__ = [
    "Place",
    "Viewer",
    "covers_person",
    "covers_team",
    "covers_unit",
    "persons_within",
    "places_of",
    "scope_of",
    "teams_within",
    "units_inside",
    "viewer_of",
]
