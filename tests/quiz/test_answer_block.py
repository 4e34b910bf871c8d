"""What stands under a question's heading, and a type that arrives as one class."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from lms.quiz.answer_block import Line, split_stem
from lms.quiz.question import Answer, AnswerLine, Form, Question, RenderProse, Report
from lms.quiz.types import KINDS
from tests.quiz.test_types import question, read

ANSWERS = "- ( ) Sai\n- (x) Đúng"


def numbered(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]


def test_everything_has_its_place() -> None:
    asked = question(
        f"Lời dẫn.\n\n> Tin nhắn.\n\n? Một\n? Hai\n  tiếp\n\n{ANSWERS}\n\n> Vì thế.\n>\n> Và thế."
    )
    assert asked.material.source == "Lời dẫn.\n\n> Tin nhắn."
    assert [hint.source for hint in asked.hints] == ["Một", "Hai tiếp"]
    assert asked.explanation.source == "Vì thế.\n\nVà thế."


def test_answers_continue_and_take_feedback() -> None:
    asked = question("- ( ) Sai,\n  hai dòng\n  > lời nhắn\n  > hai dòng\n\n- (x) Đúng\n    >lời khác")
    assert [option.text for option in asked.options] == ["Sai, hai dòng", "Đúng"]
    assert [option.feedback.source for option in asked.options] == ["lời nhắn hai dòng", "lời khác"]


def test_answers_inside_code_are_no_answers() -> None:
    asked = question(f"```\n- (x) mã\n```\n\n~~~\n1) mã\n~~~\n\n{ANSWERS}")
    assert len(asked.options) == 2


def test_a_backslash_makes_a_sign_plain() -> None:
    asked = question("\\- (x) chữ\n\n- ( ) \\[a\\] \\{b\\} \\> c\\!\n- (x) d\\e")
    assert [option.text for option in asked.options] == ["[a] {b} > c!", "d\\e"]
    assert asked.material.html == "<p>- (x) chữ</p>"


def test_ordinary_lists_belong_to_the_stem() -> None:
    asked = question(f"1. một\n\n- hai\n* [ba](https://a.example)\n- [x](https://a.example) bốn\n\n{ANSWERS}")
    assert asked.material.source.count("\n") == 4


@pytest.mark.parametrize("line", ["- () a", "- (v) a", "- (x)a", "-(x) a", "* (x) a", "- [] a", "- [✓] a"])
def test_an_answer_written_almost_right_is_never_printed(line: str) -> None:
    _, problems = read(f"{line}\n{ANSWERS}")
    assert [place for place, _ in problems] == [1]


def test_the_stem_of_a_question_without_heading_is_its_first_paragraph() -> None:
    stem, under = split_stem(numbered("\nNên làm gì\nkhi ấy?\n\nLời dẫn.\n\n- (x) Đúng"))
    assert stem == "Nên làm gì khi ấy?"
    assert under[1] == Line(5, "Lời dẫn.")
    assert split_stem(numbered("- (x) Đúng")) == ("", [Line(1, "- (x) Đúng")])
    assert split_stem([]) == ("", [])


@dataclass(frozen=True, kw_only=True)
class Words(Question):
    """A type as a later file would bring it."""

    label = "điền từ"
    fence = "words"
    line_example = "```words\na\n```"
    examples = ()

    words: tuple[str, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        return {"words": tuple(line.text for line in lines)}

    def key(self) -> list[Any]:
        return list(self.words)

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        return Markup("")

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        return Markup("")

    def read_answer(self, name: str, form: Form) -> Answer | None:
        return None

    def answer_problem(self, answer: Answer | None) -> str | None:
        return None

    def grade(self, answer: Answer | None) -> float:
        return 0.0

    def model_answer(self) -> Answer:
        return {}

    def right_answer(self) -> str:
        return ""

    def answer_text(self, answer: Answer | None) -> str:
        return ""


@pytest.fixture
def _words() -> Iterator[None]:
    Words.kind = "words"
    KINDS["words"] = Words
    yield
    del KINDS["words"]


@pytest.mark.usefixtures("_words")
def test_a_fenced_type_arrives_as_one_class() -> None:
    asked = question("Lời dẫn.\n\n```words\nmột\n- (x) hai\n```\n\n> Vì thế.")
    assert asked.words == ("một", "- (x) hai")
    assert asked.explanation.source == "Vì thế."
    assert asked.option_ids == ()
    assert asked.feedback_for(None) == ()


@pytest.mark.usefixtures("_words")
@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```words\na\n```\n\n```words\nb\n```", "Đáp án bị ngắt làm hai nhóm."),
        (f"```words\na\n```\n\n{ANSWERS}", "Câu hỏi có hai kiểu đáp án."),
    ],
)
def test_a_fenced_block_is_the_whole_answer(block: str, message: str) -> None:
    assert [told for _, told in read(block)[1]] == [message]


@given(
    st.lists(
        st.sampled_from([
            "- ( ) a", "- (x) b", "- [x] c", "- [ ] d", "  > f", "  e", "> g", "? h", "", "t", "```",
            "```gaps", "1) i", "= j", "- k :: l", "- (v) m", "\t- (x) n", "# o",
            "\\- (x) p", "- (x)", "- ( ) **q**",
        ]),
        max_size=12,
    ).map("\n".join)
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_block_is_a_question_or_has_a_reason_not_to_be(block: str) -> None:
    asked, problems = read(block)
    assert (asked is None) == bool(problems)
    if asked is not None:
        assert asked.grade(asked.model_answer()) == 1.0


def test_kinds_and_forms_are_told_apart() -> None:
    forms = [cls.line_form for cls in KINDS.values() if cls.line_form]
    for line in ("- (x) a", "- [x] a", "- a :: b", "1) a", "= a"):
        assert sum(bool(re.match(form, line)) for form in forms) <= 1
