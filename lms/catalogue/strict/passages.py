"""The words of a course's files as a reader meets them: passages, the sentences in them, their lines.

A paragraph, an item of a list, a cell of a table, a heading, an answer, its feedback are a passage each: no
sentence runs from one into the next. Addresses and codes are one word, Markdown's own signs none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lms.catalogue.source.elements import CourseSource, ModuleSource
from lms.catalogue.source.files import SourceText
from lms.quiz.answer_block import Line

Voice = Literal["author", "other", "wrong"]
"""Whose words they are: the author's, somebody's in a story or a message, or those of a wrong answer."""

_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\w*)")
_BLOCK = re.compile(r"/{3,}\s*(?:(?P<name>[\w-]+)\s*(?:\|\s*(?P<title>.*))?)?")
_HEADING = re.compile(r"#{1,6}\s*(?P<words>.*?)\s*(?:\{[^{}]*\}\s*)?$")
_ANSWER = re.compile(r"- [(\[](?P<mark>[ xX])[)\]]\s+(?P<words>.*)")
_TYPED = re.compile(r"=[~#]?\s")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)]|[?:])\s+(?P<words>.*)")
_QUOTE = re.compile(r"(?P<indent>\s*)>\s?(?P<words>.*)")
_RULE = re.compile(r"[|:\- \t]+")
_REGION = re.compile(r"\([ xX]\)[^|]*\|\s*(?P<words>.*)")
_REPLY = re.compile(r"-\s+(?P<words>.*?)\s*(?:->|→).*")
_STORIES = ("scenario", "spot", "tap")
_TITLED = ("note", "warning", "try", "remember", "details", "transcript")

_PICTURE = re.compile(r'!\[[^\]]*\]\([^)\s]*(?:\s+"(?P<caption>[^"]*)")?\)(?:\{[^}]*\})?')
_LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)]*\)")
_FOOTNOTE = re.compile(r"\[\^[^\]]*\]:?")
_GAP = re.compile(r"\[\[\*?(?P<words>[^|\]]*)[^\]]*\]\]")
_SIGN = re.compile(r"\{([!?])(?P<words>[^|{}]*?)(?:\|(?P<reason>[^{}]*?))?\1\}", re.DOTALL)
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)|\\(?=[^\w\s])")

_END = re.compile(r"[.!?…]+[”\"’)\]]*\s+")
_ABBREVIATED = re.compile(r"(?:\b(?:TP|Tp|P|Q|TS|ThS|GS|PGS)|v\.v)\.\s+$")
_WHOLE = re.compile(r"[.!?…:][”\"’)\]]*$")
_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True)
class Sentence:
    """A sentence, or what stands for one: a heading, an item, a cell."""

    line: int
    text: str

    @cached_property
    def length(self) -> int:
        """In syllables (tiếng), which Vietnamese writes apart; a number or an address is one."""
        return sum(any(map(str.isalnum, word)) for word in self.text.split())

    @property
    def is_whole(self) -> bool:
        """Whether it ends as sentences do; headings, cells and short items do not."""
        return _WHOLE.search(self.text) is not None


@dataclass(frozen=True)
class Passage:
    """Words in one run, line breaks as in the file."""

    line: int
    text: str
    voice: Voice = "author"

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, in order."""
        return tuple(self._split(self.text))

    @cached_property
    def own_sentences(self) -> tuple[Sentence, ...]:
        """Its sentences without what stands “in quotes”, which somebody else says."""
        blanked = _QUOTED.sub(lambda match: re.sub(r"\S", " ", match[0]), self.text)
        return tuple(self._split(blanked))

    def _split(self, text: str) -> Iterator[Sentence]:
        start = 0
        for end in _END.finditer(text):
            following = text[end.end() :].lstrip('“"‘(')[:1]
            if (following.isupper() or following.isdigit()) and not _ABBREVIATED.search(
                text[start : end.end()]
            ):
                yield self._sentence(text, start, end.end())
                start = end.end()
        if text[start:].strip():
            yield self._sentence(text, start, len(text))

    def _sentence(self, text: str, start: int, end: int) -> Sentence:
        return Sentence(self.line + text.count("\n", 0, start), " ".join(text[start:end].split()))


def texts_of(course: CourseSource) -> Iterator[SourceText]:
    """Every file of the course whose words learners read, in the course's own language."""
    yield course.text
    if course.calendar:
        yield course.calendar.text
    for module in course.modules:
        yield from texts_of_module(module)


def texts_of_module(module: ModuleSource) -> Iterator[SourceText]:
    """The same of one module."""
    yield module.text
    yield from (lesson.text for lesson in module.lessons)
    if module.quiz:
        yield module.quiz.text


def passages_of(text: SourceText) -> list[Passage]:
    """What a reader meets below the front matter."""
    reader = _Reader()
    for line in below_front_matter(text):
        reader.read(line)
    reader.end()
    return reader.found


def below_front_matter(text: SourceText) -> Sequence[Line]:
    """The lines after the second `---`; all of them where there is no front matter."""
    lines = text.lines
    if lines[0].text.rstrip() != "---":
        return lines
    closing = next((at for at, line in enumerate(lines[1:], 1) if line.text.rstrip() == "---"), 0)
    return lines[closing + 1 :]


class _Reader:
    """Gathers lines into passages."""

    def __init__(self) -> None:
        self.found: list[Passage] = []
        self._lines: list[str] = []
        self._first = 0
        self._voice: Voice = "author"
        self._fence = ""
        self._kind = ""
        self._is_quoting = False

    def read(self, line: Line) -> None:
        """Take the line for what it looks like."""
        fence = _FENCE.match(line.text)
        if fence and (not self._fence or fence[1] == self._fence):
            self.end()
            self._fence, self._kind = ("", "") if self._fence else (fence[1], fence[2])
        elif not line.text.strip():
            self.end()
        elif self._fence:
            self._read_fenced(line)
        else:
            self._read_plain(line)

    def end(self) -> None:
        """The passage that was being gathered is whole."""
        if self._lines:
            self._add(self._first, "\n".join(self._lines), self._voice)
        self._lines, self._is_quoting = [], False

    def _read_plain(self, line: Line) -> None:
        text = line.text
        if block := _BLOCK.fullmatch(text):
            self._alone(line, block["title"] or "" if block["name"] in _TITLED else "")
        elif text.startswith("#") and (heading := _HEADING.fullmatch(text)):
            self._alone(line, heading["words"])
        elif text.lstrip().startswith("|"):
            self._alone(line, *([] if _RULE.fullmatch(text) else text.strip().strip("|").split("|")))
        elif text.startswith("- ") and "::" in text:
            self._alone(line, *text[2:].split("::"))
        elif answer := _ANSWER.fullmatch(text):
            self._begin(line, answer["words"], "author" if answer["mark"] in "xX" else "wrong")
        elif not _TYPED.match(text):
            self._read_running(line)

    def _read_fenced(self, line: Line) -> None:
        if self._kind in _STORIES:
            self._read_story(line)
        elif self._kind == "gaps":
            self._go_on(line, line.text, "author")

    def _read_story(self, line: Line) -> None:
        """A line of a story, of a message with signs, or of the regions of a picture."""
        text = line.text
        if text.startswith("#"):
            self.end()
        elif told := _REPLY.fullmatch(text) or _REGION.fullmatch(text):
            self._begin(line, told["words"], "other")
        elif _QUOTE.fullmatch(text):
            self._read_running(line)
        else:
            self._go_on(line, text, "other")

    def _read_running(self, line: Line) -> None:
        """A line of a quotation, of a list or of a paragraph."""
        quote = _QUOTE.fullmatch(line.text)
        if bool(quote) != self._is_quoting:
            self.end()
            self._voice = "author"
        words = quote["words"] if quote else line.text
        if item := _ITEM.fullmatch(words):
            self._begin(line, item["words"], "author")
        else:
            self._go_on(line, words, self._voice if self._lines else "author")
        self._is_quoting = bool(quote)

    def _alone(self, line: Line, *passages: str) -> None:
        self.end()
        for words in passages:
            self._add(line.number, words, "author")

    def _begin(self, line: Line, words: str, voice: Voice) -> None:
        self.end()
        self._go_on(line, words, voice)

    def _go_on(self, line: Line, words: str, voice: Voice) -> None:
        if not self._lines:
            self._first, self._voice = line.number, voice
        self._lines.append(words)

    def _add(self, line: int, words: str, voice: Voice) -> None:
        """The passage without Markdown; the reasons of its signs are passages of their own."""
        for sign in _SIGN.finditer(words):
            if sign["reason"]:
                at = line + words.count("\n", 0, sign.start())
                self.found.append(Passage(at, _bare(sign["reason"]), "author"))
        plain = _bare(_SIGN.sub(_told, words))
        if any(map(str.isalnum, plain)):
            self.found.append(Passage(line, plain, voice))


def _told(sign: re.Match[str]) -> str:
    """The words of a sign; a sentence that ends with it ends, though its mark may have become the sign's."""
    following = sign.string[sign.end() :]
    ends = following[:1].isspace() and following.strip()[:1].isupper() and sign["words"][-1:].isalnum()
    return f"{sign['words']}." if ends else sign["words"]


def _bare(words: str) -> str:
    """The words without the signs of Markdown; of a picture its caption, of a link its words."""
    words = _PICTURE.sub(lambda match: match["caption"] or "", words)
    words = _GAP.sub(lambda match: match["words"], words)
    words = _FOOTNOTE.sub("", _LINK.sub(lambda match: match["words"], words))
    return _MARKS.sub("", words)
