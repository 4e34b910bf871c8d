"""Moodle XML: docs.moodle.org/en/Moodle_XML_format. Ids ride in `idnumber`, what has no place in tags."""

import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from lms.quiz.exchange.cloze import Cloze, cloze_of, read_cloze
from lms.quiz.exchange.format import Ears, WritableFormat
from lms.quiz.exchange.item import Item, Part, Picture
from lms.quiz.exchange.markup import html_of, to_markdown, to_plain
from lms.quiz.exchange.media import PICTURE_SUFFIXES, media_name
from lms.quiz.exchange.numbers import english, vietnamese
from lms.quiz.exchange.texts import MOST_POINTS, is_too_long, objective_of, split_text, tags_of, with_tags
from lms.quiz.exchange.typed_words import parts_with_bare
from lms.quiz.exchange.weights import FULL, Weighted, accepted, multiple_choice, single_choice
from lms.quiz.exchange.xhtml import survives, survives_inline
from lms.quiz.exchange.xml import Node, parsed

_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_TYPES = {
    "multichoice": "multiple",
    "truefalse": "single",
    "shortanswer": "short",
    "numerical": "number",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "gaps",
}
_EXPECTED = "một trong: " + ", ".join(_TYPES)
_TRUE_FALSE = ("Đúng", "Sai")
_REFUSED = {
    "essay": "Câu tự luận không có đáp án để máy chấm, nên không nhận.",
    "description": "Đoạn này chỉ là lời dẫn, không phải câu hỏi.",
    "random": "Câu này chỉ rút một câu khác của ngân hàng, không có đáp án của mình.",
    **dict.fromkeys(
        ("calculated", "calculatedmulti", "calculatedsimple"),
        "Câu này tính đáp án từ số ngẫu nhiên, nên không có một đáp án để nhận.",
    ),
    **dict.fromkeys(
        ("ddmarker", "ddimageortext"), "Kéo thả lên hình chấm khác với chạm vào hình, nên không nhận."
    ),
}
_LEFT_BEHIND = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "units")
_THEIRS = re.compile(r"\]\(@@PLUGINFILE@@/([^\s)\"]+)")
_OURS = re.compile(r"(?:(?<=\]\()|(?<=src=\"))(media/[^\s)\"]+)")
_WILD = re.compile(r"(?<!\\)\*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")


class MoodleXml(WritableFormat):
    """Reads what Moodle exports, writes Markdown and says so."""

    name = "moodle-xml"
    suffixes = (".moodle.xml", ".xml")
    kinds = frozenset({"single", "multiple", "short", "number", "matching", "ordering", "gaps"})
    keeps_no_feedback = frozenset({"matching", "ordering"})
    carries = frozenset(
        {"id", "material", "hints", "feedback", "explanation", "points"}
        | {"level", "objective", "editions", "fixed"}
    )

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every question, or its mistake."""
        root = parsed(content, ears.mistake)
        if root is None:
            return []
        if root.tag != "quiz":
            ears.mistake(
                root.line, "Đây không phải tệp câu hỏi của Moodle.", seen=root.tag, expected="<quiz>"
            )
            return []
        objective = ""
        found: list[Item] = []
        for node in root.iterfind("question"):
            if not isinstance(node, Node):
                continue
            if node.get("type") == "category":
                objective = objective_of(node.words("category/text"), node.line, ears)
            elif item := _item(node, ears):
                found.append(item if item.objective else replace(item, objective=objective))
        return found

    carries_pictures = True

    def can_say(self, item: Item) -> bool:
        """A typed gap with a backslash before a star has no code."""
        texts = [text for part in item.parts for text in (part.text, *part.also)]
        return item.kind != "gaps" or not any("\\*" in text for text in texts)

    def keeps_texts(self, item: Item) -> bool:
        """A text with gaps travels as HTML, and what stands above it."""
        return item.kind != "gaps" or (survives_inline(item.stem) and survives(item.material))

    def write(self, items: Sequence[Item]) -> bytes:
        """One element a question."""
        root = Element("quiz")
        for item in items:
            root.append(_written(item))
        indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'.encode()


def _item(node: Node, ears: Ears) -> Item | None:
    type_ = node.get("type", "")
    if type_ not in _TYPES:
        message = _REFUSED.get(type_, "Loại câu hỏi này của Moodle chưa nhận được.")
        ears.mistake(node.line, message, seen=type_ or "không có type", expected=_EXPECTED)
        return None
    if is_too_long("".join(_texts(node)), node.line, ears.mistake):
        return None
    kind = _TYPES[type_]
    if kind == "multiple" and node.words("single", "true") in ("true", "1"):
        kind = "single"
    asked = _cloze(node, ears) if kind == "gaps" else _asked(node, type_, kind, ears)
    if asked is None:
        return None
    _tell_what_stays(node, ears)
    item = Item(
        kind,
        asked.stem,
        asked.parts,
        line=node.line,
        id=node.words("idnumber") or node.words("name/text"),
        material=asked.material,
        hints=tuple(filter(None, map(_markdown, node.iterfind("hint")))),
        explanation=_markdown(node.find("generalfeedback")),
        points=_points(node, ears),
        fixed=type_ == "multichoice" and node.words("shuffleanswers", "true") in ("false", "0"),
        passage=asked.passage,
        files=dict(_files(node, ears)),
    )
    return with_tags(item, filter(None, (tag.findtext("text") for tag in node.iterfind("tags/tag"))), ears)


def _texts(node: Element) -> Iterator[str]:
    """All that is text; files are not."""
    for element in node.iter():
        if element.tag != "file":
            yield element.text or ""


def _cloze(node: Node, ears: Ears) -> Cloze | None:
    """The text with its gaps, whatever format it says it has: codes and tags mean the same in all."""
    text = node.findtext("questiontext/text") or ""
    question = node.find("questiontext")
    is_by_lines = question is not None and _format(question) == "moodle"
    return read_cloze(text.replace("\n", "<br>") if is_by_lines else text, node.line, ears)


def _asked(node: Node, type_: str, kind: str, ears: Ears) -> Cloze | None:
    """The same of a question whose answers stand outside its text."""
    parts = _parts(node, type_, kind, ears)
    stem, material = split_text(_markdown(node.find("questiontext")))
    return None if parts is None else Cloze(stem, material, (), parts)


def _tell_what_stays(node: Node, ears: Ears) -> None:
    for name in _LEFT_BEHIND:
        if node.words(f"{name}/text") or node.find(f"{name}/unit") is not None:
            ears.note(node.line, "Phần này của câu hỏi không giữ lại.", seen=name)
    if node.words("usecase") == "1":
        ears.note(node.line, "Chữ hoa và chữ thường từ nay không phân biệt.", seen="usecase")
    if node.words("hidden") == "1":
        ears.note(node.line, "Câu này đang ẩn trong Moodle, ở đây sẽ được hỏi.", seen="hidden")


def _files(node: Node, ears: Ears) -> Iterator[tuple[str, Picture]]:
    """The pictures that came inside the question."""
    for file in node.iter("file"):
        name = media_name(file.get("name", ""))
        if not name.endswith(PICTURE_SUFFIXES):
            continue
        try:
            yield name, Picture(b64decode("".join((file.text or "").split()), validate=True))
        except ValueError as error:
            ears.mistake(
                node.line, "Tệp hình trong câu hỏi hỏng.", seen=f"{name}: {error}", expected="base64"
            )


def _points(node: Node, ears: Ears) -> int:
    grade = node.words("defaultgrade", "1")
    if re.fullmatch(r"0*[1-9]\d{0,2}(?:\.0*)?", grade) and float(grade) <= MOST_POINTS:
        return int(float(grade))
    ears.note(node.line, "Điểm của câu không phải số nguyên từ 1, câu được nhận với 1 điểm.", seen=grade)
    return 1


def _format(element: Element, default: str = "html") -> str:
    return _FORMATS.get(element.get("format", ""), default)


def _markdown(element: Element | None) -> str:
    if element is None:
        return ""
    text = to_markdown(element.findtext("text") or "", _format(element))
    return _THEIRS.sub(lambda name: f"]({media_name(name[1])}", text)


def _plain(element: Element) -> str:
    return to_plain(element.findtext("text") or "", _format(element))


def _parts(node: Node, type_: str, kind: str, ears: Ears) -> tuple[Part, ...] | None:
    if kind == "matching":
        return tuple(
            Part(_plain(pair), partner=" ".join((pair.findtext("answer/text") or "").split()))
            for pair in node.iterfind("subquestion")
        )
    answers = _answers(node, type_, ears)
    if answers is None:
        return None
    if kind == "ordering":
        return _ordered(answers, node.line, ears)
    read = {"single": single_choice, "multiple": multiple_choice}.get(kind, accepted)
    return read(answers, node.line, ears)


def _ordered(answers: Sequence[Weighted], line: int, ears: Ears) -> tuple[Part, ...] | None:
    """By the place that stands where others have their share of the points."""
    places = [one.weight for one in answers]
    if len(set(places)) < len(places):
        ears.mistake(
            line,
            "Không rõ thứ tự đúng: hai bước cùng một số.",
            seen=", ".join(f"{place:g}" for place in places),
            expected='fraction="1", "2", "3" … theo thứ tự đúng',
        )
        return None
    return tuple(one.part for one in sorted(answers, key=lambda one: one.weight))


def _answers(node: Node, type_: str, ears: Ears) -> list[Weighted] | None:
    found: list[Weighted] = []
    for answer in node.iterfind("answer"):
        line = answer.line if isinstance(answer, Node) else node.line
        raw, fraction = (answer.findtext("text") or "").strip(), answer.get("fraction", "")
        text = _answer_text(answer, raw, type_)
        if not _NUMBER.fullmatch(fraction):
            message, seen = "Đáp án không nói được bao nhiêu phần điểm.", f'fraction="{fraction}"'
        elif not text and float(fraction) > 0:
            message, seen = "Đáp án này không đọc được.", raw or "đáp án trống"
        elif type_ == "shortanswer" and _WILD.search(raw) and float(fraction) > 0:
            message, seen = "Dấu * nhận mọi chữ: không rõ đáp án nào đúng.", raw
        elif "<img" in raw.lower() and type_ == "multichoice":
            message, seen = "Đáp án phải là chữ, không phải hình.", raw
        else:
            part = Part(text, feedback=_markdown(answer.find("feedback")))
            found.append(Weighted(part, float(fraction), line))
            continue
        ears.mistake(line, message, seen=seen, expected='<answer fraction="100"><text>đáp án</text></answer>')
        return None
    if type_ == "truefalse":
        found.sort(key=lambda one: _TRUE_FALSE.index(one.part.text) if one.part.text in _TRUE_FALSE else 2)
    return found


def _answer_text(answer: Element, raw: str, type_: str) -> str:
    """The answer as the course has it; empty where it cannot be."""
    if type_ == "truefalse":
        return {"true": "Đúng", "false": "Sai"}.get(raw.lower(), "")
    if type_ == "shortanswer":
        return raw.replace("\\*", "*")
    if type_ == "numerical":
        tolerance = (answer.findtext("tolerance") or "0").strip()
        if not _NUMBER.fullmatch(raw) or not _NUMBER.fullmatch(tolerance):
            return ""
        return vietnamese(raw, "±", tolerance) if float(tolerance) else vietnamese(raw)
    return _plain(answer)


def _written(item: Item) -> Element:
    is_truth = item.kind == "single" and tuple(part.text for part in item.parts) == _TRUE_FALSE
    types = {kind: type_ for type_, kind in _TYPES.items()} | {"single": "multichoice"}
    question = Element("question", type="truefalse" if is_truth else types[item.kind])
    _text(question, "name", item.id)
    text = f"{item.stem}\n\n{item.material}" if item.material else item.stem
    if item.kind == "gaps":
        _told(question, item, "questiontext", cloze_of(item), "html")
    else:
        _told(question, item, "questiontext", text)
    _told(question, item, "generalfeedback", item.explanation)
    SubElement(question, "defaultgrade").text = str(item.points)
    SubElement(question, "idnumber").text = item.id
    if item.kind in ("single", "multiple") and not is_truth:
        SubElement(question, "single").text = "true" if item.kind == "single" else "false"
        SubElement(question, "shuffleanswers").text = "false" if item.fixed else "true"
    question.extend(_pair(part) for part in item.parts if item.kind == "matching")
    question.extend(_answer(item, is_truth) if item.kind not in ("matching", "gaps") else ())
    for hint in item.hints:
        _told(question, item, "hint", hint)
    _tags(question, [tag for tag in tags_of(item) if not tag.startswith("points=")])
    return question


def _tags(question: Element, tags: Iterable[str]) -> None:
    listed = SubElement(question, "tags")
    for tag in tags:
        _text(listed, "tag", tag)


def _pair(part: Part) -> Element:
    pair = Element("subquestion", format="html")
    SubElement(pair, "text").text = html_of(part.text)
    _text(pair, "answer", part.partner)
    return pair


def _answer(item: Item, is_truth: bool) -> Iterator[Element]:
    right = sum(part.right for part in item.parts) or 1
    wrong = len(item.parts) - right or 1
    parts = parts_with_bare(item.parts) if item.kind == "short" else item.parts
    for place, part in enumerate(parts, 1):
        weight = FULL if part.right else 0.0
        if item.kind == "multiple":
            weight = FULL / right if part.right else -FULL / wrong
        answer = Element(
            "answer", fraction=f"{place if item.kind == 'ordering' else weight:.5f}".rstrip("0").rstrip(".")
        )
        if item.kind in ("single", "multiple", "ordering") and not is_truth:
            answer.set("format", "html")
        SubElement(answer, "text").text = _answer_words(item, part, is_truth)
        if item.kind == "number":
            SubElement(answer, "tolerance").text = _middle(part)[1]
        if part.feedback:
            _told(answer, item, "feedback", part.feedback)
        yield answer


def _answer_words(item: Item, part: Part, is_truth: bool) -> str:
    if is_truth:
        return "true" if part.text == "Đúng" else "false"
    if item.kind == "number":
        return _middle(part)[0]
    return part.text.replace("*", "\\*") if item.kind == "short" else html_of(part.text)


def _middle(part: Part) -> tuple[str, str]:
    """A number and its tolerance; a range is its middle and half its width."""
    first, sign, second = english(part.text)
    if sign != "..":
        return first, second or "0"
    low, high = Decimal(first), Decimal(second)
    return f"{(low + high) / 2:f}", f"{(high - low) / 2:f}"


def _told(parent: Element, item: Item, tag: str, text: str, format_: str = "markdown") -> None:
    """A text, with the pictures inside its element that it names."""
    files = [name for name in dict.fromkeys(_OURS.findall(text)) if name in item.files]
    element = _text(parent, tag, _OURS.sub(lambda name: _plugin_file(name[1], files), text), format_)
    for name in files:
        file = SubElement(element, "file", name=name.removeprefix("media/"), path="/", encoding="base64")
        file.text = b64encode(item.files[name].content).decode()


def _plugin_file(name: str, files: Collection[str]) -> str:
    return f"@@PLUGINFILE@@/{name.removeprefix('media/')}" if name in files else name


def _text(parent: Element, tag: str, text: str, format_: str = "") -> Element:
    element = SubElement(parent, tag, {"format": format_} if format_ else {})
    SubElement(element, "text").text = text
    return element
