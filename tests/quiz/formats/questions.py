"""Questions of every type that travels, with texts full of signs that formats give a meaning to."""

from dataclasses import replace
from decimal import Decimal
from string import ascii_lowercase

from hypothesis import strategies as st

from lms.quiz.exchange.format import WritableFormat
from lms.quiz.exchange.item import Item, Part, item_of
from lms.quiz.exchange.numbers import english, vietnamese
from lms.quiz.exchange.reading import checked
from lms.quiz.question import Question

KINDS = ("single", "multiple", "short", "number", "matching", "ordering")
SIGNS = "aẫĐ9 ~=#{}:\\*_[]()`<>&!?|%-.'\"/$@n"
WORDS = st.text(SIGNS, min_size=1, max_size=14).map(lambda text: " ".join(text.split()))
MARKDOWN = st.one_of(
    WORDS, st.sampled_from(["**đậm** và *nghiêng*", "[bài](01-bai.md#x)", "`.gov.vn`", "a_b_c"])
)
BLOCKS = st.one_of(
    st.just(""),
    st.lists(MARKDOWN, min_size=1, max_size=3).map("\n\n".join),
    st.sampled_from(["> Lời nhắn\n> hai dòng", "1. một\n2. hai", "| a | b |\n| --- | --- |\n| 1 | 2 |"]),
)
ID = st.text(ascii_lowercase, min_size=1, max_size=8)
NUMBER = st.one_of(
    st.integers(-99_999, 10**9).map(lambda value: vietnamese(str(value))),
    st.decimals(0, 999, places=2).map(lambda value: vietnamese(str(value), "±", "0.5")),
    st.integers(1, 999).map(lambda value: vietnamese(str(value), "..", str(value + 7))),
)


@st.composite
def _parts(draw: st.DrawFn, kind: str) -> list[Part]:
    texts = draw(st.lists(NUMBER if kind == "number" else WORDS, min_size=2, max_size=5, unique=True))
    told = st.one_of(st.just(""), MARKDOWN)
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
    return Item(
        kind,
        draw(MARKDOWN),
        draw(_parts(kind)),
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


def kept(one: Question, format_: WritableFormat) -> Item:
    """What of a question the format says that it carries."""
    item = item_of(one)
    assert item is not None
    carries = format_.carries - ({"feedback"} if item.kind in format_.keeps_no_feedback else set())
    for part, empty in _EMPTY.items():
        if part not in carries:
            item = replace(item, **{part: empty})
    return replace(item, parts=[_kept_part(part, item.kind, carries) for part in item.parts])


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
