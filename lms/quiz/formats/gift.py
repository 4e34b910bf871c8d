"""GIFT, as Moodle documents it: docs.moodle.org/en/GIFT_format. Names are ids, tags ride in comments.

A question ends at an empty line. What Moodle would read in a way its author may not have meant (several right
answers in a single choice, answers worth a part, two questions without a line between) is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lms.quiz.exchange.format import Ears, WritableFormat
from lms.quiz.exchange.gift_answers import EXAMPLE, FORMAT, Answers, Texts, unescaped
from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.markup import html_of
from lms.quiz.exchange.numbers import english
from lms.quiz.exchange.texts import decoded, is_too_long, objective_of, split_text, tags_of, with_tags
from lms.quiz.exchange.typed_words import parts_with_bare

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_NAME = re.compile(r"\s*::((?:[^\\:]|\\.|:(?!:))*)::", re.DOTALL)
_SPECIAL = re.compile(r"[~=#{}:\\\n]")
_MARKDOWN_SIGN = re.compile(r"[\\`*_\[\]<>&]")
_TAG = re.compile(r"\[(id|tag):((?:[^\\\]]|\\.)*)\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
_GOES_ON = ("~", "=", "}", "#", "//")
_GAP = "……"


class Gift(WritableFormat):
    """Reads all of it, writes Markdown with a prefix that says so."""

    name = "gift"
    suffixes = (".gift", ".gift.txt", ".txt")
    kinds = frozenset({"single", "multiple", "short", "number", "matching"})
    keeps_no_feedback = frozenset({"matching"})
    carries = frozenset(
        {
            "id",
            "material",
            "feedback",
            "explanation",
            "points",
            "level",
            "objective",
            "editions",
            "fixed",
        }
    )

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every question, or its mistake."""
        text = decoded(content, ears.mistake)
        if text is None:
            return []
        objective = ""
        found: list[Item] = []
        for block in _blocks(text):
            if category := _CATEGORY.match(block.text):
                objective = objective_of(category[1], block.line, ears)
            elif item := _item(block, ears):
                found.append(item if item.objective else replace(item, objective=objective))
        return found

    def can_say(self, item: Item) -> bool:
        """An arrow in a typed answer makes pairs of all; the format has no sign against it."""
        return item.kind != "short" or not any("->" in part.text + part.feedback for part in item.parts)

    def write(self, items: Sequence[Item]) -> bytes:
        """One question after the other, an empty line between."""
        return "\n".join(map(_written, items)).encode()


@dataclass(frozen=True)
class _Block:
    """The lines of one question, comments blanked, and what the comments name."""

    line: int
    text: str
    comments: Sequence[str]


def _blocks(text: str) -> Iterator[_Block]:
    """Splits at empty lines; inside braces only where no answer follows."""
    lines = text.split("\n")
    start, depth = 0, 0
    for place, line in enumerate([*lines, ""]):
        is_category = line.lstrip().startswith("$CATEGORY:")
        if line.strip() and not is_category:
            depth += 0 if line.lstrip().startswith("//") else _depth(line)
        elif is_category or not (depth and _answers_follow(lines, place)):
            if start < place:
                yield from _block(lines, start, place)
            if is_category:
                yield _Block(place + 1, line, ())
            start, depth = place + 1, 0


def _answers_follow(lines: Sequence[str], place: int) -> bool:
    following = next((line.strip() for line in lines[place : place + 20] if line.strip()), "")
    return following.startswith(_GOES_ON) and not following.startswith("::")


def _depth(line: str) -> int:
    signs = _BRACE.findall(line)
    return signs.count("{") - signs.count("}")


def _block(lines: Sequence[str], start: int, end: int) -> Iterator[_Block]:
    comments = [line for line in lines[start:end] if line.lstrip().startswith("//")]
    kept = ["" if line.lstrip().startswith("//") else line for line in lines[start:end]]
    while kept and not kept[0].strip():
        del kept[0]
        start += 1
    if kept:
        yield _Block(start + 1, "\n".join(kept), comments)


def _item(block: _Block, ears: Ears) -> Item | None:
    """The question, or None and its mistake."""
    if is_too_long(block.text, block.line, ears.mistake):
        return None
    name = _NAME.match(block.text)
    text = block.text[name.end() :] if name else block.text
    line = block.line + block.text.count("\n", 0, name.end() if name else 0)
    if name is None and text.lstrip().startswith("::"):
        ears.mistake(
            line, "Tên câu hỏi mở bằng :: mà không đóng.", seen=text.strip(), expected="::ten-cau:: …"
        )
        return None
    braces = _braces(text, line, ears)
    if braces is None:
        return None
    opening, closing = braces
    stem_text, tail = text[:opening], text[closing + 1 :].strip()
    prefix = FORMAT.match(stem_text)
    words = Texts(prefix[1].lower() if prefix else "moodle")
    gap = f" {_GAP} {tail}" if tail else ""
    stem, material = split_text(words.markdown(f"{stem_text[prefix.end() if prefix else 0 :].strip()}{gap}"))
    at = line + text.count("\n", 0, opening)
    read = Answers(words, at, ears).read(text[opening + 1 : closing])
    if read is None:
        return None
    kind, parts, explanation = read
    id_ = unescaped(name[1]).strip() if name else ""
    item = Item(kind, stem, parts, line=block.line, id=id_, material=material, explanation=explanation)
    return _tagged(item, block.comments, ears)


def _braces(text: str, line: int, ears: Ears) -> tuple[int, int] | None:
    """Where the one pair of braces opens and closes."""
    signs = [(sign[0], sign.start()) for sign in _BRACE.finditer(text) if sign[0] in "{}"]
    match [sign for sign, _ in signs]:
        case ["{", "}"]:
            return signs[0][1], signs[1][1]
        case []:
            message = "Đoạn này không có đáp án trong { }, nên không phải câu hỏi."
        case ["{"]:
            message = "Đáp án mở bằng { mà không có } đóng lại."
        case _:
            message = "Một câu hỏi chỉ có một cặp { }. Giữa hai câu hỏi để một dòng trống."
    ears.mistake(
        line, message, seen=text.strip(), expected=f"{EXAMPLE}; dấu ngoặc là chữ thường thì viết \\{{ \\}}"
    )
    return None


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: "\\n" if sign[0] == "\n" else f"\\{sign[0]}", text)


def _option(text: str) -> str:
    """An answer to choose, with a prefix where Markdown would read signs in it."""
    if "`" in text or "->" in text:
        return f"[html]{_escaped(html_of(text).replace('->', '-&gt;'))}"
    return f"[plain]{_escaped(text)}" if _MARKDOWN_SIGN.search(text) else _escaped(text)


def _tagged(item: Item, comments: Iterable[str], ears: Ears) -> Item:
    written = [tag for comment in comments for tag in _TAG.findall(comment)]
    found = [(kind, value.replace("\\]", "]")) for kind, value in written]
    id_ = next((value.strip() for kind, value in found if kind == "id"), "")
    tagged = with_tags(item, (value for kind, value in found if kind == "tag"), ears)
    return replace(tagged, id=item.id or id_)


def _written(item: Item) -> str:
    text = f"{item.stem}\n\n{item.material}" if item.material else item.stem
    tags = "".join(f" [tag:{tag}]" for tag in tags_of(item))
    lines = [f"//{tags}"] if tags else []
    lines.append(f"::{_escaped(item.id)}::[markdown]{_escaped(text)} {{{'#' * (item.kind == 'number')}")
    lines += [f"\t{answer}" for answer in _answers(item)]
    if item.explanation:
        lines.append(f"\t####{_escaped(item.explanation)}")
    return "\n".join([*lines, "}", ""])


def _answers(item: Item) -> Iterator[str]:
    right = sum(part.right for part in item.parts) or 1
    wrong = len(item.parts) - right or 1
    for part in parts_with_bare(item.parts) if item.kind == "short" else item.parts:
        told = f" #{_escaped(part.feedback)}" if part.feedback else ""
        match item.kind:
            case "single":
                yield f"{_sign(part)}{_option(part.text)}{told}"
            case "multiple":
                weight = 100 / right if part.right else -100 / wrong
                yield f"~%{weight:.5f}".rstrip("0").rstrip(".") + f"%{_option(part.text)}{told}"
            case "short":
                pattern = part.text.replace("*", "\\*")
                yield f"={'%100%' if pattern.startswith('%') else ''}{_escaped(pattern)}{told}"
            case "number":
                yield f"={_number(part)}{told}"
            case _:
                left = _option(part.text)
                yield f"={left} -> {_escaped(part.partner)}"


def _sign(part: Part) -> str:
    if part.right:
        return "="
    return "~%0%" if part.text.startswith("%") else "~"


def _number(part: Part) -> str:
    first, sign, second = english(part.text)
    return first + {"": "", "±": f":{second}", "..": f"..{second}"}[sign]
