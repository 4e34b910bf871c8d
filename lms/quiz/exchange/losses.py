"""What a format cannot carry, told by question and part before anybody relies on the file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from lms.foundation.i18n import translate
from lms.quiz.exchange.format import WritableFormat
from lms.quiz.exchange.item import Item, Picture, item_of
from lms.quiz.exchange.typed_words import without_bare
from lms.quiz.question import Question


class Loss(NamedTuple):
    """A part of a question that stays behind, in words."""

    id: str
    part: str


PARTS: dict[str, tuple[str, Callable[[Item], bool]]] = {
    "id": ("tên câu hỏi", lambda item: bool(item.id)),
    "material": ("chỗ ngắt giữa lời hỏi và phần dưới lời hỏi", lambda item: bool(item.material)),
    "hints": ("gợi ý", lambda item: bool(item.hints)),
    "feedback": ("lời nhắn cho từng đáp án", lambda item: any(part.feedback for part in item.parts)),
    "explanation": ("lời giải thích", lambda item: bool(item.explanation)),
    "points": ("điểm của câu", lambda item: item.points != 1),
    "level": ("mức độ", lambda item: item.level != "medium"),
    "objective": ("mục tiêu", lambda item: bool(item.objective)),
    "editions": ("bản của khóa học", lambda item: bool(item.editions)),
    "fixed": ("thứ tự đáp án giữ nguyên", lambda item: item.fixed),
    "unmarked": ("đáp án gõ không dấu", lambda item: any(part.unmarked for part in item.parts)),
}
_MARKUP = "định dạng chữ (đậm, liên kết, ghi chú …)"
_PICTURES = "tệp hình (chữ chỉ tới tệp trong media/ vẫn còn)"


def losses(
    questions: Iterable[Question], format_: WritableFormat, files: Mapping[str, Picture] | None = None
) -> tuple[list[Item], list[Loss]]:
    """What of these questions the format carries, and what it does not; `files` are pictures by name."""
    carried: list[Item] = []
    lost: list[Loss] = []
    for question in questions:
        item = item_of(question)
        item = without_bare(item) if item else None
        if item is None or item.kind not in format_.kinds:
            lost.append(Loss(question.id, f"cả câu: kiểu “{translate(question.label)}”"))
            continue
        if not format_.can_say(item):
            lost.append(Loss(question.id, "cả câu: đáp án có chữ mà định dạng này hiểu là dấu"))
            continue
        item = replace(item, files={name: files[name] for name in item.mentioned if files and name in files})
        carried.append(item)
        lost += _lost(item, format_)
    return carried, lost


def _lost(item: Item, format_: WritableFormat) -> Iterator[Loss]:
    carries = format_.carries - ({"feedback"} if item.kind in format_.keeps_no_feedback else set())
    for name, (words, is_there) in PARTS.items():
        if name not in carries and is_there(item):
            yield Loss(item.id, words)
    if not format_.keeps_texts(item):
        yield Loss(item.id, _MARKUP)
    if item.mentioned and not (format_.carries_pictures and {*item.mentioned} == item.files.keys()):
        yield Loss(item.id, _PICTURES)
