"""Spotting signs in a text: how it is written, shown and judged."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quiz.question import UNSURE
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

TEXT = (
    "```spot\n{?Thông báo?}: xe của bạn\n{!có lỗi | Dọa để người đọc **vội**.!}.\n\n"
    "Nộp tại {!`nop.example`!}, gọi {?anh \\| Nam?} <b>\\{\\!không phải\\!\\}.\n```"
)
ASKED = question(TEXT)
PLAIN = "Đáp án là chữ trơn, không in đậm, không có đường dẫn. Địa chỉ thì đặt trong `…`."
HELLO, FINE, ADDRESS, NAM = ASKED.option_ids


def chosen(*ids: str) -> dict[str, list[str]]:
    return {"chosen": list(ids)}


def problems(inside: str) -> list[tuple[int, str]]:
    return read(f"```spot\n{inside}\n```")[1]


def test_marks_are_options_in_the_order_of_the_text() -> None:
    assert [(one.text, one.right) for one in ASKED.options] == [
        ("Thông báo", False),
        ("có lỗi", True),
        ("`nop.example`", True),
        ("anh | Nam", False),
    ]
    assert [one.feedback.source for one in ASKED.options] == ["", "Dọa để người đọc **vội**.", "", ""]


def test_the_text_stays_whole_around_them() -> None:
    html = ASKED.ask(ASKED.option_ids, chosen(FINE), "q")
    words = re.sub(r"<[^>]+>", "", re.findall(r'<div class="sign-text">(.*?)</div>', html, re.DOTALL)[0])
    assert words.split("\n")[1:3] == [
        "Thông báo: xe của bạn có lỗi.",
        "Nộp tại nop.example, gọi anh | Nam &lt;b&gt;{!không phải!}.",
    ]
    assert html.count("<p>") == 2
    assert sent(html) == {"q": [FINE]}


def test_what_is_asked_is_the_same_whatever_is_a_sign() -> None:
    turned = question(
        TEXT.replace("{?Thông báo?}", "{!Thông báo!}").replace("{!`nop.example`!}", "{?`nop.example`?}")
    )
    assert [one.right for one in turned.options] == [True, True, False, False]
    assert turned.ask(turned.option_ids, None, "q") == ASKED.ask(ASKED.option_ids, None, "q")


def test_a_result_numbers_what_was_found_missed_and_mistaken_in_words() -> None:
    html = ASKED.reveal(ASKED.option_ids, chosen(HELLO, FINE))
    marks = re.findall(r'<mark class="sign (\w+)"><b class="sign-number">(\d)</b>', html)
    assert marks == [("mistaken", "1"), ("correct", "2"), ("missed", "3")]
    told = re.findall(r'<b class="sign-number">(\d)</b><span class="verdict \w+">.*?<span>(.*?):', html)
    assert told == [("1", "Không phải dấu hiệu"), ("2", "Tìm đúng"), ("3", "Bỏ sót")]
    assert "Dọa để người đọc <strong>vội</strong>." in html
    assert "anh | Nam</mark>" not in html


@pytest.mark.parametrize("answer", [None, UNSURE])
def test_who_answered_nothing_has_missed_nothing(answer: dict[str, bool] | None) -> None:
    html = ASKED.reveal(ASKED.option_ids, answer)
    assert html.count("Dấu hiệu cần tìm") == 2
    assert "Bỏ sót" not in html


def test_reasons_may_be_mended_and_the_text_may_not() -> None:
    assert question(TEXT.replace("vội", "rối")).revision == ASKED.revision
    assert question(TEXT.replace("Nộp tại", "Nộp ở")).revision != ASKED.revision
    assert question(TEXT.replace("{!có lỗi", "{?có lỗi").replace("**.!}", "**.?}")).revision != ASKED.revision


def test_no_paper_shuffles_a_text() -> None:
    assert ASKED.keeps_order


@pytest.mark.parametrize(
    ("inside", "line", "message"),
    [
        ("Chỉ có chữ.", 2, "Chưa có dấu hiệu nào để tìm."),
        ("{?a?} {?b?}", 2, "Chưa có dấu hiệu nào để tìm."),
        ("Một {!a!}.", 2, "Đoạn chữ cần từ 2 đến 26 chỗ đánh dấu."),
        ("chữ\n{!a!} {!b", 3, "Dấu đánh dấu mở ra mà không đóng, hoặc đóng mà không mở."),
        ("{!a!} b!}", 2, "Dấu đánh dấu mở ra mà không đóng, hoặc đóng mà không mở."),
        ("{!a {?b?} c!}", 2, "Dấu đánh dấu mở ra mà không đóng, hoặc đóng mà không mở."),
        ("{!a!}\n\n{?a?}", 4, "Hai đáp án giống hệt nhau."),
        ("{!a!} {! !}", 2, "Đáp án chưa có chữ."),
        ("{!a!} {?b?} **đậm**", 2, PLAIN),
    ],
)  # fmt: skip
def test_a_text_marked_wrong_is_told_with_its_line(inside: str, line: int, message: str) -> None:
    assert (line, message) in problems(inside)


def test_an_empty_block_has_no_sign() -> None:
    assert read("```spot\n```")[1]


@given(
    st.lists(
        st.sampled_from(
            [
                "{!",
                "!}",
                "{?",
                "?}",
                "|",
                " a",
                " b",
                "c",
                "\n",
                "\n\n",
                "\\",
                "`",
                "**",
                "<i>",
                "{",
                "}",
                "!",
            ]
        ),
        max_size=16,
    ).map("".join),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_question_or_has_a_reason_not_to_be(inside: str, given: st.DataObject) -> None:
    asked, told = read(f"```spot\n{inside}\n```")
    assert (asked is None) == bool(told)
    if asked is not None:
        assert asked.grade(asked.model_answer()) == 1.0
        some = given.draw(st.lists(st.sampled_from(asked.option_ids), unique=True))
        answer = asked.read_answer("q", {"q": some})
        assert asked.answer_problem(answer) is None
        assert 0.0 <= asked.grade(answer) <= 1.0
        assert sent(asked.ask(asked.option_ids, answer, "q")).get("q", []) == [
            one for one in asked.option_ids if one in some
        ]
        asked.reveal(asked.option_ids, answer)
