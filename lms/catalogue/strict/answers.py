"""Answers to choose from: each wrong one teaches, and nothing but knowledge finds the right one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lms.catalogue.source.elements import CourseSource, QuestionSource
from lms.catalogue.source.files import SourceText
from lms.catalogue.strict.finding import Sheet
from lms.quiz.choice import Choice, Option
from lms.quiz.types.multiple import Multiple
from lms.quiz.types.single import Single

MOST_LONGEST = 0.4  # of the questions: those whose right answer is the longest one
MOST_IN_ONE_PLACE = 0.5  # of the questions: those whose right answer stands in the same place
_ENOUGH = 8  # questions, for a share of them to say something


@dataclass(frozen=True)
class _Asked:
    """A question to choose from, with the file it stands in."""

    text: SourceText
    source: QuestionSource
    question: Choice

    def line_of(self, option: Option) -> int:
        """The line on which an answer begins."""
        start = option.text.split("\n")[0]
        below = self.text.lines[self.source.line - 1 :]
        found = (
            line.number for line in below if line.text.startswith("- ") and line.text[5:].strip() == start
        )
        return next(found, self.source.line)


def wrong_answer_feedback(course: CourseSource, sheet: Sheet) -> None:
    """Every wrong answer says why it is none."""
    for asked in _chosen(course):
        for option in asked.question.options:
            if not option.right and not option.feedback:
                sheet.of(asked.text.path)(
                    asked.line_of(option),
                    "Đáp án sai chưa có lời nói vì sao.",
                    seen=option.words,
                    expected="ngay dưới đáp án: “  > Vì sao chưa đúng, nên làm thế nào.”",
                )


def answer_length(course: CourseSource, sheet: Sheet) -> None:
    """In a quiz the right answer is the longest one in 40 % of the questions to choose one from at most."""
    for text, singles in _of_quizzes(course):
        longest = [one.source.line for one in singles if _is_longest(one.question.options)]
        share = len(longest) / len(singles)
        if share > MOST_LONGEST:
            sheet.of(text.path)(
                1,
                "Nhìn đáp án dài nhất là đoán được.",
                seen=f"đáp án đúng dài nhất ở {len(longest)} trong {len(singles)} câu ({share:.0%})",
                expected=f"nhiều nhất {MOST_LONGEST:.0%}; rút ngắn đáp án đúng hoặc viết dài đáp án sai "
                f"ở các dòng {', '.join(map(str, longest))}",
            )


def key_place(course: CourseSource, sheet: Sheet) -> None:
    """In a file the right answers stand in several places: some copies are printed as they are written."""
    for text, singles in _of_quizzes(course):
        places = Counter(
            next(at for at, option in enumerate(one.question.options, 1) if option.right) for one in singles
        )
        place, count = places.most_common(1)[0]
        if count > MOST_IN_ONE_PLACE * len(singles):
            sheet.of(text.path)(
                1,
                "Đáp án đúng hay đứng cùng một chỗ.",
                seen=f"ở {count} trong {len(singles)} câu, đáp án đúng đứng thứ {place}",
                expected=f"nhiều nhất {MOST_IN_ONE_PLACE:.0%}; đổi thứ tự đáp án ở vài câu",
            )


def _chosen(course: CourseSource) -> Iterator[_Asked]:
    """The questions that list answers to choose from, in quizzes and lessons."""
    for module in course.modules:
        asked = [(lesson.text, one) for lesson in module.lessons for one in lesson.checks]
        asked += [(module.quiz.text, one) for one in module.quiz.questions] if module.quiz else []
        for text, source in asked:
            if isinstance(source.question, (Single, Multiple)):
                yield _Asked(text, source, source.question)


def _of_quizzes(course: CourseSource) -> Iterator[tuple[SourceText, list[_Asked]]]:
    """Each quiz with its single choices among three answers or more; true or false has nothing to compare."""
    for module in course.modules:
        singles = [
            one
            for one in _chosen(course)
            if module.quiz
            and one.text == module.quiz.text
            and isinstance(one.question, Single)
            and len(one.question.options) > 2
        ]
        if module.quiz and len(singles) >= _ENOUGH:
            yield module.quiz.text, singles


def _is_longest(options: tuple[Option, ...]) -> bool:
    right = next(len(option.words) for option in options if option.right)
    return all(len(option.words) < right for option in options if not option.right)
