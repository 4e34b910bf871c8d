"""What an item of QTI asks, and what of it is right; elements have the names of version 2.1.

The key is `correctResponse`; a mapping beside it that says otherwise makes the item unclear, and so refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element

from lms.quiz.exchange.item import Part, Passage
from lms.quiz.exchange.numbers import vietnamese
from lms.quiz.exchange.passages import GAP_TEXT, blocks_with, passage_of
from lms.quiz.exchange.qti.rules import Rules
from lms.quiz.exchange.qti.texts import plain_text
from lms.quiz.plain import words_of
from lms.quiz.question import Report
from lms.quiz.types.tap import Region

_IN_A_LINE = ("textEntryInteraction", "inlineChoiceInteraction")
_CHOICES = ("simpleChoice", "simpleAssociableChoice", "inlineChoice")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?")
_COORDINATE = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Read:
    """What is asked; `names` are the identifiers of the parts' feedback, `blocks` those of the body that are
    the text with gaps, and so no part of the stem."""

    kind: str
    parts: Sequence[Part]
    names: Sequence[str]
    passage: Passage = ()
    picture: str = ""
    shows: str = ""
    keeps_order: bool = False
    blocks: Sequence[Element] = ()


class Response:
    """One declared response: its key and what answers are worth."""

    def __init__(self, declared: Element) -> None:
        self.base = declared.get("baseType", "")
        self.is_single = declared.get("cardinality") == "single"
        self.right = [_one_line(value.text) for value in declared.iterfind("correctResponse/value")]
        self.worths = {
            _one_line(entry.get("mapKey")): _worth(entry.get("mappedValue", ""))
            for entry in declared.iterfind("mapping/mapEntry")
        }

    @property
    def is_clear(self) -> bool:
        """Whether a mapping calls right what the key does, all of it alike."""
        full = {key for key, worth in self.worths.items() if worth > 0}
        return not full or full == {*self.right}

    def accepted(self) -> list[str] | None:
        """The texts that may be typed; None where it is unclear which."""
        full = [key for key, worth in self.worths.items() if worth > 0]
        is_clear = self.right and len({self.worths[key] for key in full}) <= 1
        if not is_clear or (full and not {*self.right} <= {*full}):
            return None
        return list(dict.fromkeys([*self.right, *full]))


class Asked:
    """Reads the interaction of an item, or its gaps; what is unclear is reported as a refusal."""

    def __init__(self, root: Element, rules: Rules, report: Report) -> None:
        self._root = root
        self._rules = rules
        self._report = report
        self._responses = {
            declared.get("identifier", ""): Response(declared)
            for declared in root.iterfind("responseDeclaration")
        }

    def read(self) -> Read | None:
        """Kind and answers, or None and a mistake."""
        readers = {
            "choiceInteraction": self._choice,
            "orderInteraction": self._ordering,
            "matchInteraction": self._matching,
            "hottextInteraction": self._spot,
            "hotspotInteraction": self._tap,
        }
        asked = [element for element in self._root.iter() if element.tag.endswith("Interaction")]
        responses = [self._responses.get(one.get("responseIdentifier", "")) for one in asked]
        known = [response for response in responses if response is not None]
        if len(known) == len(asked) == len(self._responses):
            if len(asked) == 1 and asked[0].tag in readers:
                return readers[asked[0].tag](asked[0], known[0])
            if asked and all(one.tag in _IN_A_LINE for one in asked):
                return self._typed_or_gaps(asked, known)
        seen = ", ".join(one.tag for one in asked) or "không có"
        self._refuse(
            "Không nhận được kiểu tương tác này.", seen, f"một trong: {', '.join((*readers, *_IN_A_LINE))}"
        )
        return None

    def _refuse(self, message: str, seen: str, expected: str) -> None:
        self._report(1, message, seen=seen, expected=expected)

    def _unclear(self, response: Response) -> None:
        self._refuse(
            "Không rõ đáp án nào đúng.",
            f"correctResponse: {', '.join(response.right) or 'không có'}",
            "<correctResponse><value>A</value></correctResponse>, mapping nếu có cũng nói như vậy",
        )

    def _choices(self, interaction: Element) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for choice in interaction.iter():
            if choice.tag not in _CHOICES:
                continue
            name, text = choice.get("identifier", ""), plain_text(choice)
            if not text or name in found or any(one.tag in ("img", "object") for one in choice.iter()):
                self._refuse(
                    "Đáp án phải là chữ, không trống, không phải hình.",
                    name or "không tên",
                    "<simpleChoice identifier=…>",
                )
                return None
            found[name] = text
        return found

    def _is_known(self, response: Response, names: Mapping[str, object]) -> bool:
        """Whether the key names choices that there are; else it is reported."""
        is_fitting = len(response.right) == 1 or not response.is_single
        if response.right and {*response.right} <= names.keys() and is_fitting and response.is_clear:
            return True
        self._unclear(response)
        return False

    def _choice(self, interaction: Element, response: Response) -> Read | None:
        choices = self._choices(interaction)
        if choices is None or not self._is_known(response, choices):
            return None
        parts = [Part(text, name in response.right) for name, text in choices.items()]
        kind = "single" if response.is_single else "multiple"
        return Read(kind, parts, list(choices), keeps_order=interaction.get("shuffle") == "false")

    def _ordering(self, interaction: Element, response: Response) -> Read | None:
        choices = self._choices(interaction)
        if choices is None:
            return None
        if sorted(response.right) != sorted(choices):
            self._unclear(response)
            return None
        return Read("ordering", [Part(choices[name]) for name in response.right], response.right)

    def _matching(self, interaction: Element, response: Response) -> Read | None:
        sides = [self._choices(side) for side in interaction.iterfind("simpleMatchSet")]
        found = [side for side in sides if side is not None]
        if len(found) != 2:
            self._refuse("Câu nối cặp cần hai nhóm.", f"{len(sides)} nhóm", "hai simpleMatchSet")
            return None
        lefts, rights = found
        pairs = [value.partition(" ")[::2] for value in response.right]
        partners = dict(pairs)
        is_whole = (
            sorted(left for left, _ in pairs) == sorted(lefts) and {*partners.values()} <= rights.keys()
        )
        if not is_whole or not response.is_clear:
            self._unclear(response)
            return None
        parts = [Part(text, partner=rights[partners[name]]) for name, text in lefts.items()]
        used = {*partners.values()}
        unused = [Part("", partner=text) for name, text in rights.items() if name not in used]
        return Read("matching", [*parts, *unused], [*lefts, *[""] * len(unused)])

    def _spot(self, interaction: Element, response: Response) -> Read | None:
        marks = list(interaction.iter("hottext"))
        names = {mark.get("identifier", ""): place for place, mark in enumerate(marks)}
        if len(names) < len(marks) or not self._is_known(response, names):
            return None
        parts = [Part(plain_text(mark), mark.get("identifier") in response.right) for mark in marks]
        places = {mark: place for place, mark in enumerate(marks)}
        blocks = (block for block in interaction if block.tag != "prompt")
        return Read("spot", parts, list(names), passage=passage_of(blocks, places.get))

    def _tap(self, interaction: Element, response: Response) -> Read | None:
        shown = next((one for one in interaction if one.tag in ("object", "img")), None)
        spots = {one.get("identifier", ""): one for one in interaction.iterfind("hotspotChoice")}
        if shown is None or not self._is_known(response, spots):
            return None
        parts = []
        for name, spot in spots.items():
            region = _region(spot, shown)
            if region is None or not spot.get("hotspotLabel", "").strip():
                self._refuse(
                    "Vùng trên hình phải là hình chữ nhật, có tên.",
                    f"{name}: {spot.get('shape')} {spot.get('coords')}",
                    '<hotspotChoice shape="rect" coords="10,20,60,80" hotspotLabel="tên vùng">',
                )
                return None
            parts.append(Part(_one_line(spot.get("hotspotLabel")), name in response.right, region=region))
        shows = shown.get("alt") or "".join(shown.itertext())
        href = shown.get("data") or shown.get("src") or ""
        return Read("tap", parts, list(spots), picture=href, shows=_one_line(shows))

    def _typed_or_gaps(self, asked: Sequence[Element], responses: Sequence[Response]) -> Read | None:
        body = self._root.find("itemBody")
        blocks = blocks_with(asked, body) if body is not None else ()
        if len(asked) == 1 and asked[0].tag == "textEntryInteraction" and not _is_gap(asked[0], blocks, body):
            if responses[0].base in ("float", "integer"):
                return self._number(responses[0])
            return self._short(responses[0])
        parts = [self._gap(one, response) for one, response in zip(asked, responses, strict=True)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        places = {one: place for place, one in enumerate(asked)}
        return Read("gaps", known, [""] * len(known), passage=passage_of(blocks, places.get), blocks=blocks)

    def _gap(self, asked: Element, response: Response) -> Part | None:
        if asked.tag == "textEntryInteraction":
            accepted = response.accepted() if response.base in ("string", "integer") else None
            if accepted:
                return Part(accepted[0], also=tuple(accepted[1:]))
            self._unclear(response)
            return None
        choices = self._choices(asked)
        if choices is None or not self._is_known(response, choices) or len(response.right) != 1:
            return None
        (right,) = response.right
        wrong = [choices[name] for name in sorted(choices) if name != right]
        return Part(choices[right], wrong=tuple(wrong))

    def _short(self, response: Response) -> Read | None:
        accepted = response.accepted() if response.base == "string" else None
        if not accepted:
            self._unclear(response)
            return None
        told = self._rules.shown_for_typed()
        return Read(
            "short", [Part(text) for text in accepted], [told.get(words_of(text), "") for text in accepted]
        )

    def _number(self, response: Response) -> Read | None:
        scored = self._rules.scored_numbers()
        if scored == [] and response.is_clear:
            intervals = [vietnamese(value) for value in response.right]
        elif scored and len({one.worth for one in scored}) == 1:
            intervals = [interval for one in scored for interval in one.intervals]
        else:
            intervals = []
        if not intervals or not all(intervals):
            self._unclear(response)
            return None
        told = self._rules.shown_for_numbers()
        parts = [Part(interval) for interval in dict.fromkeys(intervals)]
        return Read("number", parts, [told.get(part.text, "") for part in parts])


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _worth(text: str) -> float:
    """What an entry is worth; what is no number is worth what nothing else is, so that it is refused."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else float("inf")


def _is_gap(asked: Element, blocks: Sequence[Element], body: Element | None) -> bool:
    """Whether what is typed fills a text: the text stands by itself, below what is asked."""
    if not blocks or body is None or blocks[0].get("class") == GAP_TEXT:
        return bool(blocks)
    has_words = any("".join(block.itertext()).strip() for block in blocks)
    before = body[: list(body).index(blocks[0])]
    return has_words and any("".join(block.itertext()).strip() for block in before) and asked.tag != ""


def _region(spot: Element, shown: Element) -> Region | None:
    """Where a rectangle lies on the picture, to a hundredth of a percent; None where that is unclear."""
    coords = [one.strip() for one in spot.get("coords", "").split(",")]
    sizes = [shown.get("width", ""), shown.get("height", "")]
    if spot.get("shape") != "rect" or len(coords) != 4:
        return None
    if not all(map(_COORDINATE.fullmatch, (*coords, *sizes))) or not all(map(Decimal, sizes)):
        return None
    width, height = map(Decimal, sizes)
    left, top, right, bottom = (
        (Decimal(one) * 100 / whole).quantize(_CENT, ROUND_HALF_UP)
        for one, whole in zip(coords, (width, height) * 2, strict=True)
    )
    return Region(float(left), float(top), float(right - left), float(bottom - top))
