"""Questions of another format added to a module's quiz.md: all of a file's, or none."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    pictures: Mapping[str, bytes]
    """The pictures that came along and are not there yet, by the names that texts give them."""

    def write(self) -> None:
        """Put the pictures beside quiz.md, and quiz.md in the place of the one before, whole."""
        _put_pictures(self.quiz_file.parent, self.pictures)
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
        *_clashes(file, reading, quiz_file.parent),
    ]
    old = module.quiz.text.raw if module.quiz else _EMPTY_QUIZ
    text, lines = _added(old, reading.questions)
    pictures = _new_pictures(reading, quiz_file.parent)
    if not problems:
        place = _Place(course_folder, module, text, pictures)
        problems = list(_found_in_place(place, _Origin(file.name, lines, before)))
    return Addition(
        quiz_file,
        text,
        [] if problems else reading.questions,
        problems,
        list(_told(file, reading.notes)),
        pictures,
    )


def _clashes(file: Path, reading: Reading, folder: Path) -> Iterator[SourceProblem]:
    """Pictures that came under the name of another, of this file's or of the module's."""
    found: dict[str, bytes] = {}
    for one in reading.questions:
        for name, picture in one.item.files.items():
            if name not in found:
                found[name] = (folder / name).read_bytes() if (folder / name).is_file() else picture.content
            if found[name] != picture.content:
                yield SourceProblem(
                    file.name,
                    one.item.line,
                    "Một hình khác đã mang tên này.",
                    name,
                    "đổi tên tệp hình trong gói rồi nhập lại",
                )


def _new_pictures(reading: Reading, folder: Path) -> dict[str, bytes]:
    came = {name: picture.content for one in reading.questions for name, picture in one.item.files.items()}
    return {name: content for name, content in came.items() if not (folder / name).exists()}


def _put_pictures(folder: Path, pictures: Mapping[str, bytes]) -> None:
    for name, content in pictures.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


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


@dataclass(frozen=True)
class _Place:
    """A module, and what would be in its folder."""

    course_folder: Path
    module: ModuleSource
    text: str
    pictures: Mapping[str, bytes]


def _found_in_place(place: _Place, origin: _Origin) -> Iterator[SourceProblem]:
    """The problems that a copy of the course has with this quiz.md and did not have without it."""
    module = place.module
    with TemporaryDirectory() as folder:
        copy = Path(folder) / place.course_folder.resolve().name
        shutil.copytree(place.course_folder, copy, symlinks=True)
        (copy / module.folder / QUIZ_FILE).write_bytes(place.text.encode())
        _put_pictures(copy / module.folder, place.pictures)
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
