"""Answers that carry percentages, as Moodle's formats have them: which are right is asked, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Part

FULL = 100.0
_CLOSE = 1.0  # Moodle writes 33.33333 and people write 33


@dataclass(frozen=True)
class Weighted:
    """An answer and the percentage of the points that it earns."""

    part: Part
    weight: float
    line: int


def single_choice(answers: Sequence[Weighted], line: int, ears: Ears) -> tuple[Part, ...] | None:
    """Exactly one answer earns all, the others nothing."""
    right = [one for one in answers if one.weight >= FULL]
    partly = [one for one in answers if 0 < one.weight < FULL]
    if partly:
        _refuse_partly(partly[0], ears)
        return None
    if len(right) != 1:
        ears.mistake(
            line,
            "Câu chọn một phải có đúng một đáp án đúng.",
            seen=f"{len(right)} đáp án đúng",
            expected="một đáp án đúng; nhiều đáp án đúng thì mỗi đáp án mang phần điểm, cộng lại là 100%",
        )
        return None
    if any(one.weight < 0 for one in answers):
        ears.note(line, "Điểm trừ của câu chọn một không giữ lại.")
    return _judged(answers)


def multiple_choice(answers: Sequence[Weighted], line: int, ears: Ears) -> tuple[Part, ...] | None:
    """What earns a share is right; the shares of all right answers make up the whole."""
    shares = [one.weight for one in answers if one.weight > 0]
    if abs(sum(shares) - FULL) > _CLOSE:
        ears.mistake(
            line,
            "Không rõ đáp án nào đúng: phần điểm của các đáp án đúng phải cộng lại thành 100%."
            if shares
            else "Câu hỏi chưa có đáp án đúng.",
            seen=f"tổng {sum(shares):g}%",
            expected="ví dụ hai đáp án đúng: mỗi đáp án 50%",
        )
        return None
    if max(shares) - min(shares) > _CLOSE:
        ears.note(line, "Các đáp án đúng từ nay đáng điểm như nhau, phần điểm riêng không giữ lại.")
    return _judged(answers)


def accepted(answers: Sequence[Weighted], line: int, ears: Ears) -> tuple[Part, ...] | None:
    """Typed answers that earn all; those foreseen as wrong are left behind."""
    right = [one for one in answers if one.weight >= FULL]
    for one in answers:
        if 0 < one.weight < FULL:
            _refuse_partly(one, ears)
            return None
        if one.weight <= 0:
            ears.note(one.line, "Đáp án sai biết trước và lời nhắn của nó không giữ lại.", seen=one.part.text)
    if not right:
        ears.mistake(
            line, "Câu hỏi chưa có đáp án đúng.", seen="không đáp án nào được 100%", expected="=đáp án"
        )
        return None
    return tuple(one.part for one in right)


def _judged(answers: Sequence[Weighted]) -> tuple[Part, ...]:
    return tuple(Part(one.part.text, one.weight > 0, one.part.feedback) for one in answers)


def _refuse_partly(answer: Weighted, ears: Ears) -> None:
    ears.mistake(
        answer.line,
        "Đáp án được một phần điểm: không rõ là đúng hay sai.",
        seen=f"{answer.part.text} ({answer.weight:g}%)",
        expected="đúng là 100%, sai là 0%",
    )
