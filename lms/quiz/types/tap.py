"""Tap the spot: regions of a picture are tapped, or ticked in the list below it; some are signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import NO_PROSE, Prose
from lms.quiz.choice import Option
from lms.quiz.plain import Mistakes, option_id, read_plain
from lms.quiz.question import UNSURE, Answer, AnswerLine, Example, RenderProse, Report
from lms.quiz.signs import Signs
from lms.quiz.widgets import Blanks, unsure_alone

MOST_REGIONS = 6  # how many the style sheet tells apart

_PICTURE = re.compile(
    r"(?P<path>media/[A-Za-z0-9._-]+\.(?:svg|png|jpe?g|webp))\s*(?:\|\s*(?P<alt>.*))?", re.I
)
_PERCENT = r"(\d{1,3}(?:[.,]\d{1,2})?)%"
_REGION = re.compile(rf"\([ xX]\)\s+{_PERCENT}\s+{_PERCENT}\s+{_PERCENT}\s+{_PERCENT}\s*\|(.*)", re.DOTALL)
_IN_ALT = re.compile(r"([\\\[\]*_`])")
_FIGURE = Blanks('<div class="tap-picture">{picture}<svg role="presentation">{regions}</svg></div>\n')
_PLACE = Blanks(
    '<foreignObject x="{left}%" y="{top}%" width="{width}%" height="{height}%">{inside}</foreignObject>'
)
_TO_TAP = Blanks(
    '<label class="tap-region region-{number}" for="{name}-{number}">'
    '<span aria-hidden="true">{number}</span></label>'
)
_REACH = Blanks('<div class="tap-reach"><label for="{name}-{number}"></label></div>')
_JUDGED = Blanks('<div class="tap-region {state}"><span aria-hidden="true">{number}</span></div>')
_BOX = Blanks('<input type="checkbox" name="{name}" value="{value}"{checked} id="{name}-{number}">\n')
_ROW = Blanks(
    '<li><label for="{name}-{number}"><span class="region-number" aria-hidden="true">{number}</span>'
    "<span>{text}</span></label></li>\n"
)
_LIST = Blanks('<ol class="tap-region-list">\n{rows}</ol>\n')
_STATES = {"correct": "right", "missed": "missed", "mistaken": "wrong"}

_BLOCK = (
    "```tap media/trang.svg | Một trang web trên điện thoại\n"
    "(x) 12% 8% 76% 10% | thanh địa chỉ\n  > Tên trang không có đuôi .gov.vn.\n"
    "( ) 12% 30% 76% 10% | ô “Họ và tên”\n(x) 12% 50% 76% 10% | ô “Mã OTP”\n"
    "( ) 12% 70,5% 76% 12.25% | nút “Gửi”\n```"
)
_ADDRESS, _NAME, _CODE, _BUTTON = map(
    option_id, ("thanh địa chỉ", "ô “Họ và tên”", "ô “Mã OTP”", "nút “Gửi”")
)
_ONLY_SIGNS = "```tap media/trang.svg | Trang\n(x) 0% 0% 50% 100% | trái\n(X) 50% 0% 50% 100% | phải\n```"


@dataclass(frozen=True)
class Region:
    """A rectangle on the picture, in percent of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def overlaps(self, other: "Region") -> bool:
        """Whether a finger could mean both."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    @property
    def is_inside(self) -> bool:
        """Whether it lies on the picture, and there is something of it."""
        return (
            min(self.width, self.height) > 0
            and self.left + self.width <= 100
            and self.top + self.height <= 100
        )


class _Drawn(NamedTuple):
    """A region as its author drew it."""

    line: AnswerLine
    name: str
    region: Region


@dataclass(frozen=True, kw_only=True)
class Tap(Signs, kind="tap"):
    """A picture; the options are its regions, read from top to bottom: the author's order could hint."""

    label = N_("Chạm vào hình")
    fence = "tap"
    line_example = (
        "```tap media/trang.svg | Một trang web trên điện thoại\n"
        "(x) 12% 8% 76% 10% | thanh địa chỉ\n( ) 12% 60% 76% 12% | nút “Gửi”\n```"
    )
    examples = (
        Example(_BLOCK, {"chosen": [_ADDRESS, _CODE]}, 1.0),
        Example(_BLOCK, {"chosen": [_ADDRESS]}, 0.5),
        Example(_BLOCK, {"chosen": [_ADDRESS, _NAME, _CODE]}, 0.5),
        Example(_BLOCK, {"chosen": [_ADDRESS, _NAME, _CODE, _BUTTON]}, 0.0),
        Example(_BLOCK, {"chosen": [_NAME]}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
        Example(_ONLY_SIGNS, {"chosen": [option_id("trái")]}, 0.5),
    )

    picture: Prose
    regions: tuple[Region, ...]

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The picture and its regions, or None: no picture, no words for it, regions that cannot be."""
        mistakes = Mistakes(report)
        written = _joined(lines)
        picture = _picture((*written, *lines)[0], prose, mistakes, cls.line_example)
        found = [_region(line, mistakes, cls.line_example) for line in written[1:]]
        drawn = [one for one in found if one is not None]
        options = _options(drawn, prose, mistakes, cls.line_example)
        _check_overlaps(drawn, mistakes)
        if not mistakes.count:
            _check_number(options, written, mistakes, cls.line_example)
        if mistakes.count:
            return None
        placed = sorted(
            zip(drawn, options, strict=True), key=lambda one: (one[0].region.top, one[0].region.left)
        )
        return {
            "picture": picture,
            "regions": tuple(one.region for one, _ in placed),
            "options": tuple(option for _, option in placed),
        }

    def key(self) -> list[Any]:
        """The picture, its regions, and which of them are signs."""
        places = [[one.left, one.top, one.width, one.height] for one in self.regions]
        return [self.picture.source, super().key(), places]

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The boxes, the picture and the list; in picture and list stand labels of the same boxes."""
        chosen = self._chosen(saved)
        numbered = list(enumerate(self.options, 1))
        boxes = [
            _BOX.format(
                name=name,
                value=option.id,
                number=number,
                checked=Markup(" checked") if option.id in chosen else "",
            )
            for number, option in numbered
        ]
        reaches = [_REACH.format(name=name, number=number) for number, _ in numbered]
        labels = [_TO_TAP.format(name=name, number=number) for number, _ in numbered]
        rows = [_ROW.format(name=name, number=number, text=option.html) for number, option in numbered]
        told = translate("Chạm vào chỗ trên hình, hoặc chọn trong danh sách bên dưới. Có thể có nhiều chỗ.")
        return Blanks('<p class="muted small">{}</p>\n<div class="tap-spot">\n{}{}{}</div>\n{}').format(
            told,
            Markup("").join(boxes),
            self._figure(reaches, labels),
            _LIST.format(rows=Markup("").join(rows)),
            unsure_alone(name, checked=saved == UNSURE),
        )

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The picture with the regions found, missed and mistaken; each number told below."""
        verdicts = self._verdicts(self.option_ids, answer)
        judged = [verdicts.get(option.id) for option in self.options]
        marks = [
            _JUDGED.format(state=_STATES[one.state], number=one.number) if one else Markup("")
            for one in judged
        ]
        return Blanks('<div class="tap-spot">\n{}</div>\n{}').format(
            self._figure(marks), self._told(verdicts, answer)
        )

    def _figure(self, *layers: Sequence[Markup]) -> Markup:
        """The picture, and over it marks in the regions that have one; places are attributes, not styles."""
        places = [
            _PLACE.format(
                left=f"{region.left:g}",
                top=f"{region.top:g}",
                width=f"{region.width:g}",
                height=f"{region.height:g}",
                inside=mark,
            )
            for inside in layers
            for region, mark in zip(self.regions, inside, strict=True)
            if mark
        ]
        return _FIGURE.format(picture=self.picture, regions=Markup("").join(places))


def _joined(lines: Sequence[AnswerLine]) -> list[AnswerLine]:
    """The picture's line and the regions' lines, each with its continuation and feedback."""
    found: list[AnswerLine] = []
    for line in lines:
        if found and line.text[:1].isspace():
            found[-1] = found[-1].continued(line.text) if line.text.strip() else found[-1]
        elif line.text.strip():
            found.append(line)
    return found


def _picture(line: AnswerLine, prose: RenderProse, mistakes: Mistakes, example: str) -> Prose:
    """The picture as the course keeps it; who reads the course tells whether it is there."""
    match = _PICTURE.fullmatch(line.text.strip())
    if match is None:
        mistakes(
            line.line,
            "Sau chữ tap là hình, lấy trong thư mục media.",
            seen=line.text or "không có gì",
            expected=example,
        )
    elif not (match["alt"] or "").strip():
        mistakes(line.line, "Hình chưa có lời tả.", seen=line.text, expected=example)
    else:
        alt = _IN_ALT.sub(r"\\\1", " ".join(match["alt"].split()))
        return prose(f"![{alt}]({match['path']})")
    return NO_PROSE


def _region(line: AnswerLine, mistakes: Mistakes, example: str) -> _Drawn | None:
    """The region on this line; None where none can be read."""
    match = _REGION.fullmatch(line.text)
    if match is None:
        mistakes(
            line.line,
            "Mỗi vùng một dòng: (x) hoặc ( ), trái, trên, rộng, cao tính bằng %, dấu |, rồi tên vùng.",
            seen=line.text,
            expected=example,
        )
        return None
    *numbers, name = match.groups()
    region = Region(*(float(number.replace(",", ".")) for number in numbers))
    if not region.is_inside:
        mistakes(
            line.line,
            "Vùng nằm ngoài hình.",
            seen=line.text,
            expected="trái + rộng và trên + cao nhiều nhất 100%, rộng và cao lớn hơn 0%",
        )
    return _Drawn(line, name, region)


def _options(drawn: Sequence[_Drawn], prose: RenderProse, mistakes: Mistakes, example: str) -> list[Option]:
    options: list[Option] = []
    for line, name, _ in drawn:
        taken = [option.text for option in options]
        if text := read_plain(line, name, taken, mistakes, example):
            feedback = prose(line.feedback) if line.feedback else NO_PROSE
            options.append(Option(text, line.text[1] in "xX", feedback))
    return options


def _check_overlaps(drawn: Sequence[_Drawn], mistakes: Mistakes) -> None:
    for above, below in combinations(drawn[:MOST_REGIONS], 2):
        if above.region.overlaps(below.region):
            mistakes(
                below.line.line,
                "Hai vùng chồng lên nhau.",
                seen=f"dòng {above.line.line}: {above.line.text}; dòng {below.line.line}: {below.line.text}",
                expected="các vùng tách rời, để một lần chạm chỉ là một vùng",
            )


def _check_number(
    options: Sequence[Option], written: Sequence[AnswerLine], mistakes: Mistakes, example: str
) -> None:
    if not 2 <= len(options) <= MOST_REGIONS:
        mistakes(
            written[0].line,
            f"Hình cần từ 2 đến {MOST_REGIONS} vùng.",
            seen=f"{len(options)} vùng",
            expected=example,
        )
    elif not any(option.right for option in options):
        mistakes(
            written[0].line,
            "Chưa có vùng nào mang dấu (x).",
            seen="không có dấu (x) nào",
            expected=example,
        )
