"""A file read: all of its questions, or what is wrong with it. Nothing is written here."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lms.foundation.markdown import Prose, Unreadable, inline_prose, prose, unique
from lms.foundation.text import slugify
from lms.quiz.answer_block import Line, read_question
from lms.quiz.exchange.course_text import course_text
from lms.quiz.exchange.format import Ears, Format, Remark, Remarks
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.typed_words import without_bare
from lms.quiz.question import Question, Report

MOST_BYTES = 8 * 1024 * 1024
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORDS_OF_A_NAME = 6


@dataclass(frozen=True)
class Incoming:
    """A question that came in: as it was taken apart, as the course format writes it, as it is."""

    item: Item
    text: str
    question: Question


@dataclass(frozen=True)
class Reading:
    """All questions of a file, none once there is a mistake; what stays behind is told in `notes`."""

    questions: Sequence[Incoming]
    mistakes: Sequence[Remark]
    notes: Sequence[Remark]


def read_questions(
    content: bytes, format_: Format, taken: Collection[str] = (), objectives: Collection[str] | None = None
) -> Reading:
    """The questions of a file. `taken` are ids of other questions, `objectives` the keys that there are."""
    mistakes, notes = Remarks(), Remarks()
    ears = Ears(mistakes, notes)
    items: list[Item] = []
    if len(content) > MOST_BYTES:
        mistakes(1, "Tệp quá lớn.", seen=f"{len(content)} byte", expected="tệp nhỏ hơn 8 MB, chia làm nhiều")
    else:
        items = format_.read(content, ears)
    if not items and not mistakes:
        mistakes(1, "Tệp không có câu hỏi nào.", seen="0 câu hỏi", expected=f"một tệp {format_.name}")
    if objectives is not None:
        items = [_with_known_objective(item, objectives, notes) for item in items]
    found = [checked(without_bare(item), mistakes) for item in _named(items, taken, mistakes)]
    good = [one for one in found if one is not None]
    return Reading([] if mistakes else good, mistakes.listed(), notes.listed())


def _with_known_objective(item: Item, objectives: Collection[str], note: Report) -> Item:
    if not item.objective or item.objective in objectives:
        return item
    note(item.line, "Chuyên đề không có mục tiêu này, câu hỏi được nhận không mục tiêu.", seen=item.objective)
    return replace(item, objective="")


def _named(items: Sequence[Item], taken: Collection[str], report: Report) -> list[Item]:
    """Every question with an id: its own, or one made of its first words."""
    used = dict.fromkeys(taken, 1)
    own = [item.id if _SLUG.fullmatch(item.id) else "" for item in items]
    for item, id_ in zip(items, own, strict=True):
        if id_ in used:
            report(
                item.line,
                "Tên câu hỏi này đã có.",
                seen=id_,
                expected="một tên khác, hoặc bỏ câu hỏi này khỏi tệp",
            )
        elif id_:
            used[id_] = 1
    return [
        replace(item, id=id_ or unique(_suggested(item), used)) for item, id_ in zip(items, own, strict=True)
    ]


def _suggested(item: Item) -> str:
    words = slugify(item.id or item.stem[:400]).split("-")
    return "-".join(words[:_WORDS_OF_A_NAME]) or "cau"


def checked(item: Item, report: Report) -> Incoming | None:
    """The question as the reader of quiz.md understands it; its mistakes are told at the item's line."""

    def told(line: int, message: str, *, seen: str = "", expected: str = "") -> None:  # noqa: ARG001
        report(item.line, message, seen=seen, expected=expected)

    text = course_text(item)
    heading, *under = text.split("\n")
    stem = heading[3:].rpartition(" {")[0].strip()
    if not stem:
        told(1, "Câu hỏi chưa có lời hỏi.", seen="lời hỏi trống", expected="một câu hỏi")
        return None
    common = {
        "id": item.id,
        "points": item.points,
        "level": item.level,
        "objective": item.objective,
        "editions": item.editions,
        "fixed": item.fixed,
    }
    lines = [Line(number, line) for number, line in enumerate(under, 2)]
    question = read_question(Line(1, stem), lines, common, _Texts(told), told)
    return None if question is None else Incoming(item, text, question)


class _Texts:
    """Renders texts without knowing the course they will be part of; who loads the course follows links."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def blocks(self, text: str) -> Prose:
        try:
            return prose(text)
        except Unreadable as error:
            return self._refused(text, error)

    def inline(self, text: str) -> Prose:
        try:
            return inline_prose(text)
        except Unreadable as error:
            return self._refused(text, error)

    def _refused(self, text: str, error: Unreadable) -> Prose:
        self._report(
            1,
            "Câu hỏi này quá dài, lồng quá sâu, hoặc có quá nhiều dấu.",
            seen=str(error),
            expected="viết ngắn lại",
        )
        return Prose.plain(text)
