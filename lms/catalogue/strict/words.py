"""Words that old readers stumble over, and names of what no longer is; both are lists in files."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.catalogue.source.elements import CourseSource, ModuleSource
from lms.catalogue.source.files import SourceText
from lms.catalogue.strict.finding import Sheet
from lms.catalogue.strict.passages import Passage, Sentence, passages_of, texts_of

_LISTS = Path(__file__).parent / "lists"
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# Whoever says one of these speaks of the past, and may call it by its name.
_OF_THE_PAST = re.compile(
    r"\b(?:cũ|trước đây|trước kia|ngày trước|ngày xưa|hồi trước|không còn|hết giá trị|hết hạn|bãi bỏ|bỏ|thay|"
    r"thay thế|đổi tên|sáp nhập|sắp xếp|nay)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Listed:
    """A word of a list: what to look for and where it is another word, what to say instead."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    instead: str
    may_be_explained: bool
    """Whether it may be used in a file that explains it in brackets."""

    def found_in(self, words: str) -> str:
        """The word as it is written there; empty if it is not, or only as a part of a name."""
        found = self.pattern.search(self.unless.sub(" ", words))
        return found[0] if found and not _is_of_a_name(found) else ""


def words_to_avoid(course: CourseSource, sheet: Sheet) -> None:
    """Words of `lists/words_to_avoid.csv`. In brackets, behind the plain word, any may stand: (OTP)."""
    words = _listed("words_to_avoid.csv")
    for text in texts_of(course):
        report, passages = sheet.of(text.path), _passages(text, course)
        explained = " ".join(found for one in passages for found in _IN_BRACKETS.findall(one.text))
        for sentence in _said(passages, "author", "wrong"):
            bare = _IN_BRACKETS.sub(" ", sentence.text)
            for word in words:
                found = word.found_in(bare)
                if found and not (word.may_be_explained and word.found_in(explained)):
                    message = f"Từ khó với bà con: “{found}”."
                    report(sentence.line, message, seen=sentence.text, expected=word.instead)


def outdated_names(course: CourseSource, sheet: Sheet) -> None:
    """Names of `lists/outdated_names.csv`, unless the sentence says that it is of the past."""
    names = _listed("outdated_names.csv")
    for text in texts_of(course):
        report = sheet.of(text.path)
        for sentence in _said(_passages(text, course), "author"):
            for name in () if _OF_THE_PAST.search(sentence.text) else names:
                if found := name.found_in(sentence.text):
                    report(sentence.line, f"Tên cũ: “{found}”.", seen=sentence.text, expected=name.instead)


def _is_of_a_name(found: re.Match[str]) -> bool:
    """Whether a word is part of a product's name, Family Link, and no word of ours."""
    before = found.string[: found.start()].split()[-1:]
    return found[0][1:].islower() and found[0].istitle() and bool(before) and before[0].istitle()


def _said(passages: list[Passage], *voices: str) -> Iterator[Sentence]:
    for passage in passages:
        if passage.voice in voices:
            yield from passage.own_sentences


def _passages(text: SourceText, course: CourseSource) -> list[Passage]:
    """Those of the file, and what its front matter says to readers."""
    return [*_of_front_matter(text, course), *passages_of(text)]


def _of_front_matter(text: SourceText, course: CourseSource) -> Iterator[Passage]:
    """Titles, summaries and objectives; the titles of sources are other people's words."""
    for words in _shown(text, course):
        line = next((line.number for line in text.lines if words in line.text), 1)
        yield Passage(line, words)


def _shown(text: SourceText, course: CourseSource) -> Iterator[str]:
    if text == course.text:
        yield from (course.title, course.summary)
    for module in course.modules:
        if text == module.text:
            yield from _shown_of(module)
        yield from (lesson.title for lesson in module.lessons if lesson.text == text)


def _shown_of(module: ModuleSource) -> Iterator[str]:
    yield from (module.title, module.summary)
    yield from (objective.text for objective in module.objectives)


@cache
def _listed(name: str) -> tuple[Listed, ...]:
    """A list: columns `word` (several with |), `instead`, `explained` (yes) and `unless` (several with |)."""
    with (_LISTS / name).open(encoding="utf-8", newline="") as file:
        return tuple(
            Listed(
                _pattern(row["word"]),
                _pattern(row.get("unless") or "|"),
                row["instead"],
                row.get("explained") == "yes",
            )
            for row in csv.DictReader(file)
        )


def _pattern(words: str) -> re.Pattern[str]:
    """Whole words; with a capital in it a name is met as it is written, else however. "|" is none."""
    one_of = "|".join(re.escape(word.strip()) for word in words.split("|") if word) or r"\b\B"
    return re.compile(rf"(?<!\w)(?:{one_of})(?!\w)", 0 if words != words.lower() else re.IGNORECASE)
