"""Rosters: nation → province → commune → team → person, and the same as files."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.queries import course_outlines
from lms.foundation import audit, clock
from lms.foundation.db import transaction
from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_, translate
from lms.foundation.jobs import jobs_of, submit_job
from lms.people.permissions import Action
from lms.people.queries import covers_unit
from lms.people.rules import ROLE_NAMES
from lms.rosters import queries
from lms.rosters.exports import units_table, write
from lms.rosters.jobs import AT_ONCE, KIND, PeopleExport, write_people
from lms.rosters.official import official_pdf, people_on_paper
from lms.rosters.rules import OPEN, Sums, known_count
from lms.rosters.tiles import tile_chart
from lms.rosters.views import UnitRoster, became, trail_of, unit_roster, unit_sums
from lms.units.queries import UnitView, units_by_id
from lms.web.access import allowed, the_viewer
from lms.web.downloads import download, written
from lms.web.roster_question import Question, question
from lms.web.scope import scope_for

blueprint = Blueprint("rosters", __name__, url_prefix="/rosters")


class BadFilters(Invalid):
    """A file is made of what the page shows, and the page would show the mistake."""

    message = N_("Bộ lọc chưa đúng. Mở lại trang sổ, sửa bộ lọc rồi xuất tệp.")


@blueprint.get("")
@allowed(Action.VIEW_ROSTER)
def index() -> ResponseReturnValue:
    """To the highest unit the viewer may see; a choice where there are several."""
    scope = scope_for(the_viewer(), Action.VIEW_ROSTER)
    if scope.everywhere:
        return redirect(url_for("rosters.unit", key="vn"))
    today = clock.local_date(clock.now())
    closed = queries.closed_units(scope.unit_ids)
    standing = {*scope.unit_ids} - closed.keys()
    units = sorted(units_by_id(standing, today).values(), key=lambda unit: (len(unit.code), unit.full_name))
    choices = [(unit, url_for("rosters.unit", key=unit.key)) for unit in units]
    choices += [
        (unit, url_for("rosters.unit", key=unit.key, on=last_day.isoformat()))
        for unit, last_day in closed.values()
    ]
    if len(choices) == 1:
        return redirect(choices[0][1])
    return render_template("rosters/choose.html", choices=choices)


@blueprint.get("/<key>")
@allowed(Action.VIEW_ROSTER)
def unit(key: str) -> ResponseReturnValue:
    """The roster of a unit; an old code leads to what became of it."""
    asked = question(key)
    successors = _successors(asked)
    if len(successors) == 1:
        return redirect(url_for("rosters.unit", key=successors[0].key, **_course_args()))
    page = _units_page(asked) if asked.view == "units" else _people_page(asked, successors)
    return make_response(page, 422 if asked.form.errors else 200)


def _successors(asked: Question) -> list[UnitView]:
    """The units that the unit of a former day is now, if they are others."""
    found = became(asked.unit, asked.on, asked.today) if asked.on < asked.today else []
    return [] if [one.id for one in found] == [asked.unit.id] else found


def _course_args() -> dict[str, Any]:
    return {name: request.args[name] for name in ("course", "edition") if name in request.args}


def _units_page(asked: Question) -> str:
    roster = _roster(asked)
    percents = {line.unit.code: line.chosen_share if line.sums.enrolled else None for line in roster.lines}
    return render_template(
        f"rosters/{asked.unit.level}.html",
        **_frame(asked),
        roster=roster,
        chosen=_chosen_words(asked),
        tiles=list(tile_chart(percents)),
    )


def _roster(asked: Question) -> UnitRoster:
    roster = unit_roster(asked.unit, asked.edition.id, asked.filters, asked.today)
    return roster.sorted_by(asked.sort)


def _chosen_words(asked: Question) -> str:
    """Of whom the share is counted, in words."""
    filters = asked.filters
    if filters.module_id is None:
        return translate(N_("Chưa hoàn thành") if filters.state == OPEN else N_("Hoàn thành"))
    number = next(one.number for one in asked.modules if one.id == filters.module_id)
    state = dict(asked.form.state.choices).get(filters.state or "done", "")
    return translate(N_("%(state)s, chuyên đề %(n)s"), state=state, n=number)


def _people_page(asked: Question, successors: list[UnitView]) -> str:
    """People under their teams, or one list; a hundred at a time."""
    page = queries.people_page(
        *(asked.edition.id, asked.place, asked.filters, asked.order),
        after=_row_number("after"),
        before=_row_number("before"),
    )
    names = queries.commune_names(asked.edition.id, commune_ids={one.commune_id for one in page.rows})
    sums = _sums(asked)
    return render_template(
        f"rosters/{'commune' if asked.view == 'teams' else 'people'}.html",
        **_frame(asked),
        page=page,
        sums=sums,
        count=sums.enrolled if asked.view == "teams" else known_count(sums, asked.filters),
        names=names,
        before=asked.address(before=page.rows[0].enrolment_id) if page.rows and page.has_before else "",
        after=asked.address(after=page.rows[-1].enrolment_id) if page.rows and page.has_after else "",
        successors=successors,
    )


def _sums(asked: Question) -> Sums:
    """A commune's list is summed as it is filtered; longer ones tell what the kept sums know."""
    if asked.view == "teams" and asked.filters:
        bits = {module.id: module.bit for module in asked.modules}
        return queries.totals(asked.edition.id, asked.place, asked.filters, bits)
    return unit_sums(asked.unit, asked.edition.id, asked.filters)


def _row_number(name: str) -> int | None:
    """The id of the row a page begins after or ends before; what can be none is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _frame(asked: Question) -> dict[str, object]:
    """What every page of a roster needs."""
    scope = scope_for(the_viewer(), Action.VIEW_ROSTER)
    trail = [one for one in trail_of(asked.unit, asked.today)[:-1] if covers_unit(scope, one.id)]
    return {
        "asked": asked,
        "trail": [*trail, asked.unit],
        "roles": ROLE_NAMES,
        "courses": [one for one in course_outlines() if one.team_edition or one is asked.course],
        "now": clock.now(),
    }


@blueprint.get("/<key>.<any(xlsx, csv, pdf):form>")
@allowed(Action.VIEW_ROSTER)
def export(key: str, form: str) -> ResponseReturnValue:
    """Exactly what the page shows, as a file; a long list of people becomes a job."""
    asked = question(key)
    successors = _successors(asked)
    if len(successors) == 1:
        return redirect(url_for("rosters.export", key=successors[0].key, form=form, **_course_args()))
    if asked.form.errors:
        raise BadFilters
    if form == "pdf":
        return _paper(asked)
    if asked.view == "units":
        roster = _roster(asked)
        _log(asked, form, f"{len(roster.lines)} units")
        table = units_table(roster, asked.modules, _chosen_words(asked), _about(asked))
        return written(_file_name(asked, form), partial(write, table, form))
    count = queries.count_people(asked.edition.id, asked.place, asked.filters)
    if count > AT_ONCE:
        return redirect(url_for("jobs.job", job_id=_submit(asked, form, count)), 303)
    _log(asked, form, f"{count} people")
    return written(_file_name(asked, form), partial(write_people, _wanted(asked, form)))


def _paper(asked: Question) -> Response:
    people = people_on_paper(asked.unit, asked.edition, asked.filters)
    _log(asked, "pdf", f"{len(people)} people")
    drawn = official_pdf(people, asked.unit, asked.course, asked.edition, asked.filters, today=asked.today)
    return download(drawn, _file_name(asked, "pdf"))


def _log(asked: Question, form: str, content: str) -> None:
    """Who took which file and how long a list is in it ("12 units"), never whose names are on it."""
    with transaction():
        _record(asked, form, content)


def _record(asked: Question, form: str, content: str) -> None:
    audit.record(
        "export_roster",
        ("unit", asked.unit.id),
        actor_id=the_viewer().person_id,
        at=clock.now(),
        reason=f"{form}, {content}",
    )


def _submit(asked: Question, form: str, count: int) -> int:
    """The job that writes the list; the same list under way is not begun again."""
    owner_id, wanted = the_viewer().person_id, _wanted(asked, form)
    arguments = {
        "export": wanted.as_arguments(),
        "folder": str(current_app.extensions["settings"].data_folder / "exports"),
        "title": translate(N_("Xuất danh sách %(place)s (.%(form)s)"), place=_place_words(asked), form=form),
        "back": asked.address(),
        "total": count,
    }
    for job in jobs_of(owner_id):
        if job.kind == KIND and job.state in ("waiting", "running") and wanted.is_of(job.arguments):
            return job.id
    with transaction():
        _record(asked, form, f"{count} people")
        return submit_job(KIND, arguments, owner_id=owner_id, now=clock.now())


def _wanted(asked: Question, form: str) -> PeopleExport:
    return PeopleExport(
        course=asked.course.slug,
        edition=asked.edition.key,
        place=asked.place,
        filters=asked.filters,
        order=asked.order,
        form=form,
        with_phones=asked.manages,
        about=_about(asked),
    )


def _about(asked: Question) -> tuple[tuple[str, str], ...]:
    """What a file says of itself."""
    return (
        (translate(N_("Địa bàn")), _place_words(asked)),
        (translate(N_("Khóa học")), f"{asked.course.title}, {asked.edition.title}"),
        (translate(N_("Bộ lọc")), ", ".join(asked.filter_words()) or translate(N_("không lọc"))),
        (translate(N_("Tính đến")), f"{clock.now().astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"),
        (translate(N_("Người xuất")), the_viewer().full_name),
    )


def _place_words(asked: Question) -> str:
    return translate(N_("toàn quốc")) if asked.unit.level == "nation" else asked.unit.full_name


def _file_name(asked: Question, form: str) -> str:
    return f"{asked.course.slug}-{asked.unit.key}-{asked.today:%Y%m%d}.{form}"
