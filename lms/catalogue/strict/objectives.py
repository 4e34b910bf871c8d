"""Objectives that are taught and examined, for every edition, as much as the course itself wants."""

from collections.abc import Iterator

from lms.catalogue.source.elements import CourseSource, ModuleSource, ObjectiveSource, QuestionSource
from lms.catalogue.source.questions import LEVELS
from lms.catalogue.strict.finding import Sheet

_CASES = ("scenario", "spot", "tap")
_LEVEL_NAMES = {"easy": "dễ (easy)", "medium": "vừa (medium)", "hard": "khó (hard)"}


def objectives_taught(course: CourseSource, sheet: Sheet) -> None:
    """Each objective of a module is one of some lesson, in every edition."""
    for module, edition, objective in _objectives(course):
        lessons = [one for one in module.lessons if one.kind == "lesson" and edition in one.editions]
        if not any(objective.key in lesson.objectives for lesson in lessons):
            sheet.of(module.text.path)(
                _line_of(module, objective),
                f"Bản “{edition}” không có bài nào dạy mục tiêu này.",
                seen=objective.key,
                expected=f"objectives: [{objective.key}] trong một bài của bản ấy",
            )


def objectives_examined(course: CourseSource, sheet: Sheet) -> None:
    """Each objective is asked for, in every edition; at every level if course.md says `levels: each`."""
    for module, edition, objective in _objectives(course):
        asked = [one for one in _asked(module, edition) if one.question.objective == objective.key]
        levels = {one.question.level for one in asked}
        missing = [level for level in LEVELS if level not in levels]
        if not asked or (course.strict.levels == "each" and missing):
            sheet.of(module.text.path)(
                _line_of(module, objective),
                f"Bản “{edition}” hỏi chưa đủ về mục tiêu này.",
                seen=f"{objective.key}: {len(asked)} câu hỏi",
                expected=f"thêm câu hỏi mức {', '.join(_LEVEL_NAMES[one] for one in missing)} trong quiz.md",
            )


def enough_questions(course: CourseSource, sheet: Sheet) -> None:
    """Each quiz has as many questions, kinds and cases of daily life as course.md asks for in `strict`."""
    wanted = course.strict
    for module in course.modules:
        if module.is_draft or module.quiz is None:
            continue
        kinds = [source.question.kind for source in module.quiz.questions]
        cases = sum(kind in _CASES for kind in kinds)
        for count, least, what in (
            (len(kinds), wanted.questions, "câu hỏi"),
            (len(set(kinds)), wanted.kinds, "kiểu câu hỏi"),
            (cases, wanted.cases, "tình huống hay câu tìm dấu hiệu"),
        ):
            if count < least:
                sheet.of(module.quiz.text.path)(
                    1,
                    f"Bài kiểm tra còn ít {what}.",
                    seen=f"{count} {what}",
                    expected=f"ít nhất {least} {what}, như khóa “strict” trong course.md",
                )


def editions_whole(course: CourseSource, sheet: Sheet) -> None:
    """Every edition of a module that is no draft has lessons and questions."""
    for module in course.modules:
        for edition in () if module.is_draft else module.editions:
            lessons = [one for one in module.lessons if one.kind == "lesson" and edition in one.editions]
            if not lessons or not list(_asked(module, edition)):
                sheet.of(module.text.path)(
                    1,
                    f"Bản “{edition}” của chuyên đề chưa đủ.",
                    seen=f"{len(lessons)} bài học, {len(list(_asked(module, edition)))} câu hỏi",
                    expected="bản nào cũng có bài học và câu hỏi; hoặc editions: […] trong module.md",
                )


def _objectives(course: CourseSource) -> Iterator[tuple[ModuleSource, str, ObjectiveSource]]:
    for module in course.modules:
        for edition in () if module.is_draft else module.editions:
            for objective in module.objectives:
                yield module, edition, objective


def _asked(module: ModuleSource, edition: str) -> Iterator[QuestionSource]:
    yield from module.quiz.questions_of(edition) if module.quiz else ()


def _line_of(module: ModuleSource, objective: ObjectiveSource) -> int:
    wanted = f"key: {objective.key}"
    return next((line.number for line in module.text.lines if wanted in line.text), 1)
