"""An officer gives one person more than a quiz allows, and says why."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.catalogue.queries import course_outlines
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import Refusal
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.people.queries import person_of
from lms.quiz.actions import extend_quiz
from lms.quiz.queries import limited_quizzes
from lms.quiz.rules import MOST_ATTEMPTS, MOST_MINUTES, Extension, Settings
from lms.web.access import allowed, the_viewer
from lms.web.errors import said
from lms.web.forms import SiteForm
from lms.web.scope import require_person

blueprint = Blueprint("extensions", __name__)


class ExtensionForm(SiteForm):
    """Which quiz, what more, and why."""

    quiz = SelectField(N_("Bài kiểm tra"), coerce=int)
    attempts = IntegerField(
        N_("Thêm mấy lượt"),
        validators=[Optional(), NumberRange(0, MOST_ATTEMPTS, N_("Từ 0 đến 20 lượt."))],
        render_kw={"inputmode": "numeric"},
    )
    minutes = IntegerField(
        N_("Thêm mấy phút"),
        validators=[Optional(), NumberRange(0, MOST_MINUTES, N_("Từ 0 đến 1.440 phút."))],
        render_kw={"inputmode": "numeric"},
    )
    skips_wait = BooleanField(N_("Làm lại được ngay, không phải chờ"))
    reason = StringField(
        N_("Lý do"),
        description=N_("Ví dụ: mất điện cả buổi, mắt kém, hỏng máy. Ghi vào nhật ký."),
        validators=[InputRequired(N_("Ghi lý do.")), Length(max=300)],
    )


@blueprint.route("/people/<int:person_id>/extend", methods=["GET", "POST"])
@allowed(Action.MANAGE_PEOPLE)
def extend(person_id: int) -> ResponseReturnValue:
    """Only quizzes that limit something can be extended."""
    viewer, now = the_viewer(), clock.now()
    require_person(viewer, Action.MANAGE_PEOPLE, person_id)
    person, choices = person_of(person_id), _choices()
    if not choices:
        return render_template("people/extend.html", person=person, form=None)
    form = ExtensionForm()
    form.quiz.choices = choices
    if form.validate_on_submit():
        given = Extension(
            attempts=form.attempts.data or 0,
            minutes=form.minutes.data or 0,
            skips_wait_until=now if form.skips_wait.data else None,
        )
        try:
            with transaction():
                extend_quiz(
                    person_id, form.quiz.data, given, form.reason.data, given_by=viewer.person_id, now=now
                )
        except Refusal as refusal:
            form.refuse("attempts", said(refusal))
        else:
            flash(translate(N_("Đã gia hạn.")), "ok")
            return redirect(url_for("people.person", person_id=person_id), 303)
    page = render_template("people/extend.html", person=person, form=form)
    return make_response(page, 422 if form.errors else 200)


def _choices() -> list[SelectChoice]:
    """Every quiz that limits something, with what it limits."""
    places = {
        module.quiz_id: (course, module)
        for course in course_outlines()
        for module in course.modules
        if module.quiz_id is not None and not module.is_draft
    }
    return [
        SelectChoice(quiz_id, f"{course.title}, {module.number}. {module.title} ({_limits(limited)})")
        for quiz_id, limited in limited_quizzes(list(places)).items()
        for course, module in [places[quiz_id]]
    ]


def _limits(settings: Settings) -> str:
    told = []
    if settings.attempts:
        told.append(translate(N_("%(n)s lượt")) % {"n": settings.attempts})
    if settings.minutes:
        told.append(translate(N_("%(n)s phút")) % {"n": settings.minutes})
    if settings.wait:
        told.append(translate(N_("có chờ giữa hai lượt")))
    return ", ".join(told)
