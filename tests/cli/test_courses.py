"""`flask courses import` and `export --format` as they are typed."""

import json
from dataclasses import replace

import pytest

from lms.quiz.exchange.reading import read_questions
from lms.quiz.formats import WRITABLE
from tests.rosters.country import publish

GIFT = "// [tag:level=hard]\n::moi::Ba cộng một bằng mấy? {=Bốn ~Năm}\n"


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    publish(tmp_path / "courses")
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, courses_folder=tmp_path / "courses"))

    def run(*args: str):
        return app.test_cli_runner().invoke(args=["courses", *args])

    return run


@pytest.fixture
def quiz(tmp_path):
    return tmp_path / "courses" / "khoa-thu" / "01-dau" / "quiz.md"


def given(tmp_path, text: str, name: str = "de.gift") -> str:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_questions_are_imported_into_a_module(run, tmp_path, quiz):
    before = quiz.read_text(encoding="utf-8")
    done = run("import", given(tmp_path, GIFT), "--into", "khoa-thu/dau")
    assert done.exit_code == 0, done.output
    assert "Đã thêm 1 câu hỏi" in done.output
    added = quiz.read_text(encoding="utf-8").removeprefix(before)
    assert added == "\n## Ba cộng một bằng mấy? {#moi level=hard}\n\n- (x) Bốn\n- ( ) Năm\n"


def test_a_dry_run_shows_and_writes_nothing(run, tmp_path, quiz):
    before = quiz.read_bytes()
    done = run("import", given(tmp_path, GIFT), "--into", "khoa-thu/dau", "--dry-run")
    assert done.exit_code == 0
    assert "## Ba cộng một bằng mấy? {#moi level=hard}" in done.output
    assert "Sẽ thêm 1 câu hỏi" in done.output
    assert quiz.read_bytes() == before


def test_one_mistake_refuses_the_whole_file(run, tmp_path, quiz):
    before = quiz.read_bytes()
    done = run("import", given(tmp_path, f"{GIFT}\nHai? {{=một =hai ~ba}}"), "--into", "khoa-thu/dau")
    assert done.exit_code == 1
    assert "de.gift:4: Câu chọn một phải có đúng một đáp án đúng.\n  Thấy: 2 đáp án đúng\n" in done.output
    assert "chưa thêm câu hỏi nào" in done.output
    assert quiz.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "place", "told"),
    [("de.txt", "khoa-thu/dau", "--format"), ("de.gift", "khoa-thu/khong-co", "Không có chuyên đề này")],
)
def test_what_cannot_be_known_is_asked(run, tmp_path, name, place, told):
    done = run("import", given(tmp_path, GIFT, name), "--into", place)
    assert done.exit_code == 1
    assert told in done.output


@pytest.mark.parametrize("name", WRITABLE)
def test_what_is_published_is_exported_by_module_and_losses_are_told(run, tmp_path, name):
    done = run("export", "khoa-thu", str(tmp_path / "ra"), "--format", name)
    assert done.exit_code == 0, done.output
    format_ = WRITABLE[name]
    files = sorted((tmp_path / "ra" / "khoa-thu").iterdir())
    assert [file.name for file in files] == [
        f"{module}{format_.suffixes[0]}" for module in ("01-dau", "02-cuoi")
    ]
    reading = read_questions(files[0].read_bytes(), format_)
    assert reading.questions
    assert not reading.mistakes
    if "objective" not in format_.carries:
        assert "không mang theo: mot-cong-mot: mục tiêu" in done.output
    else:
        assert [one.item.objective for one in reading.questions] == ["mot", "hai"]


def test_a_course_that_is_not_published_cannot_be_exported(run, tmp_path):
    done = run("export", "khac", str(tmp_path / "ra"), "--format", "gift")
    assert done.exit_code == 1


def test_strict_rules_are_asked_only_if_wanted(run, quiz):
    quiz.write_text(quiz.read_text(encoding="utf-8").replace("Chọn số chẵn", "Chọn link"), encoding="utf-8")
    assert run("check").exit_code == 0
    done = run("check", "--strict")
    assert done.exit_code == 1
    assert "khoa-thu/01-dau/quiz.md:12: Từ khó với bà con: “link”. [words-to-avoid]" in done.output
    told = json.loads(run("check", "--strict", "--json").output)
    words = [one for one in told if one["rule"] == "words-to-avoid"]
    assert [(one["line"], one["warns"]) for one in words] == [(12, False)]
