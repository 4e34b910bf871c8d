"""The question bank of a module, for those who write courses: read, searched, never changed here."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import Length

from lms.catalogue.outline import ModuleLine
from lms.foundation import clock
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.quiz.analysis.figures import ENOUGH
from lms.quiz.regrading.queries import NoSuchQuestion
from lms.quiz.types import KINDS
from lms.rosters.bank import LEVELS, Bank, Wanted, bank_of_module, written_text
from lms.units.queries import unit_by_key
from lms.web.access import allowed
from lms.web.analysis import NATION, authored_quiz
from lms.web.forms import FilterForm

blueprint = Blueprint("bank", __name__, url_prefix="/studio/<course>/<module>/bank")


class BankForm(FilterForm):
    """What the bank is narrowed to."""

    q = StringField(
        N_("Tìm trong câu và đáp án"),
        validators=[Length(max=80, message=N_("Tìm bằng vài chữ thôi, không quá 80 ký tự."))],
        render_kw={"type": "search"},
    )
    kind = SelectField(N_("Dạng"), default="")
    objective = SelectField(N_("Mục tiêu"), default="")
    level = SelectField(N_("Mức"), default="")


@blueprint.get("")
@allowed(Action.AUTHOR)
def index(course: str, module: str) -> ResponseReturnValue:
    """The questions by kind, objective and level, with what their answers tell."""
    outline, line = authored_quiz(course, module)
    form = _form(line)
    wanted = Wanted()
    if form.validate():
        wanted = Wanted(form.q.data or "", form.kind.data, form.objective.data, form.level.data)
    return render_template(
        "studio/bank.html",
        course=outline,
        module=line,
        bank=_bank(line, wanted),
        form=form,
        is_narrowed=wanted != Wanted(),
        levels=LEVELS,
        enough=ENOUGH,
    )


@blueprint.get("/<slug>")
@allowed(Action.AUTHOR)
def question(course: str, module: str, slug: str) -> ResponseReturnValue:
    """One question with its key, as a result shows it and as it is written."""
    outline, line = authored_quiz(course, module)
    bank = _bank(line, Wanted())
    found = next((one for one in (*bank.lines, *bank.retired) if one.asked.slug == slug), None)
    if found is None:
        raise NoSuchQuestion
    return render_template(
        "studio/bank_question.html",
        course=outline,
        module=line,
        line=found,
        written=written_text(outline, line, slug),
        levels=LEVELS,
    )


def _bank(line: ModuleLine, wanted: Wanted) -> Bank:
    today = clock.local_date(clock.now())
    return bank_of_module(line, unit_by_key(NATION, today), wanted, today)


def _form(line: ModuleLine) -> BankForm:
    form = BankForm(request.args)
    form.kind.choices = [("", translate(N_("Mọi dạng")))]
    form.kind.choices += [(kind, translate(one.label)) for kind, one in sorted(KINDS.items())]
    form.objective.choices = [("", translate(N_("Mọi mục tiêu"))), *line.objectives]
    form.level.choices = [("", translate(N_("Mọi mức")))]
    form.level.choices += [(level, translate(name)) for level, name in LEVELS.items()]
    return form
