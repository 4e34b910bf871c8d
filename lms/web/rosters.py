"""Rosters: nation → province → commune → team → person, and the same as files."""

import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.outline import ModuleLine
from lms.catalogue.queries import course_outlines
from lms.foundation import audit, clock
from lms.foundation.db import transaction
from lms.foundation.jobs import submit_job
from lms.people.permissions import Action
from lms.people.queries import covers_unit
from lms.rosters import queries, tiles
from lms.rosters.exports import ROLES, about_lines, units_table, write_csv, write_xlsx
from lms.rosters.jobs import AT_ONCE, arguments_of, list_people, place_of, write_people
from lms.rosters.queries import Cursor, PersonRow
from lms.rosters.views import UnitRoster, nation_roster, province_roster, trail_of
from lms.units.queries import successors_of, units_by_id
from lms.web.access import allowed, the_viewer
from lms.web.roster_question import (
    MODULE_STATES,
    STATES,
    Question,
    filter_words,
    question,
    today,
    unit_address,
)
from lms.web.scope import scope_for

blueprint = Blueprint("rosters", __name__, url_prefix="/rosters")

_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


@blueprint.get("")
@allowed(Action.VIEW_ROSTER)
def index() -> ResponseReturnValue:
    """To the highest unit the viewer may see; a choice where there are several."""
    scope = scope_for(the_viewer(), Action.VIEW_ROSTER)
    if scope.everywhere:
        return redirect(url_for("rosters.unit", key="vn"))
    now = today()
    units = sorted(units_by_id(scope.unit_ids, now).values(), key=lambda unit: (len(unit.code), unit.code))
    if len(units) == 1:
        return redirect(unit_address(units[0]))
    return render_template("rosters/choose.html", units=units)


@blueprint.get("/<key>")
@allowed(Action.VIEW_ROSTER)
def unit(key: str) -> ResponseReturnValue:
    """The roster of a unit."""
    asked = question(key)
    if not isinstance(asked, Question):
        return asked
    if asked.unit.level == "commune":
        return _commune_page(asked)
    if asked.shows_people:
        return _people_page(asked)
    roster = _units(asked)
    template = "rosters/nation.html" if asked.unit.level == "nation" else "rosters/province.html"
    return render_template(template, **_frame(asked), roster=_sorted(roster), tiles=tiles)


@blueprint.get("/<key>.<any(xlsx, csv, pdf):form>")
@allowed(Action.VIEW_ROSTER)
def export(key: str, form: str) -> ResponseReturnValue:
    """Exactly what the page shows, as a file; a big list of people becomes a job."""
    asked = question(key)
    if not isinstance(asked, Question):
        return asked
    if not asked.shows_people and form != "pdf":
        return _units_file(asked, form)
    count = queries.count_people(asked.edition.id, place_of(asked.unit), asked.filters)
    with transaction():
        _log_export(asked, form, count)
        if count > AT_ONCE[form]:
            job_id = _submit_export(asked, form)
    if count > AT_ONCE[form]:
        return redirect(url_for("jobs.job", job_id=job_id))
    people = list_people(asked.edition, asked.unit, asked.filters, with_phones=_manages(asked.unit.id))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"rows.{form}"
        of = (asked.course, asked.edition)
        write_people(people, of, asked.unit, form=form, file=file, about=_about(asked), today=asked.today)
        return _sent(file, asked, form)


def _units_file(asked: Question, form: str) -> Response:
    roster = _sorted(_units(asked))
    table = units_table(roster.lines, roster.total, asked.modules, _about(asked))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"rows.{form}"
        (write_csv if form == "csv" else write_xlsx)(table, file)
        return _sent(file, asked, form)


def _log_export(asked: Question, form: str, count: int) -> None:
    """Who took which list, never whose names are on it."""
    audit.record(
        "roster.exported",
        ("unit", asked.unit.id),
        actor_id=the_viewer().person_id,
        at=clock.now(),
        reason=f"{form}, {count} rows",
    )


def _submit_export(asked: Question, form: str) -> int:
    arguments = arguments_of(
        asked.unit,
        asked.edition.id,
        asked.filters,
        form=form,
        about=_about(asked),
        course=asked.course.slug,
        folder=str(current_app.extensions["settings"].data_folder / "exports"),
        today=asked.today.isoformat(),
        with_phones=_manages(asked.unit.id),
    )
    return submit_job("rosters.export", arguments, owner_id=the_viewer().person_id, now=clock.now())


def _manages(unit_id: int) -> bool:
    """Whether the viewer manages these people: only then are phone numbers written in full."""
    return covers_unit(scope_for(the_viewer(), Action.MANAGE_PEOPLE), unit_id)


def _about(asked: Question) -> list[tuple[str, str]]:
    return about_lines(
        asked.unit.full_name,
        asked.course.title,
        asked.edition.title,
        ", ".join(filter_words(asked)),
        the_viewer().full_name,
        asked.today,
    )


def _sent(file: Path, asked: Question, form: str) -> Response:
    """The file, read before its folder goes."""
    name = f"{asked.course.slug}-{asked.unit.key}-{asked.today:%Y%m%d}.{form}"
    response = Response(file.read_bytes(), content_type=_MIME[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _units(asked: Question) -> UnitRoster:
    if asked.unit.level == "nation":
        return nation_roster(asked.unit.id, asked.edition.id, asked.today)
    return province_roster(asked.unit.id, asked.edition.id, asked.today)


def _sorted(roster: UnitRoster) -> UnitRoster:
    """By name as it comes, or by a column of the table, the largest first."""
    keys = {
        "teams": lambda line: line.sums.teams,
        "enrolled": lambda line: line.sums.enrolled,
        "activated": lambda line: line.sums.share(line.sums.activated),
        "completed": lambda line: line.sums.share(line.sums.completed),
    }
    key = keys.get(request.args.get("sort", ""))
    if key is None:
        return roster
    return replace(roster, lines=tuple(sorted(roster.lines, key=key, reverse=True)))


def _commune_page(asked: Question) -> str:
    """Everybody of the commune, team by team."""
    people, _more = queries.people_page(
        asked.edition.id, place_of(asked.unit), asked.filters, limit=AT_ONCE["xlsx"]
    )
    teams = queries.teams_of(asked.edition.id, place_of(asked.unit))
    groups = [(team_id, title, [one for one in people if one.team_id == team_id]) for team_id, title in teams]
    after = successors_of(asked.unit.id)
    return render_template(
        "rosters/commune.html",
        **_frame(asked),
        groups=[group for group in groups if group[2]],
        teams=teams,
        people=people,
        done=_done_counts(people, asked.modules),
        successors=[] if after == [asked.unit.id] else list(units_by_id(after, asked.today).values()),
    )


def _done_counts(people: list[PersonRow], modules: tuple[ModuleLine, ...]) -> list[int]:
    return [
        sum(module.id in one.marks and one.marks[module.id].state == "passed" for one in people)
        for module in modules
    ]


def _people_page(asked: Question) -> str:
    """People of a province or the nation, a hundred at a time."""
    after, before = _cursor("after"), _cursor("before")
    people, more = queries.people_page(
        asked.edition.id, place_of(asked.unit), asked.filters, after=after, before=before
    )
    first, last = (people[0], people[-1]) if people else (None, None)
    has_before = more if before else after is not None
    has_after = before is not None or more
    communes = units_by_id({one.commune_id for one in people}, asked.today)
    return render_template(
        "rosters/people.html",
        **_frame(asked),
        people=people,
        communes=communes,
        count=queries.count_people(asked.edition.id, place_of(asked.unit), asked.filters),
        before=_page_address("before", first) if first and has_before else "",
        after=_page_address("after", last) if last and has_after else "",
    )


def _cursor(name: str) -> Cursor | None:
    key, _, number = request.args.get(name, "")[:400].rpartition("~")
    return (key, int(number)) if number.isdecimal() and len(number) < 12 else None


def _page_address(name: str, row: PersonRow) -> str:
    args = {key: value for key, value in request.args.items() if key not in ("after", "before")}
    args[name] = f"{row.sort_key}~{row.enrolment_id}"
    return f"{request.path}?{urlencode(args)}"


def _frame(asked: Question) -> dict[str, object]:
    """What every page of a roster needs."""
    viewer = the_viewer()
    trail = trail_of(asked.unit, asked.today)
    return {
        "asked": asked,
        "trail": [(one, covers_unit(scope_for(viewer, Action.VIEW_ROSTER), one.id)) for one in trail],
        "can_manage": _manages(asked.unit.id),
        "roles": ROLES,
        "states": STATES,
        "module_states": MODULE_STATES,
        "filter_words": filter_words(asked),
        "courses": [course for course in course_outlines() if course.modules],
        "now": clock.now(),
        "plain": {key: value for key, value in request.args.items() if key in ("course", "edition")},
        "query": {key: value for key, value in request.args.items() if key not in ("after", "before")},
    }
