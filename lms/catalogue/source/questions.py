"""Questions as files hold them: quiz.md, where every level-2 heading begins one, and checks in lessons."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol

from lms.catalogue.source.blocks import Block, CodeFence
from lms.catalogue.source.elements import QuestionSource, QuizSource
from lms.catalogue.source.files import SLUG, SourceText
from lms.catalogue.source.front_matter import FrontMatter, read_front_matter
from lms.catalogue.source.keys import QuizKeys
from lms.catalogue.source.links import Links
from lms.catalogue.source.problems import choice_of
from lms.foundation.i18n import translate
from lms.foundation.markdown import Prose, Unreadable, inline_prose, prose
from lms.foundation.text import slugify
from lms.quiz.answer_block import Line, read_question, split_stem
from lms.quiz.question import Report

LEVELS = ("easy", "medium", "hard")

_HEADING = re.compile(r"##(?!#)[ \t]*(.*)")
_KNOWN = ("level", "objective", "points", "editions", "fixed", "was")
_MOST_POINTS = 100
_HEAD_EXAMPLE = "## Câu hỏi? {#ten-cau objective=dia-chi level=easy}"


class Linker(Protocol):
    """Makes resolvers for a page."""

    def __call__(self, editions: tuple[str, ...], lines: Sequence[Line] = ...) -> Links:
        """The resolver for what these editions see, on these lines or on the whole page."""


@dataclass(frozen=True)
class Scope:
    """What the questions of a file may refer to. `objectives` is None where module.md could not be read."""

    text: SourceText
    editions: tuple[str, ...]
    objectives: Collection[str] | None
    links_for: Linker
    report: Report


def read_quiz(scope: Scope) -> tuple[QuizSource | None, tuple[QuestionSource, ...]]:
    """quiz.md, None once a mistake in it was reported, and those of its questions that could be read."""
    front, below = read_front_matter(scope.text, QuizKeys, scope.report)
    asked = [_question(lines, scope) for lines in _under_headings(below, scope.report)]
    questions = tuple(question for question in asked if question is not None)
    if front is None or len(questions) < len(asked):
        return None, questions
    keys = front.keys
    quiz = QuizSource(
        text=scope.text,
        draw=keys.draw,
        percent=keys.percent,
        minutes=keys.minutes,
        attempts=keys.attempts,
        pause=keys.pause,
        shuffle=keys.shuffle,
        show=keys.show,
        questions=questions,
    )
    _check_draw(front, quiz, scope)
    return quiz, questions


def read_check(block: Block, edition: str, scope: Scope) -> QuestionSource | None:
    """The question in a `check` block, of an edition if it stands in its block; None if mistaken."""
    if not block.title:
        return None  # The reader of blocks has said so.
    if not re.fullmatch(SLUG, block.title):
        scope.report(
            block.line,
            "Tên của khối check viết chưa đúng.",
            seen=block.title,
            expected=f"/// check | {slugify(block.title) or 'ck-ten-mien'}",
        )
        return None
    lines = [line for line in block.inside if isinstance(line, Line)]
    stem, under = split_stem(lines)
    if not stem:
        scope.report(
            block.line,
            "Khối check chưa có câu hỏi.",
            seen=next((line.text for line in lines if line.text.strip()), "khối rỗng"),
            expected="câu hỏi ở dòng đầu, rồi các đáp án",
        )
        return None
    editions = (edition,) if edition else ()
    texts = _Texts(scope, block.title, editions, lines)
    common = {"id": block.title, "editions": editions}
    question = read_question(Line(block.line, stem), under, common, texts, scope.report)
    if question is None:
        return None
    if question.unfolds:
        scope.report(
            block.line,
            f"Kiểu câu hỏi “{translate(question.label)}” ({question.kind}) chỉ dùng trong quiz.md.",
            seen=f"/// check | {block.title}",
            expected="một câu trả lời một lần là xong; chuyện nhiều bước thì đặt trong quiz.md",
        )
        return None
    return QuestionSource(question, (), block.line, "\n".join(line.text for line in lines))


class _Texts:
    """Renders the texts of one question, for the editions that have it."""

    def __init__(self, scope: Scope, id_: str, editions: tuple[str, ...], lines: Sequence[Line]) -> None:
        self._scope = scope
        self._id = id_
        self._line = lines[0].number
        self._links = scope.links_for(editions or scope.editions, lines)

    def blocks(self, text: str) -> Prose:
        return self._rendered(text, lambda: prose(text, self._links, prefix=self._id))

    def inline(self, text: str) -> Prose:
        return self._rendered(text, lambda: inline_prose(text, self._links))

    def _rendered(self, text: str, render: Callable[[], Prose]) -> Prose:
        try:
            found = render()
        except Unreadable as error:
            self._scope.report(
                self._line,
                "Câu hỏi này quá dài, lồng quá sâu, hoặc có quá nhiều dấu.",
                seen=str(error),
                expected="viết ngắn lại",
            )
            return Prose.plain(text)
        self._links.report_unread(found.html)
        return found


def _under_headings(lines: Sequence[Line], report: Report) -> list[list[Line]]:
    """The lines of each question, its heading first."""
    fence = CodeFence()
    found: list[list[Line]] = []
    for line in lines:
        if not fence.holds(line) and _HEADING.fullmatch(line.text):
            found.append([line])
        elif found:
            found[-1].append(line)
        elif line.text.strip():
            report(
                line.number,
                "Dòng này đứng trước câu hỏi đầu tiên.",
                seen=line.text,
                expected=f"mỗi câu hỏi bắt đầu bằng ##: {_HEAD_EXAMPLE}",
            )
    fence.report_unclosed(report)
    return found


def _question(lines: Sequence[Line], scope: Scope) -> QuestionSource | None:
    """The question under a heading; None once a mistake was reported, in its heading or below."""
    heading, under = lines[0], lines[1:]
    parsed = _Heading(heading, scope)
    texts = _Texts(scope, parsed.common["id"], parsed.common["editions"], lines)
    question = read_question(Line(heading.number, parsed.stem), under, parsed.common, texts, scope.report)
    if question is None or parsed.is_wrong:
        return None
    return QuestionSource(question, parsed.was, heading.number, "\n".join(line.text for line in lines))


class _Heading:
    """A question's heading: the stem, and the attributes in braces at its very end."""

    def __init__(self, line: Line, scope: Scope) -> None:
        self._line = line
        self._scope = scope
        self.is_wrong = False
        text = (_HEADING.fullmatch(line.text) or [""] * 2)[1].strip()
        self.stem, attributes = _split_attributes(text)
        self.common: dict[str, Any] = {"id": "", "editions": ()}
        self.was: tuple[str, ...] = ()
        if not self.stem:
            self._tell("Câu hỏi chưa có lời hỏi.", line.text, _HEAD_EXAMPLE)
        for word in attributes.split():
            self._read(word)
        if not self.common["id"]:
            suggested = "-".join(slugify(self.stem).split("-")[:4]) or "ten-cau"
            self._tell("Câu hỏi thiếu tên {#…}.", line.text, f"## {self.stem} {{#{suggested}}}")

    def _tell(self, message: str, seen: str, expected: str) -> None:
        self.is_wrong = True
        self._scope.report(self._line.number, message, seen=seen, expected=expected)

    def _read(self, word: str) -> None:
        key, equals, value = word.partition("=")
        if word.startswith("#"):
            self._id(word[1:])
        elif word == "fixed":
            self.common["fixed"] = True
        elif key in _KNOWN and equals and key != "fixed":
            readers: Mapping[str, Callable[[str], None]] = {
                "level": self._level,
                "objective": self._objective,
                "points": self._points,
                "editions": self._editions,
                "was": self._was,
            }
            readers[key](value)
        else:
            near = get_close_matches(key, _KNOWN, 1, 0.5)
            self._tell(
                f"Không có thuộc tính “{key}”.",
                word,
                f"có phải là “{near[0]}”?" if near else f"một trong: #ten-cau, {choice_of(_KNOWN)}",
            )

    def _id(self, value: str) -> None:
        if self.common["id"] or not re.fullmatch(SLUG, value):
            self._tell(
                "Tên câu hỏi viết chưa đúng.", f"#{value}", f"một tên, như #{slugify(value) or 'ten-cau'}"
            )
        self.common["id"] = value

    def _level(self, value: str) -> None:
        if value not in LEVELS:
            self._tell("Không có mức độ này.", value, f"level={' | '.join(LEVELS)}")
        self.common["level"] = value

    def _objective(self, value: str) -> None:
        known = self._scope.objectives
        if known is not None and value not in known:
            self._tell("Chuyên đề không có mục tiêu này.", value, f"một trong: {choice_of(known)}")
        self.common["objective"] = value

    def _points(self, value: str) -> None:
        if not value.isdecimal() or not value.isascii() or not 1 <= int(value[:4]) <= _MOST_POINTS:
            self._tell("Điểm phải là số nguyên.", value, f"points=2, từ 1 đến {_MOST_POINTS}")
        else:
            self.common["points"] = int(value)

    def _editions(self, value: str) -> None:
        names = tuple(value.split(","))
        for name in names:
            if name not in self._scope.editions:
                self._tell(
                    "Chuyên đề không có bản này.",
                    name,
                    f"editions=…, một trong: {choice_of(self._scope.editions)}",
                )
        self.common["editions"] = names

    def _was(self, value: str) -> None:
        names = tuple(value.split(","))
        for name in names:
            if not re.fullmatch(f"{SLUG}/{SLUG}", name):
                self._tell("Tên cũ của câu hỏi viết chưa đúng.", name, "was=chuyen-de-cu/ten-cau-cu")
        self.was = names


def _split_attributes(text: str) -> tuple[str, str]:
    """The stem, and what stands in braces at the very end of the heading."""
    stem, brace, attributes = text[:-1].rpartition("{")
    if not brace or not text.endswith("}") or text.endswith("\\}") or "}" in attributes:
        return text, ""
    return stem.rstrip(), attributes


def _check_draw(front: FrontMatter[QuizKeys], quiz: QuizSource, scope: Scope) -> None:
    """Every edition of the module must be able to draw what the quiz wants."""
    by_level = all(key in LEVELS for key in quiz.draw)
    for key in quiz.draw:
        known = scope.objectives is None or key in scope.objectives or key in LEVELS or key == ""
        if not known or (key in LEVELS) != (by_level and key != ""):
            scope.report(
                front.line("draw", key),
                "Khóa “draw” chia theo mức độ hoặc theo mục tiêu, không trộn lẫn.",
                seen=key,
                expected=f"{choice_of(LEVELS)}; hoặc mục tiêu: {choice_of(scope.objectives or ())}",
            )
            return
    for edition in scope.editions:
        questions = [source.question for source in quiz.questions_of(edition)]
        if quiz.questions and not questions:
            scope.report(
                1,
                f"Bản “{edition}” không có câu hỏi nào.",
                seen="mọi câu đều mang editions của bản khác",
                expected="thêm câu hỏi, hoặc bớt bản ấy ở module.md: editions: […]",
            )
            continue
        for key, wanted in quiz.draw.items():
            there = sum(key in ("", question.level, question.objective) for question in questions)
            if questions and there < wanted:
                scope.report(
                    front.line("draw", key),
                    f"Không đủ câu hỏi cho bản “{edition}”.",
                    seen=f"cần {wanted}, có {there}" + (f" câu {key}" if key else ""),
                    expected="bớt số ở draw, hoặc viết thêm câu hỏi",
                )
