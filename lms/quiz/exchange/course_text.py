"""Writes a question as the course format has it: whatever comes in is read by the one reader there is."""

import re
from collections.abc import Iterator

from lms.quiz.answer_block import looks_like_more_than_text
from lms.quiz.exchange.item import Item, Part

_ESCAPABLE = r"[\[\]{}|:=>!?*]"
# What would be read as a sign: after a backslash anything, else bold, links, and the middle of a pair.
_SIGN_IN_PLAIN = re.compile(rf"(?<=\\){_ESCAPABLE}|\*(?=\*)|(?<=\*)\*|\](?=\()|:(?=:)|(?<=:):")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"##(?!#)")
_NUMBERED = re.compile(r"(\d+)\)")


def course_text(item: Item) -> str:
    """The question from its heading to its explanation, ending in a line break."""
    blocks = [f"## {stem_line(item.stem)} {{{_attributes(item)}}}"]
    if item.material:
        blocks.append(_guarded(item.material))
    if item.hints:
        blocks.append("\n".join(f"? {_one_line(hint)}" for hint in item.hints))
    blocks.append("\n".join(_answers(item)))
    if item.explanation:
        blocks.append("\n".join(f"> {line}".rstrip() for line in item.explanation.split("\n")))
    return "\n\n".join(blocks) + "\n"


def stem_line(stem: str) -> str:
    """The stem as it stands in a heading: one line."""
    return _one_line(stem)


def _attributes(item: Item) -> str:
    words = [f"#{item.id}"]
    if item.objective:
        words.append(f"objective={item.objective}")
    if item.level != "medium":
        words.append(f"level={item.level}")
    if item.points != 1:
        words.append(f"points={item.points}")
    if item.editions:
        words.append(f"editions={','.join(item.editions)}")
    if item.fixed:
        words.append("fixed")
    return " ".join(words)


def _answers(item: Item) -> Iterator[str]:
    for number, part in enumerate(item.parts, 1):
        yield _answer(item.kind, part, number)
        if part.feedback:
            yield f"  > {_one_line(part.feedback)}"


def _answer(kind: str, part: Part, number: int) -> str:
    text = _plain(part.text)
    match kind:
        case "single":
            return f"- ({'x' if part.right else ' '}) {text}"
        case "multiple":
            return f"- [{'x' if part.right else ' '}] {text}"
        case "short":
            return f"={'~' if part.unmarked else ''} {text}"
        case "number":
            return f"=# {part.text}"
        case "ordering":
            return f"{number}) {text}"
        case _:
            return f"- {f'{text} ' if text else ''}:: {_plain(part.partner)}"


def _plain(text: str) -> str:
    return _SIGN_IN_PLAIN.sub(lambda sign: f"\\{sign[0]}", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _guarded(material: str) -> str:
    """The text with a backslash before lines that would be taken for answers, hints or the next question."""
    lines: list[str] = []
    closing = ""
    for line in material.split("\n"):
        fence = _FENCE.match(line)
        if fence and not closing:
            closing = fence[1]
        elif fence and fence[1].startswith(closing):
            closing = ""
        elif not closing:
            lines.append(_guarded_line(line))
            continue
        lines.append(line)
    return "\n".join(lines)


def _guarded_line(line: str) -> str:
    if _HEADING.match(line):
        return f"#{line}"
    if looks_like_more_than_text(line):
        return _NUMBERED.sub(r"\1\\)", line, count=1) if _NUMBERED.match(line) else f"\\{line}"
    return line
