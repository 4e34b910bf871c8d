"""The question bank: who may read it, what it lists, how one question opens."""

import pytest

from lms.foundation.db import session, transaction
from lms.quiz.actions import start_attempt
from tests import make
from tests.courses import QUIZ
from tests.times import NOON

PAGE = "/studio/khoa-thu/dau/bank"
MORE = """
## Một cộng một bằng mấy, nhanh lên? {#nhanh objective=mot level=easy}

- ( ) Ba
- (x) Hai

## Gõ `.gov.vn` ở đâu? {#dia-chi level=hard points=2}

= thanh địa chỉ
"""


@pytest.fixture(autouse=True)
def at_noon(noon):
    """The doors read the clock of the tests."""


@pytest.fixture
def course(app, tmp_path, enter):
    """A bank of four questions, before its author."""
    made = make.course(tmp_path, {"01-dau/quiz.md": QUIZ + MORE})
    enter("instructor")
    session.commit()
    return made


def listed(page: str) -> list[str]:
    """The questions on a page, by their ids, in order."""
    return [one.split('"')[0] for one in page.split(f'href="{PAGE}/')[1:]]


def test_the_bank_lists_every_question_in_the_order_of_the_file(course, client):
    assert listed(client.get(PAGE).text) == ["mot-cong-mot", "so-chan", "nhanh", "dia-chi"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=CHAN", ["so-chan"]),
        ("q=dia+chi", ["dia-chi"]),
        ("q=ba+bon", ["so-chan"]),
        ("kind=short", ["dia-chi"]),
        ("objective=mot", ["mot-cong-mot", "nhanh"]),
        ("objective=mot&level=easy", ["nhanh"]),
        ("q=khong-co", []),
    ],
)
def test_the_address_narrows_the_list_without_diacritics(course, client, asked, found):
    page = client.get(f"{PAGE}?{asked}")
    assert listed(page.text) == found
    assert "Bỏ lọc" in page.text


@pytest.mark.parametrize("asked", ["level=gentle", "kind=essay", f"q={'a' * 81}"])
def test_what_no_filter_knows_narrows_nothing_and_is_told(course, client, asked):
    page = client.get(f"{PAGE}?{asked}")
    assert (page.status_code, len(listed(page.text))) == (200, 4)
    assert "field-error" in page.text


def test_the_coverage_counts_by_objective_and_level_and_shows_what_is_missing(course, client):
    page = client.get(PAGE).text
    assert "objective=mot&amp;level=easy" in page
    assert "objective=mot&amp;level=medium" in page
    assert "objective=mot&amp;level=hard" not in page
    assert "Không thuộc mục tiêu nào" in page
    assert "chưa có" in page


def test_questions_that_say_nearly_the_same_name_each_other(course, client):
    page = client.get(PAGE).text
    assert "Gần giống câu 3" in page
    assert "Gần giống câu 1" in page
    assert "Gần giống câu 2" not in page


def test_a_question_opens_with_its_key_its_reasons_and_its_own_text(course, client):
    page = client.get(f"{PAGE}/mot-cong-mot").text
    assert "Đáp án đúng" in page
    assert "Đếm ngón tay là thấy." in page
    assert "/courses/khoa-thu/dau/mot#phan-dau" in page
    assert "## Một cộng một bằng mấy? {#mot-cong-mot objective=mot}" in page
    assert "Ba là hai cộng một." in page
    assert "Chọn số chẵn" not in page


def test_a_question_no_longer_asked_stands_apart_once_it_was_answered(course, client, tmp_path):
    with transaction():
        learner = make.member(make.team()).id
        start_attempt(learner, course.module("dau").quiz_id, "member", NOON)
    make.course(tmp_path, {"01-dau/quiz.md": QUIZ})
    page = client.get(PAGE).text
    assert page.index("Không còn trong bài") < page.index(f"{PAGE}/nhanh")
    opened = client.get(f"{PAGE}/nhanh").text
    assert "không còn trong bài" in opened
    assert "Nguyên văn" not in opened


def test_a_question_there_never_was_is_not_found(course, client):
    assert client.get(f"{PAGE}/khong-co").status_code == 404


def test_nobody_but_the_courses_authors_reads_keys(course, client, enter):
    enter("viewer", make.HUNG_YEN)
    session.commit()
    assert client.get(PAGE).status_code == 403
    stranger = make.person("Người Soạn Khác")
    make.grant(stranger, "instructor", course="khoa-khac")
    session.commit()
    make.signed_in(client, stranger.id)
    assert [client.get(one).status_code for one in (PAGE, f"{PAGE}/mot-cong-mot")] == [404, 404]


def test_a_longer_bank_costs_no_more_queries(course, client, count_queries, tmp_path):
    client.get(PAGE)  # what was never read is read from the database once
    few = count_queries(lambda: client.get(PAGE))
    more = "".join(f"\n## Số {n} đọc thế nào? {{#so-{n}}}\n\n= số {n}\n" for n in range(40))
    make.course(tmp_path, {"01-dau/quiz.md": QUIZ + MORE + more})
    client.get(PAGE)  # what was never read is read from the database once
    assert count_queries(lambda: client.get(PAGE)) == few
