"""Small course folders for tests, written as an instructor writes them."""

from functools import cache
from pathlib import Path

from lms.catalogue.source import read_courses
from lms.catalogue.source.elements import CourseSource

ROOT = Path(__file__).parent.parent


@cache
def courses_of_the_repository() -> list[CourseSource]:
    """What is delivered, without a problem; read once a process, for that takes seconds."""
    courses, problems = read_courses(ROOT / "courses")
    assert problems == []
    return courses


COURSE = """---
title: Khóa thử
summary: Một khóa ngắn.
editions:
  - {key: member, title: Bản thành viên, audience: Thành viên, public: false}
  - {key: citizen, title: Bản người dân, audience: Người dân, public: true}
assign: {teams: member}
certificate: {title: Bản xác nhận hoàn thành, template: certificate}
---
"""
MODULE = """---
title: Chuyên đề {slug}
summary: Một câu về chuyên đề.
objectives:
  - {{key: mot, text: Làm được việc thứ nhất}}
  - {{key: hai, text: Làm được việc thứ hai}}
---
Bà Tư hỏi chuyện.
"""
LESSON = """---
title: Bài {slug}
minutes: 1
reviewed: 2026-11-22
---
## Phần đầu {{#phan-dau}}

Chữ của bài {slug}.
"""
CHECK = """
/// check | hoi-nhanh
Trời có mưa không?

- (x) Có mưa
  > Đúng rồi.
- ( ) Không mưa
  > Nhìn ra ngoài xem.
///
"""
QUIZ = """---
pass: 80
---
## Một cộng một bằng mấy? {#mot-cong-mot objective=mot}

- ( ) Ba
  > Ba là hai cộng một.
- (x) Hai

> Đếm ngón tay là thấy. Đọc lại [bài một](01-mot.md#phan-dau).

## Chọn số chẵn {#so-chan objective=hai}

- [x] Hai
- [x] Bốn
- [ ] Ba
  > Ba lẻ.

> Số chẵn chia hết cho hai.
"""


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below `root`; an empty text removes one."""
    for name, text in files.items():
        file = root / name
        if not text:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def small_course(root: Path, modules: tuple[str, ...] = ("dau", "cuoi")) -> Path:
    """A course `khoa-thu` with two lessons and a quiz a module; the first lesson has a check."""
    files = {"course.md": COURSE}
    for number, slug in enumerate(modules, 1):
        folder = f"{number:02d}-{slug}"
        files |= {
            f"{folder}/module.md": MODULE.format(slug=slug),
            f"{folder}/01-mot.md": LESSON.format(slug="mot") + CHECK,
            f"{folder}/02-hai.md": LESSON.format(slug="hai"),
            f"{folder}/quiz.md": QUIZ,
        }
    return write(root / "khoa-thu", files)


def course_file(**keys: str) -> str:
    """The course.md of the small course with these settings added."""
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return COURSE.replace("certificate:", more + "certificate:")
