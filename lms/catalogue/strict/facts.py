"""Facts that can be held to somebody's word, looked at again before they are old."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from lms.catalogue.source.elements import CourseSource, LessonSource, ModuleSource
from lms.catalogue.strict.finding import Sheet
from lms.catalogue.strict.passages import Sentence, below_front_matter, passages_of

OLDEST_REVIEW = timedelta(days=365)

_PERCENT = re.compile(r"\d\s?%|\d phần trăm")
_DAY_OR_YEAR = re.compile(
    r"\b\d{1,2}/\d{1,2}/(?:19|20)\d\d\b|\b(?:tháng \d{1,2}/|[Nn]ăm |[Tt]ừ |đến )(?:19|20)\d\d\b"
)
_COUNTED = re.compile(
    r"\b\d[\d.,]*\s+(?:triệu|tỷ|tỉ)?\s*(?:tỉnh|xã|phường|vụ|tài khoản|thủ tục|lượt|người dân)\b|"
    r"\b\d[\d.,]* (?:triệu|nghìn) người\b"
)
_MONEY = re.compile(r"\b\d[\d.,]*(?: (?:nghìn|triệu|tỷ|tỉ))? ?(?:đồng|đ)\b|\b\d[\d.,]* (?:triệu|tỷ|tỉ)\b")
# Money is a fact where a rule or a count speaks of it; else it is what somebody pays in a story.
_BY_RULE = re.compile(
    r"\b(?:phạt|quy định|luật|nghị định|thông tư|hạn mức|tối đa|tối thiểu|trở lên|mức|thuế|phí|cả nước|"
    r"trung bình|thiệt hại|thống kê)\b",
    re.IGNORECASE,
)
_OF_THE_COURSE = re.compile(r"\b(?:là|thì|mới) đạt\b", re.IGNORECASE)  # 80 phần trăm là đạt
_LINK = re.compile(r"\]\((?P<url>[a-z]+:[^)\s]+)|<(?P<bare>https?://[^>\s]+)>")
_INVENTED = (".example", ".test", ".invalid", ".localhost", "example.com", "example.org", "example.net")


def sourced_numbers(course: CourseSource, sheet: Sheet) -> None:
    """A lesson that states a number about the world has a source.

    Guides and field cards repeat what the module's lessons say: their sources are enough.
    """
    for module in course.modules:
        of_module = any(lesson.sources for lesson in module.lessons)
        for lesson in module.lessons:
            if lesson.sources or (lesson.kind != "lesson" and of_module):
                continue
            for sentence in _stating(lesson):
                sheet.of(lesson.text.path)(
                    sentence.line,
                    "Con số này chưa có nguồn.",
                    seen=sentence.text,
                    expected="sources:\n  - {title: Tên bài, url: https://…, date: 2026-11-22}",
                )


def review_date(course: CourseSource, sheet: Sheet) -> None:
    """The facts of a lesson were looked at within a year, and not tomorrow."""
    for module in course.modules:
        for lesson in module.lessons:
            if not timedelta(0) <= sheet.on - lesson.reviewed <= OLDEST_REVIEW:
                line = next(line.number for line in lesson.text.lines if line.text.startswith("reviewed:"))
                sheet.of(lesson.text.path)(
                    line,
                    "Bài này cần được đọc lại, rồi ghi ngày đọc lại.",
                    seen=f"reviewed: {lesson.reviewed}, hôm nay là {sheet.on}",
                    expected=f"một ngày trong vòng {OLDEST_REVIEW.days} ngày gần đây, không ở ngày mai",
                )


def outside_links(course: CourseSource, sheet: Sheet) -> None:
    """Links and sources lead to a place that can exist; nothing is fetched.

    Invented addresses (`.example`) are shown as text, where nobody can follow them.
    """
    for module in course.modules:
        for path, line, url in _addresses(module):
            if url.startswith("http") and (wrong := _wrong_with(url)):
                sheet.of(path)(line, wrong, seen=url, expected="địa chỉ thật của nguồn, như https://…")


def _stating(lesson: LessonSource) -> Iterator[Sentence]:
    for passage in passages_of(lesson.text):
        for sentence in passage.own_sentences if passage.voice == "author" else ():
            text = sentence.text
            if _OF_THE_COURSE.search(text):
                continue
            of_a_rule = _MONEY.search(text) and _BY_RULE.search(text)
            if of_a_rule or any(pattern.search(text) for pattern in (_PERCENT, _DAY_OR_YEAR, _COUNTED)):
                yield sentence


def _addresses(module: ModuleSource) -> Iterator[tuple[str, int, str]]:
    """Every address that a text of the module links to: path, line, address."""
    texts = [module.text, *(lesson.text for lesson in module.lessons)]
    for text in [*texts, module.quiz.text] if module.quiz else texts:
        for line in below_front_matter(text):
            for found in _LINK.finditer(line.text):
                yield text.path, line.number, found["url"] or found["bare"]
    for lesson in module.lessons:
        for source in lesson.sources:
            line_number = next((one.number for one in lesson.text.lines if source.url in one.text), 1)
            yield lesson.text.path, line_number, source.url


def _wrong_with(url: str) -> str:
    host = urlsplit(url).hostname or ""
    if host.endswith(_INVENTED):
        return "Địa chỉ bịa ra thì không làm đường dẫn; viết nó giữa hai dấu `…`."
    return "" if "." in host else "Đường dẫn không có tên miền."
