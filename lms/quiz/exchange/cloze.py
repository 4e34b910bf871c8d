"""Cloze, as Moodle documents it (docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type): gaps in a text.

`{1:SA:=156~=số 156}` is typed, `{1:MC:=đúng~sai}` chosen, `{1:NM:=156}` a number, taken where nothing beside
it counts. The weights of gaps are told and left behind: ours share the points.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element, tostring

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.html_tree import tree_of
from lms.quiz.exchange.item import Item, Part, Passage
from lms.quiz.exchange.markdown_writer import markdown_from
from lms.quiz.exchange.markup import html_of, plain_of
from lms.quiz.exchange.passages import GAP_TEXT, blocks_with, paragraphs_of, passage_of
from lms.quiz.exchange.texts import split_text
from lms.quiz.exchange.typed_words import with_bare
from lms.quiz.exchange.weights import FULL, Weighted, accepted, single_choice
from lms.quiz.exchange.xhtml import blocks_of, paragraph_of

_TYPED = {"SHORTANSWER", "SA", "MW"}
_TYPED_BY_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_CHOSEN = {"MULTICHOICE", "MC"} | {
    *("MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS"),
    *("MULTICHOICE_HS", "MCHS"),
}
_NUMBERS = {"NUMERICAL", "NM"}
_CODE = re.compile(r"\{\s*(\d{0,4})\s*:\s*([A-Z_]{2,20})\s*:((?:\\.|[^\\{}])*)\}", re.DOTALL)
_ALMOST = re.compile(r"\{\s*\d{0,4}\s*:\s*[A-Z_]{2,20}\s*:")
_ALTERNATIVE = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
_SHARE = re.compile(r"\s*(?:(=)|%(-?\d{1,3}(?:[.,]\d{0,9})?)%)")
_ANSWER = re.compile(r"((?:\\.|&#\w{1,10};|[^\\#])*)(?:#(.*))?", re.DOTALL)
_ESCAPED = re.compile(r"\\([}#~/\"\\])")
_SIGNS = re.compile(r"[~#{}\\=%]")
_WHOLE = re.compile(r"-?\d{1,12}")
_EXAMPLE = "{1:SHORTANSWER:=đáp án}, {1:MULTICHOICE:=đúng~sai}"
_FILL_IN = "Điền vào chỗ trống."
_WILD = re.compile(r"(?<!\\)\*")
_STAR = "\\*"
_GAP = "\ue000"  # no XML that people write has it
_PLACED = re.compile(rf'<img src="{_GAP}" alt="(\d+)" />')


class Cloze(NamedTuple):
    """A text with gaps: what is asked, what stands below it, the text, its gaps."""

    stem: str
    material: str
    passage: Passage
    parts: Sequence[Part]


def read_cloze(html: str, line: int, ears: Ears) -> Cloze | None:
    """The parts of a text in HTML with codes for its gaps, or None and a mistake."""
    parts: list[Part | None] = []

    def placed(code: re.Match[str]) -> str:
        parts.append(_gap(code, line, ears))
        return f'<img src="{_GAP}" alt="{len(parts) - 1}">'

    marked = _CODE.sub(placed, html.replace(_GAP, ""))
    if stray := _ALMOST.search(marked):
        ears.mistake(line, "Chỗ trống viết chưa đúng.", seen=marked[stray.start() :], expected=_EXAMPLE)
        return None
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        if not parts:
            ears.mistake(line, "Câu này không có chỗ trống nào.", seen=html, expected=_EXAMPLE)
        return None
    body = tree_of(marked)
    places = {one: int(one.get("alt", "")) for one in body.iter("img") if one.get("src") == _GAP}
    blocks = dict.fromkeys(blocks_with(places, body))
    around = Element("div")
    around.extend(block for block in body if block not in blocks)
    stem, material = split_text(markdown_from(around))
    return Cloze(stem or _FILL_IN, material, passage_of(blocks, places.get), known)


def _gap(code: re.Match[str], line: int, ears: Ears) -> Part | None:
    weight, type_, inside = code.groups()
    if weight not in ("", "1"):
        ears.note(
            line, "Các chỗ trống từ nay đáng điểm như nhau, phần điểm riêng không giữ lại.", seen=code[0]
        )
    answers = list(_answers(inside, line, ears, is_choice=type_ in _CHOSEN))
    if type_ in _CHOSEN:
        choices = single_choice(answers, line, ears)
        if choices is None:
            return None
        (right,) = (part.text for part in choices if part.right)
        return Part(right, wrong=tuple(part.text for part in choices if not part.right))
    if type_ in _TYPED_BY_CASE:
        ears.note(line, "Chữ hoa và chữ thường từ nay không phân biệt.", seen=code[0])
    if type_ in _TYPED | _TYPED_BY_CASE | _NUMBERS:
        return _typed(answers, line, ears, is_number=type_ in _NUMBERS)
    ears.mistake(line, "Không nhận được kiểu chỗ trống này.", seen=code[0], expected=_EXAMPLE)
    return None


def _answers(inside: str, line: int, ears: Ears, *, is_choice: bool) -> Iterator[Weighted]:
    """The alternatives of a gap; what is told to one has no place in a gap of ours."""
    for raw in _ALTERNATIVE.findall(inside):
        share = _SHARE.match(raw)
        weight = 0.0 if share is None else FULL if share[1] else float(share[2].replace(",", "."))
        answer = _ANSWER.fullmatch(raw[share.end() :] if share else raw)
        text, told = answer.groups() if answer else (raw, None)
        if told and told.strip():
            ears.note(line, "Lời nhắn trong chỗ trống không giữ lại.", seen=told)
        text = _ESCAPED.sub(r"\1", text)
        words = plain_of(text) if is_choice else " ".join(unescape(text).split())
        yield Weighted(Part(words), weight, line)


def _typed(answers: Sequence[Weighted], line: int, ears: Ears, *, is_number: bool) -> Part | None:
    """What is accepted; a star accepts anything, and of numbers only a whole one is typed in one way."""
    found = accepted(answers, line, ears)
    if found is None:
        return None
    texts = [part.text.removesuffix(":0") if is_number else part.text for part in found]
    if is_number and not all(map(_WHOLE.fullmatch, texts)):
        message = "Chỗ trống điền số chỉ nhận số nguyên, không sai số."
    elif any(map(_WILD.search, texts)):
        message = "Dấu * nhận mọi chữ: không rõ đáp án nào đúng."
    else:
        plain = [text.replace("\\*", "*") for text in texts]
        return Part(plain[0], also=tuple(plain[1:]))
    ears.mistake(line, message, seen=", ".join(texts), expected=_EXAMPLE)
    return None


def cloze_of(item: Item) -> str:
    """Stem, material and the text with its gaps as HTML with codes."""
    text = Element("div", {"class": GAP_TEXT})
    text.extend(paragraphs_of(item, lambda place, _: Element("img", src=_GAP, alt=str(place))))
    blocks = [paragraph_of(item.stem), *blocks_of(item.material), text]
    html = "".join(tostring(block, encoding="unicode") for block in blocks).replace("{", "&#123;")
    return _PLACED.sub(lambda place: _code(item.parts[int(place[1])]), html)


def _code(part: Part) -> str:
    if part.wrong:
        answers = [f"={_signs(html_of(part.text))}", *(_signs(html_of(text)) for text in part.wrong)]
        return f"{{1:MULTICHOICE_S:{'~'.join(answers)}}}"
    texts = [_signs(escape(text, quote=False)) for text in with_bare([part.text, *part.also])]
    return f"{{1:SHORTANSWER:{'~'.join('=' + text.replace('*', _STAR) for text in texts)}}}"


def _signs(html: str) -> str:
    """Signs that mean something in a code, as Moodle keeps them apart from it."""
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", html)
