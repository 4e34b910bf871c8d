"""What readers of text files share: decoding, and the attributes that ride in tags."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from lms.foundation.text import nfc
from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Item
from lms.quiz.question import Level, Report

LONGEST_QUESTION = 32_000  # characters, answers and all
MOST_POINTS = 100
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]")


def decoded(content: bytes, report: Report) -> str | None:
    """The text in composed form with plain line ends; None once it was reported that it is none."""
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        report(
            content.count(b"\n", 0, error.start) + 1,
            "Tệp không viết bằng mã UTF-8.",
            seen=f"byte 0x{content[error.start]:02x}",
            expected="lưu lại tệp với mã UTF-8",
        )
        return None
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    if strange := _CONTROL.search(text):
        report(
            text.count("\n", 0, strange.start()) + 1,
            "Có ký tự điều khiển không nhìn thấy được.",
            seen=f"ký tự U+{ord(strange[0]):04X}",
            expected="xóa ký tự ấy, gõ lại đoạn này",
        )
        return None
    return text


def is_too_long(text: str, line: int, report: Report) -> bool:
    """Whether the text of one question is longer than any question; that is reported."""
    if len(text) > LONGEST_QUESTION:
        report(
            line,
            "Câu hỏi quá dài.",
            seen=f"{len(text)} ký tự",
            expected=f"nhiều nhất {LONGEST_QUESTION} ký tự; giữa hai câu hỏi có một dòng trống",
        )
    return len(text) > LONGEST_QUESTION


def split_text(text: str) -> tuple[str, str]:
    """The first paragraph, which is the stem, and what stands below it."""
    stem, _, material = text.strip().partition("\n\n")
    return stem, material.strip("\n")


def objective_of(category: str, line: int, ears: Ears) -> str:
    """The last part of a category's path, where it can be the key of an objective."""
    last = category.strip().rpartition("/")[2].strip()
    if _SLUG.fullmatch(last):
        return last
    ears.note(line, "Phân loại này không phải tên mục tiêu, bỏ qua.", seen=category.strip())
    return ""


def tags_of(item: Item) -> list[str]:
    """What a heading of quiz.md says of a question, for formats that have tags."""
    tags = []
    if item.level != "medium":
        tags.append(f"level={item.level}")
    if item.objective:
        tags.append(f"objective={item.objective}")
    if item.points != 1:
        tags.append(f"points={item.points}")
    if item.editions:
        tags.append(f"editions={','.join(item.editions)}")
    return [*tags, "fixed"] if item.fixed else tags


def with_tags(item: Item, tags: Iterable[str], ears: Ears) -> Item:
    """The question with what `tags_of` wrote; other tags are left behind, and that is told."""
    for tag in tags:
        key, _, value = tag.strip().partition("=")
        match key:
            case "level" if value in get_args(Level):
                item = replace(item, level=value)  # type: ignore[arg-type]
            case "points" if re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= MOST_POINTS:
                item = replace(item, points=int(value))
            case "objective" if _SLUG.fullmatch(value):
                item = replace(item, objective=value)
            case "editions" if all(map(_SLUG.fullmatch, value.split(","))):
                item = replace(item, editions=tuple(value.split(",")))
            case "fixed" if not value:
                item = replace(item, fixed=True)
            case _:
                ears.note(item.line, "Thẻ này không dùng ở đây.", seen=tag)
    return item
