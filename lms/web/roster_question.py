"""What the address of a roster asks for: unit, course, edition, filters; within scope or not at all."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine
from lms.catalogue.queries import NoSuchCourse, course_outline, course_outlines
from lms.foundation import clock
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.rosters.exports import ROLES
from lms.rosters.queries import Filters
from lms.units.queries import UnitView, successors_of, unit_by_key, units_by_id
from lms.units.rules import scheme_on
from lms.web.access import the_viewer
from lms.web.scope import require_unit

STATES = {
    "not-activated": N_("Chưa kích hoạt"),
    "not-begun": N_("Chưa học"),
    "learning": N_("Đang học"),
    "completed": N_("Hoàn thành khóa"),
}
MODULE_STATES = {
    "done": N_("Đạt"),
    "passed": N_("Đạt, còn bài chưa đọc"),
    "failed": N_("Chưa đạt"),
    "learning": N_("Đang học"),
    "not-begun": N_("Chưa học"),
}


@dataclass(frozen=True)
class Question:
    """What the address asks for: which unit, of which course, narrowed how."""

    unit: UnitView
    course: CourseOutline
    edition: EditionView
    filters: Filters
    today: date

    @property
    def modules(self) -> tuple[ModuleLine, ...]:
        """The columns."""
        return self.course.modules_of(self.edition.key)

    @property
    def shows_people(self) -> bool:
        """Whether the view lists persons rather than units."""
        return self.unit.level == "commune" or request.args.get("view") == "people" or bool(self.filters)


def today() -> date:
    """Vietnam's calendar day."""
    return clock.local_date(clock.now())


def question(key: str) -> Question | Response:
    """What is asked, within the viewer's scope; an old code leads to what became of the unit."""
    now = today()
    on = _date(request.args.get("on", "")) or now
    found = unit_by_key(key, on)
    require_unit(the_viewer(), Action.VIEW_ROSTER, found.id)
    if scheme_on(on) != scheme_on(now):
        after = successors_of(found.id)
        if len(after) == 1 and after != [found.id]:
            return redirect(unit_address(units_by_id(after, now)[after[0]]))
    course, edition = _course()
    return Question(found, course, edition, _filters(course.modules_of(edition.key)), now)


def _course() -> tuple[CourseOutline, EditionView]:
    slug = request.args.get("course", "")
    if not slug:
        slug = next((one.slug for one in course_outlines() if one.team_edition), "")
    course = course_outline(slug)
    edition = course.edition(request.args.get("edition", "")) or course.team_edition or course.public_edition
    if edition is None:
        raise NoSuchCourse
    return course, edition


def _filters(modules: tuple[ModuleLine, ...]) -> Filters:
    """From the address; what is not understood is left out."""
    args = request.args
    team = args.get("team", "")
    module = next((one.id for one in modules if one.slug == args.get("module", "")), None)
    module_state = args.get("module_state", "")
    return Filters(
        name=args.get("q", "").strip()[:80],
        team_id=int(team) if team.isdecimal() and len(team) < 10 else None,
        role=args["role"] if args.get("role") in ROLES else "",
        state=args["state"] if args.get("state") in STATES else "",
        module_id=module if module_state in MODULE_STATES else None,
        module_state=module_state if module and module_state in MODULE_STATES else "",
    )


def filter_words(asked: Question) -> list[str]:
    """The filters in words, for the page and for exports."""
    filters = asked.filters
    words = [f"“{filters.name}”"] if filters.name else []
    words += [translate(ROLES[filters.role])] if filters.role else []
    words += [translate(STATES[filters.state])] if filters.state else []
    if filters.module_id is not None:
        number = next(one.number for one in asked.modules if one.id == filters.module_id)
        words.append(
            translate(
                N_("chuyên đề %(n)s: %(state)s"),
                n=number,
                state=translate(MODULE_STATES[filters.module_state]),
            )
        )
    return words


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def unit_address(found: UnitView) -> str:
    """The roster of a unit."""
    return url_for("rosters.unit", key=found.key)
