"""Findings: what an author is told, and what not."""

import pytest

from lms.quiz.analysis.figures import Asked, item_figures
from lms.quiz.analysis.findings import Option, findings
from lms.quiz.analysis.sums import NOTHING, UNSURE, Cell, ItemSums

OPTIONS = [Option("a", "A", False), Option("b", "B", False), Option("c", "C", True)]


def told(app, answers, lesson=""):
    """The findings on a question whose key is C; `answers`: (choice, people, their share of the rest)."""
    item = ItemSums()
    for choice, people, rest in answers:
        item.cells[Cell(float(choice == "c"), rest, rest)] += people
        item.choose(choice, people, rest)
    figures = item_figures(item, Asked(1, 1, ("a", "b", "c")))
    with app.test_request_context():
        return {one.kind: one.sentence for one in findings(figures, OPTIONS, lesson)}


def test_nothing_is_said_of_a_good_question(app):
    assert told(app, [("a", 20, 0.4), ("b", 20, 0.5), ("c", 60, 0.8)]) == {}


def test_nothing_is_said_of_too_few(app):
    assert told(app, [("a", 29, 0.9)]) == {}


def test_a_wrong_answer_that_draws_the_good_makes_the_key_doubtful(app):
    found = told(app, [("a", 25, 0.5), ("b", 40, 0.9), ("c", 35, 0.4)])
    assert list(found) == ["wrong_key"]
    assert found["wrong_key"] == (
        "Người giỏi lại hay chọn B: 4 trên 10 người, và họ làm tốt các câu khác. "
        "Đáp án có thể sai, hoặc B cũng đúng."
    )


def test_a_question_that_the_good_doubt_divides_negatively_but_its_key_may_be_right(app):
    found = told(app, [("a", 20, 0.5), ("b", 20, 0.5), (UNSURE, 30, 0.9), ("c", 50, 0.4)])
    assert list(found) == ["negative", "unsure"]
    assert found["unsure"] == "2 trên 10 người chọn “Tôi không chắc”."


def test_a_wrong_answer_that_draws_many_names_the_lesson(app):
    found = told(app, [("a", 10, 0.5), ("b", 70, 0.5), ("c", 20, 0.9)], "bài 3")
    assert found["misleading"] == "7 trên 10 người chọn B: bài 3 có thể gây hiểu nhầm."
    assert found["hard"] == "Chỉ 2 trên 10 người trả lời đúng. Xem lại bài 3 có dạy đủ chưa."


def test_an_easy_question_is_not_blamed_for_its_idle_answers(app):
    found = told(app, [("a", 1, 0.5), ("b", 3, 0.5), ("c", 96, 0.8)])
    assert found == {"easy": "96% số người trả lời đúng: câu này cho biết ít về người học."}


def test_an_answer_nobody_takes_is_named(app):
    found = told(app, [("a", 2, 0.4), ("b", 38, 0.4), ("c", 60, 0.8)])
    assert list(found) == ["dead"]
    assert found["dead"].startswith("Đáp án A gần như không ai chọn")


@pytest.mark.parametrize(("choice", "says_so"), [(UNSURE, True), (NOTHING, False)])
def test_doubt_is_told_and_an_empty_answer_is_no_doubt(app, choice, says_so):
    found = told(app, [("a", 15, 0.4), ("b", 15, 0.4), (choice, 20, 0.4), ("c", 50, 0.8)])
    assert ("unsure" in found) is says_so
