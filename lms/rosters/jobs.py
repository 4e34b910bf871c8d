"""Exports too big to wait for: written by the worker, fetched from the job's page."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement

from lms.catalogue.outline import CourseOutline, EditionView
from lms.catalogue.queries import course_outline
from lms.foundation.jobs import Progress, job_kind
from lms.rosters import queries
from lms.rosters.exports import Table, masked, people_table, write_csv, write_xlsx
from lms.rosters.official import official_pdf
from lms.rosters.queries import Filters, PersonRow
from lms.units.queries import UnitView, unit_by_id, unit_names

AT_ONCE = {"xlsx": 30_000, "csv": 30_000, "pdf": 120}
"""How many people are written while the officer waits; more are a job."""


def arguments_of(
    unit: UnitView, edition_id: int, filters: Filters, *, form: str, about: list[tuple[str, str]], **rest: Any
) -> dict[str, Any]:
    """What the job has to know, as JSON."""
    return {
        "unit_id": unit.id,
        "edition_id": edition_id,
        "filters": asdict(filters),
        "form": form,
        "about": [list(pair) for pair in about],
        **rest,
    }


@job_kind("rosters.export")
def export(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write the file; `arguments` come from `arguments_of` with course, folder, today, with_phones."""
    course = course_outline(arguments["course"])
    edition = next(one for one in course.editions if one.id == arguments["edition_id"])
    today = date.fromisoformat(arguments["today"])
    unit = unit_by_id(arguments["unit_id"], today)
    filters = Filters(**arguments["filters"])
    total = queries.count_people(edition.id, place_of(unit), filters)
    progress.tell(0, total)
    file = Path(arguments["folder"]) / f"{progress.job_id}.{arguments['form']}"
    file.parent.mkdir(parents=True, exist_ok=True)
    people = list_people(edition, unit, filters, with_phones=arguments["with_phones"])
    about = [(key, value) for key, value in arguments["about"]]
    write_people(people, (course, edition), unit, form=arguments["form"], file=file, about=about, today=today)
    progress.tell(total, total)
    return {"file": file.name, "rows": total}


def place_of(unit: UnitView) -> ColumnElement[bool]:
    """The people of a unit of any level."""
    if unit.level == "province":
        return queries.in_province(unit.id)
    return queries.in_commune(unit.id) if unit.level == "commune" else queries.in_nation()


def list_people(
    edition: EditionView, unit: UnitView, filters: Filters, *, with_phones: bool
) -> list[PersonRow] | Any:
    """Everybody of the unit; phones in full only for those who manage these people."""
    people = queries.all_people(edition.id, place_of(unit), filters)
    return people if with_phones else (masked(person) for person in people)


def write_people(
    people: Any,
    of: tuple[CourseOutline, EditionView],
    unit: UnitView,
    *,
    form: str,
    file: Path,
    about: list[tuple[str, str]],
    today: date,
) -> None:
    """The list of people in one of the three forms."""
    course, edition = of
    modules = course.modules_of(edition.key)
    if form == "pdf":
        file.write_bytes(official_pdf(list(people), unit, course, edition, today=today))
        return
    names: dict[int, str] = {}

    def commune_name(unit_id: int) -> str:
        if unit_id not in names:
            names.update(unit_names([unit_id], today))
        return names[unit_id]

    table: Table = people_table(people, modules, commune_name, about)
    (write_csv if form == "csv" else write_xlsx)(table, file)
