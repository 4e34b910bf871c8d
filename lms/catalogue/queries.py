"""Every SELECT about courses. What never changes (a revision, an outline of one moment) is kept in memory."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, select

from lms.catalogue.models import (
    Course,
    Edition,
    FormerSlug,
    Lesson,
    LessonRevision,
    MediaFile,
    Module,
    ModuleRevision,
)
from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.foundation.db import rows_of, session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_


class NoSuchCourse(NotFound):
    """No published course of this name."""

    message = N_("Không có khóa học này. Xem các khóa học ở trang chủ.")


class NoSuchModule(NotFound):
    """No published module of this name in the course."""

    message = N_("Không có chuyên đề này. Xem các chuyên đề ở trang khóa học.")


class NoSuchLesson(NotFound):
    """No published lesson of this name in the module."""

    message = N_("Không có bài này. Xem các bài ở trang chuyên đề.")


@dataclass(frozen=True)
class Segment:
    """A stretch of a lesson: markup that was sanitised when it was published, or the id of a check."""

    html: Markup
    check: str = ""


@dataclass(frozen=True)
class LessonBody:
    """A lesson's text, rendered once when it was published. Immutable: known by its revision's id."""

    revision_id: int
    segments: dict[str, tuple[Segment, ...]]  # by edition, in order
    checks: dict[str, int]  # check id → question revision
    reviewed: str  # ISO date
    sources: tuple[dict[str, str], ...]
    objectives: tuple[str, ...]  # keys of its module's objectives that it teaches


@dataclass(frozen=True)
class QuizPlace:
    """Where in a course a quiz stands."""

    quiz_id: int
    course_id: int
    course_slug: str
    course_title: str
    module_id: int
    module_slug: str
    module_number: int
    module_title: str
    editions: tuple[str, ...]  # in which it can be taken now
    is_open: bool = True  # whether the module can still be opened


_COURSE = select(Course.id, Course.published_at).where(
    Course.slug == bindparam("slug"), Course.retired_at.is_(None)
)
_PUBLISHED_AT = select(Course.published_at).where(Course.id == bindparam("course_id"))


def course_outline(slug: str) -> CourseOutline:
    """The published course of this slug. Raises NoSuchCourse."""
    row = rows_of(_COURSE, slug=slug).one_or_none()
    if row is None:
        raise NoSuchCourse
    return _outline(*row)


def outline_as_of(course_id: int, published_at: datetime) -> CourseOutline:
    """The course as it was published last, for who has just read when that was."""
    return _outline(course_id, published_at)


def course_outline_by_id(course_id: int) -> CourseOutline:
    """The same, by id. Raises NoSuchCourse."""
    published_at = rows_of(_PUBLISHED_AT, course_id=course_id).scalar_one_or_none()
    if published_at is None:
        raise NoSuchCourse
    return _outline(course_id, published_at)


def course_outlines() -> list[CourseOutline]:
    """Every published course, those assigned to teams first, then by title."""
    rows = session.execute(select(Course.id, Course.published_at).where(Course.retired_at.is_(None))).all()
    outlines = [_outline(*row) for row in rows]
    return sorted(outlines, key=lambda outline: (outline.team_edition is None, outline.title))


@lru_cache(maxsize=64)
def _outline(course_id: int, published_at: datetime) -> CourseOutline:
    """Publishing moves `published_at` and so leaves the old outline behind in every process."""
    course = session.execute(
        select(Course.slug, Course.title, Course.summary, Course.language, Course.settings).where(
            Course.id == course_id
        )
    ).one()
    editions = session.execute(
        select(Edition.id, Edition.key, Edition.title, Edition.audience, Edition.is_public, Edition.for_teams)
        .where(Edition.course_id == course_id, Edition.retired_at.is_(None))
        .order_by(Edition.position)
    )
    return CourseOutline(
        id=course_id,
        published_at=published_at,
        editions=tuple(EditionView(**row._mapping) for row in editions),
        modules=_module_lines(course_id),
        **course._mapping,
    )


def _module_lines(course_id: int) -> tuple[ModuleLine, ...]:
    lessons = _lesson_lines(course_id)
    return tuple(
        ModuleLine(
            id=module.id,
            revision_id=revision.id,
            slug=module.slug,
            bit=module.bit,
            number=number,
            title=revision.title,
            summary=revision.summary,
            introduction=Markup(revision.introduction),  # noqa: S704 — sanitised when published
            objectives=tuple((one["key"], one["text"]) for one in revision.settings["objectives"]),
            editions=tuple(revision.settings["editions"]),
            advise=tuple(revision.settings["advise"]),
            task=revision.settings.get("task"),
            quiz_id=module.quiz_id,
            is_draft=module.is_draft,
            lessons=tuple(lessons[module.id]),
        )
        for number, (module, revision) in enumerate(published_modules(course_id), 1)
    )


def _lesson_lines(course_id: int) -> dict[int, list[LessonLine]]:
    rows = session.execute(
        select(
            Lesson.module_id,
            Lesson.id,
            LessonRevision.id.label("revision_id"),
            Lesson.slug,
            LessonRevision.title,
            LessonRevision.kind,
            LessonRevision.minutes,
            LessonRevision.editions,
            Lesson.added_at,
        )
        .join(LessonRevision, LessonRevision.id == Lesson.revision_id)
        .join(Module, Module.id == Lesson.module_id)
        .where(Module.course_id == course_id, Lesson.retired_at.is_(None))
        .order_by(Lesson.module_id, Lesson.position)
    )
    by_module: dict[int, list[LessonLine]] = defaultdict(list)
    for module_id, *line in rows:
        id_, revision_id, slug, title, kind, minutes, editions, added_at = line
        by_module[module_id].append(
            LessonLine(id_, revision_id, slug, title, kind, minutes, tuple(editions), added_at)
        )
    return by_module


@lru_cache(maxsize=512)
def lesson_body(revision_id: int) -> LessonBody:
    """The text of a lesson revision."""
    row = session.execute(
        select(
            LessonRevision.segments, LessonRevision.checks, LessonRevision.reviewed, LessonRevision.settings
        ).where(LessonRevision.id == revision_id)
    ).one()
    return LessonBody(
        revision_id=revision_id,
        segments={edition: tuple(map(_segment, stored)) for edition, stored in row.segments.items()},
        checks=row.checks,
        reviewed=row.reviewed.isoformat(),
        sources=tuple(row.settings["sources"]),
        objectives=tuple(row.settings["objectives"]),
    )


def _segment(stored: dict[str, str]) -> Segment:
    if "check" in stored:
        return Segment(Markup(""), stored["check"])
    return Segment(Markup(stored["html"]))  # noqa: S704 — sanitised by foundation/markdown when published


def quiz_place(course_slug: str, module_slug: str) -> QuizPlace:
    """Where the quiz of a published module stands. Raises NoSuchCourse or NoSuchModule."""
    outline = course_outline(course_slug)
    module = outline.module(module_slug)
    if module is None or module.quiz_id is None:
        raise NoSuchModule
    return _place(outline, module, module.quiz_id)


_COURSE_OF_QUIZ = (
    select(Course.id, Course.published_at)
    .join(Module, Module.course_id == Course.id)
    .where(Module.quiz_id == bindparam("quiz_id"), Course.published_at.is_not(None))
)


def place_of_quiz(quiz_id: int) -> QuizPlace:
    """The same, from the quiz. A module that is published no more is told as it was. Raises NoSuchModule."""
    row = rows_of(_COURSE_OF_QUIZ, quiz_id=quiz_id).one_or_none()
    if row is None:
        raise NoSuchModule
    outline = _outline(*row)
    module = next((one for one in outline.modules if one.quiz_id == quiz_id and not one.is_draft), None)
    return _place(outline, module, quiz_id) if module else _former_place(outline, quiz_id)


def _former_place(outline: CourseOutline, quiz_id: int) -> QuizPlace:
    id_, slug, position, title = session.execute(
        select(Module.id, Module.slug, Module.position, ModuleRevision.title)
        .join(ModuleRevision, ModuleRevision.id == Module.revision_id)
        .where(Module.quiz_id == quiz_id)
    ).one()
    course = outline.id, outline.slug, outline.title
    return QuizPlace(quiz_id, *course, id_, slug, position, title, editions=(), is_open=False)


def quiz_once_at(course_slug: str, module_slug: str) -> int | None:
    """The quiz of the module of this name, also of one that is published no more; or nothing."""
    return session.scalar(
        select(Module.quiz_id)
        .join(Course, Course.id == Module.course_id)
        .where(Course.slug == course_slug, Module.slug == module_slug)
    )


def _place(outline: CourseOutline, module: ModuleLine, quiz_id: int) -> QuizPlace:
    return QuizPlace(
        quiz_id=quiz_id,
        course_id=outline.id,
        course_slug=outline.slug,
        course_title=outline.title,
        module_id=module.id,
        module_slug=module.slug,
        module_number=module.number,
        module_title=module.title,
        editions=module.editions,
    )


def new_address(course_slug: str, module_slug: str, lesson_slug: str = "") -> tuple[str, ...] | None:
    """Where a module or lesson that was called so before is now: its slugs below the course, or nothing."""
    row = session.execute(
        select(Module.slug, Lesson.slug)
        .select_from(FormerSlug)
        .join(Course, Course.id == FormerSlug.course_id)
        .join(Module, Module.id == FormerSlug.module_id)
        .outerjoin(Lesson, Lesson.id == FormerSlug.lesson_id)
        .where(
            Course.slug == course_slug,
            FormerSlug.module_slug == module_slug,
            FormerSlug.lesson_slug == lesson_slug,
        )
    ).one_or_none()
    return tuple(slug for slug in row if slug) if row else None


def course_by_slug(slug: str) -> Course | None:
    """The course itself, for those who change it."""
    return session.scalars(select(Course).where(Course.slug == slug)).one_or_none()


def editions_of(course_id: int) -> list[Edition]:
    """Every edition, closed ones too, for those who change them."""
    return list(session.scalars(select(Edition).where(Edition.course_id == course_id)))


def module_by_slug(course_id: int, slug: str) -> Module | None:
    """The module itself, for those who change it."""
    return session.scalars(
        select(Module).where(Module.course_id == course_id, Module.slug == slug)
    ).one_or_none()


def lesson_by_slug(module_id: int, slug: str) -> Lesson | None:
    """The lesson itself, for those who change it."""
    return session.scalars(
        select(Lesson).where(Lesson.module_id == module_id, Lesson.slug == slug)
    ).one_or_none()


def lesson_by_former_name(course_id: int, module_slug: str, lesson_slug: str) -> Lesson | None:
    """The lesson that is called so now, or was, in any module of the course."""
    now = session.scalars(
        select(Lesson)
        .join(Module, Module.id == Lesson.module_id)
        .where(Module.course_id == course_id, Module.slug == module_slug, Lesson.slug == lesson_slug)
    ).one_or_none()
    if now is not None:
        return now
    module_id = session.scalar(
        select(FormerSlug.module_id).where(
            FormerSlug.course_id == course_id,
            FormerSlug.module_slug == module_slug,
            FormerSlug.lesson_slug == "",
        )
    )
    return lesson_by_slug(module_id, lesson_slug) if module_id is not None else None


def published_slugs(course_id: int) -> list[str]:
    """Every `module` and `module/lesson` that is published."""
    modules = session.execute(
        select(Module.id, Module.slug).where(Module.course_id == course_id, Module.retired_at.is_(None))
    ).all()
    names = {row.id: row.slug for row in modules}
    lessons = session.execute(
        select(Lesson.module_id, Lesson.slug).where(Lesson.module_id.in_(names), Lesson.retired_at.is_(None))
    )
    return [*names.values(), *(f"{names[row.module_id]}/{row.slug}" for row in lessons)]


def published_modules(course_id: int) -> list[tuple[Module, ModuleRevision]]:
    """The course's modules with what is published of each, in order."""
    rows = session.execute(
        select(Module, ModuleRevision)
        .join(ModuleRevision, ModuleRevision.id == Module.revision_id)
        .where(Module.course_id == course_id, Module.retired_at.is_(None))
        .order_by(Module.position)
    )
    return [(module, revision) for module, revision in rows]


def lesson_sources(module_id: int) -> list[tuple[str, str]]:
    """File name and text of a module's published lessons, in order."""
    rows = session.execute(
        select(LessonRevision.file, LessonRevision.source)
        .join(Lesson, Lesson.revision_id == LessonRevision.id)
        .where(Lesson.module_id == module_id, Lesson.retired_at.is_(None))
        .order_by(Lesson.position)
    )
    return [(file, source) for file, source in rows]


def module_revision(module_id: int, hash_: str) -> ModuleRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalars(
        select(ModuleRevision).where(ModuleRevision.module_id == module_id, ModuleRevision.hash == hash_)
    ).one_or_none()


def lesson_revision(lesson_id: int, hash_: str) -> LessonRevision | None:
    """The revision of this content, if it was ever published."""
    return session.scalars(
        select(LessonRevision).where(LessonRevision.lesson_id == lesson_id, LessonRevision.hash == hash_)
    ).one_or_none()


def media_of(module_id: int) -> list[dict[str, Any]]:
    """A module's files, by path."""
    rows = session.execute(
        select(MediaFile.module_id, MediaFile.path, MediaFile.sha256, MediaFile.size, MediaFile.content_type)
        .where(MediaFile.module_id == module_id)
        .order_by(MediaFile.path)
    )
    return [dict(row) for row in rows.mappings()]


def media_file(course_slug: str, module_slug: str, path: str) -> tuple[str, str] | None:
    """Hash and content type of a module's file, by the path lessons use; nothing if there is none."""
    row = session.execute(
        select(MediaFile.sha256, MediaFile.content_type)
        .join(Module, Module.id == MediaFile.module_id)
        .join(Course, Course.id == Module.course_id)
        .where(Course.slug == course_slug, Module.slug == module_slug, MediaFile.path == path)
    ).one_or_none()
    return (row.sha256, row.content_type) if row else None
