"""A learner's deeds, done as the pages do them: lessons read, checks answered, quizzes sat."""

from datetime import datetime, timedelta
from math import ceil

from lms.catalogue.outline import CourseOutline, EditionView, ModuleLine
from lms.catalogue.queries import lesson_body
from lms.demo.papers import answer_to
from lms.quiz.actions import save_answers, start_attempt, submit_attempt
from lms.quiz.queries import attempt_for_change, question_of
from lms.study.actions import answer_check, begin_module, mark_read, remember_position
from lms.study.queries import unanswered_checks

_LESSON_TAKES, _QUIZ_TAKES = timedelta(minutes=6), timedelta(minutes=9)


def read_lessons(
    person_id: int,
    course: CourseOutline,
    edition: EditionView,
    module: ModuleLine,
    at: datetime,
    most: int = 99,
) -> None:
    """Read the lessons of a module from the first on, at most so many, their checks answered right."""
    for lesson in module.counted_lessons_of(edition.key)[:most]:
        opened_at, at = at, at + _LESSON_TAKES
        begin_module(person_id, course, edition, module, opened_at)
        remember_position(person_id, course, lesson, "", opened_at)
        revisions = lesson_body(lesson.revision_id).checks
        for check_id in unanswered_checks(person_id, lesson, edition.key):
            question = question_of(revisions[check_id])
            answer = answer_to(question, right=True)
            answer_check(
                person_id,
                lesson,
                check_id,
                question_revision_id=revisions[check_id],
                answer=answer,
                share=question.grade(answer),
                now=at,
            )
        mark_read(person_id, course, edition, lesson=lesson, opened_at=opened_at, now=at, is_hurried=True)


def sit_quiz(person_id: int, edition: EditionView, module: ModuleLine, share: float, at: datetime) -> None:
    """Sit the module's quiz once and answer this share of it right."""
    assert module.quiz_id is not None  # noqa: S101 (a published module has its quiz)
    attempt = attempt_for_change(person_id, start_attempt(person_id, module.quiz_id, edition.key, at))
    right = ceil(share * len(attempt.questions) - 1e-9)
    answers = {
        one.position: answer_to(one.question, right=one.position <= right) for one in attempt.questions
    }
    submit_attempt(save_answers(attempt, answers, now=at).attempt, now=at + _QUIZ_TAKES)
