"""Persons and teams of a commune, and one person: what officers and leaders look after."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.queries import course_outlines, place_of_quiz
from lms.foundation import audit, clock
from lms.foundation.db import transaction
from lms.foundation.errors import Forbidden, NotFound, Refusal
from lms.foundation.i18n import N_, translate
from lms.people.actions.persons import amend_person, choose_home, leave_team
from lms.people.actions.slips import issue_officer_slip, issue_slip
from lms.people.permissions import Action
from lms.people.phones import spoken_phone
from lms.people.queries import (
    deeds_of,
    find_people,
    find_teams,
    grants_of,
    imports_of,
    memberships_of,
    person_of,
    slip_for,
    teams_in,
    units_inside,
)
from lms.people.queries.imports import BatchView, batches_in
from lms.people.rules import GRANT_NAMES, ROLE_NAMES, birth_text
from lms.people.sheets import printable, slips_pdf
from lms.quiz.queries import extensions_of
from lms.quiz.regrading.results import kept_passes
from lms.study.queries import course_state, edition_for
from lms.units.queries import UnitView, path_of, unit_by_id, unit_by_key, unit_names
from lms.web.access import allowed, signed_in, the_viewer
from lms.web.downloads import shown
from lms.web.errors import said
from lms.web.person_forms import AmendForm
from lms.web.scope import may_see_person, require_person, require_team, require_unit, scope_for
from lms.web.slips import slip_keys

blueprint = Blueprint("people", __name__)
_FOUND = 50
DEEDS = {
    "create_person": N_("Ghi tên vào sổ"),
    "amend_person": N_("Sửa thông tin"),
    "join_team": N_("Vào tổ"),
    "leave_team": N_("Kết thúc ở tổ"),
    "choose_home": N_("Đổi tổ chính"),
    "change_role": N_("Đổi vai trò"),
    "issue_slip": N_("Cấp phiếu kích hoạt"),
    "activate_account": N_("Kích hoạt bằng phiếu"),
    "change_secret": N_("Đổi mã cá nhân"),
    "grant_role": N_("Giao quyền"),
    "revoke_grant": N_("Thu quyền"),
    "show_phone": N_("Xem số điện thoại"),
    "extend_quiz": N_("Gia hạn bài kiểm tra"),
    "withdraw_pass": N_("Thu hồi kết quả đạt"),
}


class NotAbove(Forbidden):
    """Whoever holds a grant is let in anew from above only."""

    message = N_("Người này có quyền cán bộ: chỉ quản trị viên hoặc cán bộ cấp trên sửa hoặc cấp phiếu được.")


@blueprint.get("/people")
@allowed(Action.VIEW_ROSTER)
def index() -> ResponseReturnValue:
    """Teams and imports of a commune (`?unit=`), or what a search (`?q=`) finds within reach."""
    viewer, today = the_viewer(), clock.local_date(clock.now())
    scope = scope_for(viewer, Action.VIEW_ROSTER)
    query = request.args.get("q", "")[:100].strip()
    unit = None if query else _commune(request.args.get("unit"))
    people = find_people(scope, query, _FOUND) if query else []
    found_teams = find_teams(scope, query, _FOUND) if query else []
    batches = [] if query else _batches(unit)
    units = {one.unit_id for one in people if one.unit_id} | {unit_id for *_, unit_id in found_teams}
    units |= {batch.unit_id for batch in batches}
    return render_template(
        "people/index.html",
        query=query,
        unit=unit,
        place=unit_names([unit.id], today)[unit.id] if unit else "",
        people=people,
        is_full=len(people) == _FOUND,
        found_teams=found_teams,
        places=unit_names(units, today),
        teams=teams_in(unit.id) if unit else [],
        batches=batches,
        keeps_passes=bool(kept_passes(scope_for(viewer, Action.MANAGE_PEOPLE), limit=1)),
        tab="imports" if request.args.get("tab") == "imports" else "teams",
    )


def _batches(unit: UnitView | None) -> list[BatchView]:
    """The latest imports of the commune, or of all that the viewer manages."""
    manages = scope_for(the_viewer(), Action.MANAGE_PEOPLE)
    if not manages:
        return []
    if unit is not None:
        return batches_in([unit.id])
    return batches_in(None if manages.everywhere else units_inside(manages.unit_ids))


def _commune(key: str | None) -> UnitView | None:
    """The commune asked for, or the only one an officer has; NotFound outside the scope."""
    viewer, today = the_viewer(), clock.local_date(clock.now())
    if key:
        unit = unit_by_key(key, today)
        require_unit(viewer, Action.VIEW_ROSTER, unit.id)
        return unit if unit.level == "commune" else None
    scope = scope_for(viewer, Action.VIEW_ROSTER)
    if scope.everywhere or len(scope.unit_ids) != 1:
        return None
    unit = unit_by_id(next(iter(scope.unit_ids)), today)
    return unit if unit.level == "commune" else None


@blueprint.get("/people/<int:person_id>")
@signed_in
def person(person_id: int) -> ResponseReturnValue:
    """One person: facts, memberships with their dates, how far the courses are, what was done."""
    viewer = the_viewer()
    if person_id == viewer.person_id and not viewer.is_officer:
        return redirect(url_for("me.me"))
    require_person(viewer, Action.VIEW_TEAM, person_id)
    found, memberships, grants = person_of(person_id), memberships_of(person_id), grants_of(person_id)
    units = {one.unit_id for one in memberships} | {one.recorded_unit_id for one in memberships}
    units |= {one.unit_id for one in grants if one.unit_id}
    now = clock.now()
    slip = slip_for(person_id)
    return render_template(
        "people/person.html",
        person=found,
        birth=birth_text(found.birth, found.birth_precision),
        memberships=memberships,
        grants=grants,
        grant_names=GRANT_NAMES,
        units=unit_names(units, clock.local_date(now)),
        studied=_studied(person_id),
        roles=ROLE_NAMES,
        deeds=deeds_of(person_id),
        deed_names=DEEDS,
        imports=imports_of(person_id),
        slip=slip if slip is not None and slip.opens(now) else None,
        hands_out=may_see_person(viewer, Action.HAND_OUT_SLIPS, person_id),
        manages=may_see_person(viewer, Action.MANAGE_PEOPLE, person_id),
        keeps_pass=bool(kept_passes(scope_for(viewer, Action.MANAGE_PEOPLE), person_id=person_id, limit=1)),
        extensions=[(one, place_of_quiz(one.quiz_id)) for one in extensions_of(person_id)],
    )


def _studied(person_id: int) -> list[tuple[object, ...]]:
    """Course, edition, state and modules of every enrolment that the person sees first."""
    studied: list[tuple[object, ...]] = []
    for course in course_outlines():
        edition = edition_for(person_id, course)
        state = course_state(person_id, course, edition) if edition else None
        if edition and state and state.enrolment_id is not None:
            studied.append((course, edition, state, course.modules_of(edition.key)))
    return studied


@blueprint.post("/people/<int:person_id>/phone")
@allowed(Action.MANAGE_PEOPLE)
def show_phone(person_id: int) -> ResponseReturnValue:
    """The whole number, once, and the log says who saw it."""
    viewer = the_viewer()
    require_person(viewer, Action.MANAGE_PEOPLE, person_id)
    found = person_of(person_id)
    with transaction():
        audit.record("show_phone", ("person", person_id), actor_id=viewer.person_id, at=clock.now())
    numbers = ", ".join(spoken_phone(one) for one in (found.phone, found.contact_phone) if one)
    flash(f"{found.full_name}: {numbers}", "info")
    return redirect(url_for("people.person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/slip")
@signed_in
def renew_slip(person_id: int) -> ResponseReturnValue:
    """A new slip; for whoever holds a grant, only from above."""
    viewer, now = the_viewer(), clock.now()
    require_person(viewer, Action.HAND_OUT_SLIPS, person_id)
    with transaction():
        if grants_of(person_id):
            _require_above(person_id)
            issue_officer_slip(person_id, slip_keys(), issued_by=viewer.person_id, now=now)
        else:
            issue_slip(person_id, slip_keys(), issued_by=viewer.person_id, now=now)
    flash(translate(N_("Đã làm phiếu mới. In ra rồi đưa tận tay.")), "ok")
    return redirect(url_for("people.person", person_id=person_id))


def _require_above(person_id: int) -> None:
    """Raise NotAbove unless every grant is at a unit that stands below one the viewer manages."""
    scope = scope_for(the_viewer(), Action.MANAGE_PEOPLE)
    if the_viewer().is_admin:
        return
    for grant in grants_of(person_id):
        above = set(path_of(grant.unit_id)) - {grant.unit_id} if grant.unit_id else set()
        if not (above and scope.covers_units(above)):
            raise NotAbove


@blueprint.get("/people/<int:person_id>/slip.pdf")
@signed_in
def slip_sheet(person_id: int) -> ResponseReturnValue:
    """The person's open slip on paper; an officer's only for who stands above."""
    require_person(the_viewer(), Action.HAND_OUT_SLIPS, person_id)
    slip = slip_for(person_id)
    if slip is not None and slip.for_officer:
        _require_above(person_id)
    printed = printable([slip] if slip else [], slip_keys(), clock.now(), for_officers=True)
    if not printed:
        raise NotFound
    site_url = current_app.extensions["settings"].site_url
    drawn = slips_pdf(printed, f"Phiếu kích hoạt, {printed[0][0].full_name}", site_url)
    return shown(drawn, f"phieu-{person_id}.pdf")


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@allowed(Action.MANAGE_PEOPLE)
def edit(person_id: int) -> ResponseReturnValue:
    """Correct what is written; the log keeps before, after and why."""
    viewer = the_viewer()
    require_person(viewer, Action.MANAGE_PEOPLE, person_id)
    _require_above(person_id)
    found = person_of(person_id)
    form = AmendForm(
        data={
            "full_name": found.full_name,
            "phone": spoken_phone(found.phone) if found.phone else "",
            "birth": birth_text(found.birth, found.birth_precision),
            "sex": found.sex or "",
        }
    )
    if request.method == "POST" and form.validate():
        facts = form.facts()
        born, precision = facts.pop("birth") or (None, None)
        values = facts | {"full_name": form.full_name.data, "birth": born, "birth_precision": precision}
        try:
            with transaction():
                amend_person(
                    person_id, values, reason=form.reason.data, actor_id=viewer.person_id, now=clock.now()
                )
        except Refusal as refusal:
            form.refuse(form.field_of(refusal), said(refusal))
        else:
            flash(translate(N_("Đã sửa.")), "ok")
            return redirect(url_for("people.person", person_id=person_id))
    page = render_template("people/edit.html", person=found, form=form)
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/people/<int:person_id>/memberships/<int:team_id>")
@allowed(Action.MANAGE_PEOPLE)
def change_membership(person_id: int, team_id: int) -> ResponseReturnValue:
    """End a membership today, or make it the one that rosters count."""
    viewer, now = the_viewer(), clock.now()
    require_person(viewer, Action.MANAGE_PEOPLE, person_id)
    require_team(viewer, Action.MANAGE_PEOPLE, team_id)
    change = leave_team if request.form.get("action") == "end" else choose_home
    try:
        with transaction():
            change(person_id, team_id, actor_id=viewer.person_id, now=now)
    except Refusal as refusal:
        flash(said(refusal), "warn")
    else:
        flash(translate(N_("Đã ghi.")), "ok")
    return redirect(url_for("people.person", person_id=person_id))
