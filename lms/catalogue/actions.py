"""Publishing: a course read from its files becomes what learners see. Nothing published ever vanishes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from lms.catalogue import queries
from lms.catalogue.events import CoursePublished
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
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import RENDERER, missing_slugs
from lms.catalogue.source.elements import (
    CheckSegment,
    CourseSource,
    LessonSource,
    ModuleSource,
    QuizSource,
)
from lms.foundation.db import session, upsert
from lms.foundation.errors import Conflict
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.quiz.publishing import publish_questions, publish_quiz


class SlugsVanished(Conflict):
    """Something published is gone from the files, and no `was` says where it went."""

    message = N_("Các mục đã công bố nay không còn, cũng không có was nói đã chuyển đi đâu: %(slugs)s")


@dataclass
class PublishReport:
    """What a load changed: names of files that got a new revision; empty when nothing did."""

    course: str
    changed: list[str] = field(default_factory=list)


def publish_course(source: CourseSource, shelf: Shelf, now: datetime) -> PublishReport:
    """Publish a course as its files say; the same files again change nothing.

    Modules named in `source.broken` stay as they were published. Raises SlugsVanished.
    """
    report = PublishReport(source.slug)
    course = queries.course_by_slug(source.slug)
    if course is not None:
        vanished = missing_slugs(queries.published_slugs(course.id), source)
        if vanished:
            raise SlugsVanished(slugs=", ".join(vanished))
    course = _publish_settings(course, source, report, now)
    _publish_editions(course, source)
    for position, module in enumerate(source.modules, 1):
        _Publisher(course, module, shelf, report, now).publish(position)
    if report.changed:
        course.published_at = now
        session.flush()
        announce(CoursePublished(course.id, now))
    return report


def _publish_settings(
    course: Course | None, source: CourseSource, report: PublishReport, now: datetime
) -> Course:
    values: dict[str, Any] = {
        "title": source.title,
        "summary": source.summary,
        "language": source.language,
        "source": source.text.raw,
        "calendar": source.calendar.text.raw if source.calendar else None,
        "retired_at": None,
        "settings": {
            "complete": {"modules": source.needed} if source.needed else "all-modules",
            "lessons": "required" if source.lessons_required else "optional",
            "certificate": asdict(source.certificate) if source.certificate else None,
            "authors": list(source.authors),
            "introduction": source.introduction,
            "months": [asdict(month) for month in source.calendar.months] if source.calendar else [],
        },
    }
    if course is None:
        course = Course(slug=source.slug, next_bit=0, published_at=now, **values)
        session.add(course)
        report.changed.append(source.text.path)
    elif any(getattr(course, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(course, name, value)
        report.changed.append(source.text.path)
    session.flush()
    return course


def _publish_editions(course: Course, source: CourseSource) -> None:
    """An edition that the file names no more is closed to new learners; whoever is in it stays."""
    before = {edition.key: edition for edition in queries.editions_of(course.id)}
    for position, wanted in enumerate(source.editions):
        edition = before.pop(wanted.key, None)
        if edition is None:
            edition = Edition(course_id=course.id, key=wanted.key)
            session.add(edition)
        edition.title = wanted.title
        edition.audience = wanted.audience
        edition.is_public = wanted.is_public
        edition.for_teams = wanted.key == source.team_edition
        edition.position = position
        edition.retired_at = None
    for edition in before.values():
        edition.for_teams = edition.is_public = False
    session.flush()


@dataclass
class _Publisher:
    """Publishes one module of a course."""

    course: Course
    source: ModuleSource
    shelf: Shelf
    report: PublishReport
    now: datetime

    def publish(self, position: int) -> None:
        module = self._module()
        module.position, module.is_draft, module.retired_at = position, self.source.is_draft, None
        checks = [check for lesson in self.source.lessons for check in lesson.checks]
        self._keep_media(module)
        module.quiz_id = self._publish_quiz(module, self.source.quiz)
        questions = publish_questions(
            module.quiz_id, [(check.question, _former_ids(check.was)) for check in checks], self.now
        )
        self._publish_texts(module)
        for place, lesson in enumerate(self.source.lessons, 1):
            self._publish_lesson(module, lesson, place, questions)

    def _module(self) -> Module:
        """The module by its slug, or by a slug it had; a new one gets the next bit of the course."""
        names = [self.source.slug, *self.source.was]
        module = next((found for name in names if (found := self._find(name))), None)
        if module is None:
            module = Module(
                course_id=self.course.id,
                slug=self.source.slug,
                bit=self.course.next_bit,
                position=0,
                is_draft=True,
            )
            self.course.next_bit += 1
            session.add(module)
        module.slug = self.source.slug
        session.flush()
        for name in self.source.was:
            self._remember(name, "", module.id, None)
        return module

    def _find(self, slug: str) -> Module | None:
        return queries.module_by_slug(self.course.id, slug)

    def _remember(self, module_slug: str, lesson_slug: str, module_id: int, lesson_id: int | None) -> None:
        values = {"module_id": module_id, "lesson_id": lesson_id}
        session.execute(
            upsert(FormerSlug)
            .values(course_id=self.course.id, module_slug=module_slug, lesson_slug=lesson_slug, **values)
            .on_conflict_do_update(index_elements=["course_id", "module_slug", "lesson_slug"], set_=values)
        )

    def _keep_media(self, module: Module) -> None:
        rows = [
            {
                "module_id": module.id,
                "path": media.path,
                "sha256": media.sha256,
                "size": media.size,
                "content_type": media.content_type,
            }
            for media in self.source.media
        ]
        for media in self.source.media:
            self.shelf.put(media.file, media.sha256)
        if rows != queries.media_of(module.id):
            session.execute(delete(MediaFile).where(MediaFile.module_id == module.id))
            if rows:
                session.execute(insert(MediaFile), rows)
            self.report.changed.append(f"{self.course.slug}/{self.source.folder}/media")

    def _publish_quiz(self, module: Module, quiz: QuizSource | None) -> int:
        quiz_id, is_new = publish_quiz(
            module.quiz_id,
            [(source.question, _former_ids(source.was)) for source in quiz.questions] if quiz else [],
            _quiz_settings(quiz) if quiz else None,
            self.now,
        )
        if is_new and quiz is not None:
            self.report.changed.append(quiz.text.path)
        return quiz_id

    def _publish_texts(self, module: Module) -> None:
        source = self.source
        settings = {
            "objectives": [asdict(objective) for objective in source.objectives],
            "editions": list(source.editions),
            "advise": list(source.advise),
            "task": source.task,
            "translations": _translations(source),
        }
        texts = {
            "title": source.title,
            "summary": source.summary,
            "introduction": source.introduction,
            "settings": settings,
            "folder": source.folder,
            "source": source.text.raw,
            "quiz_source": source.quiz.text.raw if source.quiz else None,
        }
        hash_ = _hash(texts)
        revision = queries.module_revision(module.id, hash_)
        if revision is None:
            revision = ModuleRevision(module_id=module.id, hash=hash_, published_at=self.now, **texts)
            session.add(revision)
            session.flush()
        if module.revision_id != revision.id:
            module.revision_id = revision.id
            self.report.changed.append(source.text.path)

    def _publish_lesson(
        self, module: Module, source: LessonSource, position: int, questions: dict[str, int]
    ) -> None:
        lesson = self._lesson(module, source)
        lesson.position, lesson.retired_at = position, None
        texts: dict[str, Any] = {
            "title": source.title,
            "kind": source.kind,
            "minutes": source.minutes,
            "settings": {
                "objectives": list(source.objectives),
                "sources": [asdict(fact) for fact in source.sources],
            },
            "editions": list(source.editions),
            "segments": {
                edition: [_segment(segment) for segment in segments]
                for edition, segments in source.segments.items()
            },
            "checks": {check.question.id: questions[check.question.id] for check in source.checks},
            "file": source.text.name,
            "source": source.text.raw,
        }
        hash_ = _hash(texts | {"reviewed": source.reviewed.isoformat(), "renderer": RENDERER})
        revision = queries.lesson_revision(lesson.id, hash_)
        if revision is None:
            revision = LessonRevision(
                lesson_id=lesson.id,
                hash=hash_,
                reviewed=source.reviewed,
                renderer=RENDERER,
                published_at=self.now,
                **texts,
            )
            session.add(revision)
            session.flush()
        if lesson.revision_id != revision.id:
            lesson.revision_id = revision.id
            self.report.changed.append(source.text.path)

    def _lesson(self, module: Module, source: LessonSource) -> Lesson:
        """The lesson by its slug, or by `module/lesson` as it was before: it moves and keeps its id."""
        lesson = queries.lesson_by_slug(module.id, source.slug)
        for name in source.was:
            old_module, _, old_slug = name.partition("/")
            if lesson is None:
                lesson = queries.lesson_by_former_name(self.course.id, old_module, old_slug)
        if lesson is None:
            lesson = Lesson(module_id=module.id, slug=source.slug, position=0, added_at=self.now)
            session.add(lesson)
        lesson.module_id, lesson.slug = module.id, source.slug
        session.flush()
        for name in source.was:
            old_module, _, old_slug = name.partition("/")
            self._remember(old_module, old_slug, module.id, lesson.id)
        return lesson


def _segment(segment: object) -> dict[str, str]:
    if isinstance(segment, CheckSegment):
        return {"check": segment.id}
    return {"html": segment.html}  # type: ignore[attr-defined]


def _quiz_settings(quiz: QuizSource) -> dict[str, Any]:
    return {
        "draw": dict(quiz.draw),
        "pass": quiz.percent,
        "minutes": quiz.minutes,
        "attempts": quiz.attempts,
        "wait": quiz.pause,
        "shuffle": quiz.shuffle,
        "show": quiz.show,
    }


def _former_ids(was: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.rpartition("/")[2] for name in was)


def _translations(source: ModuleSource) -> dict[str, dict[str, str]]:
    """The files of each other language as they stand, so that an export writes them back."""
    return {
        language: {
            text.name: text.raw
            for text in (
                translated.text,
                *(lesson.text for lesson in translated.lessons),
                *([translated.quiz.text] if translated.quiz else []),
            )
        }
        for language, translated in source.translations.items()
    }


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
