"""Sentences short enough for somebody who reads aloud, a finger under the line."""

from statistics import mean

from lms.catalogue.source.elements import CourseSource
from lms.catalogue.source.files import SourceText
from lms.catalogue.strict.finding import Sheet
from lms.catalogue.strict.passages import Sentence, passages_of, texts_of
from lms.quiz.question import Report

LONGEST, LONGEST_MEAN = 28, 16  # syllables
_ENOUGH = 5  # sentences, for their mean to say something
_MOST_NAMED = 3


def sentence_length(course: CourseSource, sheet: Sheet) -> None:
    """No sentence is longer than 28 syllables, and those of a file are 16 on average at most.

    The average is of what ends as a sentence does: headings, cells and short items would make it look better.
    """
    for text in texts_of(course):
        _check(text, sheet.of(text.path))


def _check(text: SourceText, report: Report) -> None:
    sentences = [sentence for passage in passages_of(text) for sentence in passage.sentences]
    for sentence in sentences:
        if sentence.length > LONGEST:
            report(
                sentence.line,
                f"Câu dài {sentence.length} tiếng.",
                seen=sentence.text,
                expected=f"nhiều nhất {LONGEST} tiếng một câu; tách làm hai câu",
            )
    whole = [sentence for sentence in sentences if sentence.is_whole]
    if len(whole) >= _ENOUGH and (found := mean(one.length for one in whole)) > LONGEST_MEAN:
        report(
            1,
            "Câu trong tệp này dài quá.",
            seen=f"trung bình {found:.1f} tiếng một câu, {len(whole)} câu".replace(".", ","),
            expected=f"trung bình nhiều nhất {LONGEST_MEAN} tiếng; dài nhất là {_longest(whole)}",
        )


def _longest(sentences: list[Sentence]) -> str:
    named = sorted(sentences, key=lambda one: -one.length)[:_MOST_NAMED]
    return ", ".join(f"dòng {one.line} ({one.length} tiếng)" for one in named)
