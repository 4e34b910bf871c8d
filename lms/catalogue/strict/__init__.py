"""Rules for courses that old people learn from, beyond what the format asks: `flask courses check --strict`.

A rule is a function in the file of its subject; docs/authoring.md tells authors what each asks. Rules look at
a course that was read without a mistake in what they look at, and tell findings as the reader tells mistakes.
"""

from collections.abc import Sequence
from datetime import date

from lms.catalogue.source.elements import CourseSource
from lms.catalogue.source.problems import Problems
from lms.catalogue.strict.answers import answer_length, key_place, wrong_answer_feedback
from lms.catalogue.strict.facts import outside_links, review_date, sourced_numbers
from lms.catalogue.strict.finding import Finding, Rule, Sheet
from lms.catalogue.strict.objectives import (
    editions_whole,
    enough_questions,
    objectives_examined,
    objectives_taught,
)
from lms.catalogue.strict.pictures import picture_contrast, picture_text_size, picture_used, picture_words
from lms.catalogue.strict.questions import explanation, near_duplicates
from lms.catalogue.strict.sentences import sentence_length
from lms.catalogue.strict.words import outdated_names, words_to_avoid

__all__ = ["RULES", "Finding", "Rule", "findings_in"]

RULES: tuple[Rule, ...] = (
    Rule("sentence-length", sentence_length),
    Rule("words-to-avoid", words_to_avoid),
    Rule("outdated-names", outdated_names),
    Rule("wrong-answer-feedback", wrong_answer_feedback),
    Rule("answer-length", answer_length),
    Rule("key-place", key_place),
    Rule("explanation", explanation),
    Rule("near-duplicates", near_duplicates),
    Rule("objectives-taught", objectives_taught),
    Rule("objectives-examined", objectives_examined),
    Rule("enough-questions", enough_questions),
    Rule("editions-whole", editions_whole),
    Rule("sourced-numbers", sourced_numbers),
    Rule("outside-links", outside_links),
    Rule("review-date", review_date, warns=True),
    Rule("picture-words", picture_words),
    Rule("picture-used", picture_used),
    Rule("picture-text-size", picture_text_size),
    Rule("picture-contrast", picture_contrast),
)


def findings_in(course: CourseSource, on: date, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """Every place where a rule is broken, by file and line. Other languages than Vietnamese are not read."""
    found: list[Finding] = []
    for rule in rules:
        problems = Problems()
        rule.check(course, Sheet(on, problems.of))
        found += [Finding(problem, rule.name, rule.warns) for problem in problems.listed()]
    return sorted(found)
