"""Matching: whatever order it is written in, a page tells nothing, and every pair counts alone."""

import re

import pytest

from lms.quiz.plain import option_id
from lms.quiz.question import UNSURE, Answer
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

LINES = ("- Bị lừa :: 113\n  > Báo ngay.", "- Tin rác :: 156", "- Bị trẻ hại :: 111", "- :: 1022")
CALL = question("\n".join(LINES))
LOST, SPAM, CHILD = map(option_id, ("Bị lừa", "Tin rác", "Bị trẻ hại"))
N113, N156, N111, N1022 = map(option_id, ("113", "156", "111", "1022"))


def of(given: dict[str, str]) -> Answer:
    return {"pairs": given}


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({LOST: N113, SPAM: N156, CHILD: N111}, 1.0),
        ({LOST: N113, SPAM: N156}, 2 / 3),
        ({LOST: N113, SPAM: N1022, CHILD: N1022}, 1 / 3),
        ({LOST: N156, SPAM: N113, CHILD: N1022}, 0.0),
    ],
)
def test_every_pair_found_earns_its_share(given: dict[str, str], share: float) -> None:
    assert CALL.answer_problem(of(given)) is None
    assert CALL.grade(of(given)) == pytest.approx(share)


def test_what_is_asked_depends_on_no_pair() -> None:
    turned = question("- Bị lừa :: 156\n- Tin rác :: 111\n- Bị trẻ hại :: 1022\n- :: 113")
    assert turned.option_ids == CALL.option_ids
    assert turned.ask(turned.option_ids, None, "q") == CALL.ask(CALL.option_ids, None, "q")
    assert not CALL.keeps_order
    assert not question("\n".join(LINES), fixed=True).keeps_order


def test_every_left_has_a_list_of_its_own_in_the_order_of_the_paper() -> None:
    html = CALL.ask([N1022, N111, N113, N156], of({SPAM: N156}), "q")
    assert re.findall(r'<label for="(q-\d)">(.*?)</label><select name="q" id="(q-\d)"', html) == [
        ("q-1", "Bị lừa", "q-1"),
        ("q-2", "Tin rác", "q-2"),
        ("q-3", "Bị trẻ hại", "q-3"),
    ]
    assert re.findall(r">([^<>]+)</option>", html) == ["Chọn…", "1022", "111", "113", "156"] * 3
    assert sent(html) == {"q": ["", f"{SPAM}.{N156}", ""]}
    assert "Chọn trong: 1022; 111; 113; 156." in html


def test_a_right_may_belong_to_several_lefts() -> None:
    asked = question("- `.vn` :: Ai cũng được\n- `.com` :: Ai cũng được\n- `.gov.vn` :: Nhà nước")
    assert len(asked.option_ids) == 2
    assert asked.grade(asked.model_answer()) == 1.0
    assert asked.right_answer() == ".vn → Ai cũng được; .com → Ai cũng được; .gov.vn → Nhà nước"


def test_a_result_says_of_every_pair_how_it_stands() -> None:
    html = CALL.reveal(CALL.option_ids, of({LOST: N113, SPAM: N1022}))
    assert re.findall(
        r'<li class="(\w*)"><span>(.*?)</span><strong>(.*?)</strong>.*?</svg>(.*?)</span>', html
    ) == [
        ("right", "Bị lừa", "113", "Đúng"),
        ("wrong", "Tin rác", "1022", "Chưa đúng. Đáp án: 156"),
        ("wrong", "Bị trẻ hại", "–", "Bỏ trống. Đáp án: 111"),
    ]
    assert "Đúng 1 trên 3 cặp." in html
    assert "Báo ngay." in html


def test_who_was_not_sure_is_told_the_pairs_and_no_more() -> None:
    html = CALL.reveal(CALL.option_ids, UNSURE)
    assert html.count("Đáp án đúng") == 3
    assert "wrong" not in html
    assert " trên 3 cặp" not in html


def test_answers_can_be_said_in_plain_text() -> None:
    assert CALL.answer_text(of({SPAM: N1022, LOST: N113})) == "Bị lừa → 113; Tin rác → 1022"
    assert [said.source for said in CALL.feedback_for(of({LOST: N156}))] == ["Báo ngay."]
    assert CALL.feedback_for(of({SPAM: N156})) == ()


def test_pairs_made_beside_a_doubt_count() -> None:
    assert CALL.read_answer("q", {"q": ["", f"{SPAM}.{N156}", "", "unsure"]}) == of({SPAM: N156})
    assert CALL.read_answer("q", {"q": ["", "", "", "unsure"]}) == UNSURE
    assert CALL.read_answer("q", {"q": ["", "", ""]}) is CALL.read_answer("q", {}) is None


@pytest.mark.parametrize(
    "value", ["lạ", f"{N113}.{LOST}", f"{LOST}.", f".{N113}", f"{LOST}.{N113}.x", f"{LOST}.lạ"]
)
def test_a_forged_pair_survives_reading_and_is_then_refused(value: str) -> None:
    answer = CALL.read_answer("q", {"q": [f"{SPAM}.{N156}", value]})
    assert CALL.answer_problem(answer) == "Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại."


@pytest.mark.parametrize(
    "answer", [{}, {"pairs": {}}, {"pairs": [LOST]}, {"pairs": {LOST: [N113]}}, {"chosen": []}]
)
def test_what_is_no_pairing_is_refused(answer: Answer) -> None:
    assert CALL.answer_problem(answer)
    assert CALL.grade(answer) == 0.0


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("- a :: b :: c\n- d :: e", "Mỗi dòng nối cặp có một dấu :: duy nhất."),
        ("- a ::\n- b :: c", "Đáp án chưa có chữ."),
        ("- a :: b\n- a :: c", "Hai đáp án giống hệt nhau."),
        ("- a :: b\n- :: c\n- :: c", "Hai đáp án giống hệt nhau."),
        ("- a :: b\n- c :: d\n- :: b", "Vế phải thừa trùng với vế phải của một cặp."),
        ("- a :: b", "Câu nối cặp cần từ 1 đến 12 cặp, từ 2 đến 26 vế phải khác nhau."),
        ("- a :: b\n- c :: b", "Câu nối cặp cần từ 1 đến 12 cặp, từ 2 đến 26 vế phải khác nhau."),
        ("- :: b\n- :: c", "Câu nối cặp cần từ 1 đến 12 cặp, từ 2 đến 26 vế phải khác nhau."),
    ],
)
def test_a_mistake_of_the_author_is_told(block: str, message: str) -> None:
    asked, problems = read(block)
    assert asked is None
    assert [told for _, told in problems] == [message]


def test_a_sign_made_plain_belongs_to_the_words() -> None:
    asked = question("- a \\:\\: b :: c\n- d :: e\\=f")
    assert [(pair.left, pair.right) for pair in asked.pairs] == [("a :: b", "c"), ("d", "e=f")]
