"""Items of QTI as other programs take them: their structure is the schema's, their scores are ours."""

import io
import zipfile
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.numbers import english
from lms.quiz.exchange.qti.scoring import choices_of, names_of, rights_of
from lms.quiz.formats import WRITABLE
from lms.quiz.formats.qti import _neutral
from lms.quiz.plain import option_id, words_of
from lms.quiz.question import Answer
from tests.quiz.formats.qti_player import Player
from tests.quiz.formats.qti_structure import problems
from tests.quiz.formats.questions import FILES, items, question

PLENTY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def written(item: Item, name: str = "qti21") -> tuple[Item, Element]:
    """The item as the format carries it, and as it writes it."""
    before = question(item)
    assume(before is not None)
    carried, _ = losses([before], WRITABLE[name], FILES)
    assume(carried)
    with zipfile.ZipFile(io.BytesIO(WRITABLE[name].write(carried))) as archive:
        return carried[0], _neutral(ElementTree.fromstring(archive.read("items/0001.xml")))


@pytest.mark.parametrize("name", ["qti21", "qti30"])
@settings(max_examples=150, **PLENTY)
@given(item=items())
def test_an_item_has_the_structure_of_the_schema(name: str, item: Item) -> None:
    _, root = written(item, name)
    assert problems(root) == []


@settings(max_examples=250, **PLENTY)
@given(item=items(), answer=st.data())
def test_an_item_scores_as_the_course_format_does(item: Item, answer: st.DataObject) -> None:
    carried, root = written(item)
    asked = question(item)
    responses, ours = answer.draw(ANSWERS[item.kind](carried))
    player = Player(root, responses)
    assert player.score == pytest.approx(asked.grade(ours) * asked.points, abs=1e-6)
    told = {part.feedback for part in carried.parts if part.feedback}
    if item.kind not in ("gaps",) and ours:
        said = {one.source for one in asked.feedback_for(ours)}
        names = {name: part.feedback for name, part in zip(names_of(carried), carried.parts, strict=True)}
        assert {names[name] for name in player.shown & names.keys()} == said & told
    assert ("EXPLANATION" in player.shown) == bool(item.explanation)


def _chosen(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    names = dict(zip(names_of(item), item.parts, strict=True))
    most = 1 if item.kind == "single" else len(names)
    return st.lists(st.sampled_from(sorted(names)), unique=True, max_size=most).map(
        lambda chosen: (
            {"RESPONSE": (chosen[0] if item.kind == "single" else chosen) if chosen else None},
            {"chosen": [option_id(names[name].text) for name in chosen]} if chosen else None,
        )
    )


def _ordered(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    names = dict(zip(names_of(item), item.parts, strict=True))
    return st.permutations(sorted(names)).map(
        lambda order: (
            {"RESPONSE": order},
            {"places": {option_id(names[name].text): place for place, name in enumerate(order, 1)}},
        )
    )


def _paired(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    lefts = {name: part.text for name, part in zip(names_of(item), item.parts, strict=True) if name}
    rights = {f"R{number}": text for number, text in enumerate(rights_of(item), 1)}
    picks = st.fixed_dictionaries({name: st.sampled_from(sorted(rights)) for name in lefts})
    return picks.map(
        lambda picked: (
            {"RESPONSE": [f"{left} {right}" for left, right in picked.items()]},
            {"pairs": {option_id(lefts[left]): option_id(rights[right]) for left, right in picked.items()}},
        )
    )


def _typed_short(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    texts = st.sampled_from([words_of(part.text) for part in item.parts])
    return st.one_of(texts, st.just("điều gì khác")).map(
        lambda text: ({"RESPONSE": text.lower()}, {"typed": text.lower()})
    )


def _typed_number(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    numbers = [Decimal(number) for part in item.parts for number in english(part.text)[::2] if number]
    near = [number + step for number in numbers for step in (0, Decimal("0.25"), 3, Decimal("0.75"))]
    return st.sampled_from(near).map(
        lambda number: ({"RESPONSE": float(number)}, {"typed": f"{number:f}".replace(".", ",")})
    )


def _filled(item: Item) -> st.SearchStrategy[tuple[dict, Answer | None]]:
    picks = [
        st.sampled_from([None, *(choices_of(part) or [words_of(text) for text in (part.text, *part.also)])])
        for part in item.parts
    ]
    return st.tuples(*picks).map(
        lambda filled: (
            dict(zip(names_of(item), filled, strict=True)),
            {"gaps": [_sent(*one) for one in zip(range(1, 9), item.parts, filled, strict=False)]},
        )
    )


def _sent(number: int, part: Part, value: str | None) -> str:
    if value is None:
        return ""
    return option_id(f"{number} {choices_of(part)[value]}") if part.wrong else value


ANSWERS = {
    **dict.fromkeys(("single", "multiple", "spot", "tap"), _chosen),
    "ordering": _ordered,
    "matching": _paired,
    "short": _typed_short,
    "number": _typed_number,
    "gaps": _filled,
}
