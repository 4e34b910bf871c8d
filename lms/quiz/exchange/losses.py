"""What a format cannot carry, told by question and part before anybody relies on the file."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lms.foundation.i18n import translate
from lms.quiz.exchange.format import WritableFormat
from lms.quiz.exchange.item import Item, item_of
from lms.quiz.exchange.markup import has_markup
from lms.quiz.question import Question


class Loss(NamedTuple):
    """A part of a question that stays behind, in words."""

    id: str
    part: str


PARTS: dict[str, tuple[str, Callable[[Item], bool]]] = {
    "id": ("tên câu hỏi", lambda item: bool(item.id)),
    "markup": ("định dạng chữ (đậm, liên kết, hình …)", lambda item: any(map(has_markup, _texts(item)))),
    "material": ("chỗ ngắt giữa lời hỏi và phần dưới lời hỏi", lambda item: bool(item.material)),
    "pictures": (
        "tệp hình (chữ chỉ tới tệp trong media/ vẫn còn)",
        lambda item: any("](media/" in text for text in (item.stem, item.material, item.explanation)),
    ),
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


def losses(questions: Iterable[Question], format_: WritableFormat) -> tuple[list[Item], list[Loss]]:
    """What of these questions the format carries, and what it does not."""
    carried: list[Item] = []
    lost: list[Loss] = []
    for question in questions:
        item = item_of(question)
        if item is None or item.kind not in format_.kinds:
            lost.append(Loss(question.id, f"cả câu: kiểu “{translate(question.label)}”"))
            continue
        if not format_.can_say(item):
            lost.append(Loss(question.id, "cả câu: đáp án có chữ mà định dạng này hiểu là dấu"))
            continue
        carried.append(item)
        lost += _lost(item, format_)
    return carried, lost


def _lost(item: Item, format_: WritableFormat) -> Iterator[Loss]:
    carries = format_.carries - ({"feedback"} if item.kind in format_.keeps_no_feedback else set())
    for name, (words, is_there) in PARTS.items():
        if name not in carries and is_there(item):
            yield Loss(item.id, words)


def _texts(item: Item) -> Iterator[str]:
    yield from (item.stem, item.material)
    yield from (f"`{part.text}`" for part in item.parts if "`" in part.text)
