"""One item of QTI taken apart: its texts, its metadata, and what `answers` reads of its interaction."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.markdown_writer import escaped, markdown_from
from lms.quiz.exchange.qti.answers import Asked, Read
from lms.quiz.exchange.qti.package import Package
from lms.quiz.exchange.qti.rules import Rules
from lms.quiz.exchange.qti.texts import Texts
from lms.quiz.exchange.texts import MOST_POINTS, is_too_long, split_text
from lms.quiz.exchange.xml import Node

_FEEDBACK = ("modalFeedback", "feedbackInline")
_OTHER_TEXTS = ("feedbackBlock", "rubricBlock", "templateBlock")
_HINTS = ("hint", "ext:hint")
_FILL_IN = "Điền vào chỗ trống."


class ItemReader:
    """Reads an item whose one interaction, or whose gaps, are of a kind that we have."""

    def __init__(self, root: Node, name: str, number: int, ears: Ears) -> None:
        self._root = root
        self._name = name
        self._number = number
        self._ears = ears
        self._rules = Rules(root)

    def item(self, package: Package) -> Item | None:
        """The question, or None and its mistake."""
        if is_too_long("".join(self._root.itertext()), self._number, self._ears.mistake):
            return None
        read = Asked(self._root, self._rules, self._refuse).read()
        if read is None:
            return None
        texts = Texts(package, self._name)
        stem, material = self._stem(texts, read)
        told = {one.get("identifier", ""): one for one in self._feedback({*read.names} - {""})}
        hints, why = list(self._hints()), list(self._explanations())
        self._tell_of_others({*told.values(), *hints, *why})
        item = Item(
            read.kind,
            stem,
            [
                replace(part, feedback=_text(texts, told[name])) if name in told else part
                for part, name in zip(read.parts, read.names, strict=True)
            ],
            line=self._number,
            id=self._root.get("identifier", ""),
            material=material,
            hints=tuple(_text(texts, hint) for hint in hints),
            explanation="\n\n".join(_text(texts, one) for one in why),
            points=self._points(),
            fixed=read.keeps_order,
            passage=read.passage,
            picture=texts.picture(read.picture) if read.picture else "",
            shows=read.shows,
        )
        return replace(item, files=texts.files)

    def _refuse(self, line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        self._ears.mistake(self._number, message, seen=f"{self._name}: {seen}", expected=expected)

    def _stem(self, texts: Texts, read: Read) -> tuple[str, str]:
        """What is asked, and what stands below it: the prompt, or the first paragraph, and the others."""
        around = Element("itemBody")
        apart = {*read.blocks}
        around.extend(block for block in self._root.iterfind("itemBody/*") if block not in apart)
        prompts = [_text(texts, one) for one in self._root.iterfind("itemBody//prompt")]
        if any(prompts):
            return " ".join(prompts), _text(texts, around)
        stem, material = split_text(_text(texts, around))
        title = " ".join(self._root.get("title", "").split())
        if not stem and read.kind == "gaps":
            stem = escaped(title) if title != self._root.get("identifier") else ""
        return stem or (_FILL_IN if read.kind == "gaps" else ""), material

    def _feedback(self, names: Collection[str]) -> Iterator[Element]:
        """What is told to those who chose, typed or placed the part of this name."""
        for element in self._root.iter():
            name, outcome = element.get("identifier", ""), element.get("outcomeIdentifier", "")
            is_one = element.tag in _FEEDBACK and name in names and _is_shown(element)
            if is_one and self._rules.may_show(outcome, name):
                yield element

    def _explanations(self) -> Iterator[Element]:
        """What is told to everybody."""
        for element in self._root.iterfind("modalFeedback"):
            if element.get("identifier") in self._rules.always_shown and _is_shown(element):
                yield element

    def _hints(self) -> Iterator[Element]:
        for rubric in self._root.iterfind("itemBody//rubricBlock"):
            if rubric.get("use") in _HINTS and "tutor" in rubric.get("view", "").split():
                yield rubric

    def _tell_of_others(self, kept: Collection[Element]) -> None:
        for element in self._root.iter():
            is_left = element.tag in (*_FEEDBACK, *_OTHER_TEXTS) and element not in kept
            if is_left and "".join(element.itertext()).strip():
                self._ears.note(self._number, "Phần này của câu hỏi không giữ lại.", seen=element.tag)

    def _points(self) -> int:
        """What the whole is worth: MAXSCORE, else what the score is at most."""
        outcomes = {one.get("identifier"): one for one in self._root.iterfind("outcomeDeclaration")}
        most, score = outcomes.get("MAXSCORE"), outcomes.get("SCORE")
        told = most.findtext("defaultValue/value", "") if most is not None else ""
        told = (told or (score.get("normalMaximum", "") if score is not None else "")).strip()
        whole = told.removesuffix(".0")
        if whole.isascii() and whole.isdecimal() and 1 <= int(whole[:4]) <= MOST_POINTS:
            return int(whole[:4])
        if told:
            self._ears.note(
                self._number, "Điểm của câu không giữ lại: chỉ nhận số nguyên từ 1 đến 100.", seen=told
            )
        return 1


def _text(texts: Texts, element: Element) -> str:
    return markdown_from(texts.inside(element))


def _is_shown(feedback: Element) -> bool:
    return feedback.get("showHide", "show") == "show"
