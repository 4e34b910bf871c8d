"""The analysis of answers: who may see it, what it says, and the same as a file."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job
from lms.people.models import Grant
from lms.quiz import jobs
from lms.quiz.analysis import queries
from lms.web.dates import decimal
from tests import make
from tests.courses import LESSON, QUIZ
from tests.quiz.sitting import hand_in, save
from tests.times import NOON

LATER = NOON + timedelta(days=1)
PAGE = "/studio/khoa-thu/dau/analysis"
TEACHING = LESSON.format(slug="hai").replace("reviewed:", "objectives: [mot]\nreviewed:")
MENDED = QUIZ.replace("Một cộng một bằng mấy?", "Một cộng với một bằng mấy?")


@pytest.fixture(autouse=True)
def the_next_day(app, monkeypatch):
    monkeypatch.setattr("lms.foundation.clock.now", lambda: LATER)


@pytest.fixture
def course(app, tmp_path):
    return make.course(tmp_path, {"01-dau/02-hai.md": TEACHING})


@pytest.fixture
def author(client):
    """An instructor of everything, signed in."""
    with transaction():
        person = make.person("Ngô Quang Vịnh")
        make.grant(person, "instructor")
        make.account(person)
    make.signed_in(client, person.id)
    return client


def sit(course, people: int, *, first_right: bool) -> None:
    """So many learners at the first module's quiz: the first question right or wrong, the other right."""
    quiz_id = course.module("dau").quiz_id
    for _ in range(people):
        with transaction():
            person_id = make.member(make.team()).id
        view = begin_as_member(person_id, quiz_id)
        answers = {one.position: one.question.model_answer() for one in view.questions}
        if not first_right:
            position, question = next(
                (one.position, one.question) for one in view.questions if one.question.id == "mot-cong-mot"
            )
            answers[position] = {"chosen": [option.id for option in question.options if not option.right]}
        save(view, answers)
        hand_in(view)


def begin_as_member(person_id: int, quiz_id: int):
    from lms.quiz.actions import start_attempt
    from lms.quiz.queries import attempt_of

    with transaction():
        attempt_id = start_attempt(person_id, quiz_id, "member", NOON)
    return attempt_of(person_id, attempt_id)


def counted() -> None:
    with transaction():
        jobs.submit_analysis(None, LATER)


def text(response) -> str:
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_list_tells_what_is_counted_and_what_is_not_enough(course, author):
    page = text(author.get("/studio"))
    assert "Chưa đếm lần nào." in page
    assert 'href="/studio/khoa-thu/dau/analysis"' in page
    sit(course, 1, first_right=True)
    counted()
    assert "chưa đủ" in text(author.get("/studio"))


def test_counting_is_asked_for_by_a_button(course, author):
    sit(course, 1, first_right=True)
    response = author.post("/studio/count")
    assert (response.status_code, response.location) == (303, "/studio")
    assert session.get_one(Job, 1).result == {"counted": 1}


def test_before_anything_is_counted_the_page_says_so(course, author):
    assert "Chưa có bài làm nào được đếm." in text(author.get(PAGE))
    assert author.get(f"{PAGE}.csv").status_code == 404


def test_few_attempts_conclude_nothing(course, author):
    sit(course, 3, first_right=False)
    counted()
    page = text(author.get(PAGE))
    assert "Chưa đủ 30 lần làm" in page
    assert "chưa đủ 30 lượt" in page
    assert "dễ nhầm" not in page


def test_a_question_that_misleads_is_told_in_a_sentence_with_its_lesson(course, author):
    sit(course, 21, first_right=False)
    sit(course, 9, first_right=True)
    counted()
    page = text(author.get(PAGE))
    assert "7 trên 10 người chọn A: bài 2 có thể gây hiểu nhầm." in page
    assert 'href="/courses/khoa-thu/dau/hai"' in page
    assert "Số câu đúng trên 2" in page
    assert "30%" in page


def test_a_province_is_looked_at_alone(course, author):
    sit(course, 30, first_right=True)
    counted()
    assert 'analysis?unit=33"' in text(author.get(PAGE))
    page = text(author.get(f"{PAGE}?unit=33"))
    assert "Hưng Yên" in page
    assert "Độ tin cậy chỉ tính cho cả nước." in page
    assert "Chưa có bài làm nào được đếm." in text(author.get(f"{PAGE}?unit=15"))
    assert author.get(f"{PAGE}?unit={make.HUNG_HA}").status_code == 404
    assert author.get(f"{PAGE}?unit=99").status_code == 404


def test_the_files_say_what_the_page_says(course, author):
    sit(course, 21, first_right=False)
    sit(course, 9, first_right=True)
    counted()
    response = author.get(f"{PAGE}.csv")
    assert "khoa-thu-dau-vn.csv" in response.headers["Content-Disposition"]
    head, first, _ = csv.reader(io.StringIO(response.get_data().decode("utf-8-sig")))
    row = dict(zip(head, first, strict=True))
    assert (row["Số lượt"], row["Trả lời đúng (%)"], row["± (đúng)"]) == ("30", "30.0", "8.51")
    assert row["Nên xem"] == "Đáp án A dễ nhầm; Quá khó"
    book = openpyxl.load_workbook(io.BytesIO(author.get(f"{PAGE}.xlsx").get_data()))
    assert [cell.value for cell in book.worksheets[0][1]] == head
    assert book.worksheets[0]["D2"].value == 30
    assert ("Người xuất", "Ngô Quang Vịnh") in [
        tuple(cell.value for cell in line) for line in book.worksheets[1].iter_rows()
    ]


def test_mended_words_are_joined_by_the_editor_and_parted_again(course, author, tmp_path):
    sit(course, 2, first_right=True)
    again = make.course(tmp_path, {"01-dau/02-hai.md": TEACHING, "01-dau/quiz.md": MENDED}, at=LATER)
    sit(again, 1, first_right=True)
    counted()
    page = text(author.get(PAGE))
    assert "(bản cũ)" in page
    newest = queries.present_settings(again.module("dau").quiz_id)[0][0]
    fields = {"revision": newest, "deed": "join"}
    assert author.post(f"{PAGE}/meaning", data=fields).status_code == 303
    page = text(author.get(PAGE))
    assert "(bản cũ)" not in page
    assert "Tách số liệu của bản trước ra" in page
    author.post(f"{PAGE}/meaning", data=fields | {"deed": "part"})
    assert "(bản cũ)" in text(author.get(PAGE))


@pytest.mark.parametrize("revision", ["", "x", "999999"])
def test_what_is_no_revision_of_this_quiz_is_not_found(course, author, revision):
    assert author.post(f"{PAGE}/meaning", data={"revision": revision}).status_code == 404


def test_an_instructor_of_another_course_finds_nothing(course, author):
    with transaction():
        session.query(Grant).update({"course_slug": "khoa-khac"})
    assert "Chưa có khóa học nào để phân tích." in text(author.get("/studio"))
    for path in (PAGE, f"{PAGE}.csv"):
        assert author.get(path).status_code == 404
    assert author.post(f"{PAGE}/meaning", data={"revision": "1"}).status_code == 404


def test_an_instructor_of_this_course_finds_it(course, author):
    with transaction():
        session.query(Grant).update({"course_slug": "khoa-thu"})
    assert author.get(PAGE).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_other_grants_do_not_open_it(course, client, role):
    with transaction():
        person = make.person()
        make.grant(person, role, unit=None if role == "reviewer" else make.HUNG_YEN)
        make.account(person)
    make.signed_in(client, person.id)
    assert client.get("/studio").status_code == 403
    assert client.get(PAGE).status_code == 403


def test_a_page_costs_the_same_queries_for_one_paper_and_for_many(course, author, count_queries):
    sit(course, 1, first_right=True)
    counted()
    author.get(PAGE)  # Questions once met are kept.
    few = count_queries(lambda: author.get(PAGE))
    sit(course, 12, first_right=True)
    counted()
    assert count_queries(lambda: author.get(PAGE)) == few


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(-0.08, 2, "−0,08"), (-0.001, 2, "0,00"), (0.405, 1, "0,4"), (61.0, 0, "61")],
)
def test_decimals_are_written_as_people_here_write_them(value, places, said):
    assert decimal(value, places) == said
