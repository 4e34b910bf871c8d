"""What the answers of a module's quiz tell, put together for its author."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from string import ascii_uppercase

from lms.catalogue.outline import LessonLine, ModuleLine
from lms.catalogue.queries import lesson_body
from lms.foundation.i18n import N_, translate
from lms.quiz.analysis import queries
from lms.quiz.analysis.actions import goes_together
from lms.quiz.analysis.counting import LONGEST_TEXT, options_to_choose
from lms.quiz.analysis.figures import (
    ENOUGH,
    Asked,
    ItemFigures,
    QuizFigures,
    item_figures,
    joined,
    quiz_figures,
)
from lms.quiz.analysis.findings import Finding, Option, findings
from lms.quiz.analysis.formulas import Estimate
from lms.quiz.analysis.queries import Results, RevisionLine
from lms.quiz.analysis.sums import QuizSums
from lms.quiz.queries import questions_of
from lms.quiz.question import Question
from lms.rosters.exports import Cell, Table
from lms.units.queries import UnitView, units_by_id

FEWEST_WRITERS = 3  # a text that fewer have written is nobody else's to read


@dataclass(frozen=True)
class Answer:
    """One line of a question's answers. `share` is in percent of those who were asked."""

    letter: str
    words: str
    share: Estimate
    rest: Estimate | None
    is_right: bool


@dataclass(frozen=True)
class QuestionReport:
    """A question with what its answers tell; `number` is its place in the bank, 0 for one no longer asked."""

    number: int
    revision_id: int
    question: Question
    figures: ItemFigures
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    lesson: tuple[int, LessonLine] | None  # which teaches this, with its number
    may_join: bool  # the revision before asks the same, if an editor says so
    is_joined: bool

    @property
    def title(self) -> str:
        """The stem in a line."""
        return self.question.title


@dataclass(frozen=True)
class ProvinceLine:
    """How many first attempts a province has, and what percent of them passed."""

    unit: UnitView
    results: Results

    @property
    def is_enough(self) -> bool:
        """Whether anything may be concluded."""
        return self.results.count >= ENOUGH

    @property
    def passed_share(self) -> int:
        """Percent passed at the first attempt."""
        return round(100 * self.results.passed / self.results.count)


@dataclass(frozen=True)
class QuizReport:
    """A module's quiz among the people of a unit."""

    unit: UnitView
    figures: QuizFigures
    pass_percent: int
    first_at: datetime
    last_at: datetime
    questions: tuple[QuestionReport, ...]
    provinces: tuple[ProvinceLine, ...]

    @property
    def passing(self) -> int:
        """From how many of the chart's bars on a paper is passed."""
        length = self.figures.length
        return next((n for n in range(length + 1) if 100 * n >= self.pass_percent * length - 1e-6), length)


def quiz_report(module: ModuleLine, unit: UnitView, today: date) -> QuizReport | None:
    """The report of a published module; None where nobody has been counted yet."""
    if module.quiz_id is None:
        return None
    tally = queries.tally_of(module.quiz_id, unit.id)
    if tally is None:
        return None
    present, pass_percent = queries.present_settings(module.quiz_id)
    lines = queries.revisions_of(module.quiz_id)
    questions = questions_of([line.id for line in lines])
    newest = _newest(lines)
    options = {id_: options_to_choose(question) for id_, question in questions.items()}
    sums = joined(tally.sums, newest, options)
    points = {id_: question.points for id_, question in questions.items()}
    figures = quiz_figures(sums, points, pass_percent, with_pairs=unit.level == "nation")
    if figures is None:
        return None
    teaching = _Teaching(module)
    return QuizReport(
        unit=unit,
        figures=figures,
        pass_percent=pass_percent,
        first_at=tally.first_at,
        last_at=tally.last_at,
        questions=tuple(_questions(sums, present, lines, questions, teaching)),
        provinces=_provinces(module.quiz_id, today),
    )


def _newest(lines: Iterable[RevisionLine]) -> dict[int, int]:
    """The newest revision of the same meaning, by revision."""
    newest: dict[int, int] = {}
    for line in sorted(lines, key=lambda line: -line.id):
        newest.setdefault(line.id, line.id)
        if line.same_as is not None:
            newest.setdefault(line.same_as, newest[line.id])
    return newest


def _questions(
    sums: QuizSums,
    present: Sequence[int],
    lines: Sequence[RevisionLine],
    questions: Mapping[int, Question],
    teaching: "_Teaching",
) -> Iterable[QuestionReport]:
    """Those of the bank in its order, then those that are asked no longer."""
    former = [line.id for line in lines if line.id not in present]
    by_id = {line.id: line for line in lines}
    before = {
        later.id: earlier.id for earlier, later in pairwise(lines) if earlier.question_id == later.question_id
    }
    for number, id_ in [*enumerate(present, 1), *((0, id_) for id_ in former)]:
        question = questions[id_]
        if id_ not in sums.items:
            continue
        figures = item_figures(sums.items[id_], Asked(id_, question.points, options_to_choose(question)))
        if figures is None:
            continue
        options = _options(question)
        lesson = teaching.lesson_of(question.objective)
        called = translate(N_("bài %(n)s"), n=lesson[0]) if lesson else ""
        earlier = before.get(id_)
        is_joined = by_id[id_].same_as is not None
        yield QuestionReport(
            number=number,
            revision_id=id_,
            question=question,
            figures=figures,
            answers=tuple(_answers(question, figures, options)),
            findings=tuple(findings(figures, options, called)),
            lesson=lesson,
            may_join=not is_joined and earlier is not None and goes_together(questions[earlier], question),
            is_joined=is_joined,
        )


def _options(question: Question) -> list[Option]:
    right = question.model_answer().get("chosen", ())
    return [
        Option(id_, ascii_uppercase[place % 26], id_ in right)
        for place, id_ in enumerate(question.option_ids)
    ]


def _answers(question: Question, figures: ItemFigures, options: Sequence[Option]) -> Iterable[Answer]:
    """The options under their letters, or what several people wrote; then doubt and silence."""
    known = {option.id: option for option in options}
    for choice in figures.choices:
        option = known.get(choice.choice)
        if option is not None:
            words = question.answer_text({"chosen": [option.id]})
            yield Answer(option.letter, words, choice.share, choice.rest, option.is_right)
        elif round(choice.share.value * figures.count) >= FEWEST_WRITERS:
            is_right = choice.choice == question.right_answer()[:LONGEST_TEXT]
            yield Answer("–", choice.choice, choice.share, choice.rest, is_right)
    yield Answer("?", translate(N_("Tôi không chắc")), figures.unsure, None, is_right=False)
    if figures.unanswered.value:
        yield Answer("–", translate(N_("Không trả lời")), figures.unanswered, None, is_right=False)


class _Teaching:
    """Which lesson of a module teaches an objective."""

    def __init__(self, module: ModuleLine) -> None:
        lessons = [lesson for lesson in module.lessons if lesson.counts]
        self._lessons = {
            objective: (number, lesson)
            for number, lesson in reversed([*enumerate(lessons, 1)])
            for objective in lesson_body(lesson.revision_id).objectives
        }

    def lesson_of(self, objective: str) -> tuple[int, LessonLine] | None:
        """The first that does, with its number among the lessons that count."""
        return self._lessons.get(objective)


def _provinces(quiz_id: int, today: date) -> tuple[ProvinceLine, ...]:
    """Those with attempts, the best first; then those with too few."""
    results = queries.results_by_unit(quiz_id)
    units = units_by_id(results.keys(), today)
    lines = [ProvinceLine(units[id_], one) for id_, one in results.items() if units[id_].level == "province"]
    return tuple(sorted(lines, key=lambda line: (not line.is_enough, -line.passed_share, line.unit.code)))


def report_table(report: QuizReport, about: Sequence[tuple[str, str]]) -> Table:
    """A line a question; estimates as numbers, each with its standard error beside it."""
    heads = [
        *(N_("Số"), N_("Câu hỏi"), N_("Số lượt"), N_("Trả lời đúng (%)"), N_("± (đúng)")),
        *(
            N_("Phân biệt (nhóm 27%)"),
            N_("± (phân biệt)"),
            N_("Tương quan với phần còn lại"),
            N_("± (tương quan)"),
        ),
        *(N_("Không chắc (%)"), N_("± (không chắc)"), N_("Thời gian giữa (giây)"), N_("± (thời gian)")),
        *(N_("Các đáp án (%)"), N_("Nên xem")),
    ]
    return Table([*map(translate, heads)], [_row(line) for line in report.questions], about)


def _row(line: QuestionReport) -> list[Cell]:
    figures = line.figures
    if figures.is_enough:
        told = "; ".join(one.name for one in line.findings)
    else:
        told = translate(N_("chưa đủ %(n)s lượt"), n=ENOUGH)
    answers = "; ".join(f"{one.letter} {one.words}: {100 * one.share.value:.1f}" for one in line.answers)
    return [
        *(line.number or None, line.title, figures.count),
        *_pair(figures.facility, 100),
        *_pair(figures.discrimination),
        *_pair(figures.rest),
        *_pair(figures.unsure, 100),
        *_pair(figures.seconds),
        *(answers, told),
    ]


def _pair(estimate: Estimate | None, times: int = 1) -> tuple[Cell, Cell]:
    if estimate is None:
        return None, None
    error = None if estimate.error is None else round(times * estimate.error, 3)
    return round(times * estimate.value, 3), error
