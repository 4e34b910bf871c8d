"""What every question type promises, asked of every example of every type."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from lms.foundation.markdown import Prose, inline_prose, prose
from lms.quiz.answer_block import Line, read_question
from lms.quiz.choice import Choice, Option
from lms.quiz.plain import option_id
from lms.quiz.question import UNSURE, Answer, Example, Question
from lms.quiz.types import KINDS, question_from_body
from tests.quiz.fields import sent

EXAMPLES = [
    pytest.param(kind, example, id=f"{kind}-{number}")
    for kind, cls in KINDS.items()
    for number, example in enumerate(cls.examples)
]
FEEDBACK = "Lời nhắn riêng cho đáp án"


class Texts:
    def blocks(self, text: str) -> Prose:
        return prose(text)

    def inline(self, text: str) -> Prose:
        return inline_prose(text)


def read(
    block: str, stem: str = "Nên làm gì?", **common: Any
) -> tuple[Question | None, list[tuple[int, str]]]:
    problems: list[tuple[int, str]] = []

    def report(line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        assert message.endswith(".")
        assert seen
        assert expected
        problems.append((line, message))

    lines = [Line(number, text) for number, text in enumerate(block.split("\n"), 1)]
    return read_question(Line(1, stem), lines, {"id": "cau-hoi", **common}, Texts(), report), problems


def question(block: str, **common: Any) -> Any:
    found, problems = read(block, **common)
    assert not problems
    assert found is not None
    return found


SINGLE = question(
    f"- ( ) Một\n  > {FEEDBACK} 1\n- (x) Hai\n  > {FEEDBACK} 2\n- ( ) Ba\n  > {FEEDBACK} 3\n\n> Giải thích"
)
MULTIPLE = question("- [x] Một\n- [ ] Hai\n- [x] Ba")
ONE, TWO, THREE = map(option_id, ("Một", "Hai", "Ba"))


def chosen(*ids: str) -> Answer:
    return {"chosen": list(ids)}


# Every type.


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_is_read_as_its_type_and_earns_its_score(kind: str, example: Example) -> None:
    asked = question(example.block)
    assert asked.kind == kind
    assert asked.answer_problem(example.answer) is None
    assert asked.grade(example.answer) == pytest.approx(example.score)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_body_survives_the_database(kind: str, example: Example) -> None:
    asked = question(
        f"? Gợi ý **một**\n\n{example.block}\n\n> Vì sao", points=3, level="hard", editions=("member",)
    )
    body = json.loads(json.dumps(asked.to_body()))
    assert question_from_body(body) == asked
    assert body["kind"] == kind
    assert question_from_body(body).revision == asked.revision


def with_feedback(example: Example) -> str:
    """The example's block, every answer of it with feedback; a fenced block has none."""
    if example.block.startswith("```"):
        return example.block
    answers = re.sub(r"\n  >.*", "", example.block).replace("\n  ", " ")
    return re.sub(r"^(.+)$", rf"\1\n  > {FEEDBACK}", answers, flags=re.M)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_what_is_asked_says_nothing_of_the_key(kind: str, example: Example) -> None:
    bare = question(re.sub(r"\n  >.*", "", example.block))
    told = question(with_feedback(example) + "\n\n> Vì sao")
    html = told.ask(told.option_ids, example.answer, "answer")
    assert html == bare.ask(bare.option_ids, example.answer, "answer")
    assert FEEDBACK not in html
    assert "Vì sao" not in html
    assert not re.search(r"right|wrong|correct|mistaken|\bkey\b", html)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_saved_answer_is_filled_in_and_read_back(kind: str, example: Example) -> None:
    asked = question(example.block)
    html = asked.ask(asked.option_ids, example.answer, "answer")
    assert asked.read_answer("answer", sent(html)) == example.answer


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_the_last_row_is_not_sure(kind: str, example: Example) -> None:
    asked = question(example.block)
    html = asked.ask(asked.option_ids, None, "answer")
    last = html[html.rindex('<label class="answer') :]
    assert 'class="answer unsure"' in last
    assert "Tôi không chắc" in last
    checked = str(html).replace('value="unsure"', 'value="unsure" checked')
    assert asked.read_answer("answer", sent(checked)) == UNSURE
    assert asked.read_answer("answer", sent(html)) is None


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_model_answer_earns_everything_and_reads_like_the_right_one(kind: str, example: Example) -> None:
    asked = question(example.block)
    model = asked.model_answer()
    assert asked.answer_problem(model) is None
    assert asked.grade(model) == 1.0
    assert asked.read_answer("answer", sent(asked.ask(asked.option_ids, model, "answer"))) == model
    assert "wrong" not in asked.reveal(asked.option_ids, model)
    assert asked.answer_text(model)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_doubt_is_told_and_never_called_wrong(kind: str, example: Example) -> None:
    asked = question(example.block)
    html = asked.reveal(asked.option_ids, UNSURE)
    assert "Tôi không chắc" in html
    assert "wrong" not in html
    assert asked.answer_text(UNSURE) == "Tôi không chắc"
    assert asked.answer_text(None) == ""
    assert asked.answer_problem(UNSURE) is asked.answer_problem(None) is None
    assert asked.grade(UNSURE) == asked.grade(None) == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_type_says_what_it_is_called_and_how_it_is_written(kind: str) -> None:
    cls = KINDS[kind]
    assert cls.label
    assert cls.examples
    assert (cls.line_form is None) != (cls.fence is None)
    assert question(cls.line_example).kind == kind


# Revisions.


@pytest.mark.parametrize(
    "change",
    [
        {"stem": Prose.plain("Khác")},
        {"material": Prose.plain("Khác")},
        {"points": 2},
        {"options": (Option("Một", True), Option("Hai", True), Option("Ba", False))},
        {"options": (Option("Một", False), Option("Hai", True), Option("Tư", False))},
    ],
)
def test_stem_answers_key_and_points_make_the_revision(change: dict[str, Any]) -> None:
    assert replace(SINGLE, **change).revision != SINGLE.revision


@pytest.mark.parametrize(
    "change",
    [
        {"explanation": Prose.plain("Khác")},
        {"hints": (Prose.plain("Khác"),)},
        {"level": "hard"},
        {"objective": "khac"},
        {"editions": ("member",)},
        {"fixed": True},
        {"stem": Prose("Nên làm gì?", "<em>cách vẽ khác</em>")},
        {"options": (Option("Một", False), Option("Hai", True), Option("Ba", False, Prose.plain("Khác")))},
    ],
)
def test_nothing_else_makes_a_new_revision(change: dict[str, Any]) -> None:
    assert replace(SINGLE, **change).revision == SINGLE.revision


# Choosing.


def test_options_are_lettered_in_the_order_of_the_paper() -> None:
    html = SINGLE.ask([THREE, ONE, TWO], chosen(ONE), "q")
    rows = re.findall(r'value="(\w+)"( checked)?>.*?aria-hidden="true">(.)</span><span>(.*?)</span>', html)
    assert rows == [
        (THREE, "", "A", "Ba"),
        (ONE, " checked", "B", "Một"),
        (TWO, "", "C", "Hai"),
        ("unsure", "", "?", "Tôi không chắc"),
    ]


@pytest.mark.parametrize("of", [SINGLE, MULTIPLE])
def test_what_is_asked_is_the_same_whichever_option_is_right(of: Choice) -> None:
    turned = replace(of, options=tuple(replace(option, right=not option.right) for option in of.options))
    assert turned.ask(of.option_ids, None, "q") == of.ask(of.option_ids, None, "q")


def test_text_is_escaped() -> None:
    asked = question('- ( ) <script>alert("1")</script>\n- (x) a & b')
    for html in (asked.ask(asked.option_ids, None, '"><b>'), asked.reveal(asked.option_ids, None)):
        assert "<script>" not in html
        assert "<b>" not in html
        assert "a &amp; b" in html


def test_a_result_names_the_right_and_the_wrongly_chosen() -> None:
    html = SINGLE.reveal([THREE, ONE, TWO], chosen(ONE))
    rows = re.findall(
        r'<div class="answer flat( \w+)?">.*?>(\w)</span><span>(\w+)</span>(?:.*?</svg>(.*?)<)?', html
    )
    assert rows == [
        ("", "A", "Ba", ""),
        (" wrong", "B", "Một", "Bạn chọn, chưa đúng"),
        (" right", "C", "Hai", "Đáp án đúng"),
    ]
    assert f"{FEEDBACK} 1" in html
    assert f"{FEEDBACK} 2" in html
    assert f"{FEEDBACK} 3" not in html


def test_feedback_may_be_marked_up() -> None:
    asked = question("- ( ) Sai\n  > gõ `gov.vn`\n- (x) gõ `gov.vn`")
    html = asked.reveal(asked.option_ids, asked.read_answer("q", {"q": [asked.option_ids[0]]}))
    assert '<p class="answer-feedback small">gõ <code>gov.vn</code></p>' in html
    assert "<span>gõ <code>gov.vn</code></span>" in html
    assert asked.right_answer() == "gõ gov.vn"


def test_a_result_says_that_the_right_one_was_chosen() -> None:
    assert "Bạn chọn, đúng" in SINGLE.reveal(SINGLE.option_ids, chosen(TWO))


def test_not_being_sure_is_never_shown_as_wrong() -> None:
    html = SINGLE.reveal(SINGLE.option_ids, UNSURE)
    assert "answer flat unsure" in html
    assert "wrong" not in html


def test_feedback_is_that_of_the_chosen() -> None:
    assert [said.source for said in SINGLE.feedback_for(chosen(ONE))] == [f"{FEEDBACK} 1"]
    assert SINGLE.feedback_for(None) == SINGLE.feedback_for(UNSURE) == ()


def test_answers_can_be_said_in_plain_text() -> None:
    assert MULTIPLE.right_answer() == "Một; Ba"
    assert MULTIPLE.answer_text(chosen(TWO, THREE)) == "Hai; Ba"
    assert MULTIPLE.answer_text(UNSURE) == "Tôi không chắc"
    assert MULTIPLE.answer_text(None) == ""


def test_options_chosen_beside_a_doubt_count() -> None:
    assert MULTIPLE.read_answer("q", {"q": ["unsure", THREE, ONE, THREE]}) == chosen(ONE, THREE)


def test_nothing_chosen_is_no_answer() -> None:
    assert SINGLE.read_answer("q", {}) is None
    assert SINGLE.read_answer("q", {"other": [ONE]}) is None
    assert SINGLE.grade(None) == SINGLE.grade(UNSURE) == 0.0
    assert SINGLE.answer_problem(None) is None


@pytest.mark.parametrize(
    "answer", [chosen("lạ"), chosen(), {"chosen": ONE}, {"chosen": [{}]}, {}, {"unsure": False}]
)
def test_an_answer_from_elsewhere_is_refused_in_words(answer: Answer) -> None:
    assert SINGLE.answer_problem(answer) == "Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại."


def test_a_forged_option_survives_reading_and_is_then_refused() -> None:
    answer = SINGLE.read_answer("q", {"q": ["lạ"]})
    assert answer == chosen("lạ")
    assert SINGLE.answer_problem(answer)


def test_two_options_are_no_answer_to_a_single_choice() -> None:
    assert SINGLE.answer_problem(chosen(ONE, TWO)) == "Câu này chỉ chọn một đáp án. Hãy chọn lại."
    assert SINGLE.grade(chosen(ONE, TWO)) == 0.0


def test_true_and_false_keep_their_order() -> None:
    assert question("- (x) Đúng\n- ( ) Sai").keeps_order
    assert not SINGLE.keeps_order
    assert replace(SINGLE, fixed=True).keeps_order


@pytest.mark.parametrize(
    ("answer", "share"),
    [((ONE, THREE), 1.0), ((ONE,), 0.5), ((ONE, TWO), 0.0), ((ONE, TWO, THREE), 0.0), ((TWO,), 0.0)],
)
def test_multiple_response_earns_right_minus_wrong(answer: tuple[str, ...], share: float) -> None:
    assert MULTIPLE.grade(chosen(*answer)) == share


def test_an_option_is_known_by_its_words() -> None:
    assert question("- ( ) Hai\n- (x) Một").option_ids == (TWO, ONE)
