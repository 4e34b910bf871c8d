"""Tapping places on a picture: how they are written, shown and judged."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.foundation.markdown import AsWritten, Media, Prose, inline_prose
from lms.quiz.answer_block import Line, read_question
from lms.quiz.question import UNSURE, Answer
from tests.quiz.fields import sent
from tests.quiz.test_types import Texts, question, read

TAP = """```tap media/trang.svg | Trang web [giả] trên điện thoại
( ) 12% 60,5% 76% 9% | nút “Gửi”,
  rất to
  > Trang thật cũng có nút.
(x) 12% 8% 40.25% 6% | thanh <địa chỉ>
  > Không có đuôi `.gov.vn`.

(x) 60% 8% 30% 6% | ô “Mã OTP”
```"""
ASKED = question(TAP)
ADDRESS, CODE, BUTTON = ASKED.option_ids


def chosen(*ids: str) -> Answer:
    return {"chosen": list(ids)}


def problems(inside: str, picture: str = "media/a.svg | Trang") -> list[tuple[int, str]]:
    return read(f"```tap {picture}\n{inside}\n```")[1]


def test_regions_are_numbered_as_the_eye_goes_whatever_the_author_wrote_first() -> None:
    assert [(one.text, one.right, one.feedback.source) for one in ASKED.options] == [
        ("thanh <địa chỉ>", True, "Không có đuôi `.gov.vn`."),
        ("ô “Mã OTP”", True, ""),
        ("nút “Gửi”, rất to", False, "Trang thật cũng có nút."),
    ]
    assert ASKED.keeps_order
    lines = TAP.split("\n")
    turned = question("\n".join([lines[0], *lines[4:6], *lines[1:4], *lines[7:]]))
    assert turned.revision == ASKED.revision


def test_places_are_attributes_and_labels_of_the_same_boxes() -> None:
    html = ASKED.ask(ASKED.option_ids, chosen(CODE), "q")
    places = re.findall(r'<foreignObject x="(.*?)%" y="(.*?)%" width="(.*?)%" height="(.*?)%">', html)
    assert places == [("12", "8", "40.25", "6"), ("60", "8", "30", "6"), ("12", "60.5", "76", "9")] * 2
    assert re.findall(r'<input [^>]* id="(.*?)">', html) == ["q-1", "q-2", "q-3"]
    assert sorted(re.findall(r'for="(.*?)"', html)) == [f"q-{n}" for n in (1, 2, 3) for _ in range(3)]
    assert "thanh &lt;địa chỉ&gt;" in html
    assert "style" not in html
    assert sent(html) == {"q": [CODE]}


def test_the_picture_is_the_courses() -> None:
    class Shelf(AsWritten):
        def media(self, src: str, alt: str) -> Media | None:
            return Media(f"/a/{src}?v=1", "image", 320, 180) if (src, alt) == seen else None

    class Resolved(Texts):
        def inline(self, text: str) -> Prose:
            return inline_prose(text, Shelf())

    def report(line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        raise AssertionError(message)

    seen = ("media/trang.svg", "Trang web [giả] trên điện thoại")
    lines = [Line(number, text) for number, text in enumerate(TAP.split("\n"), 1)]
    asked: Any = read_question(Line(1, "Ở đâu?"), lines, {"id": "q"}, Resolved(), report)
    html = asked.ask(asked.option_ids, None, "q")
    (picture,) = re.findall("<img .*?>", html)
    assert 'src="/a/media/trang.svg?v=1"' in picture
    assert 'alt="Trang web [giả] trên điện thoại"' in picture
    assert asked.revision == question(TAP, stem="Ở đâu?").revision


def test_what_is_asked_is_the_same_whatever_is_right() -> None:
    turned = question(TAP.replace("( ) 12%", "(x) 12%").replace("(x) 60%", "( ) 60%"))
    assert [one.right for one in turned.options] == [True, False, True]
    assert turned.ask(turned.option_ids, None, "q") == ASKED.ask(ASKED.option_ids, None, "q")


def test_a_result_marks_found_missed_and_mistaken_on_the_picture_and_tells_them() -> None:
    html = ASKED.reveal(ASKED.option_ids, chosen(ADDRESS, BUTTON))
    marks = re.findall(r'<div class="tap-region (\w+)"><span aria-hidden="true">(\d)</span>', html)
    assert marks == [("right", "1"), ("missed", "2"), ("wrong", "3")]
    told = re.findall(r'<b class="sign-number">(\d)</b><span class="verdict \w+">.*?<span>(.*?):', html)
    assert told == [("1", "Tìm đúng"), ("2", "Bỏ sót"), ("3", "Không phải dấu hiệu")]
    assert "Không có đuôi <code>.gov.vn</code>." in html
    assert "Bỏ sót" not in ASKED.reveal(ASKED.option_ids, UNSURE)


def test_reasons_may_be_mended_and_the_places_may_not() -> None:
    assert question(TAP.replace("Trang thật", "Trang nào")).revision == ASKED.revision
    assert question(TAP.replace("76%", "75%")).revision != ASKED.revision
    assert question(TAP.replace("trang.svg", "trang-2.svg")).revision != ASKED.revision
    assert question(TAP.replace("(x) 60%", "( ) 60%")).revision != ASKED.revision


FORM = "Mỗi vùng một dòng: (x) hoặc ( ), trái, trên, rộng, cao tính bằng %, dấu |, rồi tên vùng."
_GOOD = "(x) 0% 0% 10% 10% | a"


@pytest.mark.parametrize(
    ("inside", "line", "message"),
    [
        (_GOOD, 1, "Hình cần từ 2 đến 6 vùng."),
        ("\n".join(f"(x) 0% {n}0% 9% 9% | {n}" for n in range(7)), 1, "Hình cần từ 2 đến 6 vùng."),
        ("( ) 0% 0% 10% 10% | a\n( ) 20% 0% 10% 10% | b", 1, "Chưa có vùng nào mang dấu (x)."),
        (f"{_GOOD}\n( ) 95% 0% 10% 10% | b", 3, "Vùng nằm ngoài hình."),
        (f"{_GOOD}\n( ) 20% 91,5% 10% 9% | b", 3, "Vùng nằm ngoài hình."),
        (f"{_GOOD}\n( ) 20% 0% 0% 10% | b", 3, "Vùng nằm ngoài hình."),
        (f"{_GOOD}\n( ) 5% 5% 10% 10% | b", 3, "Hai vùng chồng lên nhau."),
        (f"{_GOOD}\n( ) 20% 0% 10% 10% | a", 3, "Hai đáp án giống hệt nhau."),
        (f"{_GOOD}\n( ) 20% 0% 10% 10% |", 3, "Đáp án chưa có chữ."),
        (f"{_GOOD}\n20% 0% 10% 10% | b", 3, FORM),
        (f"{_GOOD}\n( ) 20 0 10 10 | b", 3, FORM),
    ],
)  # fmt: skip
def test_regions_that_cannot_be_are_told_with_their_line(inside: str, line: int, message: str) -> None:
    assert (line, message) in problems(inside)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ("", "Sau chữ tap là hình, lấy trong thư mục media."),
        ("trang.svg | Trang", "Sau chữ tap là hình, lấy trong thư mục media."),
        ("media/loi-ke.mp3 | Lời kể", "Sau chữ tap là hình, lấy trong thư mục media."),
        ("media/../a.svg | Trang", "Sau chữ tap là hình, lấy trong thư mục media."),
        ("media/a.svg", "Hình chưa có lời tả."),
        ("media/a.svg |  ", "Hình chưa có lời tả."),
    ],
)
def test_a_picture_that_cannot_be_is_told(picture: str, message: str) -> None:
    told = problems(f"{_GOOD}\n( ) 20% 0% 10% 10% | b", picture)
    assert message in [words for _, words in told]


def test_regions_may_touch() -> None:
    assert problems(f"{_GOOD}\n( ) 10% 0% 10% 10% | b\n( ) 0% 10% 10% 10% | c") == []


@given(
    st.lists(
        st.builds(
            "({}) {}% {}% {}% {}% {} {}".format,
            st.sampled_from(["x", " ", "X", "v"]),
            *[st.sampled_from(["0", "5", "33,3", "50", "99.99", "100", "1000", "-1"]) for _ in range(4)],
            st.sampled_from(["|", "", "\\|"]),
            st.sampled_from(["a", "b", "c", "d", "", "`", "**"]),
        )
        | st.sampled_from(["", "  > vì sao", "  tiếp", "media/b.svg | B", "|", "\t"]),
        max_size=8,
    ).map("\n".join)
)
@settings(max_examples=300, deadline=None)
def test_any_block_is_a_question_or_has_a_reason_not_to_be(inside: str) -> None:
    asked, told = read(f"```tap media/a.svg | Trang\n{inside}\n```")
    assert (asked is None) == bool(told)
    if asked is not None:
        assert asked.grade(asked.model_answer()) == 1.0
        everything = asked.read_answer("q", {"q": asked.option_ids})
        assert 0.0 <= asked.grade(everything) < 1.0 or all(one.right for one in asked.options)
        asked.reveal(asked.option_ids, everything)


def test_an_empty_block_is_told_where_it_stands() -> None:
    assert read("Lời dẫn.\n\n```tap\n```")[1] == [(3, "Sau chữ tap là hình, lấy trong thư mục media.")]
