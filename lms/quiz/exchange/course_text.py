"""Writes a question as the course format has it: whatever comes in is read by the one reader there is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from lms.quiz.answer_block import looks_like_more_than_text
from lms.quiz.exchange.item import Item, Part

_ESCAPABLE = r"[\[\]{}|:=>!?*]"
# What would be read as a sign: after a backslash anything, else bold, links, and the middle of a pair.
_SIGN_IN_PLAIN = re.compile(rf"(?<=\\){_ESCAPABLE}|\*(?=\*)|(?<=\*)\*|\](?=\()|:(?=:)|(?<=:):")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"##(?!#)")
_NUMBERED = re.compile(r"(\d+)\)")
# In a fence also what would open or close a gap or a mark, and what divides inside them.
_SIGN_IN_GAPS = re.compile(rf"{_SIGN_IN_PLAIN.pattern}|[\[\]]")
_SIGN_IN_A_GAP = re.compile(rf"{_SIGN_IN_PLAIN.pattern}|[\[\]|*]")
_SIGN_IN_SIGNS = re.compile(rf"{_SIGN_IN_PLAIN.pattern}|\{{(?=[!?])|[!?](?=\}})")
_SIGN_IN_A_REASON = re.compile(r"(?<!\\)(?:\{(?=[!?])|[!?](?=\}))")
_SIGN_IN_A_MARK = re.compile(rf"{_SIGN_IN_SIGNS.pattern}|\|")


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
    match item.kind:
        case "gaps":
            yield from _fenced("gaps", map(partial(_text_with_gaps, item), item.passage))
        case "spot":
            yield from _fenced("spot", map(partial(_text_with_signs, item), item.passage))
        case "tap":
            shown = f"tap {item.picture} | {_one_line(item.shows)}"
            yield from _fenced(shown, ["\n".join(line for part in item.parts for line in _region(part))])
        case _:
            for number, part in enumerate(item.parts, 1):
                yield _answer(item.kind, part, number)
                if part.feedback:
                    yield f"  > {_one_line(part.feedback)}"


def _fenced(opening: str, paragraphs: Iterable[str]) -> Iterator[str]:
    """A fence longer than every run of backticks in it."""
    text = "\n\n".join(paragraphs)
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
    yield from (f"{fence}{opening}", text, fence)


def _text_with_gaps(item: Item, pieces: Sequence[str | int]) -> str:
    return _run_on(
        _gap(item.parts[piece]) if isinstance(piece, int) else _signs_plain(_SIGN_IN_GAPS, piece)
        for piece in pieces
    )


def _gap(part: Part) -> str:
    words = [_signs_plain(_SIGN_IN_A_GAP, text) for text in (part.text, *part.also, *part.wrong)]
    return f"[[{'*' if part.wrong else ''}{'|'.join(map(_closed, words))}]]"


def _text_with_signs(item: Item, pieces: Sequence[str | int]) -> str:
    return _run_on(
        _sign(item.parts[piece]) if isinstance(piece, int) else _signs_plain(_SIGN_IN_SIGNS, piece)
        for piece in pieces
    )


def _sign(part: Part) -> str:
    sign = "!" if part.right else "?"
    words = _closed(_signs_plain(_SIGN_IN_A_MARK, part.text))
    reason = (
        f" | {_closed(_signs_plain(_SIGN_IN_A_REASON, _one_line(part.feedback)))}" if part.feedback else ""
    )
    return f"{{{sign}{words}{reason}{sign}}}"


def _run_on(pieces: Iterable[str]) -> str:
    """Pieces one after the other; a backslash at the end of one would take the sign of the next."""
    text = ""
    for piece in pieces:
        text += f" {piece}" if text.endswith("\\") else piece
    return text.strip()


def _closed(text: str) -> str:
    return f"{text} " if text.endswith("\\") else text


def _signs_plain(signs: re.Pattern[str], text: str) -> str:
    return signs.sub(lambda sign: f"\\{sign[0]}", re.sub(r"\s+", " ", text))


def _region(part: Part) -> Iterator[str]:
    if part.region is None:
        return
    ends = (part.region.left, part.region.top, part.region.width, part.region.height)
    places = " ".join(f"{end:.2f}".rstrip("0").rstrip(".").replace(".", ",") + "%" for end in ends)
    yield f"({'x' if part.right else ' '}) {places} | {_plain(part.text)}"
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
        return line[1:]  # A heading of level 1 counts as level 2, and begins no question.
    if looks_like_more_than_text(line):
        return _NUMBERED.sub(r"\1\\)", line, count=1) if _NUMBERED.match(line) else f"\\{line}"
    return line
