"""Questions that lead back to the lesson, and are asked once in a course."""

from itertools import combinations

from lms.catalogue.source.elements import CourseSource, QuestionSource
from lms.catalogue.source.files import SourceText
from lms.catalogue.strict.finding import Sheet
from lms.foundation.text import fold
from lms.quiz.choice import Choice
from lms.quiz.question import Question

ALIKE = 0.75  # share of the words of two questions that both have
_FEWEST_WORDS = 6


def explanation(course: CourseSource, sheet: Sheet) -> None:
    """Every question of a quiz is explained, and its explanation leads to what to read again."""
    for text, source in _asked(course):
        said = source.question.explanation.source
        if "](" not in said:
            sheet.of(text.path)(
                source.line,
                "Lời giải thích chưa dẫn về bài học." if said else "Câu hỏi chưa có lời giải thích.",
                seen=said or source.question.id,
                expected="> Vì sao. Đọc lại [Tên mục](01-ten-bai.md#ten-muc).",
            )


def near_duplicates(course: CourseSource, sheet: Sheet) -> None:
    """No two questions of a course share three quarters of their words, answers among them."""
    asked = [(text, source, _words(source.question)) for text, source in _asked(course)]
    asked = [one for one in asked if len(one[2]) >= _FEWEST_WORDS]
    for (first_text, first, words), (text, source, others) in combinations(asked, 2):
        if len(words & others) >= ALIKE * len(words | others):
            sheet.of(text.path)(
                source.line,
                "Câu này gần như trùng với một câu khác.",
                seen=source.question.stem.source,
                expected=f"một câu hỏi khác với {first_text.path}:{first.line}",
            )


def _asked(course: CourseSource) -> list[tuple[SourceText, QuestionSource]]:
    quizzes = [module.quiz for module in course.modules if module.quiz]
    return [(quiz.text, source) for quiz in quizzes for source in quiz.questions]


def _words(question: Question) -> set[str]:
    """The words asked and, where there are answers to choose from, theirs."""
    answers = " ".join(option.words for option in question.options) if isinstance(question, Choice) else ""
    shown = f"{question.stem.source} {question.material.source} {answers or question.right_answer()}"
    return set(fold(shown).split())
