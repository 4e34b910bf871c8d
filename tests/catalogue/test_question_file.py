"""Questions of another format added to a module's files."""

from dataclasses import replace
from pathlib import Path

import pytest

from lms.catalogue.question_file import NoSuchPlace, addition
from lms.catalogue.source import read_course
from lms.quiz.exchange.item import Item, Part, Picture, item_of
from lms.quiz.formats import FORMATS, WRITABLE
from lms.quiz.types.tap import Region
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


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 640"><path d="M0 0h9v9z"/></svg>'
TAP = Item(
    "tap",
    "Chạm vào dấu hiệu",
    [
        Part("thanh địa chỉ", True, region=Region(12.5, 8, 40, 6)),
        Part("nút", False, region=Region(12, 60, 76, 9)),
    ],
    id="cham",
    picture="media/man-hinh.svg",
    shows="Một trang web",
    files={"media/man-hinh.svg": Picture(DRAWING, 360, 640)},
)


def packed(root: Path, files: dict[str, str | bytes] = FILES):
    course = write(root, files)
    file = root / "goi.qti21.zip"
    file.write_bytes(WRITABLE["qti21"].write([TAP]))
    return addition(file, FORMATS["qti21"], course, "mot"), course


def test_a_picture_of_a_package_comes_into_the_module(tmp_path: Path) -> None:
    found, course = packed(tmp_path)
    assert found.problems == []
    picture = course / "01-mot/media/man-hinh.svg"
    assert not picture.exists()
    found.write()
    assert picture.read_bytes() == DRAWING
    source, problems = read_course(course)
    assert problems == []
    assert item_of(source.modules[0].quiz.questions[-1].question) == replace(TAP, files={})


def test_a_picture_that_is_there_already_is_the_same(tmp_path: Path) -> None:
    found, _ = packed(tmp_path, FILES | {"01-mot/media/man-hinh.svg": DRAWING})
    assert (found.problems, found.pictures) == ([], {})


def test_another_picture_of_the_same_name_is_refused(tmp_path: Path) -> None:
    found, _ = packed(tmp_path, FILES | {"01-mot/media/man-hinh.svg": DRAWING.replace(b"9", b"8")})
    assert told(found) == [("goi.qti21.zip", 1, "Một hình khác đã mang tên này.")]


def test_a_picture_that_the_course_would_refuse_is_told(tmp_path: Path) -> None:
    course = write(tmp_path, FILES)
    active = replace(
        TAP, files={TAP.picture: Picture(DRAWING.replace(b"<path", b"<script/><path"), 360, 640)}
    )
    file = tmp_path / "goi.qti30.zip"
    file.write_bytes(WRITABLE["qti30"].write([active]))
    found = addition(file, FORMATS["qti30"], course, "mot")
    assert "Hình SVG chỉ được là hình vẽ." in [message for _, _, message in told(found)]
    assert found.questions == []
