"""Every file of `golden/FORMAT/` is read into the course text beside it, or refused as its `.problems` says.

`REGENERATE=1 pytest tests/quiz/formats/test_golden.py` writes what is read today; read the difference.
"""

import os
from pathlib import Path

import pytest

from lms.quiz.exchange.reading import Reading, read_questions
from lms.quiz.formats import FORMATS

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(
    file for file in GOLDEN.glob("*/*") if file.suffix not in (".md", ".problems") and file.is_file()
)


def _told(reading: Reading) -> str:
    lines = [f"{one.line}: {one.message} [{one.seen}] → {one.expected}" for one in reading.mistakes]
    return "\n".join([*lines, ""]) if lines else ""


def _noted(reading: Reading) -> str:
    return "".join(f"<!-- {one.line}: {one.message} [{one.seen}] -->\n" for one in reading.notes)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_golden_file_is_read_as_it_stands_beside_it(file: Path) -> None:
    reading = read_questions(file.read_bytes(), FORMATS[file.parent.name])
    assert all(one.seen and one.expected for one in reading.mistakes)
    outcome = _told(reading) or _noted(reading) + "\n".join(one.text for one in reading.questions)
    beside = file.with_suffix(".problems" if reading.mistakes else ".md")
    if os.environ.get("REGENERATE"):
        beside.write_text(outcome, encoding="utf-8")
    assert beside.read_text(encoding="utf-8") == outcome


def test_every_format_has_golden_files_read_and_refused() -> None:
    for name in FORMATS:
        assert list((GOLDEN / name).glob("*.md"))
        assert list((GOLDEN / name).glob("*.problems"))
