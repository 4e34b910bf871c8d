"""A team: its members and how far they are, its slips, a new member."""

from flask import (
    Blueprint,
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
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import Refusal
from lms.foundation.i18n import N_, translate
from lms.people.actions.persons import create_person, join_team
from lms.people.actions.slips import NotForOfficers, issue_slip, issue_slips
from lms.people.permissions import Action
from lms.people.queries import MemberLine, SlipView, TeamView, members_of, slips_of_team, team_of
from lms.people.rules import ROLE_NAMES
from lms.people.sheets import printable, slips_pdf
from lms.rosters.queries import Order, PersonRow, Place, people_page
from lms.rosters.rules import Filters
from lms.units.queries import unit_names
from lms.web.access import allowed, signed_in, the_viewer
from lms.web.downloads import shown
from lms.web.errors import said
from lms.web.person_forms import NewMemberForm
from lms.web.scope import may_act_in_team, require_team
from lms.web.slips import slip_keys

blueprint = Blueprint("teams", __name__)
_MOST_MEMBERS = 500  # of one team; teams have ten


@blueprint.get("/teams/<int:team_id>")
@signed_in
def team(team_id: int) -> ResponseReturnValue:
    """The members and how far each is; on the other tab, for who hands them out, their slips."""
    viewer = the_viewer()
    require_team(viewer, Action.VIEW_TEAM, team_id)
    hands_out = may_act_in_team(viewer, Action.HAND_OUT_SLIPS, team_id)
    if request.args.get("tab") == "slips" and hands_out:
        return _slips_tab(team_of(team_id))
    course = next((one for one in course_outlines() if one.team_edition), None)
    return render_template(
        "people/team.html",
        **_head(team_of(team_id)),
        hands_out=hands_out,
        manages=may_act_in_team(viewer, Action.MANAGE_PEOPLE, team_id),
        members=members_of(team_id),
        progress=_progress(team_id, course),
        planned=course.planned if course else 0,
        today=clock.local_date(clock.now()),
    )


def _head(found: TeamView) -> dict[str, object]:
    today = clock.local_date(clock.now())
    return {"team": found, "place": unit_names([found.unit_id], today)[found.unit_id], "roles": ROLE_NAMES}


def _progress(team_id: int, course: CourseOutline | None) -> dict[int, PersonRow]:
    """How far each member whom this team's roster counts is in the course assigned to teams, by person."""
    if course is None or course.team_edition is None:
        return {}
    team = Place("team", team_id)
    page = people_page(course.team_edition.id, team, Filters(), Order(), limit=_MOST_MEMBERS)
    return {row.person_id: row for row in page.rows}


def _slips_tab(found: TeamView) -> str:
    now = clock.now()
    slips = {slip.person_id: slip for slip in slips_of_team(found.id) if slip.opens(now)}
    members = members_of(found.id)
    return render_template(
        "people/slips.html",
        **_head(found),
        hands_out=True,
        members=members,
        slips=slips,
        count=sum(not slip.for_officer for slip in slips.values()),
        missing=len(_without_slip(members, slips)),
    )


def _without_slip(members: list[MemberLine], slips: dict[int, SlipView]) -> list[int]:
    """Who has not come in yet and has nothing to come in with."""
    return [one.person_id for one in members if not one.is_activated and one.person_id not in slips]


@blueprint.get("/teams/<int:team_id>/slips.pdf")
@signed_in
def slips(team_id: int) -> ResponseReturnValue:
    """The sheet of the slips that are open now; printing again spends nothing."""
    require_team(the_viewer(), Action.HAND_OUT_SLIPS, team_id)
    found, printed = team_of(team_id), printable(slips_of_team(team_id), slip_keys(), clock.now())
    if not printed:
        flash(translate(N_("Tổ chưa có phiếu nào còn hạn. Bấm “Làm phiếu mới” trước.")), "warn")
        return redirect(url_for("teams.team", team_id=team_id, tab="slips"))
    site_url = current_app.extensions["settings"].site_url
    drawn = slips_pdf(printed, f"Phiếu kích hoạt, {found.title}", site_url)
    return shown(drawn, f"phieu-to-{team_id}.pdf")


@blueprint.post("/teams/<int:team_id>/slips")
@signed_in
def renew_slips(team_id: int) -> ResponseReturnValue:
    """New slips: for one member, whose old one ends; or for everybody who has nothing to come in with."""
    viewer, now = the_viewer(), clock.now()
    require_team(viewer, Action.HAND_OUT_SLIPS, team_id)
    members = members_of(team_id)
    wanted = request.form.get("person_id", type=int)
    try:
        with transaction():
            if wanted is not None and wanted in {one.person_id for one in members}:
                issue_slip(wanted, slip_keys(), issued_by=viewer.person_id, now=now)
                count = 1
            else:
                open_slips = {slip.person_id: slip for slip in slips_of_team(team_id) if slip.opens(now)}
                waiting = _without_slip(members, open_slips) if wanted is None else []
                count = issue_slips(waiting, slip_keys(), issued_by=viewer.person_id, now=now)
    except NotForOfficers as refusal:
        flash(said(refusal), "warn")
    else:
        flash(_made(count), "ok" if count else "warn")
    return redirect(url_for("teams.team", team_id=team_id, tab="slips"))


def _made(count: int) -> str:
    if not count:
        return translate(N_("Ai chưa kích hoạt cũng đã có phiếu. Mất phiếu thì làm lại cho từng người."))
    return translate(N_("Đã làm %(n)s phiếu mới. In ra rồi phát tận tay từng người."), n=count)


@blueprint.route("/teams/<int:team_id>/members/new", methods=["GET", "POST"])
@allowed(Action.MANAGE_PEOPLE)
def new_member(team_id: int) -> ResponseReturnValue:
    """Write a person down in the team."""
    viewer = the_viewer()
    require_team(viewer, Action.MANAGE_PEOPLE, team_id)
    found, form = team_of(team_id), NewMemberForm()
    if request.method == "POST" and form.validate():
        now = clock.now()
        try:
            with transaction():
                person_id = create_person(
                    form.full_name.data, **form.facts(), actor_id=viewer.person_id, now=now
                )
                join_team(person_id, team_id, role=form.role.data, actor_id=viewer.person_id, now=now)
        except Refusal as refusal:
            form.refuse(form.field_of(refusal), said(refusal))
        else:
            flash(translate(N_("Đã ghi %(name)s vào tổ."), name=form.full_name.data), "ok")
            return redirect(url_for("teams.team", team_id=team_id))
    page = render_template("people/new_member.html", **_head(found), form=form)
    return make_response(page, 422 if form.errors else 200)
