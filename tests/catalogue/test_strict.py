"""Strict rules by good and bad cases: each file of tests/corpus/strict says what it lays over a good course.

A case is named after its rule. `=== path` begins a file of the course, `=== found` the lines that the rule
tells, `path:line: message`; a case without it is a good one.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lms.catalogue.source import read_course
from lms.catalogue.source.elements import CourseSource
from lms.catalogue.strict import RULES, Rule, findings_in
from tests.catalogue.test_corpus import CORPUS
from tests.conftest import ROOT
from tests.courses import courses_of_the_repository, write

CASES = CORPUS / "strict"
DAY = date(2026, 11, 24)
BASE = CASES / "base.txt"


def cases() -> list[Any]:
    return [pytest.param(file, id=file.stem) for file in sorted(CASES.glob("*.txt")) if file != BASE]


def files_in(case: Path) -> dict[str, str]:
    """What a case says, by path; a first file without a path is nothing."""
    parts = re.split(r"^=== (.+)\n", case.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def course_of(case: Path, folder: Path) -> tuple[CourseSource, list[str]]:
    """The good course with the case laid over it, and what is to be found."""
    files = files_in(BASE) | files_in(case)
    wanted = files.pop("found", "").splitlines()
    write(folder / "khoa-mau", files)
    course, problems = read_course(folder / "khoa-mau")
    assert problems == []
    assert course is not None
    return course, wanted


def rule_of(case: Path) -> Rule:
    return max((rule for rule in RULES if case.stem.startswith(rule.name)), key=lambda rule: len(rule.name))


@pytest.mark.parametrize("case", cases())
def test_a_rule_finds_what_it_should_and_nothing_else(case: Path, tmp_path: Path) -> None:
    course, wanted = course_of(case, tmp_path)
    found = findings_in(course, DAY, [rule_of(case)])
    problems = [one.problem for one in found]
    assert [f"{one.path.removeprefix('khoa-mau/')}:{one.line}: {one.message}" for one in problems] == wanted
    assert all(one.seen and one.expected for one in problems)


def test_the_good_course_breaks_no_rule(tmp_path: Path) -> None:
    course, _ = course_of(BASE, tmp_path)
    assert findings_in(course, DAY) == []


def test_the_courses_of_this_repository_break_no_rule() -> None:
    courses = courses_of_the_repository()
    assert [str(found) for course in courses for found in findings_in(course, DAY)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_good_and_bad_cases(rule: Rule) -> None:
    of_rule = [case.values[0] for case in cases() if rule_of(case.values[0]) == rule]
    assert {"found" in files_in(case) for case in of_rule} == {True, False}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_authors_are_told_of_every_rule(rule: Rule) -> None:
    assert f"| `{rule.name}` |" in (ROOT / "docs" / "authoring.md").read_text("utf-8")
