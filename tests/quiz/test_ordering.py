"""Ordering: what stands where at first, scored by neighbours."""

import re
from itertools import permutations

import pytest

from lms.quiz.plain import option_id
from lms.quiz.question import UNSURE, Answer
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

PAY = question("1) Quét mã\n2) So tên\n  > Sai tên thì dừng.\n3) Gõ tiền\n4) Xác nhận")
SCAN, NAME, SUM, CONFIRM = RIGHT = tuple(map(option_id, ("Quét mã", "So tên", "Gõ tiền", "Xác nhận")))


def put(*ids: str) -> Answer:
    return {"places": {id_: place for place, id_ in enumerate(ids, 1)}}


def shown(html: str) -> list[str]:
    return re.findall(r'<span data-words id="q-(\w+)-words">', html)


@pytest.mark.parametrize(
    ("order", "share"),
    [
        ((SCAN, NAME, SUM, CONFIRM), 1.0),
        ((NAME, SUM, CONFIRM, SCAN), 2 / 3),
        ((SUM, CONFIRM, SCAN, NAME), 2 / 3),
        ((SCAN, NAME, CONFIRM, SUM), 1 / 3),
        ((SCAN, CONFIRM, NAME, SUM), 1 / 3),
        ((SCAN, SUM, NAME, CONFIRM), 0.0),
        ((CONFIRM, SUM, NAME, SCAN), 0.0),
    ],
)
def test_neighbours_that_follow_each_other_rightly_earn_their_share(
    order: tuple[str, ...], share: float
) -> None:
    assert PAY.answer_problem(put(*order)) is None
    assert PAY.grade(put(*order)) == pytest.approx(share)


@pytest.mark.parametrize("order", list(permutations(RIGHT)))
def test_no_paper_shows_the_right_order(order: tuple[str, ...]) -> None:
    seen = shown(PAY.ask(order, None, "q"))
    assert sorted(seen) == sorted(RIGHT)
    assert seen != list(RIGHT)
    assert seen == list(order) or order == RIGHT


@pytest.mark.parametrize("order", list(permutations(map(option_id, ("Một", "Hai")))))
def test_two_steps_are_shown_as_chance_has_them(order: tuple[str, ...]) -> None:
    assert shown(question("1) Một\n2) Hai").ask(order, None, "q")) == list(order)


def test_the_papers_order_does_not_follow_the_authors() -> None:
    turned = question("1) Xác nhận\n2) Gõ tiền\n3) So tên\n4) Quét mã")
    assert turned.option_ids == PAY.option_ids
    order = (SUM, SCAN, CONFIRM, NAME)
    assert turned.ask(order, None, "q") == PAY.ask(order, None, "q")
    assert not PAY.keeps_order
    assert not question("1) Một\n2) Hai", fixed=True).keeps_order


def test_every_step_has_a_number_to_choose_and_a_name_for_readers() -> None:
    html = PAY.ask(PAY.option_ids, None, "q")
    assert html.count("<select") == 4
    assert 'aria-label="Thứ tự của “Quét mã”"' in html
    assert re.findall(r">([^<>]+)</option>", html) == ["–", "1", "2", "3", "4"] * 4
    assert sent(html) == {"q": ["", "", "", ""]}


def test_steps_stand_as_they_were_last_put() -> None:
    html = PAY.ask(PAY.option_ids, put(SUM, SCAN, CONFIRM, NAME), "q")
    assert shown(html) == [SUM, SCAN, CONFIRM, NAME]
    assert sent(html)["q"] == [f"{SUM}.1", f"{SCAN}.2", f"{CONFIRM}.3", f"{NAME}.4"]


def test_numbers_that_are_no_order_stay_in_the_fields_and_are_explained() -> None:
    twice = PAY.read_answer("q", {"q": [f"{SCAN}.2", f"{NAME}.2", f"{SUM}.1", f"{CONFIRM}.3"]})
    assert PAY.answer_problem(twice) == "Hai việc cùng mang số 2. Mỗi việc một số khác nhau."
    some = PAY.read_answer("q", {"q": [f"{SCAN}.1", "", "", f"{CONFIRM}.4"]})
    assert PAY.answer_problem(some) == "Còn việc chưa có số. Chọn số cho từng việc."
    assert PAY.grade(twice) == PAY.grade(some) == 0.0
    assert sorted(sent(PAY.ask(PAY.option_ids, some, "q"))["q"]) == sorted(
        ["", "", f"{SCAN}.1", f"{CONFIRM}.4"]
    )


@pytest.mark.parametrize(
    "value", ["lạ.1", f"{SCAN}.0", f"{SCAN}.5", f"{SCAN}.-1", f"{SCAN}.²", f"{SCAN}.99999", SCAN, "."]
)
def test_a_forged_number_is_refused(value: str) -> None:
    answer = PAY.read_answer("q", {"q": [value, f"{NAME}.2", f"{SUM}.3", f"{CONFIRM}.4"]})
    assert PAY.answer_problem(answer) == "Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại."


@pytest.mark.parametrize(
    "answer", [{}, {"places": {}}, {"places": [SCAN]}, {"places": {SCAN: True}}, {"places": {SCAN: 1.0}}]
)
def test_what_is_no_order_is_refused(answer: Answer) -> None:
    assert PAY.answer_problem(answer)
    assert PAY.grade(answer) == 0.0


def test_a_result_says_where_every_step_belongs_and_how_many_follow_rightly() -> None:
    html = PAY.reveal(PAY.option_ids, put(NAME, SCAN, SUM, CONFIRM))
    rows = re.findall(
        r'<li class="(\w*)"><span class="position">(\d)</span><span>(.*?)</span>(?:.*?</svg>(.*?)<)?', html
    )
    assert rows[:4] == [
        ("wrong", "1", "So tên", "Phải là bước 2"),
        ("wrong", "2", "Quét mã", "Phải là bước 1"),
        ("right", "3", "Gõ tiền", "Đúng chỗ"),
        ("right", "4", "Xác nhận", "Đúng chỗ"),
    ]
    assert "Đúng 1 trên 3 cặp bước liền nhau." in html
    assert "Thứ tự đúng" in html
    assert "Sai tên thì dừng." in html


def test_the_right_order_is_told_once_to_whoever_found_it() -> None:
    assert "Thứ tự đúng" not in PAY.reveal(PAY.option_ids, PAY.model_answer())
    for silent in (None, UNSURE):
        html = PAY.reveal(PAY.option_ids, silent)
        assert "Thứ tự đúng" in html
        assert " trên 3 cặp" not in html


def test_orders_can_be_said_in_plain_text() -> None:
    assert PAY.right_answer() == "1. Quét mã; 2. So tên; 3. Gõ tiền; 4. Xác nhận"
    assert PAY.answer_text(put(NAME, SCAN, SUM, CONFIRM)).startswith("1. So tên; 2. Quét mã")
    assert [said.source for said in PAY.feedback_for(put(NAME, SCAN, SUM, CONFIRM))] == ["Sai tên thì dừng."]
    assert PAY.feedback_for(PAY.model_answer()) == PAY.feedback_for(UNSURE) == ()


@pytest.mark.parametrize(
    ("block", "messages"),
    [
        ("1) a", ["Câu sắp thứ tự cần từ 2 đến 12 bước."]),
        ("\n".join(f"{n}) bước {n}" for n in range(1, 14)), ["Câu sắp thứ tự cần từ 2 đến 12 bước."]),
        ("1) a\n3) b", ["Các bước đánh số 1), 2), 3) … theo đúng thứ tự."]),
        ("2) b\n1) a", ["Các bước đánh số 1), 2), 3) … theo đúng thứ tự."] * 2),
        ("1) a\n2) a", ["Hai đáp án giống hệt nhau."]),
        ("1)\n2) a", ["Đáp án chưa có chữ."]),
    ],
)
def test_a_mistake_of_the_author_is_told(block: str, messages: list[str]) -> None:
    asked, problems = read(block)
    assert asked is None
    assert [told for _, told in problems] == messages
