"""What stands between the braces of a GIFT question, and how its texts are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Part
from lms.quiz.exchange.markup import to_markdown, to_plain
from lms.quiz.exchange.numbers import bounds, vietnamese
from lms.quiz.exchange.weights import FULL, Weighted, accepted, multiple_choice, single_choice

EXAMPLE = "Câu hỏi? {=đáp án đúng ~đáp án sai}"
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([~=#{}:n\\])")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d*)?)%")
_ANSWER = re.compile(r"(?:[^\\~=]|\\.)+|[~=]", re.DOTALL)
_UNTIL_FEEDBACK = re.compile(r"((?:[^\\#]|\\.)*)(?:#(.*))?", re.DOTALL)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_NUMERIC = re.compile(rf"({_NUMBER})\s*(?:(:|\.\.)\s*({_NUMBER}))?")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}

Read = tuple[str, tuple[Part, ...], str]
"""Kind, answers and general feedback."""


class Texts:
    """Texts of one question: escapes resolved, then read as the format that the question names."""

    def __init__(self, format_: str) -> None:
        self._format = format_

    def markdown(self, raw: str) -> str:
        """A stem or a feedback; it may name a format of its own."""
        format_, text = self._split(raw)
        return to_markdown(text, format_)

    def plain(self, raw: str) -> str:
        """An answer to choose."""
        format_, text = self._split(raw)
        return to_plain(text, format_)

    def _split(self, raw: str) -> tuple[str, str]:
        prefix = FORMAT.match(raw)
        if prefix is None:
            return self._format, unescaped(raw).strip()
        return prefix[1].lower(), unescaped(raw[prefix.end() :]).strip()


class Answers:
    """What stands between the braces."""

    def __init__(self, texts: Texts, line: int, ears: Ears) -> None:
        self._texts = texts
        self._line = line
        self._ears = ears

    def read(self, inside: str) -> Read | None:
        """Kind, answers and general feedback, or None and a mistake."""
        answers, general = _split_general(inside)
        explanation = self._texts.markdown(general)
        text = answers.strip()
        truth = self._truth(text)
        if not text:
            self._refuse("Câu tự luận không có đáp án để máy chấm, nên không nhận.", "{}")
        elif truth:
            return "single", truth, explanation
        elif text.startswith("#"):
            return self._typed("number", self._numbers(answers), explanation)
        elif "~" in _ESCAPE.sub("", text):
            return self._choice(answers, explanation)
        elif text.startswith("="):
            return self._pairs_or_short(answers, explanation)
        else:
            self._refuse("Không rõ đâu là đáp án: mỗi đáp án bắt đầu bằng = hoặc ~.", text)
        return None

    def _refuse(self, message: str, seen: str) -> None:
        self._ears.mistake(self._line, message, seen=seen, expected=EXAMPLE)

    def _truth(self, text: str) -> tuple[Part, ...] | None:
        word, *told = re.split(r"(?<!\\)#", text, maxsplit=2)
        is_true = _TRUTH.get(word.strip().upper())
        if is_true is None:
            return None
        if_wrong, if_right = [*map(self._texts.markdown, told), "", ""][:2]
        true, false = (if_right, if_wrong) if is_true else (if_wrong, if_right)
        return Part("Đúng", is_true, true), Part("Sai", not is_true, false)

    def _choice(self, text: str, explanation: str) -> Read | None:
        found = self._weighted(text, 0.0)
        if found is None:
            return None
        signs = {sign for sign, _ in found}
        answers = [answer for _, answer in found]
        is_single = "=" in signs
        parts = (single_choice if is_single else multiple_choice)(answers, self._line, self._ears)
        return None if parts is None else ("single" if is_single else "multiple", parts, explanation)

    def _weighted(self, text: str, default: float) -> list[tuple[str, Weighted]] | None:
        found: list[tuple[str, Weighted]] = []
        for sign, raw, line in self._pieces(text):
            words, weight = self._weight(raw, default) if sign == "~" or default else (raw, FULL)
            answer, feedback = _split_feedback(words)
            part = Part(
                unescaped(answer).strip() if default else self._texts.plain(answer),
                feedback=self._texts.markdown(feedback),
            )
            if not part.text or (not default and "<img" in answer.lower()):
                self._ears.mistake(
                    line,
                    "Đáp án phải là chữ, không trống, không phải hình.",
                    seen=raw.strip() or "đáp án trống",
                    expected=EXAMPLE,
                )
                return None
            found.append((sign, Weighted(part, weight, line)))
        return found

    def _pieces(self, text: str) -> Iterator[tuple[str, str, int]]:
        """Every answer: its sign, what follows, its line."""
        sign, raw, line, at = "", "", self._line, self._line
        for token in _ANSWER.findall(text):
            if token in ("~", "="):
                if sign or raw.strip():
                    yield sign, raw, line
                sign, raw, line = token, "", at
            else:
                raw += token
                at += token.count("\n")
        if sign or raw.strip():
            yield sign, raw, line

    @staticmethod
    def _weight(raw: str, default: float) -> tuple[str, float]:
        weight = _WEIGHT.match(raw)
        return (raw[weight.end() :], float(weight[1])) if weight else (raw, default)

    def _pairs_or_short(self, text: str, explanation: str) -> Read | None:
        if "->" in text:
            return self._pairs(text, explanation)
        found = self._weighted(text, FULL)
        if found is None:
            return None
        answers = [answer for _, answer in found]
        wild = next(
            (one for one in answers if re.search(r"(?<!\\)\*", one.part.text) and one.weight > 0), None
        )
        if wild:
            self._ears.mistake(
                wild.line,
                "Dấu * nhận mọi chữ: không rõ đáp án nào đúng.",
                seen=wild.part.text,
                expected="viết ra từng đáp án được nhận; dấu sao thật viết là \\*",
            )
            return None
        plain = [
            replace(one, part=replace(one.part, text=one.part.text.replace("\\*", "*"))) for one in answers
        ]
        return self._typed("short", plain, explanation)

    def _typed(self, kind: str, answers: Sequence[Weighted] | None, explanation: str) -> Read | None:
        parts = None if answers is None else accepted(answers, self._line, self._ears)
        return None if parts is None else (kind, parts, explanation)

    def _pairs(self, text: str, explanation: str) -> Read | None:
        parts: list[Part] = []
        for _, raw, line in self._pieces(text):
            left, arrow, right = raw.partition("->")
            partner = " ".join(unescaped(right).split())
            if not arrow or not partner or re.search(r"(?<!\\)#", raw):
                self._ears.mistake(
                    line, "Cặp nối viết chưa đúng.", seen=raw.strip(), expected="=vế trái -> vế phải"
                )
                return None
            parts.append(Part(self._texts.plain(left), partner=partner))
        return "matching", tuple(parts), explanation

    def _numbers(self, text: str) -> list[Weighted] | None:
        text = text.lstrip()[1:]
        if "=" not in _ESCAPE.sub("", text) and "~" not in _ESCAPE.sub("", text):
            text = f"={text}"
        found: list[Weighted] = []
        for sign, raw, line in self._pieces(text):
            words, weight = self._weight(raw, FULL if sign == "=" else 0.0)
            number, feedback = _split_feedback(words)
            written = _number_of(unescaped(number).strip())
            if not written and weight > 0:
                self._ears.mistake(
                    line,
                    "Đáp án này không phải là số.",
                    seen=raw.strip() or "đáp án trống",
                    expected="3.5, 3.5:0.1 hoặc 10..20",
                )
                return None
            found.append(Weighted(Part(written, feedback=self._texts.markdown(feedback)), weight, line))
        return found


def _number_of(text: str) -> str:
    """A number of GIFT as the course format writes it; empty for what is none."""
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return ""
    first, sign, second = found.groups()
    if sign == "..":
        return bounds(first, second)
    return vietnamese(first, "±", second) if sign and float(second) else vietnamese(first)


def _split_general(text: str) -> tuple[str, str]:
    """The answers, and the feedback to all of them behind the last ####."""
    marks = [mark.start() for mark in re.finditer(r"\\.|####", text, re.DOTALL) if mark[0] == "####"]
    return (text[: marks[-1]], text[marks[-1] + 4 :]) if marks else (text, "")


def _split_feedback(raw: str) -> tuple[str, str]:
    match = _UNTIL_FEEDBACK.fullmatch(raw)
    return (match[1], match[2] or "") if match else (raw, "")


def unescaped(text: str) -> str:
    """The text without the backslashes that made its signs plain."""
    return _ESCAPE.sub(lambda sign: "\n" if sign[1] == "n" else sign[1], text)
