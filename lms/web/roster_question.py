"""What the address of a roster asks for: unit, course, edition, filters; in the viewer's scope or nothing."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length

from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine
from lms.catalogue.queries import NoSuchCourse, course_outline, course_outlines
from lms.foundation import clock
from lms.foundation.errors import Invalid, NotFound
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.people.queries import covers_unit
from lms.people.rules import ROLE_NAMES
from lms.rosters import queries, rules
from lms.rosters.queries import Order, Place
from lms.rosters.rules import Filters
from lms.units.queries import UnitView, unit_by_key
from lms.web.access import the_viewer
from lms.web.forms import FilterForm
from lms.web.scope import require_unit, scope_for

DEFAULT_COURSE = "ky-nang-so"
_FORM_KEYS = ("q", "team", "role", "active", "module", "state", "edition")


class NoSuchEdition(NotFound):
    """The course is not given in that edition."""

    message = N_("Khóa học này không có bản đó.")


class BadDay(Invalid):
    """A day that no calendar has."""

    message = N_("Ngày trong địa chỉ không đọc được. Viết như on=2025-06-30.")


class RosterForm(FilterForm):
    """The filters of a roster."""

    q = StringField(
        N_("Tìm họ tên"),
        validators=[Length(max=80, message=N_("Tìm bằng một phần của họ tên thôi, không quá 80 ký tự."))],
        render_kw={"type": "search"},
    )
    team = SelectField(N_("Tổ"), default="")
    role = SelectField(N_("Vai trò"), default="")
    active = SelectField(N_("Kích hoạt"), default="")
    module = SelectField(N_("Chuyên đề"), default="")
    state = SelectField(N_("Tình trạng"), default="")
    edition = SelectField(N_("Bản"))

    def validate_state(self, field: SelectField) -> None:
        """Most states are those of one module."""
        if field.data and field.data not in rules.OF_A_COURSE and not self.module.data:
            raise ValidationError(N_("Chọn một chuyên đề để lọc theo tình trạng này."))


@dataclass(frozen=True)
class Question:
    """What the address asks for; `on` is the day whose code names the unit."""

    unit: UnitView
    on: date
    today: date
    course: CourseOutline
    edition: EditionView
    view: str  # units, people, teams (people under their teams)

    @property
    def modules(self) -> tuple[ModuleLine, ...]:
        """The columns: what is published."""
        return self.course.modules_of(self.edition.key)

    @property
    def place(self) -> Place:
        """Whose people."""
        return Place(self.unit.level, None if self.unit.level == "nation" else self.unit.id)

    @cached_property
    def teams(self) -> list[tuple[int, str]]:
        """The teams of a commune."""
        return queries.teams_of(self.edition.id, self.place) if self.view == "teams" else []

    @cached_property
    def form(self) -> RosterForm:
        """The filters as they were chosen, checked."""
        form = RosterForm(request.args)
        _offer(form, self)
        form.validate()
        return form

    @cached_property
    def filters(self) -> Filters:
        """The filters; none while the form holds a mistake."""
        if self.form.errors:
            return Filters()
        chosen = {name: self.form[name].data or "" for name in _FORM_KEYS if name in self.form}
        module = next((one for one in self.modules if one.slug == chosen["module"]), None)
        return Filters(
            module_id=module.id if module else None,
            module_bit=module.bit if module else 0,
            state=chosen["state"],
            name=chosen.get("q", ""),
            team_id=int(chosen["team"]) if chosen.get("team") else None,
            role=chosen.get("role", ""),
            active=chosen.get("active", ""),
        )

    @property
    def sort(self) -> str:
        """A column, "-" before it turns it round; what is not known is the name."""
        known = rules.UNIT_SORTS if self.view == "units" else rules.PEOPLE_SORTS
        sort = request.args.get("sort", "")
        # Only a commune's list is short enough to be sorted by what no index holds.
        is_known = sort.removeprefix("-") in (known if self.view != "people" else ("name",))
        return sort if is_known else "name"

    @property
    def order(self) -> Order:
        """The order of a list of people."""
        return Order(self.sort, by_team=self.view == "teams")

    @property
    def manages(self) -> bool:
        """Whether the viewer manages these people: only then are their phones written in full."""
        return covers_unit(scope_for(the_viewer(), Action.MANAGE_PEOPLE), self.unit.id)

    def address(self, *, form: str = "", **changes: Any) -> str:
        """This very view, but for the changes; None takes a part out, `form` makes it a file."""
        kept = {key: value for key, value in request.args.items() if key not in ("after", "before")}
        args = {key: value for key, value in (kept | changes).items() if value not in (None, "")}
        if form:
            return url_for("rosters.export", key=self.unit.key, form=form, **args)
        return url_for("rosters.unit", key=self.unit.key, **args)

    def filter_words(self) -> list[str]:
        """The filters in words, for the page and for files; none while the form holds a mistake."""
        if self.form.errors:
            return []
        words = [f"“{self.filters.name}”"] if self.filters.name else []
        for name in ("team", "role", "active", "module", "state"):
            if name in self.form and self.form[name].data:
                words.append(dict(self.form[name].choices)[self.form[name].data])
        return words


def _offer(form: RosterForm, asked: Question) -> None:
    """Leave the filters that fit the view, and give each its choices."""
    if asked.view == "units":
        for name in ("q", "team", "role", "active"):
            del form[name]
    else:
        form.role.choices = [("", translate(N_("Mọi vai trò"))), *_said(ROLE_NAMES)]
        form.active.choices = [("", translate(N_("Mọi người"))), *_said(rules.ACTIVE)]
        if asked.unit.level == "nation":
            # Nothing but reading every person of the country could answer these.
            del form["q"], form["role"]
        if asked.view == "teams":
            all_teams = translate(N_("Tất cả %(n)s tổ"), n=len(asked.teams))
            form.team.choices = [("", all_teams), *((str(id_), title) for id_, title in asked.teams)]
        else:
            del form["team"]
    whole = translate(N_("Cả khóa, %(n)s chuyên đề"), n=len(asked.modules))
    form.module.choices = [("", whole), *((one.slug, f"{one.number}. {one.title}") for one in asked.modules)]
    form.state.choices = [("", translate(N_("Mọi tình trạng"))), *_said(rules.STATES)]
    if len(asked.course.editions) > 1:
        form.edition.choices = [(one.key, one.title) for one in asked.course.editions]
        form.edition.data = asked.edition.key
    else:
        del form["edition"]


def _said(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, translate(word)) for key, word in words.items()]


def question(key: str) -> Question:
    """What is asked, within the viewer's scope. Raises NotFound, BadDay."""
    today = clock.local_date(clock.now())
    on = _day(request.args["on"]) if request.args.get("on") else today
    unit = unit_by_key(key, on)
    require_unit(the_viewer(), Action.VIEW_ROSTER, unit.id)
    course = _course()
    view = "people" if request.args.get("view") == "people" else "units"
    return Question(
        unit, on, today, course, _edition(course), view="teams" if unit.level == "commune" else view
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDay from error


def _course() -> CourseOutline:
    """The course asked for; else the usual one, or the first that is assigned to teams."""
    slug = request.args.get("course")
    if slug:
        return course_outline(slug)
    outlines = [one for one in course_outlines() if one.team_edition]
    usual = next((one for one in outlines if one.slug == DEFAULT_COURSE), None)
    if usual is None and not outlines:
        raise NoSuchCourse
    return usual or outlines[0]


def _edition(course: CourseOutline) -> EditionView:
    key = request.args.get("edition")
    found = course.edition(key) if key else course.team_edition or course.public_edition
    if found is None:
        raise NoSuchEdition
    return found
