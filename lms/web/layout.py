"""What the frame around every page needs: the rooms a person may enter, and the globals of the templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.foundation.i18n import N_
from lms.people.queries import Viewer
from lms.web.assets import Assets
from lms.web.drawings import Drawings
from lms.web.terraces import narrow_map, wide_map

# The frame links to rooms above and beside it, so it knows their lasting addresses, not their views.
ADDRESSES = {
    "home": "/",
    "sign-in": "/sign-in",
    "activate": "/activate",
    "me": "/me",
    "rosters": "/rosters",
    "people": "/people",
    "studio": "/studio",
    "import": "/people/import",
    "verify": "/verify",
    "privacy": "/privacy",
}


@dataclass(frozen=True)
class NavItem:
    """A link of the navigation. `label` stands in the header, `short` in the bottom bar of a phone (msgids).

    A page that belongs to it says so with `{% set section = "…" %}`, the item's `section`.
    """

    section: str
    label: str
    short: str
    icon: str
    address: str


MOST_ROOMS = 3  # beside one's own page: the bottom bar of a phone has four places
_STUDY = NavItem("study", N_("Học"), N_("Học"), "terraces", ADDRESSES["home"])
_ROSTERS = NavItem("rosters", N_("Sổ theo dõi"), N_("Sổ"), "table", ADDRESSES["rosters"])
_PEOPLE = NavItem("people", N_("Người và tổ"), N_("Người"), "users", ADDRESSES["people"])
_STUDIO = NavItem("studio", N_("Phân tích"), N_("Phân tích"), "list", ADDRESSES["studio"])
_ME = NavItem("me", N_("Tài khoản"), N_("Tôi"), "user", ADDRESSES["me"])


def navigation(viewer: Viewer | None) -> tuple[NavItem, ...]:
    """The rooms on learners' pages; nobody's are empty, the header then offers signing in."""
    if viewer is None:
        return ()
    items = [_STUDY]
    if viewer.leads_team:
        items.append(NavItem("team", N_("Tổ của tôi"), N_("Tổ"), "users", f"/teams/{viewer.team_id}"))
    if viewer.is_officer:
        items.append(_ROSTERS)
    if viewer.is_author and len(items) < MOST_ROOMS:
        items.append(_STUDIO)
    return (*items, _ME)


def office_navigation(viewer: Viewer) -> tuple[NavItem, ...]:
    """The rooms on officers' pages."""
    of_officers = (_ROSTERS, _PEOPLE) if viewer.is_officer else () if viewer.is_author else (_ROSTERS,)
    return (*of_officers, *((_STUDIO,) if viewer.is_author else ()), _STUDY)


def template_globals(assets: Assets, drawings: Drawings, version: str) -> Mapping[str, object]:
    """What every template may call, beside Flask's own, gettext and `csrf_token`."""
    return {
        "address": ADDRESSES.__getitem__,
        "asset": assets.url,
        "icon": drawings.icon,
        "emblem": drawings.emblem,
        "has_emblem": drawings.emblem_names.__contains__,
        "drawing": drawings.drawing,
        "narrow_map": narrow_map,
        "wide_map": wide_map,
        "navigation": navigation,
        "office_navigation": office_navigation,
        "version": version,
    }
