"""An officer gives one person more than a quiz allows."""

import pytest

from lms.foundation.db import session
from tests import make
from tests.web.quizzing import QUIZ, sign_in

GIVEN = {"attempts": "1", "minutes": "", "reason": "Mất điện cả buổi."}


@pytest.fixture
def out_of_attempts(publish, client) -> int:
    """A learner who has used the only attempt; returns the person's id."""
    publish(attempts=1)
    person_id = sign_in(client)
    attempt = client.post(QUIZ).location
    client.post(f"{attempt.split('?')[0]}/submit")
    return person_id


def extend(client, person_id: int, **fields: str):
    page = client.get(f"/people/{person_id}/extend").text
    quiz = page.split('<option value="')[1].split('"')[0]
    return client.post(f"/people/{person_id}/extend", data=GIVEN | {"quiz": quiz} | fields)


def test_who_has_used_all_attempts_gets_one_more(client, enter, out_of_attempts):
    assert "Đã dùng hết số lượt" in client.get(QUIZ).text
    enter("manager", make.HUNG_YEN)
    page = client.get(f"/people/{out_of_attempts}/extend").text
    assert "(1 lượt)" in page
    assert extend(client, out_of_attempts).status_code == 303
    told = client.get(f"/people/{out_of_attempts}").text
    assert "thêm 1 lượt." in told
    assert "Mất điện cả buổi." in told
    assert "Gia hạn bài kiểm tra" in told
    make.signed_in(client, out_of_attempts)
    assert "Còn 1 lượt làm" in client.get(QUIZ).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": ""}, "Ghi lý do."),
        ({"attempts": ""}, "Chọn một điều"),
        ({"attempts": "hai"}, "Nhập một số"),
        ({"attempts": "99"}, "Từ 0 đến 20 lượt."),
        ({"minutes": "-5"}, "Từ 0 đến 1.440 phút."),
        ({"quiz": "999999"}, "Chọn một trong các mục có sẵn."),
    ],
)
def test_a_mistake_is_told_at_its_place_and_gives_nothing(client, enter, out_of_attempts, fields, told):
    enter("manager", make.HUNG_YEN)
    answer = extend(client, out_of_attempts, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert "thêm 1 lượt" not in client.get(f"/people/{out_of_attempts}").text


def test_where_no_quiz_limits_anything_there_is_nothing_to_extend(client, enter, learner):
    enter("manager", make.HUNG_YEN)
    assert "Chưa có bài kiểm tra nào giới hạn" in client.get(f"/people/{learner}/extend").text
    assert client.post(f"/people/{learner}/extend", data=GIVEN).status_code == 200


@pytest.mark.parametrize(("role", "unit"), [("viewer", "33"), ("manager", "01"), ("instructor", None)])
def test_only_who_manages_these_people_extends(client, enter, out_of_attempts, role, unit):
    enter(role, unit)
    assert client.get(f"/people/{out_of_attempts}/extend").status_code in (403, 404)
    session.rollback()
    assert client.post(f"/people/{out_of_attempts}/extend", data=GIVEN).status_code in (403, 404)
