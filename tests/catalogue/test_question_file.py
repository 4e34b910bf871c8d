"""Questions of another format added to a module's files."""

from pathlib import Path

import pytest

from lms.catalogue.question_file import NoSuchPlace, addition
from lms.catalogue.source import read_course
from lms.quiz.formats import FORMATS
from tests.catalogue.folder import EDITIONS, FRONT, MODULE, QUIZ, write

CHECK = FRONT + "/// check | da-co\nHỏi?\n\n- (x) a\n- ( ) b\n///\n"
FILES: dict[str, str | bytes] = {
    "course.md": EDITIONS,
    "01-mot/module.md": MODULE,
    "01-mot/01-bai.md": CHECK,
    "01-mot/quiz.md": QUIZ,
}


def added(root: Path, gift: str, files: dict[str, str | bytes] = FILES, module: str = "mot"):
    course = write(root, files)
    file = root / "cau-hoi.gift"
    file.write_text(gift, encoding="utf-8")
    return addition(file, FORMATS["gift"], course, module), course


def told(found) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.message) for one in found.problems]


def test_questions_are_added_behind_those_that_are_there(tmp_path: Path) -> None:
    found, course = added(tmp_path, "$CATEGORY: dia-chi\n\n::moi::Mới? {=a ~b}\n\nHai? {T}")
    assert found.problems == []
    assert (course / "01-mot/quiz.md").read_text(encoding="utf-8") == QUIZ
    found.write()
    source, problems = read_course(course)
    assert problems == []
    asked = [one.question for one in source.modules[0].quiz.questions]
    assert [(one.id, one.objective) for one in asked] == [
        ("lam-gi", ""),
        ("moi", "dia-chi"),
        ("hai", "dia-chi"),
    ]


@pytest.mark.parametrize("folder", ["mot", "01-mot"])
def test_a_module_without_a_quiz_gets_one(tmp_path: Path, folder: str) -> None:
    files = {name: text for name, text in FILES.items() if name != "01-mot/quiz.md"}
    found, course = added(tmp_path, "Một? {T}", files, folder)
    found.write()
    assert (course / "01-mot/quiz.md").read_bytes().startswith(b"---\n---\n\n## M")
    assert read_course(course)[1] == []


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    found, _ = added(tmp_path, "Một? {T}", FILES | {"01-mot/quiz.md": QUIZ.replace("\n", "\r\n")})
    found.write()
    assert b"\n" not in found.quiz_file.read_bytes().replace(b"\r\n", b"")


@pytest.mark.parametrize("id_", ["lam-gi", "da-co"])
def test_an_id_that_somebody_has_is_refused(tmp_path: Path, id_: str) -> None:
    found, _ = added(tmp_path, f"Một? {{T}}\n\n::{id_}::Hai? {{T}}")
    assert told(found) == [("cau-hoi.gift", 3, "Tên câu hỏi này đã có.")]
    assert found.questions == []


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    found, course = added(tmp_path, "Một? {T}")
    found.write()
    again = addition(tmp_path / "cau-hoi.gift", FORMATS["gift"], course, "mot")
    assert told(again) == [("cau-hoi.gift", 1, "Câu hỏi này đã có trong quiz.md.")]


def test_what_only_the_course_can_know_is_told_at_the_line_of_the_file(tmp_path: Path) -> None:
    gift = "Một? {T}\n\n[markdown]Hai [đây](99-khong-co.md)? {T}\n\n// [tag:editions=khong-co]\nBa? {T}"
    found, _ = added(tmp_path, gift)
    assert [(path, line) for path, line, _ in told(found)] == [("cau-hoi.gift", 3), ("cau-hoi.gift", 6)]


def test_an_objective_there_is_not_is_left_behind(tmp_path: Path) -> None:
    found, _ = added(tmp_path, "$CATEGORY: khac\n\nMột? {T}")
    assert [(one.line, one.seen) for one in found.notes] == [(3, "khac")]
    assert found.questions[0].item.objective == ""


@pytest.mark.parametrize("module", ["khong-co", ""])
def test_a_module_that_is_not_there_is_told(tmp_path: Path, module: str) -> None:
    with pytest.raises(NoSuchPlace):
        added(tmp_path, "Một? {T}", module=module)


def test_a_module_with_a_mistake_must_be_mended_first(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPlace, match=r"01-mot/quiz\.md:4"):
        added(
            tmp_path, "Một? {T}", FILES | {"01-mot/quiz.md": "---\n---\n\n## Không tên\n\n- (x) a\n- ( ) b\n"}
        )
