"""Matching: each left is given its right, chosen from a list that may hold distractors."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.plain import Mistakes, html_of, option_id, read_plain, words_of
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, Form, Question, RenderProse, Report
from lms.quiz.widgets import (
    UNSURE_TEXT,
    UNSURE_VALUE,
    Blanks,
    feedback,
    listed,
    select,
    unsure_alone,
    unsure_revealed,
    verdict,
)

MOST_PAIRS = 12
MOST_RIGHTS = 26

_BETWEEN = re.compile(r"(?:^|(?<=\s))::(?=\s|$)")
_BLOCK = "- Bị lừa tiền :: 113\n  > Báo ngay.\n- Tin nhắn rác :: 156\n- Cháy nhà :: 114\n- :: 1022"
_LOST, _SPAM, _FIRE = map(option_id, ("Bị lừa tiền", "Tin nhắn rác", "Cháy nhà"))
_113, _156, _114, _1022 = map(option_id, ("113", "156", "114", "1022"))
_ASKED = Blanks('<li><label for="{id}">{left}</label>{field}</li>\n')
_REVEALED = Blanks(
    '<li class="{state}"><span>{left}</span><strong>{right}</strong>{verdict}{feedback}</li>\n'
)
_RIGHTS = Blanks('<p class="print-only small">{}</p>\n')


@dataclass(frozen=True)
class Pair:
    """What belongs together; several lefts may have the same right."""

    left: str
    right: str
    feedback: Prose = NO_PROSE

    @property
    def left_id(self) -> str:
        """Known by its words."""
        return option_id(self.left)

    @property
    def right_id(self) -> str:
        """Known by its words."""
        return option_id(self.right)


@dataclass(frozen=True, kw_only=True)
class Matching(Question, kind="matching"):
    """Partial credit: the share of pairs found. An answer is `{"pairs": {left id: right id}}`."""

    label = N_("Nối cặp")
    line_form = re.compile(r"- (?![(\[][ xX][)\]])(?:.*\s)?::(?:\s|$)")
    line_example = "- vế trái :: vế phải\n- vế trái khác :: vế phải khác\n- :: vế phải thừa"
    has_own_look = True
    examples = (
        Example(_BLOCK, {"pairs": {_LOST: _113, _SPAM: _156, _FIRE: _114}}, 1.0),
        Example(_BLOCK, {"pairs": {_LOST: _113, _SPAM: _1022, _FIRE: _156}}, 1 / 3),
        Example(_BLOCK, {"pairs": {_SPAM: _156, _FIRE: _114}}, 2 / 3),
        Example(_BLOCK, {"pairs": {_LOST: _156}}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
        Example(
            "- `.gov.vn` :: Nhà nước\n- `.com` :: Ai cũng được\n- `.vn` :: Ai cũng được",
            {"pairs": {option_id("`.vn`"): option_id("Ai cũng được")}},
            1 / 3,
        ),
    )

    pairs: tuple[Pair, ...]
    distractors: tuple[str, ...] = ()

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """Pairs, and rights without a left; two rights at least, or there is nothing to choose."""
        mistakes = Mistakes(report)
        pairs: list[Pair] = []
        alone: dict[str, int] = {}  # distractors, with their lines
        for line in lines:
            left, right = cls._sides(line, [pair.left for pair in pairs], alone, mistakes)
            if left and right:
                pairs.append(Pair(left, right, prose(line.feedback) if line.feedback else NO_PROSE))
            elif right:
                alone[right] = line.line
        if not mistakes.count:
            cls._check_number(lines[0].line, pairs, alone, mistakes)
        return None if mistakes.count else {"pairs": tuple(pairs), "distractors": tuple(alone)}

    @classmethod
    def _sides(
        cls, line: AnswerLine, lefts: Sequence[str], alone: Collection[str], report: Report
    ) -> tuple[str, str]:
        """Left and right of a line, the left empty for a distractor; both empty once a mistake was told."""
        sides = _BETWEEN.split(line.text[2:])
        if len(sides) > 2:
            report(
                line.line,
                "Mỗi dòng nối cặp có một dấu :: duy nhất.",
                seen=line.text,
                expected="- vế trái :: vế phải; dấu :: trong chữ thì viết \\:\\:",
            )
            return "", ""
        left = read_plain(line, sides[0], lefts, report, cls.line_example) if sides[0].strip() else ""
        taken = alone if not sides[0].strip() else ()
        right = read_plain(line, sides[1], taken, report, cls.line_example)
        return (left, right) if left or not sides[0].strip() else ("", "")

    @classmethod
    def _check_number(
        cls, first: int, pairs: Sequence[Pair], alone: Mapping[str, int], report: Report
    ) -> None:
        rights = {pair.right for pair in pairs}
        if both := rights & alone.keys():
            report(
                min(alone[right] for right in both),
                "Vế phải thừa trùng với vế phải của một cặp.",
                seen="; ".join(sorted(both)),
                expected="- :: một vế phải khác",
            )
        elif not 1 <= len(pairs) <= MOST_PAIRS or not 2 <= len(rights) + len(alone) <= MOST_RIGHTS:
            report(
                first,
                f"Câu nối cặp cần từ 1 đến {MOST_PAIRS} cặp, từ 2 đến {MOST_RIGHTS} vế phải khác nhau.",
                seen=f"{len(pairs)} cặp, {len(rights) + len(alone)} vế phải",
                expected=cls.line_example,
            )

    def key(self) -> list[Any]:
        """Pairs and distractors in the author's order."""
        return [[[pair.left, pair.right] for pair in self.pairs], list(self.distractors)]

    @property
    def _rights(self) -> Mapping[str, str]:
        """Every right once, by its id."""
        return {option_id(text): text for text in (*(pair.right for pair in self.pairs), *self.distractors)}

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The rights, in an order of their own: the author's follows the lefts."""
        return tuple(sorted(self._rights))

    @property
    def keeps_order(self) -> bool:
        """Never: the author's order is the key."""
        return False

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """A list to choose from beside every left."""
        given, rights = self._given(saved), self._rights
        rows = []
        for number, pair in enumerate(self.pairs, 1):
            id_ = f"{name}-{number}"
            values = [(f"{pair.left_id}.{right}", words_of(rights[right])) for right in order]
            chosen = f"{pair.left_id}.{given.get(pair.left_id)}"
            field = select(name, id_, values, chosen)
            rows.append(_ASKED.format(id=id_, left=html_of(pair.left), field=field))
        listed = "; ".join(words_of(rights[right]) for right in order)
        return (
            Blanks('<ul class="matching">\n{}</ul>\n').format(Markup("").join(rows))
            + _RIGHTS.format(translate("Chọn trong: %(answers)s.", answers=listed))
            + unsure_alone(name, checked=saved == UNSURE)
        )

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """Every left with what was given to it, and with what belongs to it where that is another."""
        given, rows = self._given(answer), [self._revealed(pair, answer) for pair in self.pairs]
        found = sum(given.get(pair.left_id) == pair.right_id for pair in self.pairs)
        told = translate("Đúng %(n)s trên %(all)s cặp.", n=found, all=len(self.pairs))
        return Blanks('{}<ul class="matching">\n{}</ul>\n{}').format(
            unsure_revealed() if answer == UNSURE else "",
            Markup("").join(rows),
            Blanks("<p>{}</p>").format(told) if given else "",
        )

    def _revealed(self, pair: Pair, answer: Answer | None) -> Markup:
        chosen = self._given(answer).get(pair.left_id)
        state, shown, right = "right", html_of(pair.right), words_of(pair.right)
        if chosen == pair.right_id:
            said = verdict(translate("Đúng"), right=True)
        elif answer is None or answer == UNSURE:
            state, said = "", verdict(translate("Đáp án đúng"), right=True)
        else:
            state = "wrong"
            shown = html_of(self._rights[chosen]) if chosen else Markup("–")
            said = verdict(
                translate("Chưa đúng. Đáp án: %(answer)s", answer=right)
                if chosen
                else translate("Bỏ trống. Đáp án: %(answer)s", answer=right),
                right=False,
            )
        return _REVEALED.format(
            state=state,
            left=html_of(pair.left),
            right=shown,
            verdict=said,
            feedback=feedback(pair.feedback),
        )

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """Every value names its left and its right; a choice counts, a doubt beside it then does not."""
        values = form.get(name, ())
        if pairs := listed(values):
            return {"pairs": pairs}
        return dict(UNSURE) if UNSURE_VALUE in values else None

    def answer_problem(self, answer: Answer | None) -> str | None:
        """A left or a right that this question does not have, or something that is no pairing at all."""
        if answer is None or answer == UNSURE:
            return None
        pairs = answer.get("pairs")
        if isinstance(pairs, dict) and pairs and self._given(answer) == pairs:
            return None
        return translate("Đáp án đã gửi không có trong câu hỏi này. Hãy chọn lại.")

    def grade(self, answer: Answer | None) -> float:
        """Pairs found ÷ pairs."""
        given = self._given(answer)
        return sum(given.get(pair.left_id) == pair.right_id for pair in self.pairs) / len(self.pairs)

    def model_answer(self) -> Answer:
        """Every left with its right."""
        return {"pairs": {pair.left_id: pair.right_id for pair in self.pairs}}

    def right_answer(self) -> str:
        """Pair by pair."""
        return self.answer_text(self.model_answer())

    def answer_text(self, answer: Answer | None) -> str:
        """The pairs that were made, in the author's order of lefts."""
        if answer == UNSURE:
            return translate(UNSURE_TEXT)
        given, rights = self._given(answer), self._rights
        made = [(pair.left, rights[given[pair.left_id]]) for pair in self.pairs if pair.left_id in given]
        return "; ".join(f"{words_of(left)} → {words_of(right)}" for left, right in made)

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What is said to each pair that was answered."""
        given = self._given(answer)
        return tuple(pair.feedback for pair in self.pairs if pair.left_id in given and pair.feedback)

    def _given(self, answer: Answer | None) -> dict[str, str]:
        """Right ids by left id, of those that this question has."""
        pairs = answer.get("pairs") if answer else None
        if not isinstance(pairs, dict):
            return {}
        lefts, rights = {pair.left_id for pair in self.pairs}, self._rights
        return {
            left: right
            for left, right in pairs.items()
            if left in lefts and isinstance(right, str) and right in rights
        }
