"""What publishing keeps: identities, revisions, old names, files byte for byte."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.catalogue.actions import PublishReport, SlugsVanished, publish_course
from lms.catalogue.export import export_course
from lms.catalogue.models import Lesson, LessonRevision, Module
from lms.catalogue.queries import course_outline, lesson_body, new_address
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import session, transaction
from lms.quiz.models import QuestionRevision
from tests.conftest import every_database
from tests.courses import LESSON, MODULE, QUIZ, small_course, write
from tests.times import NOON

pytestmark = every_database
LATER = NOON + timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "media")


def publish(folder: Path, shelf: Shelf, at=NOON) -> PublishReport:
    course, problems = read_course(folder)
    assert problems == []
    assert course is not None
    with transaction():
        return publish_course(course, shelf, at)


def ids() -> dict[str, int]:
    return {
        f"{module}/{lesson}": lesson_id
        for module, lesson, lesson_id in session.execute(
            select(Module.slug, Lesson.slug, Lesson.id).join(Module, Module.id == Lesson.module_id)
        )
    }


def test_a_published_course_is_read_as_it_was_written(app, tmp_path, shelf):
    publish(small_course(tmp_path), shelf)
    outline = course_outline("khoa-thu")
    assert [module.slug for module in outline.modules_of("citizen")] == ["dau", "cuoi"]
    assert outline.team_edition is not None
    assert outline.team_edition.key == "member"
    module = outline.module("dau")
    assert module is not None
    assert [lesson.slug for lesson in module.lessons_of("member")] == ["mot", "hai"]
    body = lesson_body(module.lessons[0].revision_id)
    assert [bool(segment.check) for segment in body.segments["member"]] == [False, True]
    assert "hoi-nhanh" in body.checks


def test_the_same_files_again_change_nothing(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = session.scalar(select(func.count()).select_from(LessonRevision))
    published_at = course_outline("khoa-thu").published_at
    assert publish(folder, shelf, LATER).changed == []
    assert session.scalar(select(func.count()).select_from(LessonRevision)) == before
    assert course_outline("khoa-thu").published_at == published_at


def test_an_edited_lesson_gets_a_revision_and_keeps_its_id(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = ids()
    write(folder, {"01-dau/02-hai.md": LESSON.format(slug="hai") + "\nThêm một câu.\n"})
    assert publish(folder, shelf, LATER).changed == ["khoa-thu/01-dau/02-hai.md"]
    assert ids() == before
    outline = course_outline("khoa-thu")
    assert "Thêm một câu" in lesson_body(outline.modules[0].lessons[1].revision_id).segments["member"][0].html


def test_renumbering_moves_a_lesson_and_loses_nothing(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = ids()
    (folder / "01-dau" / "02-hai.md").rename(folder / "01-dau" / "00-hai.md")
    publish(folder, shelf, LATER)
    assert ids() == before
    module = course_outline("khoa-thu").module("dau")
    assert module is not None
    assert [lesson.slug for lesson in module.lessons] == ["hai", "mot"]


def test_a_renamed_lesson_says_what_it_was_and_its_old_address_leads_on(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = ids()
    renamed = LESSON.format(slug="moi").replace("reviewed:", "was: [dau/hai]\nreviewed:")
    write(folder, {"01-dau/02-hai.md": "", "01-dau/02-moi.md": renamed})
    publish(folder, shelf, LATER)
    assert ids()["dau/moi"] == before["dau/hai"]
    assert new_address("khoa-thu", "dau", "hai") == ("dau", "moi")


def test_a_lesson_moved_to_another_module_keeps_its_id(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = ids()
    moved = LESSON.format(slug="ba").replace("reviewed:", "was: [dau/hai]\nreviewed:")
    write(folder, {"01-dau/02-hai.md": "", "02-cuoi/03-ba.md": moved})
    publish(folder, shelf, LATER)
    assert ids()["cuoi/ba"] == before["dau/hai"]


def test_a_renamed_module_keeps_its_id_bit_quiz_and_lessons(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    before = course_outline("khoa-thu").module("dau")
    (folder / "01-dau").rename(folder / "01-moi")
    renamed = MODULE.format(slug="moi").replace("objectives:", "was: [dau]\nobjectives:")
    write(folder, {"01-moi/module.md": renamed})
    publish(folder, shelf, LATER)
    after = course_outline("khoa-thu").module("moi")
    assert before is not None
    assert after is not None
    assert (after.id, after.bit, after.quiz_id) == (before.id, before.bit, before.quiz_id)
    assert [lesson.id for lesson in after.lessons] == [lesson.id for lesson in before.lessons]
    assert new_address("khoa-thu", "dau") == ("moi",)


def test_a_slug_that_vanishes_without_a_word_is_refused(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    write(folder, {"01-dau/02-hai.md": ""})
    with pytest.raises(SlugsVanished, match="dau/hai"):
        publish(folder, shelf, LATER)
    module = course_outline("khoa-thu").module("dau")
    assert module is not None
    assert len(module.lessons) == 2


def test_a_new_module_never_gets_a_bit_that_was_used(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    publish(folder, shelf)
    write(
        folder,
        {
            "00-them/module.md": MODULE.format(slug="them"),
            "00-them/01-mot.md": LESSON.format(slug="mot"),
            "00-them/quiz.md": QUIZ,
        },
    )
    publish(folder, shelf, LATER)
    outline = course_outline("khoa-thu")
    assert [(module.slug, module.bit) for module in outline.modules] == [("them", 2), ("dau", 0), ("cuoi", 1)]


def test_a_module_without_a_quiz_is_a_draft(app, tmp_path, shelf):
    folder = small_course(tmp_path)
    write(folder, {"02-cuoi/quiz.md": ""})
    publish(folder, shelf)
    outline = course_outline("khoa-thu")
    assert outline.module("cuoi") is None
    assert [module.slug for module in outline.modules_of("member")] == ["dau"]


def test_another_explanation_is_the_same_question_and_another_key_is_not(app, tmp_path, shelf):
    folder = small_course(tmp_path, ("dau",))
    publish(folder, shelf)
    count = select(func.count()).select_from(QuestionRevision)
    before = session.scalar(count)
    write(folder, {"01-dau/quiz.md": QUIZ.replace("Đếm ngón tay", "Đếm que tính")})
    publish(folder, shelf, LATER)
    assert session.scalar(count) == before
    write(folder, {"01-dau/quiz.md": QUIZ.replace("- [x] Bốn", "- [x] Sáu")})
    publish(folder, shelf, LATER + timedelta(days=1))
    assert session.scalar(count) == before + 1


@pytest.mark.parametrize(
    "course",
    [
        "courses/lam-quen",
        "courses/ky-nang-so",
        *(f"tests/corpus/good/{case}/khoa-mau" for case in ("typed-answers", "pairs", "gaps-and-order")),
    ],
)
def test_an_export_is_what_was_loaded_byte_for_byte(app, tmp_path, shelf, course):
    folder = Path(app.root_path) / course
    publish(folder, shelf)
    export_course(folder.name, tmp_path / "out", shelf)
    assert files_of(tmp_path / "out" / folder.name) == files_of(folder)


def files_of(folder: Path) -> dict[Path, bytes]:
    """Every file below, by its place."""
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
