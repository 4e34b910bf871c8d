"""Gaps: typed or chosen in the text itself, each counting alone."""

import re

import pytest

from lms.quiz.plain import option_id
from lms.quiz.question import UNSURE, Answer
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

CALL = question(
    "```gaps\nGọi [[156|số 156]] ngay.\nKhông đọc [[*mã OTP|họ tên|tên xã]]\ncho ai.\n\n[[Báo]] xã.\n```"
)
OTP, NAME = option_id("2 mã OTP"), option_id("2 họ tên")


def filled(*values: str) -> Answer:
    return {"gaps": list(values)}


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (("156", OTP, "báo"), 1.0),
        (("Số 156.", OTP, "BÁO!"), 1.0),
        (("113", OTP, "báo"), 2 / 3),
        (("156", NAME, ""), 1 / 3),
        (("", "", "bao"), 0.0),
        (("mã OTP", NAME, "156"), 0.0),
    ],
)
def test_every_gap_filled_rightly_earns_its_share(values: tuple[str, ...], share: float) -> None:
    assert CALL.answer_problem(filled(*values)) is None
    assert CALL.grade(filled(*values)) == pytest.approx(share)


def test_the_text_runs_on_around_its_gaps() -> None:
    html = re.sub(r"<select.*?</select>|<input.*?>", "_", CALL.ask(CALL.option_ids, None, "q"))
    assert '<div class="gap-text"><p>Gọi _ ngay. Không đọc _ cho ai.</p>\n<p>_ xã.</p></div>' in html


def test_every_gap_has_a_name_for_readers_and_what_may_be_chosen_for_paper() -> None:
    html = CALL.ask(CALL.option_ids, None, "q")
    assert re.findall(r'aria-label="(.*?)"', html) == ["Chỗ trống 1", "Chỗ trống 2", "Chỗ trống 3"]
    assert len(set(re.findall(r' id="(.*?)"', html))) == 3
    assert re.search(r'<p class="print-only small">Chỗ trống 2: .*mã OTP.*</p>', html)


def test_what_is_asked_tells_neither_what_is_accepted_nor_what_is_right() -> None:
    html = CALL.ask(CALL.option_ids, None, "q")
    assert "156" not in html
    assert "Báo" not in html
    other = question(
        "```gaps\nGọi [[câu dài hơn]] ngay.\nKhông đọc [[*tên xã|mã OTP|họ tên]]\ncho ai.\n\n[[b]] xã.\n```"
    )
    assert other.option_ids == CALL.option_ids
    assert other.ask(CALL.option_ids, None, "q") == html
    assert not CALL.keeps_order


def test_choices_stand_in_the_order_of_the_paper() -> None:
    order = [id_ for id_ in CALL.option_ids if id_ != OTP] + [OTP]
    words = re.findall(r">([^<>]+)</option>", CALL.ask(order, filled("", OTP, ""), "q"))
    assert words[0] == "Chọn…"
    assert words[-1] == "mã OTP"
    assert sent(CALL.ask(order, filled("", OTP, "x"), "q"))["q"] == ["", OTP, "x"]


def test_the_same_words_in_two_gaps_are_two_options() -> None:
    asked = question("```gaps\n[[*a|b]] và [[*b|a]]\n```")
    assert len(set(asked.option_ids)) == 4
    assert asked.grade(filled(option_id("1 a"), option_id("2 b"))) == 1.0
    assert asked.answer_problem(filled(option_id("2 a"), ""))


def test_a_result_strikes_out_what_is_wrong_and_writes_the_answer_behind_it() -> None:
    html = CALL.reveal(CALL.option_ids, filled("số 156", NAME, ""))
    plain = re.sub(r"<svg.*?</svg>", "", html)
    assert re.findall(r'gap-answer (\w+)">(.*?)</span>(?:</span>|([^<]+)</span>)', plain) == [
        ("right", 'số 156<span class="visually-hidden">, đúng', ""),
        ("wrong", '<span class="visually-hidden">chưa đúng: ', "họ tên"),
        ("right", 'mã OTP<span class="visually-hidden">, đáp án', ""),
        ("wrong", '<span class="visually-hidden">bỏ trống ', "–"),
        ("right", 'Báo<span class="visually-hidden">, đáp án', ""),
    ]
    assert "Đúng 1 trên 3 chỗ trống." in html


def test_who_was_not_sure_is_told_the_answers_and_no_more() -> None:
    for silent in (None, UNSURE):
        html = CALL.reveal(CALL.option_ids, silent)
        assert html.count(", đáp án") == 3
        assert "chưa đúng" not in html
        assert " trên 3 chỗ" not in html


def test_what_is_typed_is_escaped() -> None:
    for html in (
        CALL.ask(CALL.option_ids, filled('"><b>', "", ""), "q"),
        CALL.reveal(CALL.option_ids, filled('"><b>', "", "")),
    ):
        assert "<b>" not in html
        assert "&lt;b&gt;" in html


def test_gaps_filled_beside_a_doubt_count_and_may_say_unsure() -> None:
    assert CALL.read_answer("q", {"q": ["", "", "", "unsure"]}) == UNSURE
    assert CALL.read_answer("q", {"q": ["unsure", "", ""]}) == filled("unsure", "", "")
    assert CALL.read_answer("q", {"q": [" 156 ", "", "", "unsure"]}) == filled("156", "", "")
    assert CALL.read_answer("q", {"q": ["156"]}) == filled("156", "", "")
    assert CALL.read_answer("q", {"q": ["", "", ""]}) is CALL.read_answer("q", {}) is None


@pytest.mark.parametrize(
    "values", [["156", "lạ", ""], ["156", "mã OTP", ""], ["", "", "", "thừa"], [OTP, OTP, OTP, OTP]]
)
def test_a_forged_gap_survives_reading_and_is_then_refused(values: list[str]) -> None:
    answer = CALL.read_answer("q", {"q": values})
    assert CALL.answer_problem(answer) == "Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại."


@pytest.mark.parametrize(
    "answer", [{}, filled(), filled("156"), filled("", "", ""), {"gaps": "156"}, {"gaps": [1, 2, 3]}]
)
def test_what_is_no_filling_is_refused(answer: Answer) -> None:
    assert CALL.answer_problem(answer)
    assert 0.0 <= CALL.grade(answer) <= 1.0


def test_a_text_too_long_is_said_to_be() -> None:
    assert CALL.answer_problem(filled("a" * 201, "", "")) == (
        "Câu trả lời quá dài hoặc không đọc được. Hãy gõ lại cho ngắn."
    )


def test_answers_can_be_said_in_plain_text() -> None:
    assert CALL.right_answer() == "156 / số 156; mã OTP; Báo"
    assert CALL.answer_text(filled("113", NAME, "")) == "113; họ tên; –"
    assert CALL.model_answer() == filled("156", OTP, "Báo")


def test_signs_made_plain_are_words() -> None:
    asked = question("```gaps\n\\[\\[không\\]\\] \\* [[a\\|b|\\*c|d\\]e]] hết\n```")
    assert asked.texts == ("[[không]] * ", " hết")
    assert asked.gaps[0].accepted == ("a|b", "*c", "d]e")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("", "Đoạn chữ cần từ 1 đến 20 chỗ trống."),
        ("Không có chỗ nào.", "Đoạn chữ cần từ 1 đến 20 chỗ trống."),
        ("[[a]] " * 21, "Đoạn chữ cần từ 1 đến 20 chỗ trống."),
        (
            "Mở [[a mà\nkhông đóng.",
            "Chỗ trống mở ra mà không đóng, hoặc đóng mà không mở; mở và đóng trên cùng một dòng.",
        ),
        (
            "Đóng a]] mà không mở.",
            "Chỗ trống mở ra mà không đóng, hoặc đóng mà không mở; mở và đóng trên cùng một dòng.",
        ),
        ("[[]]", "Đáp án chưa có chữ."),
        ("[[a||b]]", "Đáp án chưa có chữ."),
        ("[[a|a]]", "Hai đáp án giống hệt nhau."),
        ("[[*a]]", "Chỗ trống để chọn cần từ 2 đến 12 lựa chọn."),
        ("[[a|*b]]", "Dấu * đứng một lần, trước đáp án đúng, ở đầu chỗ trống."),
        ("[[*a|*b]]", "Dấu * đứng một lần, trước đáp án đúng, ở đầu chỗ trống."),
        ("[[a|…]]", "Đáp án để gõ có ít nhất một chữ hoặc số, nhiều nhất 200 ký tự."),
        ("**đậm** [[a]]", "Đáp án là chữ trơn, không in đậm, không có đường dẫn. Địa chỉ thì đặt trong `…`."),
    ],
)
def test_a_mistake_of_the_author_is_told(inside: str, message: str) -> None:
    asked, problems = read(f"```gaps\n{inside}\n```")
    assert asked is None
    assert message in [told for _, told in problems]
    assert len(problems) <= 2


def test_a_long_line_of_open_gaps_is_read_at_once() -> None:
    _, problems = read("```gaps\n" + "[[" * 20_000 + "\n```")
    assert problems
