"""Every SELECT of rosters. Nation and provinces read sums only; lists of people are read page by page."""

from lms.rosters.queries.people import (
    PAGE,
    Mark,
    Order,
    Page,
    PersonRow,
    Place,
    all_people,
    count_people,
    official_facts,
    people_page,
    read_mark,
    teams_of,
    totals,
)
from lms.rosters.queries.sums import (
    closed_units,
    commune_names,
    sums_by_commune,
    sums_by_province,
    sums_of_commune,
)

__all__ = [
    "PAGE",
    "Mark",
    "Order",
    "Page",
    "PersonRow",
    "Place",
    "all_people",
    "closed_units",
    "commune_names",
    "count_people",
    "official_facts",
    "people_page",
    "read_mark",
    "sums_by_commune",
    "sums_by_province",
    "sums_of_commune",
    "teams_of",
    "totals",
]
