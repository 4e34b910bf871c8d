"""Whatever stands in a course folder: a course, or problems, soon; never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.source import SourceProblem, fixed_links
from tests.catalogue.folder import COURSE, EDITIONS, FRONT, MODULE, QUIZ, read
from tests.patience import within_a_second

MEGABYTE = 1024 * 1024

LESSON, QUIZ_FILE = "01-mot/01-bai.md", "01-mot/quiz.md"


def problems_of(files: dict[str, str | bytes]) -> list[SourceProblem]:
    """The problems of a folder, told within a second; a good course can also be fixed and compared."""
    with TemporaryDirectory() as folder:
        problems = within_a_second(lambda: _problems_of(Path(folder), files))
    for problem in problems:
        assert problem.path.startswith("khoa/")
        assert problem.line >= 1
        assert len(problem.seen) < 200
    return problems


def _problems_of(folder: Path, files: dict[str, str | bytes]) -> list[SourceProblem]:
    course, problems = read(folder, {"01-mot/module.md": MODULE} | files)
    if course is not None:
        fixed_links(course)
    return problems


BIG = 256 * 1024
HUGE = {
    "a line of a megabyte": "a" * MEGABYTE,
    "a line at the limit": "a " * (BIG // 2 - 200),
    "zeros": "\0" * 1000,
    "not UTF-8": b"\xff\xfe" * 1000,
    "surrogates": "\ud800".encode("utf-8", "surrogatepass"),
    "lone carriage returns": "a\rb\r" * 1000,
    "open brackets": "[\n" * 60_000,
    "open blocks": "/// note\n" * 28_000,
    "open blocks of growing size": "".join("/" * (3 + number % 300) + " note\n" for number in range(1500)),
    "closed blocks": "///\n" * 60_000,
    "closed and opened": "/// note\n///\n" * 19_000,
    "code fences": "```\n" * 60_000,
    "quotes": ">" * 9_000 + "\n",
    "deep lists": "\n".join("  " * level + "- a" for level in range(480)),
    "links to nowhere": "[a](b.md) " * 900,
    "links to nowhere on many lines": "[a](b.md#c)\n\n" * 1_900,
    "pictures of nothing": "![](media/a.svg)\n\n" * 1_900,
    "links of regular expressions": "[a](((((((((.md)\n\n" * 1_900,
    "headings": "## a\n\n" * 10_000,
    "footnotes": "[^a]\n\n[^a]: b\n\n" * 900,
    "checks": "/// check | a\nb?\n\n- (x) c\n- ( ) d\n///\n\n" * 500,
    "editions": "/// edition | a\nb\n///\n\n" * 9_000,
    "slashes": "/" * 9_000 + "\n",
    "bars": "|" * 9_000 + "\n",
    "titles": "/// note | " + "|" * 8_000 + "\n",
    "spaces in blocks": ("/// a" + " " * 9_900 + "b\n") * 25,
    "spaces in headings": ("## a" + " " * 9_900 + "b\n") * 6,
    "spaces before bars": ("/// note" + " \t" * 4_900 + "|\n") * 25,
    "recordings": ("![a](" + "](a" * 90 + "\n\n/// transcript\na\n///\n\n") * 10,
    "steps": "/// steps\n" + "1. a\n" * 10_000 + "///\n",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_a_hostile_lesson_is_refused_soon(text: str | bytes) -> None:
    body = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    problems_of({LESSON: FRONT.encode() + body})


HUGE_QUIZZES = {
    "questions without anything": "## \n" * 40_000,
    "questions without names": "## a?\n" * 40_000,
    "good questions": "".join(f"## a? {{#a{n}}}\n- (x) b\n- ( ) c\n" for n in range(400)),
    "attributes": "## a? {" + "#a " * 3_000 + "}\n",
    "braces": "## a? " + "{" * 9_000 + "\n",
    "open braces": "## a? " + "{a" * 4_500 + "}\n",
    "spaces": ("## a?" + " " * 9_900 + "b\n") * 25,
    "answers": "## a? {#a}\n" + "".join(f"- (x) {number}\n" for number in range(15_000)),
    "one answer": "## a? {#a}\n- (x) a\n" + "  b\n" * 40_000,
    "feedback": "## a? {#a}\n- (x) a\n- ( ) b\n" + "  > c\n" * 30_000,
    "hints": "## a? {#a}\n" + "? b\n" * 40_000 + "- (x) a\n- ( ) b\n",
    "matching": "## a? {#a}\n- " + "a :" * 3_000 + "\n",
    "backslashes": "## a? {#a}\n- (x) " + "\\" * 9_000 + "\n- ( ) b\n",
    "almost answers": "## a? {#a}\n" + "- () a\n" * 30_000,
    "two kinds": "## a? {#a}\n" + "- (x) a\n- [x] b\n" * 15_000,
    "quotes": "## a? {#a}\n- (x) a\n- ( ) b\n" + "> > > >\n" * 30_000,
}


@pytest.mark.parametrize("text", HUGE_QUIZZES.values(), ids=HUGE_QUIZZES.keys())
def test_a_hostile_quiz_is_refused_soon(text: str) -> None:
    problems_of({QUIZ_FILE: f"---\n---\n{text}"})


HUGE_KEYS = {
    "deep lists": "title: " + "[" * 5_000,
    "deep mappings": "title: " + "{a: " * 3_000,
    "deep blocks": "\n".join(" " * level + "a:" for level in range(170)),
    "dashes": "- " * 6_000,
    "laughs": "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "merge keys": "<<: *a",
    "tags": "title: !!python/object/apply:os.system [ls]",
    "many keys": "\n".join(f"k{number}: v" for number in range(1_500)),
    "many documents": "a: b\n...\nc: d",
    "a null": "title: \x00",
    "a long string": "title: " + "a" * 15_000,
    "too long": "title: " + "a\n" * 200_000,
    "binary": "title: \ufffe",
    "a sequence": "- a\n- b",
    "a scalar": "a",
    "odd keys": "? [a, b]\n: c\n? {d: e}\n: f",
    "tabs": "title:\ta\n\tb: c",
    "quotes": 'title: "' + "\\" * 5_000,
    "numbers": "minutes: " + "9" * 5_000 + "\ntitle: a\nreviewed: 2026-11-22",
    "a strange date": "reviewed: 0000-00-00\ntitle: a",
    "other digits": "minutes: ٣\nreviewed: ２０２６-11-22\ntitle: a",
}


@pytest.mark.parametrize("keys", HUGE_KEYS.values(), ids=HUGE_KEYS.keys())
@pytest.mark.parametrize("file", ["course.md", "01-mot/module.md", LESSON, QUIZ_FILE])
def test_hostile_front_matter_is_refused_soon(keys: str, file: str) -> None:
    assert problems_of({file: f"---\n{keys}\n---\n\nChữ.\n"})


@pytest.mark.parametrize(
    "text", ["", "\n", "---", "---\n---", "---\n", "\ufeff", "--- \n---\t\nChữ", "# a", "---\n" * 60_000]
)
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    assert problems_of({LESSON: text})


@pytest.mark.parametrize(
    "svg",
    [
        b"<svg" * 10_000,
        b'<!DOCTYPE a [<!ENTITY a "' + b"b" * 1000 + b'">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
        + b"<g>" * 30_000
        + b"</g>" * 30_000
        + b"</svg>",
        '<?xml version="1.0" encoding="utf-16"?><svg/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="nothing"?><svg/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 1"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="a b c d"/>',
        b"\0" * 1000,
    ],
)
def test_a_hostile_drawing_is_refused_soon(svg: bytes) -> None:
    problems_of({"01-mot/media/a.svg": svg})


def test_a_picture_that_unfolds_is_not_unfolded() -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0" + bytes(4)
    assert problems_of({"01-mot/media/a.png": header})


SIGNS = [*"[](){}#*_`|:/\\>-=~!?^&<. \t\n\n\n", "a", "ẫ", "đ", "\u202e", "\u200b"]
BLOCKS = [
    "/// ",
    "////",
    "///\n",
    "note",
    "edition",
    "| member",
    "check | a",
    "steps",
    "details",
    "transcript",
]
ANSWERS = [
    "- (x) ",
    "- ( ) ",
    "- [x] ",
    "  > ",
    "? ",
    "```",
    "```gaps\n",
    "{#a}",
    "level=easy",
    "1. ",
    "- ",
    "## ",
]
TARGETS = ["[^1]", "[^1]: ", "](a.md)", "![a](media/a.svg)", "://"]
TEXTS = st.lists(st.sampled_from([*SIGNS, *BLOCKS, *ANSWERS, *TARGETS]), max_size=60).map("".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_lesson_is_read_or_refused(text: str) -> None:
    problems_of({"course.md": EDITIONS, LESSON: FRONT + text})


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_quiz_is_read_or_refused(text: str) -> None:
    problems_of({QUIZ_FILE: QUIZ + text})


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_any_front_matter_is_read_or_refused(text: str) -> None:
    problems_of({"course.md": f"---\n{text}\n---\n", LESSON: f"---\n{text}\n---\n\nChữ.\n"})


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_any_calendar_is_read_or_refused(text: str) -> None:
    problems_of({"course.md": COURSE, "calendar.md": f"| a | b |\n| --- | --- |\n| 2026-12 | mot |\n{text}"})


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    problems_of(
        {
            LESSON: content,
            "01-mot/media/a.svg": content,
            "01-mot/media/b.mp3": content,
            "01-mot/media/c.png": content,
        }
    )


@given(st.binary(max_size=400), st.sampled_from([".mp4", ".webm", ".mp3", ".m4a"]))
@settings(max_examples=150, deadline=None)
def test_any_recording_is_measured_or_refused(content: bytes, suffix: str) -> None:
    begin = {
        ".mp4": b"\0\0\0\x08ftyp",
        ".m4a": b"\0\0\0\x08ftyp",
        ".webm": b"\x1a\x45\xdf\xa3",
        ".mp3": b"\xff\xfb",
    }
    problems_of({f"01-mot/media/a{suffix}": begin[suffix] + content})
