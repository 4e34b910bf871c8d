"""docs/course-format.md says what the reader does, and the courses in the repository keep to it."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from lms.catalogue.source import read_courses
from lms.catalogue.source.blocks import BLOCKS
from lms.catalogue.source.keys import CourseKeys, LessonKeys, ModuleKeys, QuizKeys
from lms.catalogue.source.media import DOCUMENTS, PICTURES, RECORDINGS
from lms.quiz.answer_block import MOST_HINTS
from lms.quiz.typed import MOST_TYPED
from lms.quiz.types import KINDS, gaps, matching, number, ordering, short
from tests.catalogue.folder import FRONT, MODULE, good

ROOT = Path(__file__).parent.parent.parent
FORMAT = (ROOT / "docs" / "course-format.md").read_text("utf-8")


@pytest.mark.parametrize("model", [CourseKeys, ModuleKeys, LessonKeys, QuizKeys])
def test_every_key_is_described(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert f"`{field.alias or name}`" in FORMAT


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_is_described(name: str) -> None:
    assert re.search(rf"`{name}( \\\| \w+)?`", FORMAT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_is_described(kind: str) -> None:
    assert f"`{kind}`" in FORMAT


@pytest.mark.parametrize("suffix", sorted({*PICTURES, *RECORDINGS, *DOCUMENTS} - {".jpeg"}))
def test_every_kind_of_file_is_described(suffix: str) -> None:
    assert suffix in FORMAT


def test_limits_are_those_of_the_reader() -> None:
    assert "hints `? …` (ten at most)" in FORMAT
    assert MOST_HINTS == 10
    assert f"1 to {short.MOST_ACCEPTED} accepted answers of at most {MOST_TYPED} characters" in FORMAT
    assert f"a number of at most {number.MOST_DIGITS} digits" in FORMAT
    assert f"2 to {ordering.MOST_STEPS} steps" in FORMAT
    assert f"1 to {matching.MOST_PAIRS} pairs, 2 to {matching.MOST_RIGHTS} different rights" in FORMAT
    assert f"1 to {gaps.MOST_GAPS} gaps" in FORMAT
    assert f"2 to {gaps.MOST_CHOICES} words" in FORMAT


def test_the_question_shown_there_is_a_question(tmp_path: Path) -> None:
    (example,) = re.findall(r"````\n(## Biểu tượng.*?)````", FORMAT, re.DOTALL)
    course = good(
        tmp_path,
        {
            "01-mot/module.md": MODULE.replace("dia-chi", "https"),
            "01-mot/01-o-khoa-va-dia-chi.md": f"{FRONT}## Ổ khóa {{#o-khoa}}\n",
            "01-mot/quiz.md": f"---\n---\n\n{example}",
        },
    )
    quiz = course.modules[0].quiz
    assert quiz is not None
    assert [source.question.id for source in quiz.questions] == ["o-khoa"]


def test_the_courses_of_the_repository_keep_to_it() -> None:
    courses, problems = read_courses(ROOT / "courses")
    assert list(map(str, problems)) == []
    assert {"ky-nang-so", "lam-quen"} <= {course.slug for course in courses}
