"""What figures mean to an author: flags, and the sentence that each of them says."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.foundation.i18n import N_, translate
from lms.quiz.analysis.figures import ChoiceFigures, ItemFigures

TOO_EASY, TOO_HARD = 0.9, 0.3  # share of the points
NOT_SURE = 0.2  # of the people
SELDOM = 0.05  # chosen by fewer, a distractor does nothing (Haladyna and Downing 1993, EPM 53, 999–1010)
MISLEADS = 0.4  # of the people on one wrong answer
NOTICED = 0.1  # fewer choosers of a wrong answer are no sign of a wrong key

WRONG_KEY, NEGATIVE, HARD = "wrong_key", "negative", "hard"
MISLEADING, EASY, UNSURE, DEAD = "misleading", "easy", "unsure", "dead"
SERIOUS = frozenset({WRONG_KEY, NEGATIVE})
_NAMES = {
    WRONG_KEY: N_("Có thể sai đáp án"),
    NEGATIVE: N_("Phân biệt âm"),
    HARD: N_("Quá khó"),
    MISLEADING: N_("Đáp án %(letter)s dễ nhầm"),
    EASY: N_("Quá dễ"),
    UNSURE: N_("Nhiều người không chắc"),
    DEAD: N_("Đáp án %(letter)s gần như không ai chọn"),
}


@dataclass(frozen=True)
class Option:
    """An answer to choose: its letter in the author's order, and whether it is right."""

    id: str
    letter: str
    is_right: bool


@dataclass(frozen=True)
class Finding:
    """One thing an author should look at. `letter` names the answer it is about, if it is about one."""

    kind: str
    sentence: str
    letter: str = ""

    @property
    def name(self) -> str:
        """In a few words."""
        return translate(_NAMES[self.kind], letter=self.letter)

    @property
    def is_serious(self) -> bool:
        """Whether the question does harm as it stands."""
        return self.kind in SERIOUS


def findings(item: ItemFigures, options: Sequence[Option], lesson: str = "") -> list[Finding]:
    """What stands out, the gravest first; nothing where too few were asked.

    `lesson` is how the lesson that teaches this is called in a sentence ("bài 3"), or empty.
    """
    if not item.is_enough:
        return []
    by_id = {choice.choice: choice for choice in item.choices}
    wrong = [(option, by_id[option.id]) for option in options if not option.is_right and option.id in by_id]
    key = _about_key(item, wrong, lesson)
    found = [key, None if key else _misleading(wrong, lesson), *_about_all(item, lesson)]
    found += _dead(item, wrong)
    return [one for one in found if one is not None]


Wrong = Sequence[tuple[Option, ChoiceFigures]]


def _about_key(item: ItemFigures, wrong: Wrong, lesson: str) -> Finding | None:
    """Discrimination below zero by more than a standard error, and whether a wrong answer draws the good."""
    if item.rest is None or item.rest.value + (item.rest.error or 0) >= 0:
        return None
    for option, choice in wrong:
        if choice.share.value >= NOTICED and choice.rest and choice.rest.value > (choice.rest.error or 0):
            said = translate(
                N_("Người giỏi lại hay chọn %(letter)s: %(tens)s, và họ làm tốt các câu khác. %(why)s"),
                letter=option.letter,
                tens=_tens(choice.share.value),
                why=translate(N_("Đáp án có thể sai, hoặc %(letter)s cũng đúng."), letter=option.letter),
            )
            return Finding(WRONG_KEY, said, option.letter)
    why = translate(N_("Xem lại lời hỏi và %(lesson)s."), lesson=lesson) if lesson else ""
    said = translate(N_("Người làm tốt các câu khác lại hay sai câu này. %(why)s"), why=why).strip()
    return Finding(NEGATIVE, said)


def _misleading(wrong: Wrong, lesson: str) -> Finding | None:
    drawn = max(wrong, key=lambda one: one[1].share.value, default=None)
    if drawn is None or drawn[1].share.value < MISLEADS:
        return None
    option, choice = drawn
    if lesson:
        why = translate(N_("%(lesson)s có thể gây hiểu nhầm"), lesson=lesson)
    else:
        why = translate(N_("lời hỏi có thể gây hiểu nhầm"))
    said = translate(
        N_("%(tens)s chọn %(letter)s: %(why)s."),
        tens=_tens(choice.share.value),
        letter=option.letter,
        why=why,
    )
    return Finding(MISLEADING, said, option.letter)


def _about_all(item: ItemFigures, lesson: str) -> list[Finding]:
    found = []
    tens = _tens(item.facility.value)
    if item.facility.value <= TOO_HARD:
        again = translate(N_("Xem lại %(lesson)s có dạy đủ chưa."), lesson=lesson) if lesson else ""
        said = translate(N_("Chỉ %(tens)s trả lời đúng. %(again)s"), tens=tens, again=again).strip()
        found.append(Finding(HARD, said))
    if item.facility.value >= TOO_EASY:
        said = translate(N_("%(tens)s trả lời đúng: câu này cho biết ít về người học."), tens=tens)
        found.append(Finding(EASY, said))
    if item.unsure.value >= NOT_SURE:
        said = translate(N_("%(tens)s chọn “Tôi không chắc”."), tens=_tens(item.unsure.value))
        found.append(Finding(UNSURE, said))
    return found


def _dead(item: ItemFigures, wrong: Wrong) -> list[Finding]:
    """Wrong answers that hardly anybody takes; where nearly all are right, that is no wonder."""
    if item.facility.value >= TOO_EASY:
        return []
    return [
        Finding(
            DEAD,
            translate(
                N_("Đáp án %(letter)s gần như không ai chọn: thay bằng điều người học hay nhầm thật."),
                letter=option.letter,
            ),
            option.letter,
        )
        for option, choice in wrong
        if choice.share.value < SELDOM
    ]


def _tens(share: float) -> str:
    """'7 trên 10 người'; near the ends in percent, for no person is rounded away."""
    tens = round(10 * share)
    if tens in (0, 10):
        return translate(N_("%(n)s%% số người"), n=round(100 * share))
    return translate(N_("%(n)s trên 10 người"), n=tens)
