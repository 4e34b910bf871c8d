"""The executable half of docs/course-format.md: good and bad course folders with their expected outcome."""

import json
from pathlib import Path
from typing import Any

import pytest

from lms.catalogue.source import read_course
from lms.catalogue.source.elements import CourseSource, ModuleSource
from lms.catalogue.source.files import SourceText
from tests.catalogue.digest import digest

CORPUS = Path(__file__).parent.parent / "corpus"
COURSE = "khoa-mau"


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in sorted((CORPUS / kind).iterdir())]


def expected(case: Path) -> Any:
    return json.loads((case / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("case", cases("good"))
def test_a_good_folder_is_read_whole(case: Path) -> None:
    course, problems = read_course(case / COURSE)
    assert problems == []
    assert course is not None
    assert json.loads(json.dumps(digest(course))) == expected(case)


@pytest.mark.parametrize("case", cases("good"))
def test_every_text_is_kept_byte_for_byte(case: Path) -> None:
    course, _ = read_course(case / COURSE)
    assert course is not None
    texts = list(texts_of(course))
    assert {text.path for text in texts} == {
        file.relative_to(case).as_posix() for file in (case / COURSE).rglob("*.md")
    }
    for text in texts:
        assert text.raw.encode("utf-8") == (case / text.path).read_bytes()


@pytest.mark.parametrize("case", cases("bad"))
def test_every_mistake_is_told_with_its_place(case: Path) -> None:
    _, problems = read_course(case / COURSE)
    assert [{"path": one.path, "line": one.line, "message": one.message} for one in problems] == expected(
        case
    )["problems"]


@pytest.mark.parametrize("case", cases("bad"))
def test_a_mistake_says_what_was_seen_and_what_would_be_right(case: Path) -> None:
    _, problems = read_course(case / COURSE)
    assert problems
    for problem in problems:
        assert problem.seen.strip()
        assert problem.expected.strip()
        assert problem.message.endswith(".")
        assert str(problem).startswith(f"{problem.path}:{problem.line}: ")


@pytest.mark.parametrize("case", cases("bad"))
def test_nothing_of_a_module_with_a_mistake_is_handed_on(case: Path) -> None:
    course, problems = read_course(case / COURSE)
    if course is not None:
        for module in course.modules:
            assert not [one for one in problems if one.path.startswith(f"{COURSE}/{module.folder}")]


def test_the_corpus_is_broad() -> None:
    assert len(cases("bad")) >= 40
    assert len(cases("good")) >= 10


def texts_of(course: CourseSource) -> list[SourceText]:
    texts = [course.text] + ([course.calendar.text] if course.calendar else [])
    for module in course.modules:
        for one in (module, *module.translations.values()):
            texts += texts_of_module(one)
    return texts


def texts_of_module(module: ModuleSource) -> list[SourceText]:
    quiz = [module.quiz.text] if module.quiz else []
    return [module.text, *quiz, *(lesson.text for lesson in module.lessons)]
