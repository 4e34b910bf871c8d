"""Aiken: single choice as plain lines. Question, "A. answer" or "A) answer", "ANSWER: A"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from lms.quiz.exchange.format import Ears, WritableFormat
from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.markup import escaped, has_markup, words_of
from lms.quiz.exchange.texts import decoded

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(.*)")
_KEY = re.compile(r"\s*ANSWER:\s*(.*)")
_EXAMPLE = "Câu hỏi?\nA. đáp án\nB. đáp án\nANSWER: B"


class Aiken(WritableFormat):
    """Carries words and the key, nothing else."""

    name = "aiken"
    suffixes = (".aiken", ".aiken.txt", ".txt")
    kinds = frozenset({"single"})
    carries = frozenset[str]()

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every question, or its mistake."""
        text = decoded(content, ears.mistake)
        found = [_item(draft, ears) for draft in _drafts(text, ears)] if text is not None else []
        return [item for item in found if item is not None]

    def keeps_texts(self, item: Item) -> bool:
        """Only words travel."""
        return not any(map(has_markup, (item.stem, item.material)))

    def write(self, items: Sequence[Item]) -> bytes:
        """One question after the other, an empty line between."""
        return "\n".join(map(_written, items)).encode()


@dataclass
class _Draft:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None


def _drafts(text: str, ears: Ears) -> Iterator[_Draft]:
    """The questions as they are written, each up to its ANSWER line."""
    draft = _Draft(1)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        option, key = _OPTION.fullmatch(line), _KEY.fullmatch(line)
        if key:
            draft.key = key[1].strip()
            yield draft
            draft = _Draft(number + 1)
        elif option and draft.stem:
            draft.options.append((option[1], option[2].strip()))
        elif draft.options:
            ears.mistake(
                number,
                "Sau các đáp án phải là dòng ANSWER.",
                seen=line,
                expected=f"ANSWER: {draft.options[0][0]}",
            )
            draft = _Draft(number, [line.strip()])
        else:
            draft.line = draft.line if draft.stem else number
            draft.stem.append(line.strip())
    if draft.stem:
        yield draft


def _item(draft: _Draft, ears: Ears) -> Item | None:
    letters = [letter for letter, _ in draft.options]
    message = ""
    if draft.key is None:
        message, seen = "Câu hỏi chưa có dòng ANSWER.", " ".join(draft.stem)
    elif not draft.stem:
        message, seen = "Dòng ANSWER này không thuộc câu hỏi nào.", f"ANSWER: {draft.key}"
    elif letters != list(ascii_uppercase[: len(letters)]):
        message, seen = "Các đáp án phải đánh chữ A, B, C … lần lượt.", ", ".join(letters)
    elif draft.key not in letters:
        message, seen = "Dòng ANSWER phải nêu đúng một chữ trong các đáp án.", f"ANSWER: {draft.key}"
    if message:
        ears.mistake(draft.line, message, seen=seen, expected=_EXAMPLE)
        return None
    first, *more = draft.stem
    parts = [Part(text, letter == draft.key) for letter, text in draft.options]
    return Item("single", escaped(first), parts, line=draft.line, material=escaped("\n".join(more)))


def _written(item: Item) -> str:
    """The question on one line, as older readers of Aiken want it."""
    stem = " ".join(words_of(f"{item.stem}\n\n{item.material}").split())
    lettered = list(zip(ascii_uppercase, item.parts, strict=False))
    options = [f"{letter}. {part.text}" for letter, part in lettered]
    key = next(letter for letter, part in lettered if part.right)
    return "\n".join([stem, *options, f"ANSWER: {key}", ""])
