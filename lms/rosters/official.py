"""A roster as official paper (Nghị định 30/2020): number and date are left for the registry to fill in."""

from collections.abc import Sequence
from datetime import date

from lms.catalogue.outline import CourseOutline, EditionView
from lms.foundation import render
from lms.rosters.exports import ROLES
from lms.rosters.queries import PersonRow
from lms.units.queries import UnitView, unit_by_id


def official_pdf(
    people: Sequence[PersonRow], unit: UnitView, course: CourseOutline, edition: EditionView, *, today: date
) -> bytes:
    """The list of a commune's or province's people with what they completed, A4, as PDF/UA.

    Raises PdfUnavailable.
    """
    parent = unit_by_id(unit.parent_id, today) if unit.parent_id else None
    return render.pdf(
        "roster_official.html",
        "official.css",
        people=people,
        roles=ROLES,
        unit=unit,
        parent=parent if parent is not None and parent.level == "province" else None,
        course=course,
        planned=len(course.modules_of(edition.key)),
        today=today,
    )
