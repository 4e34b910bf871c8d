"""Grading anew: an author sees what a mended key would change and orders it; officers judge what was kept."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lms.catalogue.queries import place_of_quiz
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import NotFound, Refusal
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.quiz.queries import attempt_of, questions_of
from lms.quiz.regrading.actions import order_regrade, see_regrades, withdraw_pass
from lms.quiz.regrading.jobs import submit_regrade
from lms.quiz.regrading.queries import AskedQuestion, Target, asked_question, asked_questions, may_mark
from lms.quiz.regrading.results import kept_passes, regrades_of
from lms.rosters.regrades import SHOWN, rehearse
from lms.web.access import allowed, signed_in, the_viewer
from lms.web.analysis import authored_quiz
from lms.web.errors import said
from lms.web.forms import SiteForm
from lms.web.scope import scope_for

blueprint = Blueprint("regrades", __name__)

_QUIZ = "/studio/<course>/<module>/regrade"
LOOKS_AGAIN = "3"  # seconds after which the list loads itself anew while attempts are being graded


class ReasonForm(SiteForm):
    """Why somebody's result becomes another."""

    reason = StringField(
        N_("Lý do"),
        description=N_("Người học đọc được lý do này."),
        validators=[InputRequired(N_("Ghi lý do.")), Length(max=300)],
    )


@blueprint.get(_QUIZ)
@allowed(Action.AUTHOR)
def index(course: str, module: str) -> ResponseReturnValue:
    """The quiz's questions, the mended ones on top, and what was graded anew before."""
    outline, line = authored_quiz(course, module)
    quiz_id = _quiz_id(line.quiz_id)
    regrades = regrades_of(quiz_id)
    questions = sorted(asked_questions(quiz_id), key=lambda one: not one.outdated)
    page = make_response(
        render_template(
            "studio/regrades.html",
            course=outline,
            module=line,
            questions=questions,
            regrades=regrades,
            titles={one.slug: one.question.title for one in questions},
        )
    )
    if any(one.finished_at is None for one in regrades):
        page.headers["Refresh"] = LOOKS_AGAIN
    return page


@blueprint.route(f"{_QUIZ}/<slug>", methods=["GET", "POST"])
@allowed(Action.AUTHOR)
def question(course: str, module: str, slug: str) -> ResponseReturnValue:
    """What would change if answers counted by today's key, or (`?by=gift`) all of them earned the points."""
    outline, line = authored_quiz(course, module)
    found = asked_question(_quiz_id(line.quiz_id), slug)
    by_key = may_mark(found) and request.args.get("by") != "gift"
    target = Target(found.id, found.revision_id if by_key else None)
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        try:
            _order(target, form.reason.data)
        except Refusal as refusal:
            form.refuse("reason", said(refusal))
        else:
            flash(translate(N_("Đang chấm lại. Người có điểm thay đổi sẽ được báo ở trang học.")), "ok")
            return redirect(url_for("regrades.index", course=course, module=line.slug), 303)
    page = render_template(
        "studio/regrade.html",
        course=outline,
        module=line,
        question=found,
        keys=_keys(found),
        by_key=by_key,
        may_mark=may_mark(found),
        rehearsal=rehearse(target, scope_for(the_viewer(), Action.VIEW_ROSTER)),
        shown=SHOWN,
        form=form,
    )
    return make_response(page, 422 if form.errors else 200)


def _order(target: Target, reason: str) -> None:
    by, now = the_viewer().person_id, clock.now()
    with transaction():
        submit_regrade(order_regrade(target, reason, ordered_by=by, now=now), owner_id=by, now=now)


def _keys(found: AskedQuestion) -> list[str]:
    """The right answers that were told earlier, each once, the latest first, unless they are today's."""
    known = questions_of(found.revisions)
    today = known[found.revision_id].right_answer() if found.revision_id is not None else None
    told = dict.fromkeys(known[one].right_answer() for one in found.earlier)
    return [one for one in told if one != today]


def _quiz_id(quiz_id: int | None) -> int:
    if quiz_id is None:
        raise NotFound
    return quiz_id


@blueprint.post("/attempts/<int:attempt_id>/regrade-seen")
@signed_in
def seen(attempt_id: int) -> ResponseReturnValue:
    """The learner has read what became of the result."""
    person_id = the_viewer().person_id
    with transaction():
        see_regrades(person_id, attempt_of(person_id, attempt_id).id, clock.now())
    return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)


@blueprint.get("/people/kept-passes")
@allowed(Action.MANAGE_PEOPLE)
def kept() -> ResponseReturnValue:
    """Whose pass stands although the points counted anew are too few, within the officer's reach."""
    return _kept_page(ReasonForm(), None, 200)


@blueprint.post("/people/kept-passes/<int:attempt_id>")
@allowed(Action.MANAGE_PEOPLE)
def withdraw(attempt_id: int) -> ResponseReturnValue:
    """Take that pass back, with a reason."""
    viewer, form = the_viewer(), ReasonForm()
    scope = scope_for(viewer, Action.MANAGE_PEOPLE)
    if attempt_id not in {one.attempt_id for one in kept_passes(scope)}:
        raise NotFound
    if not form.validate():
        return _kept_page(form, attempt_id, 422)
    with transaction():
        withdraw_pass(attempt_id, form.reason.data, actor_id=viewer.person_id, now=clock.now())
    flash(translate(N_("Đã thu hồi kết quả đạt. Người học được báo kèm lý do.")), "ok")
    return redirect(url_for("regrades.kept"), 303)


def _kept_page(form: ReasonForm, refused: int | None, status: int) -> ResponseReturnValue:
    passes = kept_passes(scope_for(the_viewer(), Action.MANAGE_PEOPLE))
    places = {one.quiz_id: place_of_quiz(one.quiz_id) for one in passes}
    page = render_template(
        "people/kept_passes.html", passes=passes, places=places, form=form, refused=refused
    )
    return make_response(page, status)
