"""A roster as official paper (Nghị định 30/2020): number and date stay blank, the registry gives them."""

from datetime import date

from lms.catalogue.outline import CourseOutline, EditionView
from lms.foundation import render
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.people.rules import ROLE_NAMES
from lms.rosters.queries import Order, PersonRow, Place, official_facts, people_page
from lms.rosters.rules import Filters, place_of_team
from lms.rosters.views import trail_of
from lms.study.rules import DONE
from lms.units.queries import UnitView

_MOST = 3_000  # people on one paper; three times as many as the largest commune has


class NotOnPaper(NotFound):
    """The form is for the people of a commune or of one of its teams."""

    message = N_("Bản công văn chỉ in cho một xã, phường hoặc một tổ.")


def people_on_paper(unit: UnitView, edition: EditionView, filters: Filters) -> list[PersonRow]:
    """The commune's people in Vietnamese order, narrowed by the filters. Raises NotOnPaper."""
    if unit.level != "commune":
        raise NotOnPaper
    return people_page(edition.id, Place("commune", unit.id), filters, Order(), limit=_MOST).rows


def official_pdf(
    people: list[PersonRow],
    unit: UnitView,
    course: CourseOutline,
    edition: EditionView,
    filters: Filters,
    *,
    today: date,
) -> bytes:
    """These people of a commune, or of its one team that the filters name, A4, as PDF/UA.

    Raises PdfUnavailable.
    """
    facts = official_facts([one.person_id for one in people], course.slug, edition.key)
    return render.pdf(
        "roster_official.html",
        "official.css",
        people=[(one, place_of_team(one.team_title), *facts[one.person_id]) for one in people],
        roles=ROLE_NAMES,
        unit=unit,
        province=next((one for one in trail_of(unit, today) if one.level == "province"), None),
        course=course,
        planned=len(course.modules_of(edition.key)),
        are_done=filters.state == DONE and filters.module_id is None,
        team_title=people[0].team_title if people and filters.team_id else "",
        today=today,
    )
