"""A team, its slips, a person: what leaders and officers look after."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outlines
from lms.certificates.pdf import qr_code
from lms.foundation import clock, render
from lms.foundation.db import transaction
from lms.foundation.i18n import N_, translate
from lms.people.actions.slips import NotForOfficers, issue_slip, issue_slips
from lms.people.permissions import Action
from lms.people.queries import memberships_of, person_of, slips_of_team, team_of
from lms.people.rules import ROLE_NAMES, birth_text
from lms.rosters import queries as rosters
from lms.rosters.queries import Filters, PersonRow
from lms.study.queries import course_state, edition_for
from lms.units.queries import unit_names
from lms.web.access import signed_in, the_viewer
from lms.web.errors import said
from lms.web.scope import may_see_person, require_person, require_team
from lms.web.slips import slip_keys

blueprint = Blueprint("people", __name__)


@blueprint.get("/teams/<int:team_id>")
@signed_in
def team(team_id: int) -> ResponseReturnValue:
    """The members and how far each is; on the other tab their slips."""
    require_team(the_viewer(), Action.VIEW_TEAM, team_id)
    found = team_of(team_id)
    course, members = _members(team_id)
    today = clock.local_date(clock.now())
    return render_template(
        "people/slips.html" if request.args.get("tab") == "slips" else "people/team.html",
        team=found,
        place=unit_names([found.unit_id], today)[found.unit_id],
        course=course,
        members=members,
        modules=course.modules_of(course.team_edition.key) if course and course.team_edition else (),
        slips={slip.person_id: slip for slip in slips_of_team(team_id)},
        roles=ROLE_NAMES,
        today=today,
    )


def _members(team_id: int) -> tuple[CourseOutline | None, list[PersonRow]]:
    """The team on the roster of the course that teams are assigned."""
    course = next((one for one in course_outlines() if one.team_edition), None)
    if course is None or course.team_edition is None:
        return None, []
    people, _more = rosters.people_page(
        course.team_edition.id, rosters.in_team(team_id), Filters(), limit=500
    )
    return course, people


@blueprint.get("/teams/<int:team_id>/slips.pdf")
@signed_in
def slips(team_id: int) -> ResponseReturnValue:
    """The sheet of the slips that are open now; printing again spends nothing."""
    require_team(the_viewer(), Action.HAND_OUT_SLIPS, team_id)
    found, now = team_of(team_id), clock.now()
    keys, site = slip_keys(), current_app.extensions["settings"].site_url
    printed = []
    for slip in slips_of_team(team_id):
        secret = keys.secret_of(slip.nonce, slip.token_hmac)
        if secret is not None and slip.opens(now) and not slip.for_officer:
            printed.append((slip, secret, qr_code(f"{site}/activate/{secret.token}")))
    if not printed:
        flash(translate(N_("Tổ chưa có phiếu nào còn hạn. Bấm “Làm phiếu mới” trước.")), "warn")
        return redirect(url_for("people.team", team_id=team_id, tab="slips"))
    sheets = [printed[start : start + 8] for start in range(0, len(printed), 8)]
    drawn = render.pdf("slips.html", "slips.css", team=found, sheets=sheets, site=site.split("://")[-1])
    response: Response = make_response(drawn)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-to-{team_id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/teams/<int:team_id>/slips")
@signed_in
def renew_slips(team_id: int) -> ResponseReturnValue:
    """New slips: for one member, or for everybody who has not come in yet."""
    viewer, now = the_viewer(), clock.now()
    require_team(viewer, Action.HAND_OUT_SLIPS, team_id)
    _course, members = _members(team_id)
    wanted = request.form.get("person_id", "")
    chosen = [one for one in members if str(one.person_id) == wanted] if wanted else members
    try:
        with transaction():
            if wanted and chosen:
                issue_slip(chosen[0].person_id, slip_keys(), issued_by=viewer.person_id, now=now)
                count = 1
            else:
                waiting = [one.person_id for one in chosen if not one.is_activated]
                count = issue_slips(waiting, slip_keys(), issued_by=viewer.person_id, now=now)
    except NotForOfficers as refusal:
        flash(said(refusal), "warn")
    else:
        flash(translate(N_("Đã làm %(n)s phiếu mới. Phiếu cũ hết hiệu lực."), n=count), "ok")
    return redirect(url_for("people.team", team_id=team_id, tab="slips"))


@blueprint.get("/people/<int:person_id>")
@signed_in
def person(person_id: int) -> ResponseReturnValue:
    """One person: facts, memberships with their dates, how far the courses are."""
    viewer = the_viewer()
    if person_id != viewer.person_id:
        require_person(viewer, Action.VIEW_TEAM, person_id)
    found = person_of(person_id)
    memberships = memberships_of(person_id)
    today = clock.local_date(clock.now())
    studied = []
    for course in course_outlines():
        edition = edition_for(person_id, course)
        state = course_state(person_id, course, edition) if edition else None
        if edition and state and state.enrolment_id is not None:
            studied.append((course, edition, state, course.modules_of(edition.key)))
    units = unit_names(
        {one.unit_id for one in memberships} | {one.recorded_unit_id for one in memberships}, today
    )
    return render_template(
        "people/person.html",
        person=found,
        birth=birth_text(found.birth, found.birth_precision),
        memberships=memberships,
        units=units,
        studied=studied,
        roles=ROLE_NAMES,
        shows_phone=may_see_person(viewer, Action.MANAGE_PEOPLE, person_id) or person_id == viewer.person_id,
    )
