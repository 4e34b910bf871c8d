"""Small course folders for tests, written where only what matters is spelled out."""

from pathlib import Path

from lms.catalogue.source import SourceProblem, read_course
from lms.catalogue.source.elements import CourseSource, HtmlSegment

COURSE = "---\ntitle: Khóa mẫu\nsummary: Một khóa nhỏ.\n---\n"
EDITIONS = (
    "---\ntitle: Khóa mẫu\nsummary: Một khóa nhỏ.\neditions:\n"
    "  - {key: member, title: Thành viên}\n  - {key: citizen, title: Người dân, public: true}\n---\n"
)
MODULE = (
    "---\ntitle: Trình duyệt\nsummary: Đọc địa chỉ.\nobjectives:\n"
    "  - {key: dia-chi, text: Đọc tên miền}\n  - {key: quyen, text: Tắt thông báo}\n---\n"
)
FRONT = "---\ntitle: Bài\nreviewed: 2026-11-22\n---\n\n"
QUIZ = "---\n---\n\n## Nên làm gì? {#lam-gi}\n\n- ( ) Đọc mã\n- (x) Tắt máy\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><title>Hình</title></svg>\n'


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """A course folder `khoa` with these files; course.md is made if not named."""
    course = root / "khoa"
    for path, content in ({"course.md": COURSE} | files).items():
        file = course / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return course


def read(root: Path, files: dict[str, str | bytes]) -> tuple[CourseSource | None, list[SourceProblem]]:
    return read_course(write(root, files))


def good(root: Path, files: dict[str, str | bytes]) -> CourseSource:
    course, problems = read(root, files)
    assert problems == []
    assert course is not None
    return course


def one_lesson(body: str) -> dict[str, str | bytes]:
    """A course of one module and one lesson, `mot/bai`."""
    return {"course.md": EDITIONS, "01-mot/module.md": MODULE, "01-mot/01-bai.md": FRONT + body}


def html(root: Path, body: str, edition: str = "citizen", **more: str | bytes) -> str:
    """The HTML that an edition of the one lesson has."""
    course = good(root, one_lesson(body) | {name.replace("__", "/"): text for name, text in more.items()})
    segments = course.modules[0].lessons[0].segments[edition]
    return "\n".join(segment.html for segment in segments if isinstance(segment, HtmlSegment))
