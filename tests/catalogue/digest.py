"""What a well-read course comes to, as plain data: the expected outcome of the corpus' good folders."""

from typing import Any

from lms.catalogue.source import fixed_links
from lms.catalogue.source.elements import (
    CheckSegment,
    CourseSource,
    LessonSource,
    ModuleSource,
    QuestionSource,
)
from lms.quiz.question import Answer, Question


def digest(course: CourseSource) -> dict[str, Any]:
    """Everything a reader of the format must find, without the HTML."""
    return {
        "title": course.title,
        "summary": course.summary,
        "language": course.language,
        "editions": [[one.key, one.title, one.audience, one.is_public] for one in course.editions],
        "needed": course.needed,
        "lessons_required": course.lessons_required,
        "certificate": course.certificate
        and [course.certificate.title, course.certificate.template, course.certificate.months],
        "team_edition": course.team_edition,
        "authors": list(course.authors),
        "modules": {module.slug: _module(module) for module in course.modules},
        "calendar": [
            [month.month, month.course, month.module, bool(month.guide)]
            for month in (course.calendar.months if course.calendar else ())
        ],
        "fixed": fixed_links(course),
    }


def _module(module: ModuleSource) -> dict[str, Any]:
    quiz = module.quiz
    return {
        "title": module.title,
        "objectives": [objective.key for objective in module.objectives],
        "editions": list(module.editions),
        "advise": list(module.advise),
        "task": module.task,
        "was": list(module.was),
        "draft": module.is_draft,
        "media": {one.path: [one.content_type, one.width, one.height, one.seconds] for one in module.media},
        "lessons": {lesson.slug: _lesson(lesson) for lesson in module.lessons},
        "quiz": quiz
        and {
            "draw": dict(quiz.draw),
            "settings": [quiz.percent, quiz.minutes, quiz.attempts, quiz.pause, quiz.shuffle, quiz.show],
            "questions": [_question(question) for question in quiz.questions],
        },
        "translations": {language: _module(one) for language, one in module.translations.items()},
    }


def _lesson(lesson: LessonSource) -> dict[str, Any]:
    return {
        "title": lesson.title,
        "kind": lesson.kind,
        "minutes": lesson.minutes,
        "editions": list(lesson.editions),
        "objectives": list(lesson.objectives),
        "reviewed": lesson.reviewed.isoformat(),
        "sources": [[one.title, one.url, one.date] for one in lesson.sources],
        "was": list(lesson.was),
        "segments": {
            edition: [f"check {one.id}" if isinstance(one, CheckSegment) else "html" for one in segments]
            for edition, segments in lesson.segments.items()
        },
        "checks": [_question(check) for check in lesson.checks],
    }


def _question(source: QuestionSource) -> dict[str, Any]:
    question = source.question
    return {
        "id": question.id,
        "kind": question.kind,
        "line": source.line,
        "was": list(source.was),
        "stem": question.stem.source,
        "material": question.material.source,
        "hints": [hint.source for hint in question.hints],
        "key": question.key(),
        "feedback": [said.source for said in question.feedback_for(_everything(question))],
        "explanation": question.explanation.source,
        "points": question.points,
        "level": question.level,
        "objective": question.objective,
        "editions": list(question.editions),
        "fixed": question.fixed,
    }


def _everything(question: Question) -> Answer:
    """What is answered by whoever is to hear all that the author says to answers."""
    return question.model_answer() | {"chosen": list(question.option_ids)}
