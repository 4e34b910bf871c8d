"""Answers as an author writes them: plain text, in which only `…` marks what is read letter by letter."""

import hashlib
import re
from collections.abc import Collection

from markupsafe import Markup, escape

from lms.quiz.question import AnswerLine, Report

_ESCAPE = re.compile(r"\\([\[\]{}|:=>!?*])")
# An answer never passes through Markdown: but for `code` its signs would be printed as they are.
_MARKDOWN_SIGN = re.compile(r"\*\*|(?<!\\)\]\(")
_CODE = re.compile(r"`([^`]+)`")


class Mistakes:
    """Passes mistakes on and knows how many there were."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.count = 0

    def __call__(self, line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        self.count += 1
        self._report(line, message, seen=seen, expected=expected)


def plain(text: str) -> str:
    """The text of an answer: one line, without the backslashes that made its signs plain."""
    return unescaped(" ".join(text.split()))


def unescaped(text: str) -> str:
    """The text without those backslashes."""
    return _ESCAPE.sub(r"\1", text)


def html_of(text: str) -> Markup:
    """The text escaped, marked parts as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped before)


def words_of(text: str) -> str:
    """The text without marks."""
    return _CODE.sub(r"\1", text)


def option_id(text: str) -> str:
    """The id of the option that reads like this: a place in the source would hint at the key."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def read_plain(line: AnswerLine, raw: str, taken: Collection[str], report: Report, example: str) -> str:
    """The answer that stands as `raw` on this line; empty once a mistake in it was reported.

    `taken` are the answers it must differ from, `example` an answer block written right.
    """
    text = plain(raw)
    if not text:
        report(line.line, "Đáp án chưa có chữ.", seen=line.text, expected=example)
    elif text in taken:
        report(line.line, "Hai đáp án giống hệt nhau.", seen=text, expected="mỗi đáp án một khác")
    elif _MARKDOWN_SIGN.search(raw):
        report(
            line.line,
            "Đáp án là chữ trơn, không in đậm, không có đường dẫn. Địa chỉ thì đặt trong `…`.",
            seen=text,
            expected=text.replace("**", "") or example,
        )
    else:
        return text
    return ""
