"""Reads what stands under a question's heading: more stem, hints, the answer block, the explanation.

A question has exactly one answer block: one run of answer lines of one kind, or one fenced block. Which lines
are answers, the types say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from lms.foundation.i18n import translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.question import AnswerLine, Question, Report
from lms.quiz.types import KINDS

MOST_HINTS = 10


class Line(NamedTuple):
    """A line of a file, counted from 1."""

    number: int
    text: str


class Texts(Protocol):
    """Renders what the author writes in Markdown."""

    def blocks(self, text: str) -> Prose:
        """Paragraphs, lists, pictures."""

    def inline(self, text: str) -> Prose:
        """One run of text."""


_NEAR_MISS = re.compile(r"[-*+] ?[(\[] ?[xXvV✓✔]? ?[)\]](?!\()")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*([A-Za-z]*)")
_INDENTED = re.compile(r"(?: {2,}|\t)")
_ANY_ANSWER = "- ( ) đáp án sai\n- (x) đáp án đúng"

# What a line is, beside an answer (then its mark is the kind).
_BLANK, _CODE, _INDENT, _HINT, _QUOTE, _TEXT, _ALMOST = (
    "",
    "code",
    "indent",
    "hint",
    "quote",
    "text",
    "almost",
)


class _Marked(NamedTuple):
    number: int
    text: str
    mark: str


def read_question(
    stem: Line, under: Sequence[Line], common: Mapping[str, Any], texts: Texts, report: Report
) -> Question | None:
    """The question asked by `stem` with the lines under it; `common` are the fields its heading named.

    Returns None once a mistake was reported.
    """
    marked = list(_marks(under))
    kind = _kind(marked, stem.number, report)
    if kind is None:
        return None
    first, end = _run(marked, kind)
    if not _in_order(marked, kind, (first, end), report):
        return None
    cls = KINDS[kind]
    fields = cls.read_answers(_answers(marked[first:end], kind), texts.inline, report)
    if fields is None:
        return None
    material, hints = _before(marked[:first])
    explanation = "\n".join(re.sub(r"^> ?", "", line.text) for line in marked[end:]).strip()
    return cls(
        stem=texts.inline(stem.text),
        material=texts.blocks(material) if material else NO_PROSE,
        hints=tuple(texts.inline(hint) for hint in hints),
        explanation=texts.blocks(explanation) if explanation else NO_PROSE,
        **common,
        **fields,
    )


def split_stem(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The first paragraph, which is the stem of a question without a heading, and the lines below it."""
    marked = list(_marks(lines))
    start = next((place for place, line in enumerate(marked) if line.mark != _BLANK), len(marked))
    end = next((place for place in range(start, len(marked)) if marked[place].mark != _TEXT), len(marked))
    return " ".join(line.text for line in marked[start:end]), list(lines[end:])


def looks_like_more_than_text(line: str) -> bool:
    """Whether a line of a stem would be taken for an answer, or almost one, or a hint."""
    return _mark(line) in (*KINDS, _ALMOST, _HINT)


def _marks(lines: Sequence[Line]) -> Iterator[_Marked]:
    """Every line with what it is; all lines of a fenced answer block carry its kind."""
    fences = {cls.fence: kind for kind, cls in KINDS.items() if cls.fence}
    closing, mark = "", _CODE
    for number, text in lines:
        fence = _FENCE.match(text)
        if closing:
            yield _Marked(number, text, mark)
            if fence and not fence[2] and fence[1].startswith(closing):
                closing = ""
        elif fence:
            closing, mark = fence[1], fences.get(fence[2], _CODE)
            yield _Marked(number, text, mark)
        else:
            yield _Marked(number, text, _mark(text))


def _mark(text: str) -> str:
    if not text.strip():
        return _BLANK
    if _INDENTED.match(text):
        return _INDENT
    for kind, cls in KINDS.items():
        if cls.line_form and cls.line_form.match(text):
            return kind
    if _NEAR_MISS.match(text):
        return _ALMOST
    return _QUOTE if text.startswith(">") else _HINT if re.match(r"\?\s", text) else _TEXT


def _kind(marked: Sequence[_Marked], at: int, report: Report) -> str | None:
    """The one kind of answer that is there and can be read."""
    almost = [line for line in marked if line.mark == _ALMOST]
    for line in almost:
        report(
            line.number,
            "Dòng này gần giống một đáp án nhưng viết chưa đúng. Nếu là chữ thường, viết \\ ở đầu dòng.",
            seen=line.text,
            expected="- ( ) hoặc - (x), - [ ] hoặc - [x], rồi một dấu cách",
        )
    found = {line.mark: line for line in reversed(marked) if line.mark in KINDS}
    if almost:
        return None
    if len(found) != 1:
        lines = sorted(found.values())
        report(
            lines[1].number if lines else at,
            "Câu hỏi có hai kiểu đáp án." if lines else "Câu hỏi chưa có đáp án.",
            seen="; ".join(f"dòng {line.number}: {translate(KINDS[line.mark].label)}" for line in lines)
            or "không có dòng nào là đáp án",
            expected=_ANY_ANSWER,
        )
        return None
    (kind,) = found
    return kind


def _run(marked: Sequence[_Marked], kind: str) -> tuple[int, int]:
    """Where the answers begin and where the first line stands that belongs no more to them."""
    first = next(place for place, line in enumerate(marked) if line.mark == kind)
    inside = (kind,) if KINDS[kind].fence else (kind, _BLANK, _INDENT)
    end = next(
        (place for place in range(first, len(marked)) if marked[place].mark not in inside), len(marked)
    )
    return first, end


def _in_order(marked: Sequence[_Marked], kind: str, run: tuple[int, int], report: Report) -> bool:
    """Whether stem, hints, answers and explanation follow each other; the first that does not is reported."""
    first, end = run
    for line in marked[first:end]:
        if line.mark == _INDENT and KINDS[kind].fence is None and _mark(line.text.strip()) == kind:
            report(
                line.number,
                "Đáp án phải bắt đầu ở đầu dòng.",
                seen=line.text,
                expected=line.text.strip(),
            )
            return False
    again = next((line for line in marked[end:] if line.mark == kind), None)
    if again is not None:
        report(
            again.number,
            "Đáp án bị ngắt làm hai nhóm.",
            seen=f"dòng {marked[end].number} chen vào giữa: {marked[end].text}",
            expected="các đáp án liền nhau; lời nhắn cho một đáp án thụt vào hai dấu cách: “  > …”",
        )
        return False
    before = marked[:first]
    return (
        _hints_last(before, report)
        and _hints_have_words(before, report)
        and _only_quotes(marked[end:], report)
    )


def _hints_last(before: Sequence[_Marked], report: Report) -> bool:
    hints = 0
    for line in before:
        hints += line.mark == _HINT
        if hints > MOST_HINTS:
            report(
                line.number,
                f"Một câu hỏi có nhiều nhất {MOST_HINTS} gợi ý.",
                seen=line.text,
                expected="gộp các gợi ý lại",
            )
            return False
        if hints and line.mark not in (_HINT, _BLANK, _INDENT):
            report(
                line.number,
                "Gợi ý (? …) đứng sau lời dẫn và ngay trước đáp án.",
                seen=line.text,
                expected="lời dẫn, rồi “? gợi ý”, rồi đáp án; chữ thường bắt đầu bằng dấu hỏi viết là \\?",
            )
            return False
    return True


def _hints_have_words(before: Sequence[_Marked], report: Report) -> bool:
    for line, following in pairwise([*before, _Marked(0, "", _BLANK)]):
        if line.mark == _HINT and not line.text[1:].strip() and following.mark != _INDENT:
            report(line.number, "Gợi ý chưa có chữ.", seen=line.text, expected="? một lời gợi ý")
            return False
    return True


def _only_quotes(after: Sequence[_Marked], report: Report) -> bool:
    stray = next((line for line in after if line.mark not in (_QUOTE, _BLANK)), None)
    if stray is not None:
        report(
            stray.number,
            "Sau đáp án chỉ có lời giải thích, mỗi dòng bắt đầu bằng “> ”.",
            seen=stray.text,
            expected=f"> {stray.text.strip()}",
        )
    return stray is None


def _answers(run: Sequence[_Marked], kind: str) -> list[AnswerLine]:
    """The answers of a run with their continuation and feedback; of a fence, the lines inside it."""
    if KINDS[kind].fence is not None:
        fence = [line for line in run if line.mark == kind]
        opening = _FENCE.sub("", fence[0].text, count=1).strip()
        told = [AnswerLine(fence[0].number, opening)] if opening or len(fence) < 3 else []
        return told + [AnswerLine(line.number, line.text) for line in fence[1:-1]]
    answers: list[AnswerLine] = []
    for line in run:
        if line.mark == kind:
            answers.append(AnswerLine(line.number, line.text))
        elif line.mark == _INDENT:
            answers[-1] = answers[-1].continued(line.text)
    return answers


def _before(lines: Sequence[_Marked]) -> tuple[str, list[str]]:
    """More stem, and the hints under it."""
    start = next((place for place, line in enumerate(lines) if line.mark == _HINT), len(lines))
    hints: list[str] = []
    for line in lines[start:]:
        if line.mark == _HINT:
            hints.append(line.text[1:].strip())
        elif line.mark == _INDENT:
            hints[-1] += f" {line.text.strip()}"
    return "\n".join(line.text for line in lines[:start]).strip("\n"), hints
