"""Questions as people type them in Word: "Câu 1: … A. … B. … Đáp án: B", pasted into a text file. In only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.quiz.exchange.format import Ears, Format
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.lettered import Lettered
from lms.quiz.exchange.texts import decoded, is_too_long

_QUESTION = re.compile(r"(?:câu(?:\s+hỏi)?|bài)\s*(?:số\s*)?\d{1,4}\s*[.:)\-–]?\s*(.*)", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,4}\s*[.)]\s+(.*)")
_OPTION = re.compile(r"([*✓✔]?)\s*([A-Za-z])\s*[.)/:]\s*(.*)")
_KEY = re.compile(
    r"(?:đáp\s*án(?:\s*đúng)?|trả\s*lời|đ/a|đa|answer|key)\s*(?:(?:là\b|[:.=\-–])\s*)+(.*)", re.IGNORECASE
)
_WHY = re.compile(r"(?:giải\s*thích|hướng\s*dẫn(?:\s*giải)?|lời\s*giải)\s*[:.\-–]\s*(.*)", re.IGNORECASE)
_SEVERAL_IN_A_LINE = re.compile(r"(?<=\S)(?:\t+|\s{2,})(?=[*✓✔]?[A-Za-z]\s*[.)]\s*\S)")


class Pasted(Format):
    """A question begins with "Câu 1:" or "1."; its answers with letters; the key is below or a star."""

    name = "word"
    suffixes = (".word.txt", ".txt")

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every question, or its mistake."""
        text = decoded(content, ears.mistake)
        if text is None:
            return []
        found = [_item(draft, ears) for draft in _drafts(text, ears)]
        return [item for item in found if item is not None]


@dataclass
class _Draft:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    starred: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    def take(self, line: str) -> bool:
        """One more line, for the part that it continues; whether there is one."""
        option, key, why = _OPTION.fullmatch(line), _KEY.fullmatch(line), _WHY.fullmatch(line)
        if key:
            self.key.append(key[1])
        elif why:
            self.why.append(why[1])
        elif option and not self.key and not self.why and self._is_next(option[2]):
            self.options.append((option[2].upper(), option[3]))
            self.starred += [option[2].upper()] if option[1] else []
        elif self.why:
            self.why.append(line)
        elif self.key:
            return False
        elif self.options:
            letter, text = self.options[-1]
            self.options[-1] = (letter, f"{text} {line}")
        else:
            self.stem.append(line)
        return True

    def _is_next(self, letter: str) -> bool:
        """Whether this is the letter after the last one: "a) …" in the middle of a text is none."""
        return ord(letter.upper()) == ord("A") + len(self.options)


def _drafts(text: str, ears: Ears) -> Iterator[_Draft]:
    draft: _Draft | None = None
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    begins = _QUESTION if any(_QUESTION.match(line) for _, line in lines) else _NUMBERED
    for number, whole in lines:
        if is_too_long(whole, number, ears.mistake):
            return
        for line in filter(None, map(str.strip, _SEVERAL_IN_A_LINE.split(whole.replace("\xa0", " ")))):
            beginning = begins.fullmatch(line)
            if beginning:
                if draft:
                    yield draft
                draft = _Draft(number, [beginning[1]] if beginning[1] else [])
            elif draft is None or not draft.take(line):
                ears.note(number, "Dòng này không thuộc câu hỏi nào, bỏ qua.", seen=line)
    if draft:
        yield draft


def _item(draft: _Draft, ears: Ears) -> Item | None:
    written = Lettered(
        draft.line, "\n".join(draft.stem), dict(draft.options), explanation="\n".join(draft.why)
    )
    keys = [*draft.key, " ".join(draft.starred)] if draft.starred else draft.key
    if len(keys) == 1:
        return written.item(keys[0], ears)
    ears.mistake(
        draft.line,
        "Câu hỏi chưa có dòng đáp án." if not keys else "Đáp án được nói hai lần.",
        seen=" | ".join(keys) or " ".join(draft.stem) or "câu hỏi trống",
        expected="Đáp án: B",
    )
    return None
