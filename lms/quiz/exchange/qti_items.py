"""One item of QTI taken apart; elements have the names of version 2.1, without namespaces."""

import re
from html import escape
from xml.etree.ElementTree import Element

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.markup import markdown_of, plain_of
from lms.quiz.exchange.texts import MOST_POINTS, is_too_long, split_text
from lms.quiz.exchange.xml import Node

_KINDS = {
    "choiceInteraction": "choice",
    "orderInteraction": "ordering",
    "matchInteraction": "matching",
    "textEntryInteraction": "short",
}
_EXPECTED = f"một trong: {', '.join(_KINDS)}, một trong mỗi câu"
_LEFT_BEHIND = ("modalFeedback", "feedbackInline", "feedbackBlock", "rubricBlock")
_Read = tuple[str, list[Part]]


class ItemReader:
    """Reads an item whose one interaction is of a kind that we have."""

    def __init__(self, root: Node, name: str, number: int, ears: Ears) -> None:
        self._root = root
        self._name = name
        self._number = number
        self._ears = ears
        self._right = [
            " ".join((value.text or "").split())
            for value in root.iterfind("responseDeclaration/correctResponse/value")
        ]

    def item(self) -> Item | None:
        """The question, or None and its mistake."""
        asked = [element for element in self._root.iter() if element.tag.endswith("Interaction")]
        declared = self._root.findall("responseDeclaration")
        if is_too_long("".join(self._root.itertext()), self._number, self._ears.mistake):
            return None
        if len(asked) != 1 or asked[0].tag not in _KINDS or len(declared) != 1:
            seen = ", ".join(one.tag for one in asked) or "không có"
            self._refuse("Không nhận được kiểu tương tác này.", seen, _EXPECTED)
            return None
        interaction = asked[0]
        readers = {
            "choice": self._choice,
            "ordering": self._ordering,
            "matching": self._matching,
            "short": self._short,
        }
        read = readers[_KINDS[interaction.tag]](interaction)
        if read is None:
            return None
        kind, parts = read
        for element in self._root.iter():
            if element.tag in _LEFT_BEHIND and "".join(element.itertext()).strip():
                self._ears.note(self._number, "Phần này của câu hỏi không giữ lại.", seen=element.tag)
        body = self._root.find("itemBody")
        stem, material = split_text("" if body is None else markdown_of(_inner(body)))
        return Item(
            kind,
            stem,
            parts,
            line=self._number,
            id=self._root.get("identifier", ""),
            material=material,
            points=self._points(),
            fixed=interaction.get("shuffle") == "false",
        )

    def _refuse(self, message: str, seen: str, expected: str) -> None:
        self._ears.mistake(self._number, message, seen=f"{self._name}: {seen}", expected=expected)

    def _points(self) -> int:
        for outcome in self._root.iterfind("outcomeDeclaration"):
            value = (outcome.findtext("defaultValue/value") or "").strip().removesuffix(".0")
            if outcome.get("identifier") == "MAXSCORE" and value.isascii() and value.isdecimal():
                return min(max(int(value[:4]), 1), MOST_POINTS)
        return 1

    def _choices(self, interaction: Element) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for choice in interaction.iter():
            if choice.tag not in ("simpleChoice", "simpleAssociableChoice"):
                continue
            name, text = choice.get("identifier", ""), plain_of(_inner(choice))
            if not text or name in found or any(one.tag in ("img", "object") for one in choice.iter()):
                self._refuse(
                    "Đáp án phải là chữ, không trống, không phải hình.", name, "<simpleChoice identifier=…>"
                )
                return None
            found[name] = text
        return found

    def _choice(self, interaction: Element) -> _Read | None:
        choices = self._choices(interaction)
        declared = self._root.find("responseDeclaration")
        is_single = declared is not None and declared.get("cardinality") == "single"
        if choices is None:
            return None
        if not self._right or not set(self._right) <= choices.keys() or (is_single and len(self._right) != 1):
            self._unclear()
            return None
        parts = [Part(text, name in self._right) for name, text in choices.items()]
        return "single" if is_single else "multiple", parts

    def _unclear(self) -> None:
        self._refuse(
            "Không rõ đáp án nào đúng.",
            f"correctResponse: {', '.join(self._right) or 'không có'}",
            "<correctResponse><value>A</value></correctResponse>",
        )

    def _ordering(self, interaction: Element) -> _Read | None:
        choices = self._choices(interaction)
        if choices is None:
            return None
        if sorted(self._right) != sorted(choices):
            self._unclear()
            return None
        return "ordering", [Part(choices[name]) for name in self._right]

    def _matching(self, interaction: Element) -> _Read | None:
        sides = [self._choices(side) for side in interaction.iterfind("simpleMatchSet")]
        found = [side for side in sides if side is not None]
        if len(found) != 2:
            self._refuse("Câu nối cặp cần hai nhóm.", f"{len(sides)} nhóm", "hai simpleMatchSet")
            return None
        lefts, rights = found
        pairs = [value.partition(" ")[::2] for value in self._right]
        partners = dict(pairs)
        if sorted(left for left, _ in pairs) != sorted(lefts) or not {*partners.values()} <= rights.keys():
            self._unclear()
            return None
        unused = [right for right in rights if right not in partners.values()]
        return "matching", [
            *(Part(text, partner=rights[partners[name]]) for name, text in lefts.items()),
            *(Part("", partner=rights[name]) for name in unused),
        ]

    def _short(self, _interaction: Element) -> _Read | None:
        declared = self._root.find("responseDeclaration")
        worth = {
            " ".join(entry.get("mapKey", "").split()): _number(entry.get("mappedValue", ""))
            for entry in self._root.iterfind("responseDeclaration/mapping/mapEntry")
        }
        full = [key for key, value in worth.items() if value > 0]
        is_text = declared is not None and declared.get("baseType") == "string"
        if not is_text or not self._right or len({worth[key] for key in full}) > 1:
            self._unclear()
            return None
        if full and not set(self._right) <= {*full}:
            self._unclear()
            return None
        return "short", [Part(text) for text in dict.fromkeys([*self._right, *full])]


_GAP = " …… "
_LEFT_OUT = ("simpleChoice", "simpleMatchSet", "feedbackBlock", "feedbackInline", "rubricBlock")
_KEPT = {"p", "div", "ul", "ol", "li", "b", "i", "strong", "em", "code", "a", "span", "pre", "blockquote"} | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th")
}


def _number(text: str) -> float:
    """What an entry is worth; what is no number is worth what nothing else is, so that it is refused."""
    return float(text) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", text.strip()) else float("inf")


def _inner(element: Element) -> str:
    """The inside of an element as HTML, without answers; a gap to type in is shown between words."""
    pieces = [escape(element.text or "", quote=False)]
    for child in element:
        pieces += [_outer(child, element), escape(child.tail or "", quote=False)]
    return "".join(pieces)


def _outer(child: Element, parent: Element) -> str:
    if child.tag in _LEFT_OUT:
        return ""
    if child.tag == "textEntryInteraction":
        return _GAP if "".join(parent.itertext()).strip() else ""
    if child.tag == "br":
        return "<br>"
    if child.tag == "img":
        return f'<img src="{escape(child.get("src", ""))}" alt="{escape(child.get("alt", ""))}">'
    inside = _inner(child)
    if child.tag == "a":
        return f'<a href="{escape(child.get("href", ""))}">{inside}</a>'
    if child.tag == "prompt" or child.tag in _KINDS:
        return f"<p>{inside}</p>"
    return f"<{child.tag}>{inside}</{child.tag}>" if child.tag in _KEPT else inside
