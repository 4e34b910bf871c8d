"""The topic of the month: on every learner's first page, and with the guide to the team's meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine, MonthTopic
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.study.queries import learner
from lms.study.queries.learner import TeamStanding


class NoSuchMonth(NotFound):
    """The course's calendar has nothing for this month."""

    message = N_("Lịch không có tháng này. Xem chuyên đề của tháng này ở trang Học.")


@dataclass(frozen=True)
class TopicCard:
    """The topic of a month: whose calendar says so, the module, and how far the learner's team is with it."""

    calendar_slug: str
    month: str
    has_guide: bool
    course_slug: str
    module: ModuleLine
    team: TeamStanding | None


@dataclass(frozen=True)
class MonthLine:
    """A month of a calendar as a list shows it."""

    month: str
    title: str


@dataclass(frozen=True)
class MonthPage:
    """A month's guide, its module where it is written already, and the whole calendar."""

    topic: MonthTopic
    title: str
    module: ModuleLine | None
    months: tuple[MonthLine, ...]


def topic_card(
    person_id: int, shown: Sequence[tuple[CourseOutline, EditionView]], today: date
) -> TopicCard | None:
    """The topic of the first calendar that has one which the learner may read.

    `shown` are the learner's courses in their order. Costs one read, and none without a calendar.
    """
    editions = {course.slug: (course, edition) for course, edition in shown}
    for calendar, _ in shown:
        topic = calendar.topic_on(today)
        if topic is None or topic.course_slug not in editions:
            continue
        course, edition = editions[topic.course_slug]
        module = course.module(topic.module_slug)
        if module is not None and edition.key in module.editions:
            team = learner.team_standing(person_id, edition, module)
            return TopicCard(calendar.slug, topic.month, bool(topic.guide), course.slug, module, team)
    return None


def month_page(course: CourseOutline, month: str, courses: Iterable[CourseOutline]) -> MonthPage:
    """A month of a course's calendar; `courses` are all there are. Raises NoSuchMonth."""
    topic = course.months.get(month)
    if topic is None:
        raise NoSuchMonth
    outlines = {one.slug: one for one in courses}
    lines = tuple(
        MonthLine(one.month, _title(one, outlines.get(one.course_slug))) for one in course.months.values()
    )
    of = outlines.get(topic.course_slug)
    module = of.module(topic.module_slug) if of else None
    return MonthPage(topic, _title(topic, of), module, lines)


def _title(topic: MonthTopic, course: CourseOutline | None) -> str:
    """The module's title, a draft's too; its name where nobody knows it yet."""
    modules = course.modules if course else ()
    return next((one.title for one in modules if one.slug == topic.module_slug), topic.module_slug)
