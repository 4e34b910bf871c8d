"""Tables of courses: identities that last, revisions that never change, and what is published now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base


class Course(Base):
    """A course and its present settings; `source` is the course.md it was published from."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    language: Mapped[str] = mapped_column(default="vi")
    settings: Mapped[dict[str, Any]]  # complete, lessons, certificate, assign, authors
    source: Mapped[str]
    calendar: Mapped[str | None]  # calendar.md as published
    next_bit: Mapped[int] = mapped_column(default=0)  # the bit the next new module gets; never reused
    published_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Edition(Base):
    """A course as one audience sees it."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    key: Mapped[str]
    title: Mapped[str]
    audience: Mapped[str]
    is_public: Mapped[bool]
    for_teams: Mapped[bool] = mapped_column(default=False)  # course.md: assign: {teams: KEY}
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class Module(Base):
    """A topic of a course: identity, its bit in an enrolment's mask, and what is published now."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        UniqueConstraint("course_id", "bit"),
        CheckConstraint("bit BETWEEN 0 AND 62", name="bit_fits_the_mask"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    slug: Mapped[str]
    bit: Mapped[int]
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("module_revision.id", use_alter=True))
    position: Mapped[int]
    is_draft: Mapped[bool]  # without lessons or without a quiz: checked, not shown, not counted
    retired_at: Mapped[datetime | None]


class ModuleRevision(Base):
    """module.md (and quiz.md beside it) as published at one moment."""

    __tablename__ = "module_revision"
    __table_args__ = (UniqueConstraint("module_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    hash: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    introduction: Mapped[str]  # sanitised HTML
    settings: Mapped[dict[str, Any]]  # objectives, editions, advise, task
    folder: Mapped[str]  # '01-trinh-duyet-an-toan': the name it had in the files
    source: Mapped[str]
    quiz_source: Mapped[str | None]
    published_at: Mapped[datetime]


class Lesson(Base):
    """A lesson's identity and what is published now."""

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("module_id", "slug"),
        Index("ix_lesson_module_id", "module_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    slug: Mapped[str]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_revision.id", use_alter=True))
    position: Mapped[int]
    added_at: Mapped[datetime]  # for "bài mới" in a module completed before
    retired_at: Mapped[datetime | None]


class LessonRevision(Base):
    """A lesson file as published at one moment, rendered once, per edition."""

    __tablename__ = "lesson_revision"
    __table_args__ = (
        UniqueConstraint("lesson_id", "hash"),
        CheckConstraint("kind IN ('lesson', 'guide', 'card')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    hash: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    minutes: Mapped[int]
    reviewed: Mapped[date]
    settings: Mapped[dict[str, Any]]  # objectives, sources
    editions: Mapped[list[Any]]  # keys of the editions that have this lesson
    segments: Mapped[dict[str, Any]]  # edition → [{"html": …} | {"check": id}]
    checks: Mapped[dict[str, Any]]  # check id → question_revision id
    renderer: Mapped[int]  # version of the rendering; an older one is rendered again on load
    file: Mapped[str]  # '01-o-khoa-va-dia-chi.md'
    source: Mapped[str]
    published_at: Mapped[datetime]


class FormerSlug(Base):
    """What a module or lesson was called before (`was`): old links lead to the new place."""

    __tablename__ = "former_slug"
    __table_args__ = (UniqueConstraint("course_id", "module_slug", "lesson_slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    module_slug: Mapped[str]
    lesson_slug: Mapped[str] = mapped_column(default="")  # empty: the module itself
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"))


class MediaFile(Base):
    """A picture, recording or document of a module, kept by its content's hash."""

    __tablename__ = "media_file"
    __table_args__ = (UniqueConstraint("module_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    path: Mapped[str]  # 'media/o-khoa.svg', as the text names it
    sha256: Mapped[str]
    size: Mapped[int]
    content_type: Mapped[str]
