"""Grading anew at the doors: the author's preview and order, the learner's notice, the officer's decision."""

import pytest

from lms.catalogue.queries import course_outline
from lms.foundation.db import session, transaction
from lms.quiz.actions import start_attempt
from lms.quiz.models import Attempt, Regrade
from lms.quiz.paper import AttemptView
from lms.quiz.queries import attempt_of
from lms.study.tallies import differences
from tests import make
from tests.courses import QUIZ
from tests.quiz.sitting import hand_in, right, save, wrong
from tests.times import NOON
from tests.web.quizzing import sign_in

MISTAKEN = QUIZ.replace("- ( ) Ba\n", "- (x) Ba\n").replace("- (x) Hai\n\n> Đếm", "- ( ) Hai\n\n> Đếm")
LIST = "/studio/khoa-thu/dau/regrade"
PAGE = f"{LIST}/mot-cong-mot"
REASON = "Đáp án cũ ghi nhầm."


@pytest.fixture(autouse=True)
def at_noon(noon):
    """The doors read the clock of the tests."""


@pytest.fixture
def mended(app, tmp_path):
    """A quiz that two people took before the key of its first question was mended."""
    make.course(tmp_path, {"01-dau/quiz.md": MISTAKEN})
    with transaction():
        team = make.team()
        unlucky, lucky = (make.member(team, name).id for name in ("Đỗ Thị Ưng", "Lò Văn Sáng"))
    views = sat(unlucky, wrongly=True), sat(lucky, wrongly=False)
    make.course(tmp_path, {"01-dau/quiz.md": QUIZ})
    return views


def sat(person_id: int, *, wrongly: bool) -> AttemptView:
    quiz_id = course_outline("khoa-thu").module("dau").quiz_id
    with transaction():
        attempt_id = start_attempt(person_id, quiz_id, "member", NOON)
    view = attempt_of(person_id, attempt_id)
    first = next(one.position for one in view.questions if one.question.id == "mot-cong-mot")
    save(view, right(view) | (wrong(view, first) if wrongly else {}))
    return hand_in(view)


def percents() -> dict[int, float]:
    session.expire_all()
    return {one.person_id: one.percent for one in session.query(Attempt)}


def order(client, enter, **fields: str):
    enter("instructor")
    return client.post(PAGE, data={"reason": REASON} | fields)


def test_the_list_shows_what_was_mended_first(client, enter, mended):
    enter("instructor")
    page = client.get(LIST).text
    assert page.index("Một cộng một") < page.index("Chọn số chẵn")
    assert '<td class="numeric-cell">2</td>' in page


def test_the_preview_says_who_would_gain_and_lose_and_changes_nothing(client, enter, mended):
    person = enter("instructor")
    make.grant(person, "viewer", unit=make.HUNG_YEN)
    session.commit()
    before = percents()
    page = client.get(PAGE).text
    assert "Đỗ Thị Ưng" in page
    assert "Lò Văn Sáng" in page
    assert "thành đạt" in page
    assert "vẫn giữ đạt" in page
    assert percents() == before


def test_an_author_without_a_roster_learns_numbers_and_no_name(client, enter, mended):
    enter("instructor")
    page = client.get(PAGE).text
    assert "ngoài địa bàn của bạn" in page
    assert "Đỗ Thị Ưng" not in page
    assert "Lò Văn Sáng" not in page


def test_an_order_grades_anew_tells_the_learners_and_is_listed(client, enter, mended):
    answer = order(client, enter)
    assert (answer.status_code, answer.location) == (303, LIST)
    unlucky, lucky = mended
    assert percents() == {unlucky.person_id: 100, lucky.person_id: 50}
    page = client.get(LIST).text
    assert REASON in page
    assert "1 bài thành đạt" in page
    assert "1 kết quả đạt được giữ" in page
    assert differences() == []


def test_an_order_without_a_reason_comes_back_at_its_place(client, enter, mended):
    enter("instructor")
    answer = client.post(PAGE, data={"reason": " "})
    assert answer.status_code == 422
    assert "Ghi lý do:" in answer.text
    assert session.query(Regrade).count() == 0


def test_a_second_click_finds_nothing_left_to_grade(client, enter, mended):
    order(client, enter)
    again = client.post(PAGE, data={"reason": REASON})
    assert again.status_code == 422
    assert session.query(Regrade).count() == 1


def test_everybody_may_be_given_the_points(client, enter, mended):
    enter("instructor")
    client.post(f"{PAGE}?by=gift", data={"reason": REASON})
    assert set(percents().values()) == {100}


def test_the_learner_reads_it_until_it_is_said_to_be_seen(client, enter, mended):
    order(client, enter)
    unlucky, _ = mended
    make.signed_in(client, unlucky.person_id)
    home = client.get("/").text
    assert "được chấm lại: từ 1/2 thành 2/2 điểm" in home
    assert "Nay bạn đã đạt." in home
    result = client.get(f"/attempts/{unlucky.id}/result").text
    assert REASON in result
    assert "Tôi đã xem" in result
    client.post(f"/attempts/{unlucky.id}/regrade-seen")
    assert "được chấm lại" not in client.get("/").text
    result = client.get(f"/attempts/{unlucky.id}/result").text
    assert REASON in result
    assert "Tôi đã xem" not in result


def test_the_review_has_the_mended_key(client, enter, mended):
    order(client, enter)
    _, lucky = mended
    make.signed_in(client, lucky.person_id)
    result = client.get(f"/attempts/{lucky.id}/result").text
    assert "Bạn vẫn đạt" in result
    assert "Đếm ngón tay là thấy" in result


def test_nobody_sees_anothers_regrade(client, enter, mended):
    order(client, enter)
    sign_in(client, "Người Khác")
    unlucky, _ = mended
    assert client.post(f"/attempts/{unlucky.id}/regrade-seen").status_code == 404
    assert "được chấm lại" not in client.get("/").text


def test_an_officer_takes_a_kept_pass_back_with_a_reason(client, enter, mended):
    order(client, enter)
    _, lucky = mended
    enter("manager", make.HUNG_YEN)
    assert "Lò Văn Sáng" in client.get("/people/kept-passes").text
    assert "được giữ" in client.get(f"/people/{lucky.person_id}").text
    refused = client.post(f"/people/kept-passes/{lucky.id}", data={"reason": ""})
    assert (refused.status_code, "Ghi lý do." in refused.text) == (422, True)
    client.post(f"/people/kept-passes/{lucky.id}", data={"reason": "Học lại mới chắc."})
    assert "Lò Văn Sáng" not in client.get("/people/kept-passes").text
    assert "Thu hồi kết quả đạt" in client.get(f"/people/{lucky.person_id}").text
    make.signed_in(client, lucky.person_id)
    assert "Kết quả đạt bị thu hồi" in client.get("/").text
    assert "Học lại mới chắc." in client.get(f"/attempts/{lucky.id}/result").text


def test_an_officer_elsewhere_neither_sees_nor_takes_it(client, enter, mended):
    order(client, enter)
    _, lucky = mended
    enter("manager", "01")
    assert "Lò Văn Sáng" not in client.get("/people/kept-passes").text
    answer = client.post(f"/people/kept-passes/{lucky.id}", data={"reason": "Vì."})
    assert answer.status_code == 404


def test_a_question_there_never_was_is_not_found(client, enter, mended):
    enter("instructor")
    assert client.get(f"{LIST}/khong-co").status_code == 404
