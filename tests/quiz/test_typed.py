"""Short answers and numbers: what is typed counts for what is meant."""

from decimal import Decimal

import pytest

from lms.quiz.question import UNSURE, Answer
from lms.quiz.types.number import number_of
from tests.quiz.test_types import question, read

OTP = question("= mã OTP\n  > Lời về mã.\n=~ mật khẩu một lần\n  > Lời về mật khẩu.")
PRICE = question("=# 10.000\n  > Đúng giá.\n=# 12.000 .. 15.000\n  > Giá cũ.")


def typed(text: str) -> Answer:
    return {"typed": text}


@pytest.mark.parametrize(
    "text",
    ["mã OTP", "Mã otp", "  MÃ   otp . ", "mã OTP!", "ma\u0303 OTP…", "mật khẩu một lần", "Mat khau mot lan"],
)
def test_case_spaces_and_final_punctuation_cost_nothing(text: str) -> None:
    assert OTP.grade(OTP.read_answer("q", {"q": [text]})) == 1.0


@pytest.mark.parametrize("text", ["ma otp", "mã", "OTP mã", "mã-OTP", "mã OTP ạ", "unsure"])
def test_other_words_are_other_answers(text: str) -> None:
    answer = OTP.read_answer("q", {"q": [text]})
    assert answer == typed(text)
    assert OTP.answer_problem(answer) is None
    assert OTP.grade(answer) == 0.0


@pytest.mark.parametrize(
    ("written", "text", "share"),
    [("mã hóa", "mã hoá", 1.0), ("thuỷ", "thủy", 1.0), ("mã hóa", "mã hòa", 0.0), ("C++", "c++", 1.0)],
)
def test_where_a_tone_mark_stands_makes_no_difference(written: str, text: str, share: float) -> None:
    assert question(f"= {written}").grade(typed(text)) == share


def test_a_doubt_counts_only_where_nothing_is_typed() -> None:
    assert OTP.read_answer("q", {"q": ["", "unsure"]}) == UNSURE
    assert OTP.read_answer("q", {"q": ["mã", "unsure"]}) == typed("mã")
    assert OTP.read_answer("q", {"q": ["  "]}) is OTP.read_answer("q", {}) is None


def test_a_result_shows_what_was_typed_beside_what_is_right() -> None:
    html = OTP.reveal((), typed("<b>156</b>"))
    assert "&lt;b&gt;156&lt;/b&gt;" in html
    assert "Bạn trả lời, chưa đúng" in html
    assert "Đáp án đúng" in html
    assert "Cũng đúng: mật khẩu một lần." in html
    assert "Lời về mã." in html
    assert "Lời về mật khẩu." not in html


def test_a_right_answer_is_told_with_its_own_feedback() -> None:
    html = OTP.reveal((), typed("mat khau mot lan"))
    assert "Bạn trả lời, đúng" in html
    assert "Lời về mật khẩu." in html
    assert "Cũng đúng: mã OTP." in html
    assert [said.source for said in OTP.feedback_for(typed("mã otp"))] == ["Lời về mã."]
    assert OTP.feedback_for(typed("khác")) == OTP.feedback_for(None) == ()


def test_the_field_is_the_same_for_every_key() -> None:
    other = question("= một câu trả lời dài hơn nhiều\n=~ khac")
    assert other.ask((), None, "q") == OTP.ask((), None, "q")
    far = question("=# -0,5 ± 0,25")
    assert far.ask((), None, "q") == PRICE.ask((), None, "q")


@pytest.mark.parametrize(
    "answer", [typed("a" * 201), typed(""), {"typed": 5}, {"typed": ["a"]}, {}, {"chosen": []}]
)
def test_what_is_no_text_is_refused_in_words(answer: Answer) -> None:
    assert OTP.answer_problem(answer) == "Câu trả lời quá dài hoặc không đọc được. Hãy gõ lại cho ngắn."
    assert OTP.grade(answer) == 0.0


# Numbers.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10000000", "10000000"),
        ("10.000.000", "10000000"),
        ("10 000 000", "10000000"),
        ("10\u00a0000", "10000"),
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("3.500", "3500"),
        ("3,500", "3.5"),
        ("0.500", "0.5"),
        ("1.2345", "1.2345"),
        ("1.234,5", "1234.5"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("+5", "5"),
        (",5", "0.5"),
        ("007", "7"),
    ],
)
def test_numbers_are_read_the_vietnamese_way(text: str, value: str) -> None:
    answer = PRICE.read_answer("q", {"q": [text]})
    assert PRICE.answer_problem(answer) is None
    assert number_of(answer["typed"]) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "ba",
        "3,5 km",
        "50%",
        "1,000,000",
        "1,234.5",
        "10.00.000",
        "1 2",
        "5.",
        "3,5,1",
        "--5",
        "1e5",
        "NaN",
        "٣",
        "1" * 29,
    ],
)
def test_what_is_no_number_is_explained_and_not_graded_away(text: str) -> None:
    problem = PRICE.answer_problem(PRICE.read_answer("q", {"q": [text]}))
    assert problem.startswith(f"“{text[:40]}” chưa phải là một số. Chỉ gõ chữ số")
    html = PRICE.ask((), typed(text), "q")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="q-hint q-problem"' in html
    assert f'value="{text}"' in html


@pytest.mark.parametrize(
    ("text", "share"),
    [("10.000", 1.0), ("12000", 1.0), ("15000", 1.0), ("15000,01", 0.0), ("11999,99", 0.0), ("10001", 0.0)],
)
def test_ends_of_a_range_belong_to_it(text: str, share: float) -> None:
    assert PRICE.grade(typed(text)) == share


@pytest.mark.parametrize("text", ["3,4", "3,6", "3.45"])
def test_a_tolerance_is_counted_exactly(text: str) -> None:
    for sign in ("±", "+-", "+/-"):
        assert question(f"=# 3,5 {sign} 0,1").grade(typed(text)) == 1.0


def test_a_number_is_told_as_it_is_written() -> None:
    assert PRICE.right_answer() == "10.000; 12.000 .. 15.000"
    assert question("=# 3,5 ± 0,1").model_answer() == typed("3,5")
    assert PRICE.answer_text(typed("5 000")) == "5 000"
    assert "Đúng giá." in PRICE.reveal((), typed("1"))
    assert [said.source for said in PRICE.feedback_for(typed("13000"))] == ["Giá cũ."]


# Mistakes of the author.


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("=", "Đáp án chưa có chữ."),
        ("= !", "Đáp án để gõ có ít nhất một chữ hoặc số, nhiều nhất 200 ký tự."),
        ("= a\n=~ a", "Hai đáp án giống hệt nhau."),
        ("= **đậm**", "Đáp án là chữ trơn, không in đậm, không có đường dẫn. Địa chỉ thì đặt trong `…`."),
        ("= " + "\n= ".join(map(str, range(27))), "Câu trả lời ngắn có nhiều nhất 26 đáp án được chấp nhận."),
        ("=# 3.5", "Dấu chấm chỉ ngăn hàng nghìn, phần thập phân viết sau dấu phẩy."),
        ("=# 0.500", "Dấu chấm chỉ ngăn hàng nghìn, phần thập phân viết sau dấu phẩy."),
        ("=# mười", "Đáp án này không phải là số."),
        ("=#", "Đáp án này không phải là số."),
        ("=# 1,000,000", "Đáp án này không phải là số."),
        ("=# 20 .. 10", "Khoảng số viết từ nhỏ đến lớn, sai số không âm."),
        ("=# 3 ± -1", "Khoảng số viết từ nhỏ đến lớn, sai số không âm."),
        ("=# 1 ± 2 ± 3", "Khoảng số viết từ nhỏ đến lớn, sai số không âm."),
        ("=# 1234567890123", "Đáp án này không phải là số."),
        ("=# " + "\n=# ".join(map(str, range(27))), "Câu điền số có nhiều nhất 26 đáp án."),
    ],
)
def test_a_mistake_of_the_author_is_told(block: str, message: str) -> None:
    asked, problems = read(block)
    assert asked is None
    assert [told for _, told in problems] == [message]
