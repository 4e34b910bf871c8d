"""A course as published, frozen: what every page about it is made from."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True)
class EditionView:
    """An edition as pages name it."""

    id: int
    key: str
    title: str
    audience: str
    is_public: bool
    for_teams: bool


@dataclass(frozen=True)
class LessonLine:
    """A lesson in its place, without its text."""

    id: int
    revision_id: int
    slug: str
    title: str
    kind: str  # lesson, guide, card
    minutes: int
    editions: tuple[str, ...]
    added_at: datetime

    @property
    def counts(self) -> bool:
        """Whether the module is complete only when this is read; a field card is not."""
        return self.kind != "card"


@dataclass(frozen=True)
class ModuleLine:
    """A module in its place, with its lessons in order."""

    id: int
    revision_id: int
    slug: str
    bit: int
    number: int  # its place in the course, from 1; drafts keep theirs
    title: str
    summary: str
    introduction: Markup
    objectives: tuple[tuple[str, str], ...]  # key, text
    editions: tuple[str, ...]
    advise: tuple[str, ...]
    task: str | None
    quiz_id: int | None
    is_draft: bool
    lessons: tuple[LessonLine, ...]

    def lessons_of(self, edition: str) -> tuple[LessonLine, ...]:
        """What a learner of this edition sees, in order, the guide and the card among them."""
        return tuple(lesson for lesson in self.lessons if edition in lesson.editions)

    def counted_lessons_of(self, edition: str) -> tuple[LessonLine, ...]:
        """What must be read for completion."""
        return tuple(lesson for lesson in self.lessons_of(edition) if lesson.counts)


@dataclass(frozen=True)
class MonthTopic:
    """What the calendar of a course has for a month (`2026-12`): a module, perhaps of another course."""

    month: str
    course_slug: str
    module_slug: str
    guide: Markup  # to the team's meeting; empty while unwritten


@dataclass(frozen=True)
class CourseOutline:
    """A course with its editions and modules; drafts are among the modules, marked."""

    id: int
    slug: str
    title: str
    summary: str
    language: str
    settings: dict[str, Any]  # complete, lessons, certificate, authors
    published_at: datetime
    editions: tuple[EditionView, ...]
    modules: tuple[ModuleLine, ...]

    @cached_property
    def public_edition(self) -> EditionView | None:
        """What a visitor reads."""
        return next((edition for edition in self.editions if edition.is_public), None)

    @cached_property
    def team_edition(self) -> EditionView | None:
        """What members of teams are enrolled in."""
        return next((edition for edition in self.editions if edition.for_teams), None)

    @property
    def lessons_are_optional(self) -> bool:
        """Whether a passed quiz alone completes a module."""
        return bool(self.settings.get("lessons") == "optional")

    @property
    def planned(self) -> int:
        """How many modules the course will have: those it asks for, or those there are."""
        asked = self.settings["complete"]
        return max(asked["modules"] if isinstance(asked, dict) else 0, len(self.modules))

    @cached_property
    def months(self) -> dict[str, MonthTopic]:
        """The course's calendar, by month and in order."""
        found = sorted(self.settings.get("months", []), key=lambda one: one["month"])
        return {
            one["month"]: MonthTopic(one["month"], one["course"], one["module"], Markup(one["guide"]))  # noqa: S704 (made by the sanitiser)
            for one in found
        }

    def topic_on(self, day: date) -> MonthTopic | None:
        """The topic of the month in which a day lies."""
        return self.months.get(f"{day:%Y-%m}")

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to read in it."""
        return any(not module.is_draft for module in self.modules)

    def plots_of(self, edition: str) -> "list[ModuleLine | None]":
        """The modules this edition will have, in order; nothing stands for one still being written."""
        return [None if m.is_draft else m for m in self.modules if edition in m.editions]

    def edition(self, key: str) -> EditionView | None:
        """The edition of this key."""
        return next((edition for edition in self.editions if edition.key == key), None)

    def edition_by_id(self, edition_id: int) -> EditionView | None:
        """The edition of this id."""
        return next((edition for edition in self.editions if edition.id == edition_id), None)

    def module(self, slug: str) -> ModuleLine | None:
        """The published module of this slug; a draft is not shown."""
        return next((m for m in self.modules if m.slug == slug and not m.is_draft), None)

    def modules_of(self, edition: str) -> tuple[ModuleLine, ...]:
        """The published modules a learner of this edition sees, in order."""
        return tuple(m for m in self.modules if edition in m.editions and not m.is_draft)
