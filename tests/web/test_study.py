"""What learners and visitors meet at the doors of courses, modules and lessons."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation import clock
from lms.foundation.db import session, transaction
from lms.people.actions.persons import join_team
from lms.people.models import NoticeAcceptance
from lms.quiz.choice import option_id
from lms.study.models import CheckAnswer, Enrolment, LessonRead, ModuleProgress, StudyPosition
from lms.web import opening
from lms.web.paths import CoursePaths
from tests import make
from tests.courses import CHECK, LESSON, course_file, write
from tests.courses import MODULE as MODULE_FILE
from tests.times import NOON

COURSE = "/courses/khoa-thu"
MODULE = f"{COURSE}/dau"
FIRST, SECOND = f"{MODULE}/mot", f"{MODULE}/hai"
LATER = NOON + timedelta(days=1)


@pytest.fixture
def course(app, tmp_path: Path):
    return make.course(tmp_path)


@pytest.fixture
def member(course) -> int:
    with transaction():
        person_id = make.person("Nguyễn Thị Hạnh").id
        join_team(person_id, make.team().id, actor_id=None, now=NOON)
    return person_id


@pytest.fixture
def learner(client: FlaskClient, member: int) -> FlaskClient:
    make.signed_in(client, member)
    return client


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def opened(minutes_ago: float, person_id: int, course, slug: str = "hai") -> str:
    """What a page opened so long ago carries in its form."""
    lesson = next(one for one in course.module("dau").lessons if one.slug == slug)
    return opening.opening(person_id, lesson.id, clock.now() - timedelta(minutes=minutes_ago))


def test_addresses_written_out_are_those_of_the_views(app):
    with app.test_request_context():
        for edition in ("", "citizen"):
            to = CoursePaths("khoa", edition)
            names = {"course": "khoa", "edition": edition or None}
            lesson = names | {"module": "m", "lesson": "l"}
            assert to.course == url_for("study.course", **names)
            assert to.module("m") == url_for("study.module", module="m", **names)
            assert to.quiz("m") == url_for("quiz.start", module="m", **names)
            assert to.lesson("m", "l", "phan") == url_for("study.lesson", _anchor="phan", **lesson)
            assert to.deed("m", "l", "read") == url_for("study.read", **lesson)
            assert to.deed("m", "l", "position") == url_for("study.position", **lesson)
            assert to.deed("m", "l", "checks/c") == url_for("study.check", check_id="c", **lesson)


# Visitors


def test_a_visitor_reads_the_public_edition_and_is_led_on(client, course):
    text = page(client, COURSE)
    assert "Bản người dân" in text
    assert "dùng phiếu kích hoạt" in text
    text = page(client, FIRST)
    assert "Chữ của bài mot" in text
    assert f'href="{SECOND}"' in text
    assert "Đã đọc xong" not in text
    assert f'href="{MODULE}/quiz"' in page(client, SECOND)


def test_a_visitor_is_told_at_once_and_nothing_is_kept(client, course):
    text = page(client, FIRST)
    assert "Nhìn ra ngoài xem" not in text
    _, wrong = options(text)
    told = client.post(f"{FIRST}/checks/hoi-nhanh", data={"hoi-nhanh": wrong})
    assert told.status_code == 200
    assert "Nhìn ra ngoài xem" in told.text
    assert session.scalars(select(CheckAnswer)).all() == []
    assert "Nhìn ra ngoài xem" not in page(client, FIRST)


def options(text: str) -> tuple[str, str]:
    """The values of the first check's answers: the right one, the wrong one."""
    right, wrong = option_id("Có mưa"), option_id("Không mưa")
    assert f'value="{right}"' in text
    assert f'value="{wrong}"' in text
    return right, wrong


def test_what_a_visitor_answered_first_stays_when_the_second_is_answered(client, tmp_path):
    second = CHECK.replace("hoi-nhanh", "hoi-them").replace("Trời có mưa", "Đường có trơn")
    make.course(tmp_path, {"01-dau/01-mot.md": LESSON.format(slug="mot") + CHECK + second})
    right, wrong = options(page(client, FIRST))
    text = client.post(f"{FIRST}/checks/hoi-nhanh", data={"hoi-nhanh": wrong}).text
    assert f'<input type="hidden" name="hoi-nhanh" value="{wrong}">' in text
    text = client.post(f"{FIRST}/checks/hoi-them", data={"hoi-nhanh": wrong, "hoi-them": right}).text
    assert "Nhìn ra ngoài xem" in text
    assert "Đúng rồi" in text


def test_an_empty_or_made_up_answer_is_asked_again_where_it_stands(client, course):
    for sent, says in (
        ({}, "Chọn hoặc gõ câu trả lời rồi bấm"),
        ({"hoi-nhanh": "deadbeef"}, "không có trong câu hỏi này"),
    ):
        answer = client.post(f"{FIRST}/checks/hoi-nhanh", data=sent)
        assert answer.status_code == 422
        assert says in answer.text
        assert "Nhìn ra ngoài xem" not in answer.text


def test_a_course_for_members_only_is_not_there_for_visitors(client, tmp_path):
    make.course(tmp_path, {"course.md": course_file().replace("public: true", "public: false")})
    for address in (COURSE, MODULE, FIRST):
        assert "Không có khóa học này" in page(client, address, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/courses/khong-co",
        f"{COURSE}/khong-co",
        f"{MODULE}/khong-co",
        f"{COURSE}/khong-co/mot",
        f"{COURSE}?edition=member",
        f"{FIRST}?edition=khong-co",
        f"{MODULE}/{'x' * 3000}",
    ],
)
def test_what_is_not_there_is_said_so(client, course, address):
    page(client, address, 404)


def test_a_check_or_a_deed_of_another_lesson_is_not_there(learner, course):
    for address in (f"{SECOND}/checks/hoi-nhanh", f"{MODULE}/khong-co/read", f"{MODULE}/khong-co/position"):
        assert learner.post(address).status_code == 404


def test_old_names_lead_to_the_new_ones_for_good(client, course, tmp_path):
    (tmp_path / "khoa-thu" / "01-dau").rename(tmp_path / "khoa-thu" / "01-moi")
    publish(
        tmp_path,
        {
            "01-moi/module.md": MODULE_FILE.format(slug="moi").replace("title:", "was: [dau]\ntitle:", 1),
            "01-moi/02-hai.md": "",
            "02-cuoi/03-xa.md": LESSON.format(slug="xa").replace("minutes:", "was: [dau/hai]\nminutes:"),
        },
    )
    for old, new in (
        (MODULE, f"{COURSE}/moi"),
        (FIRST, f"{COURSE}/moi/mot"),
        (SECOND, f"{COURSE}/cuoi/xa"),
        (f"{SECOND}?edition=citizen", f"{COURSE}/cuoi/xa?edition=citizen"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer.location) == (301, new)
        page(client, new)


def publish(root: Path, changes: dict[str, str]) -> None:
    """The course as its folder stands now, with these changes."""
    found, problems = read_course(write(root / "khoa-thu", changes))
    assert problems == []
    with transaction():
        publish_course(found, Shelf(root / "shelf"), LATER)


# Learners


def test_a_learner_says_that_a_lesson_is_read_and_is_led_on(learner, member, course):
    text = page(learner, SECOND)
    assert "Đã đọc xong, làm bài kiểm tra" in text
    answer = learner.post(f"{SECOND}/read", data={"opened": opened(1, member, course)})
    assert (answer.status_code, answer.location) == (302, f"{MODULE}/quiz")
    read = session.scalars(select(LessonRead)).one()
    assert read.person_id == member
    assert "Đã đọc, ngày" in page(learner, MODULE)
    text = page(learner, SECOND)
    assert "Đã đọc xong" not in text
    assert "Sang bài kiểm tra" in text


def test_too_early_is_said_at_the_button_and_the_time_runs_on(learner, member, course):
    word = opened(0.1, member, course)
    answer = learner.post(f"{SECOND}/read", data={"opened": word})
    assert answer.status_code == 409
    assert "Đọc thêm khoảng" in answer.text
    assert f'value="{word}"' in answer.text
    assert session.scalars(select(LessonRead)).all() == []


def test_an_unanswered_question_is_said_at_the_button(learner, member, course):
    answer = learner.post(f"{FIRST}/read", data={"opened": opened(5, member, course, "mot")})
    assert answer.status_code == 409
    assert "còn câu hỏi chưa trả lời" in answer.text
    assert 'aria-describedby="read-problem"' in answer.text


@pytest.mark.parametrize("word", ["", "1.2", "x" * 5000, "9999999999.abc", "٣.ư"])
def test_a_page_without_its_time_of_opening_is_opened_anew(learner, course, word):
    answer = learner.post(f"{SECOND}/read", data={"opened": word})
    assert answer.status_code == 422
    assert "Trang này mở đã lâu" in answer.text


def test_the_time_of_opening_is_nobody_elses_and_no_other_lessons(learner, member, course):
    for word in (opened(9, member + 1, course), opened(9, member, course, "mot")):
        assert learner.post(f"{SECOND}/read", data={"opened": word}).status_code == 422


def test_a_kept_answer_is_shown_with_its_feedback_on_every_device(learner, member, course):
    _, wrong = options(page(learner, FIRST))
    answer = learner.post(f"{FIRST}/checks/hoi-nhanh", data={"hoi-nhanh": wrong})
    assert (answer.status_code, answer.location) == (302, f"{FIRST}#hoi-nhanh")
    text = page(learner, FIRST)
    assert "Nhìn ra ngoài xem" in text
    assert ">Trả lời</button>" not in text
    kept = session.scalars(select(CheckAnswer)).one()
    assert (kept.answer, kept.share) == ({"chosen": [wrong]}, 0.0)
    assert session.scalars(select(ModuleProgress.state)).all() == ["learning"]
    assert f'href="{FIRST}#hoi-nhanh"' in page(learner, COURSE)


def test_the_key_of_a_check_is_in_no_page_before_its_answer(client, learner, course):
    for text in (page(learner, FIRST), page(client, FIRST)):
        assert "Đúng rồi" not in text
        assert "Nhìn ra ngoài xem" not in text


def test_hoc_tiep_leads_to_the_section_last_read(learner, member, course):
    assert learner.post(f"{SECOND}/position", data={"section": "phan-dau"}).status_code == 204
    place = session.scalars(select(StudyPosition)).one()
    assert place.section == "phan-dau"
    for address in (COURSE, "/"):
        assert f'href="{SECOND}#phan-dau"' in page(learner, address)


def test_another_edition_is_entered_by_the_first_deed_and_kept_in_every_link(learner, member, course):
    text = page(learner, COURSE)
    assert f'href="{COURSE}?edition=citizen"' in text
    assert f'href="{MODULE}?edition=citizen"' in page(learner, f"{COURSE}?edition=citizen")
    text = page(learner, f"{SECOND}?edition=citizen")
    assert f'action="{SECOND}/read?edition=citizen"' in text
    assert len(session.scalars(select(Enrolment)).all()) == 1
    answer = learner.post(f"{SECOND}/read?edition=citizen", data={"opened": opened(1, member, course)})
    assert answer.location == f"{MODULE}/quiz?edition=citizen"
    assert len(session.scalars(select(Enrolment)).all()) == 2


def test_modules_still_being_written_are_counted_and_not_shown(learner, tmp_path):
    make.course(tmp_path, {"02-cuoi/quiz.md": ""}, at=LATER)
    text = page(learner, COURSE)
    assert "1 chuyên đề nữa đang được biên soạn" in text
    assert f"{COURSE}/cuoi" not in text
    assert text.count('r="11"') == 2 * 2
    page(learner, f"{COURSE}/cuoi", 404)


def test_a_module_tells_its_state_in_words(learner, member, course):
    assert "Chưa học" in page(learner, MODULE)
    learner.post(f"{SECOND}/read", data={"opened": opened(1, member, course)})
    text = page(learner, MODULE)
    assert "Đang học, 1/2 bài" in text
    assert f'href="{FIRST}"' in text


def test_who_has_not_accepted_the_notice_is_asked_before_anything_is_kept(client, member, course):
    make.signed_in(client, member)
    with transaction():
        session.execute(delete(NoticeAcceptance))
    right, _ = options(page(client, FIRST))
    answer = client.post(f"{FIRST}/checks/hoi-nhanh", data={"hoi-nhanh": right})
    assert answer.location.startswith("/notice")
    assert session.scalars(select(CheckAnswer)).all() == []
