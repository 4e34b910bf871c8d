"""Questions of every type that travels, with texts full of signs that formats give a meaning to."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from string import ascii_lowercase

from hypothesis import strategies as st

from lms.foundation.markdown import render, render_inline
from lms.quiz.exchange.format import WritableFormat
from lms.quiz.exchange.item import Item, Part, Passage, Picture, item_of
from lms.quiz.exchange.markup import words_of
from lms.quiz.exchange.numbers import english, vietnamese
from lms.quiz.exchange.reading import checked
from lms.quiz.exchange.typed_words import without_bare
from lms.quiz.question import Question
from lms.quiz.types.tap import Region

KINDS = ("single", "multiple", "short", "number", "matching", "ordering", "gaps", "spot", "tap")
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 640"><path d="M0 0h9v9z"/></svg>'
FILES = {"media/o.svg": Picture(DRAWING, 360, 640)}
SIGNS = "aẫĐ9 ~=#{}:\\*_[]()`<>&!?|%-.'\"/$@n"
WORDS = st.text(SIGNS, min_size=1, max_size=14).map(lambda text: " ".join(text.split()))
MARKDOWN = st.one_of(
    WORDS, st.sampled_from(["**đậm** và *nghiêng*", "[bài](01-bai.md#x)", "`.gov.vn`", "a_b_c"])
)
BLOCKS = st.one_of(
    st.just(""),
    st.lists(MARKDOWN, min_size=1, max_size=3).map("\n\n".join),
    st.sampled_from(["> Lời nhắn\n> hai dòng", "1. một\n2. hai", "| a | b |\n| --- | --- |\n| 1 | 2 |"]),
    st.sampled_from(
        ["```\nmã <b>\n```", "- a\n    - b\n- c", '![ổ khóa](media/o.svg "chú thích")', "## Mục\n\nx"]
    ),
)
ID = st.text(ascii_lowercase, min_size=1, max_size=8)
NUMBER = st.one_of(
    st.integers(-99_999, 10**9).map(lambda value: vietnamese(str(value))),
    st.decimals(0, 999, places=2).map(lambda value: vietnamese(str(value), "±", "0.5")),
    st.integers(1, 999).map(lambda value: vietnamese(str(value), "..", str(value + 7))),
)


_GAP = st.one_of(
    st.lists(WORDS, min_size=1, max_size=3, unique=True).map(
        lambda texts: Part(texts[0], also=tuple(texts[1:]))
    ),
    st.lists(WORDS, min_size=2, max_size=4, unique=True).map(
        lambda texts: Part(texts[0], wrong=tuple(texts[1:]))
    ),
)
_REGIONS = [Region(12.25, top, 40.5, 9.99) for top in (0, 10.07, 33.3, 50, 76)]


def _judged(draw: st.DrawFn, texts: list[str]) -> list[Part]:
    told = st.one_of(st.just(""), MARKDOWN)
    return [Part(text, place == 0 or draw(st.booleans()), draw(told)) for place, text in enumerate(texts)]


@st.composite
def _passage(draw: st.DrawFn, parts: list[Part]) -> Passage:
    """Every part once, words between some of them, in one paragraph or several."""
    paragraphs: list[list[str | int]] = [[]]
    for place, _ in enumerate(parts):
        paragraphs[-1] += [draw(st.one_of(st.just(" "), WORDS.map(lambda words: f" {words} "))), place]
        if draw(st.booleans()):
            paragraphs += [[draw(WORDS)]] if draw(st.booleans()) else [[]]
    return tuple(map(tuple, filter(None, paragraphs)))


@st.composite
def _parts(draw: st.DrawFn, kind: str) -> list[Part]:
    texts = draw(st.lists(NUMBER if kind == "number" else WORDS, min_size=2, max_size=5, unique=True))
    told = st.one_of(st.just(""), MARKDOWN)
    if kind == "gaps":
        return draw(st.lists(_GAP, min_size=1, max_size=4))
    if kind == "tap":
        return [
            replace(part, region=region) for part, region in zip(_judged(draw, texts), _REGIONS, strict=False)
        ]
    if kind == "spot":
        return _judged(draw, texts)
    if kind == "single":
        right = draw(st.integers(0, len(texts) - 1))
        return [Part(text, place == right, draw(told)) for place, text in enumerate(texts)]
    if kind == "multiple":
        return [Part(text, place == 0 or draw(st.booleans()), draw(told)) for place, text in enumerate(texts)]
    if kind == "matching":
        return [Part(text, partner=draw(WORDS), feedback=draw(told)) for text in texts]
    return [
        Part(text, feedback=draw(told), unmarked=kind == "short" and draw(st.booleans())) for text in texts
    ]


@st.composite
def items(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> Item:
    kind = draw(st.sampled_from(kinds))
    parts = draw(_parts(kind))
    return Item(
        kind,
        draw(MARKDOWN),
        parts,
        passage=draw(_passage(parts)) if kind in ("gaps", "spot") else (),
        picture="media/o.svg" if kind == "tap" else "",
        shows=draw(WORDS) if kind == "tap" else "",
        id=draw(ID),
        material=draw(BLOCKS),
        hints=tuple(draw(st.lists(MARKDOWN, max_size=2))),
        explanation=draw(BLOCKS),
        points=draw(st.integers(1, 3)),
        level=draw(st.sampled_from(["easy", "medium", "hard"])),
        objective=draw(st.sampled_from(["", "dia-chi"])),
        editions=draw(st.sampled_from([(), ("member",), ("member", "citizen")])),
        fixed=draw(st.booleans()),
    )


def question(item: Item) -> Question | None:
    """The question, None where the course format would refuse it."""
    found = checked(item, lambda line, message, *, seen="", expected="": None)
    return found.question if found else None


def kept(one: Question, format_: WritableFormat, look: Callable[[str, Callable[[str], str]], str]) -> Item:
    """What of a question the format says that it carries; texts as `look` sees them and what renders them."""
    item = item_of(one)
    assert item is not None
    item = without_bare(item)
    carries = format_.carries - ({"feedback"} if item.kind in format_.keeps_no_feedback else set())
    for part, empty in _EMPTY.items():
        if part not in carries:
            item = replace(item, **{part: empty})
    parts = [_kept_part(part, item.kind, carries) for part in item.parts]
    return replace(
        item,
        stem=look(item.stem, render_inline),
        material=look(item.material, render),
        explanation=look(item.explanation, render),
        hints=tuple(look(hint, render_inline) for hint in item.hints),
        parts=[replace(part, feedback=look(part.feedback, render_inline)) for part in parts],
    )


def as_written(text: str, _render: Callable[[str], str]) -> str:
    return text


def as_shown(text: str, render_it: Callable[[str], str]) -> str:
    return re.sub(r"(?<=>)\s+(?=<)|\s+", " ", str(render_it(text))).strip()


def as_words(text: str, _render: Callable[[str], str]) -> str:
    return " ".join(words_of(text).split())


_EMPTY = {
    "id": "",
    "material": "",
    "hints": (),
    "explanation": "",
    "points": 1,
    "level": "medium",
    "objective": "",
    "editions": (),
    "fixed": False,
}


def _interval(written: str) -> str:
    first, sign, second = english(written)
    low, high = Decimal(first), Decimal(second or first)
    if sign == "±":
        low, high = low - Decimal(second), low + Decimal(second)
    return f"{low.normalize():f}..{high.normalize():f}"


def _kept_part(part: Part, kind: str, carries: frozenset[str]) -> Part:
    return replace(
        part,
        text=_interval(part.text) if kind == "number" else part.text,
        feedback=part.feedback if "feedback" in carries else "",
        unmarked=part.unmarked and "unmarked" in carries,
    )
