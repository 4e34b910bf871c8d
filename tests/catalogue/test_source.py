"""Course folders read: rendering, links, identity, reading time, media."""

import re
from pathlib import Path
from struct import pack

import pytest

from lms.catalogue.source import SourceProblem, fixed_links, missing_slugs, read_course, read_courses
from lms.catalogue.source.elements import CheckSegment, HtmlSegment
from lms.catalogue.source.links import length_in_words, size_in_words
from lms.catalogue.source.modules import reading_minutes
from lms.catalogue.source.recordings import seconds_of
from tests.catalogue.folder import (
    COURSE,
    EDITIONS,
    FRONT,
    MODULE,
    QUIZ,
    SVG,
    good,
    html,
    one_lesson,
    read,
    write,
)

ICON = re.compile(r"<svg class=\"icon\".*?</svg>")


def bare(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", ICON.sub("", text))


# Blocks.


@pytest.mark.parametrize(
    ("name", "classes", "title"),
    [
        ("note", "note", "Ghi nhớ"),
        ("warning", "note warn", "Dấu hiệu lừa đảo"),
        ("try", "note tip", "Làm thử"),
        ("remember", "note keep", "Nhớ ba điều"),
        ("note | Nên biết", "note", "Nên biết"),
    ],
)
def test_a_note_has_its_colour_its_sign_and_its_title(
    tmp_path: Path, name: str, classes: str, title: str
) -> None:
    found = html(tmp_path, f"/// {name}\nChữ.\n///\n")
    assert f'<div class="{classes}"><svg class="icon"' in found
    assert bare(found) == f'<div class="{classes}"><p class="note-title">{title}</p><p>Chữ.</p></div>'


def test_steps_are_a_list_with_numbers_of_its_own(tmp_path: Path) -> None:
    found = html(tmp_path, "/// steps\n1. Mở\n2. Gõ\n///\n")
    assert bare(found) == '<ol class="steps"><li>Mở</li><li>Gõ</li></ol>'


def test_details_are_folded_and_may_hold_a_note(tmp_path: Path) -> None:
    found = html(tmp_path, "//// details | Người **cao tuổi**\n/// note\nChữ.\n///\n////\n")
    assert bare(found) == (
        '<details class="disclosure"><summary><span></span><span>Người <strong>cao tuổi</strong></span>'
        '</summary><div class="stack"><div class="note"><p class="note-title">Ghi nhớ</p><p>Chữ.</p></div>'
        "</div></details>"
    )


def test_an_edition_sees_only_its_own_blocks(tmp_path: Path) -> None:
    body = "Chung.\n\n/// edition | member\nCủa tổ.\n///\n\n/// edition | citizen\nCủa dân.\n///\n"
    assert bare(html(tmp_path, body, "member")) == "<p>Chung.</p><p>Của tổ.</p>"
    assert bare(html(tmp_path, body, "citizen")) == "<p>Chung.</p><p>Của dân.</p>"


def test_blocks_inside_code_are_text(tmp_path: Path) -> None:
    assert "/// note" in html(tmp_path, "```\n/// note\n```\n")


def test_a_check_divides_the_lesson_and_leaves_no_answer_in_it(tmp_path: Path) -> None:
    check = "/// check | ck\nNên làm gì?\n\n- ( ) Đọc mã\n  > Sai rồi\n- (x) Tắt máy\n\n> Vì thế\n///"
    body = f"Trước.\n\n{check}\n\nSau.\n"
    course = good(tmp_path, one_lesson(body))
    lesson = course.modules[0].lessons[0]
    assert lesson.segments["member"] == (
        HtmlSegment("<p>Trước.</p>"),
        CheckSegment("ck"),
        HtmlSegment("<p>Sau.</p>"),
    )
    assert [check.question.right_answer() for check in lesson.checks] == ["Tắt máy"]


def test_a_footnote_is_found_across_blocks_and_checks(tmp_path: Path) -> None:
    blocks = "/// note\nTrong[^2].\n///\n\n/// check | ck\nCâu?\n\n- (x) Đúng\n- ( ) Sai\n///"
    found = html(tmp_path, f"Trước[^1].\n\n{blocks}\n\n[^1]: Một.\n[^2]: Hai.\n")
    assert 'href="#fn-1"' in found
    assert 'id="fn-2"' in found
    assert "[^" not in found


def test_anchors_are_the_folded_titles_once_each(tmp_path: Path) -> None:
    found = html(tmp_path, "## Đề mục\n\n/// note\n### Đề mục\n///\n\n## Khác {#de-muc-ba}\n")
    assert re.findall(r'id="([^"]+)"', found) == ["de-muc", "de-muc-2", "de-muc-ba"]


# Links and media.


def test_a_link_is_found_by_slug_and_written_as_an_address(tmp_path: Path) -> None:
    files = one_lesson(
        "[hai](../09-hai/77-bai.md#muc), [kiểm tra](quiz.md), [chuyên đề](../hai/module.md)\n"
    ) | {
        "02-hai/module.md": MODULE,
        "02-hai/01-bai.md": f"{FRONT}## Mục {{#muc}}\n",
        "01-mot/quiz.md": QUIZ,
    }
    course = good(tmp_path, files)
    (segment,) = course.modules[0].lessons[0].segments["citizen"]
    assert isinstance(segment, HtmlSegment)
    assert re.findall(r'href="([^"]+)"', segment.html) == [
        "/courses/khoa/hai/bai#muc",
        "/courses/khoa/mot/quiz",
        "/courses/khoa/hai",
    ]


def test_numbers_are_put_right_and_nothing_else_is_touched(tmp_path: Path) -> None:
    body = "[hai](../09-hai/77-bai.md#muc) `[hai](x)` [ngoài](https://a.example/01-x.md)\r\n"
    files = one_lesson(body) | {"02-hai/module.md": MODULE, "02-hai/01-bai.md": f"{FRONT}## Mục\n"}
    fixed = fixed_links(good(tmp_path, files))
    assert list(fixed) == ["khoa/01-mot/01-bai.md"]
    assert fixed["khoa/01-mot/01-bai.md"] == FRONT + body.replace(
        "../09-hai/77-bai.md", "../02-hai/01-bai.md"
    )


def test_what_is_right_needs_no_fixing(tmp_path: Path) -> None:
    assert fixed_links(good(tmp_path, one_lesson("[đây](01-bai.md)\n"))) == {}


def test_a_picture_has_its_measures_its_words_and_an_address_that_never_goes_stale(tmp_path: Path) -> None:
    found = html(tmp_path, '![Ổ "khóa"](media/o.svg "Hình một")\n', **{"01-mot__media/o.svg": SVG})
    assert '<figure><img alt="Ổ &quot;khóa&quot;"' in found
    assert 'width="320"' in found
    assert "<figcaption>Hình một</figcaption>" in found
    (version,) = re.findall(r'src="/courses/khoa/mot/media/o\.svg\?v=([0-9a-f]{12})"', found)
    other = html(tmp_path / "2", "![Ổ](media/o.svg)\n", **{"01-mot__media/o.svg": SVG + " "})
    assert version not in other


def test_a_recording_loads_when_tapped_and_says_how_long_it_is(tmp_path: Path) -> None:
    found = html(tmp_path, "![Nghe](media/loi.m4a)\n", **{"01-mot__media/loi.m4a": m4a(200)})
    assert re.search(r'<audio aria-label="Nghe" controls="" preload="none" src="[^"]+">', found)
    assert "<figcaption>Nghe (1 KB, 3 phút 20 giây)</figcaption>" in found


@pytest.mark.parametrize(("size", "words"), [(1, "1 KB"), (820 * 1024, "820 KB"), (1_258_291, "1,2 MB")])
def test_sizes_are_said_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 giây"), (60, "1 phút"), (200, "3 phút 20 giây"), (3600, "60 phút")]
)
def test_lengths_are_said_in_words(seconds: int, words: str) -> None:
    assert length_in_words(seconds) == words


# Recordings.


def box(kind: bytes, content: bytes) -> bytes:
    return pack(">I4s", 8 + len(content), kind) + content


def m4a(seconds: int, *, wide: bool = False) -> bytes:
    header = bytes([1, 0, 0, 0]) + bytes(16) + pack(">IQ", 1000, seconds * 1000)
    if not wide:
        header = bytes(12) + pack(">II", 1000, seconds * 1000)
    data = box(b"ftyp", b"M4A \0\0\0\0") + box(b"free", bytes(100))
    return data + box(b"moov", box(b"mvhd", header + bytes(80)))


def webm(seconds: float) -> bytes:
    info = b"\x2a\xd7\xb1\x83\x0f\x42\x40" + b"\x44\x89\x88" + pack(">d", seconds * 1000)
    segment = b"\x15\x49\xa9\x66" + bytes([0x80 | len(info)]) + info
    return b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + segment


def mp3(*, frames: int = 0, size: int = 0) -> bytes:
    frame = b"\xff\xfb\x90\x00"  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz
    xing = bytes(32) + b"Xing" + pack(">II", 1, frames) if frames else b""
    return b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + (frame + xing).ljust(max(size, 300), b"\0")


@pytest.mark.parametrize(
    ("name", "content", "seconds"),
    [
        ("a.m4a", m4a(61), 61),
        ("a.mp4", m4a(7200, wide=True), 7200),
        ("a.webm", webm(12.4), 12),
        ("a.mp3", mp3(frames=383), 10),
        ("a.mp3", mp3(size=32_000), 2),
        ("a.mp3", b"\0" * 100_000, None),
        ("a.mp3", b"", None),
        ("a.m4a", b"RIFF", None),
        ("a.mp4", box(b"ftyp", b"mp42") + bytes(1000), None),
        ("a.webm", b"\x1a\x45\xdf\xa3" + b"\x80" * 10_000, None),
        ("a.webm", b"\x1a\x45\xdf\xa3" + bytes(100), None),
    ],
)
def test_a_recording_knows_its_length(tmp_path: Path, name: str, content: bytes, seconds: int | None) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert seconds_of(file) == seconds


# Reading time.


@pytest.mark.parametrize(("syllables", "minutes"), [(1, 1), (180, 1), (269, 1), (271, 2), (720, 4)])
def test_a_minute_reads_180_syllables(syllables: int, minutes: int) -> None:
    text = "<p>" + "tiếng – " * syllables + "</p>"
    assert reading_minutes([HtmlSegment(text), CheckSegment("ck")]) == minutes


# Identity.


def moved(tmp_path: Path) -> list[str]:
    files: dict[str, str | bytes] = {
        "01-mot/module.md": MODULE.replace("summary", "was: [cu]\nsummary"),
        "01-mot/05-bai.md": FRONT.replace("title: Bài", "title: Tên khác"),
        "01-mot/06-moi.md": FRONT.replace("reviewed", "was: [cu/bai-cu]\nreviewed") + "Chữ.\n",
    }
    files["01-mot/05-bai.md"] = f"{files['01-mot/05-bai.md']}Chữ.\n"
    course = good(tmp_path, files)
    return missing_slugs(
        ["mot", "cu", "cu/bai", "mot/bai", "cu/bai-cu", "cu/mat", "mot/mat", "mat", "mat/bai"], course
    )


def test_what_was_renumbered_retitled_renamed_or_moved_is_not_missing(tmp_path: Path) -> None:
    assert moved(tmp_path) == ["cu/mat", "mot/mat", "mat", "mat/bai"]


def test_a_module_that_cannot_be_read_has_not_vanished(tmp_path: Path) -> None:
    course, problems = read(tmp_path, {"01-mot/module.md": MODULE, "01-mot/01-bai.md": "---\n---\n"})
    assert problems
    assert course is not None
    assert course.broken == ("mot",)
    assert course.modules == ()
    assert missing_slugs(["mot", "mot/bai", "hai"], course) == ["hai"]


# Folders.


def test_litter_of_systems_is_passed_over(tmp_path: Path) -> None:
    good(tmp_path, one_lesson("Chữ.\n") | {".DS_Store": "x", "01-mot/Thumbs.db": "x", "01-mot/media/.a": "x"})


def test_a_link_in_the_file_system_is_not_followed(tmp_path: Path) -> None:
    course = write(tmp_path, one_lesson("Chữ.\n"))
    (course / "01-mot" / "02-khac.md").symlink_to("/etc/passwd")
    (course / "01-mot" / "media").mkdir()
    (course / "01-mot" / "media" / "a.svg").symlink_to("/etc/passwd")
    (course / "02-hai").symlink_to(course / "01-mot")
    _, problems = read_course(course)
    assert [problem.path for problem in problems] == [
        "khoa/01-mot/02-khac.md",
        "khoa/01-mot/media/a.svg",
        "khoa/02-hai",
    ]


def test_all_courses_of_a_folder_are_read_and_their_calendars_compared(tmp_path: Path) -> None:
    calendar = "| Tháng | Chuyên đề |\n| --- | --- |\n| 2026-12 | khoa/mot |\n| 2027-01 | khoa/hai |\n"
    write(tmp_path, one_lesson("Chữ.\n"))
    for path, text in {"course.md": COURSE, "calendar.md": calendar}.items():
        (tmp_path / "khac").mkdir(exist_ok=True)
        (tmp_path / "khac" / path).write_text(text, "utf-8")
    courses, problems = read_courses(tmp_path)
    assert [course.slug for course in courses] == ["khac", "khoa"]
    assert problems == [
        SourceProblem(
            "khac/calendar.md", 4, "Không có chuyên đề này ở khóa học kia.", "khoa/hai", "khóa-học/chuyên-đề"
        )
    ]


def test_a_link_of_a_quiz_must_lead_to_what_its_reader_may_see(tmp_path: Path) -> None:
    question = "\n\n- (x) Đúng\n- ( ) Sai\n\n> Đọc [bài](01-bai.md).\n"
    files = one_lesson("Chữ.\n") | {
        "01-mot/01-bai.md": FRONT.replace("reviewed", "editions: [member]\nreviewed") + "Chữ.\n",
        "01-mot/02-chung.md": f"{FRONT}Chữ.\n",
        "01-mot/quiz.md": f"---\n---\n## Một? {{#mot editions=member}}{question}\n## Hai? {{#hai}}{question}",
    }
    _, problems = read(tmp_path, files)
    assert [(problem.line, problem.message) for problem in problems] == [
        (15, "Bài được dẫn tới không có trong bản “citizen”.")
    ]


def test_every_edition_is_known_in_the_course(tmp_path: Path) -> None:
    course = good(tmp_path, {"course.md": EDITIONS})
    assert [(edition.key, edition.is_public) for edition in course.editions] == [
        ("member", False),
        ("citizen", True),
    ]
