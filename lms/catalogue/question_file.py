"""Questions of another format added to a module's quiz.md: all of a file's, or none."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lms.catalogue.source import SourceProblem, read_course
from lms.catalogue.source.elements import CourseSource, ModuleSource
from lms.foundation.errors import NotFound
from lms.quiz.exchange.format import Format, Remark
from lms.quiz.exchange.reading import Incoming, Reading, read_questions

QUIZ_FILE = "quiz.md"
_EMPTY_QUIZ = "---\n---\n"


class NoSuchPlace(NotFound):
    """There is no such module among the author's files, or it cannot be read."""

    message = "Không có chuyên đề này trong thư mục khóa học."


@dataclass(frozen=True)
class Addition:
    """What a file would add to a module: nothing once there is a problem."""

    quiz_file: Path
    text: str
    questions: Sequence[Incoming]
    problems: Sequence[SourceProblem]
    notes: Sequence[SourceProblem]

    def write(self) -> None:
        """Put quiz.md in the place of the one before, whole."""
        beside = self.quiz_file.with_name(f".{QUIZ_FILE}.new")
        beside.write_bytes(self.text.encode())
        os.replace(beside, self.quiz_file)


def addition(file: Path, format_: Format, course_folder: Path, module_slug: str) -> Addition:
    """What this file would add to the module, checked as it would stand there. Writes nothing.

    Raises NoSuchPlace.
    """
    course, before = read_course(course_folder)
    module = _module(course, module_slug)
    if course is None or module is None:
        broken = [problem for problem in before if module_slug in problem.path]
        raise NoSuchPlace("\n".join(map(str, broken)) or NoSuchPlace.message)
    quiz_file = course_folder / module.folder / QUIZ_FILE
    there = [source.question for source in module.quiz.questions] if module.quiz else []
    checks = [check.question for lesson in module.lessons for check in lesson.checks]
    reading = read_questions(
        file.read_bytes(),
        format_,
        taken=[question.id for question in (*there, *checks)],
        objectives=[objective.key for objective in module.objectives],
    )
    problems = [
        *_told(file, reading.mistakes),
        *_doubles(file, reading, {one.revision: one.id for one in there}),
    ]
    old = module.quiz.text.raw if module.quiz else _EMPTY_QUIZ
    text, lines = _added(old, reading.questions)
    if not problems:
        problems = list(_found_in_place(course_folder, module, text, _Origin(file.name, lines, before)))
    return Addition(
        quiz_file, text, [] if problems else reading.questions, problems, list(_told(file, reading.notes))
    )


def _module(course: CourseSource | None, slug: str) -> ModuleSource | None:
    modules = course.modules if course else ()
    return next((module for module in modules if slug in (module.slug, module.folder)), None)


def _told(file: Path, remarks: Iterable[Remark]) -> Iterator[SourceProblem]:
    for remark in remarks:
        yield SourceProblem(file.name, remark.line, remark.message, remark.seen, remark.expected)


def _doubles(file: Path, reading: Reading, there: dict[str, str]) -> Iterator[SourceProblem]:
    """Questions that the quiz has already, word for word, under whatever name."""
    for one in reading.questions:
        if one.question.revision in there:
            yield SourceProblem(
                file.name,
                one.item.line,
                "Câu hỏi này đã có trong quiz.md.",
                f"#{there[one.question.revision]}",
                "bỏ câu này khỏi tệp",
            )


def _added(old: str, questions: Sequence[Incoming]) -> tuple[str, dict[int, int]]:
    """quiz.md with these questions at its end, and the line of the file that each new line came from."""
    end = "\r\n" if "\r\n" in old else "\n"
    text = old.rstrip() + end
    number = text.count("\n")
    lines: dict[int, int] = {}
    for one in questions:
        added = f"\n{one.text}"
        lines |= dict.fromkeys(range(number + 1, number + added.count("\n") + 1), one.item.line)
        number += added.count("\n")
        text += added.replace("\n", end)
    return text, lines


@dataclass(frozen=True)
class _Origin:
    """Where lines of the new quiz.md came from, and which problems the course had before."""

    file_name: str
    lines: dict[int, int]
    before: Sequence[SourceProblem]


def _found_in_place(
    course_folder: Path, module: ModuleSource, text: str, origin: _Origin
) -> Iterator[SourceProblem]:
    """The problems that a copy of the course has with this quiz.md and did not have without it."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / course_folder.resolve().name
        shutil.copytree(course_folder, copy, symlinks=True)
        (copy / module.folder / QUIZ_FILE).write_bytes(text.encode())
        _, problems = read_course(copy)
    for problem in problems:
        if problem in origin.before:
            continue
        line = (
            origin.lines.get(problem.line) if problem.path.endswith(f"{module.folder}/{QUIZ_FILE}") else None
        )
        if line is None:
            yield problem
        else:
            yield SourceProblem(origin.file_name, line, problem.message, problem.seen, problem.expected)
