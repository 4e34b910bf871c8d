"""What an item of QTI declares as right, how it scores, and which feedback it shows; names of version 2.1.

Scores are those of docs/course-format.md, section 4, times the points of the question: by mappings with
bounds, and where those cannot say it by rules.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from string import ascii_uppercase
from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.numbers import english
from lms.quiz.exchange.typed_words import with_bare
from lms.quiz.plain import words_of

RESPONSE, SCORE, MOST, FEEDBACK, EXPLANATION = "RESPONSE", "SCORE", "MAXSCORE", "FEEDBACK", "EXPLANATION"
_CARDINALITY = {"single": "single", "short": "single", "number": "single", "ordering": "ordered"}
_BASE = {"short": "string", "number": "float", "matching": "directedPair"}


def made(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with its attributes, and texts and elements inside it."""
    element = Element(tag, attributes)
    for one in inside:
        if isinstance(one, str):
            element.text = one
        else:
            element.append(one)
    return element


def names_of(item: Item) -> list[str]:
    """The identifier of every part; in pairs that of its left, empty for a distractor."""
    match item.kind:
        case "matching":
            return [f"L{number}" if part.text else "" for number, part in enumerate(item.parts, 1)]
        case "short" | "number":
            return [f"A{number}" for number, _ in enumerate(item.parts, 1)]
        case "gaps":
            return [gap_name(place) for place, _ in enumerate(item.parts)]
    return list(ascii_uppercase[: len(item.parts)])


def gap_name(place: int) -> str:
    """The response of the gap that is the part of this place."""
    return f"GAP{place + 1}"


def rights_of(item: Item) -> list[str]:
    """The right sides of all pairs, each once; the first is R1."""
    return list(dict.fromkeys(part.partner for part in item.parts))


def choices_of(part: Part) -> dict[str, str]:
    """What may be chosen in a gap, by identifier, the right one first; nothing where it is typed."""
    words = (part.text, *part.wrong) if part.wrong else ()
    return dict(zip(ascii_uppercase, words, strict=False))


def declarations(item: Item) -> Iterator[Element]:
    """Responses with what is right, then outcomes."""
    if item.kind == "gaps":
        for name, part in zip(names_of(item), item.parts, strict=True):
            yield _gap_declared(name, part, item.points / len(item.parts))
    else:
        yield _declared(item)
    score = made(
        "outcomeDeclaration",
        _default("0"),
        identifier=SCORE,
        cardinality="single",
        baseType="float",
        normalMaximum=str(item.points),
    )
    yield score
    yield made(
        "outcomeDeclaration",
        _default(str(item.points)),
        identifier=MOST,
        cardinality="single",
        baseType="float",
    )
    if _says_something(item):
        yield made("outcomeDeclaration", identifier=FEEDBACK, cardinality="multiple", baseType="identifier")


def _default(value: str) -> Element:
    return made("defaultValue", made("value", value))


def _says_something(item: Item) -> bool:
    return bool(item.explanation) or any(part.feedback for part in item.parts)


def _gap_declared(name: str, part: Part, worth: float) -> Element:
    choices = choices_of(part)
    keys = ["A"] if choices else with_bare([part.text, *part.also])
    declared = made(
        "responseDeclaration",
        made("correctResponse", made("value", keys[0])),
        identifier=name,
        cardinality="single",
        baseType="identifier" if choices else "string",
    )
    declared.append(_mapping(dict.fromkeys(keys, worth), is_typed=not choices))
    return declared


def _declared(item: Item) -> Element:
    worths = _worths(item)
    declared = Element(
        "responseDeclaration",
        identifier=RESPONSE,
        cardinality=_CARDINALITY.get(item.kind, "multiple"),
        baseType=_BASE.get(item.kind, "identifier"),
    )
    correct = SubElement(declared, "correctResponse")
    for value in _right(item):
        SubElement(correct, "value").text = value
    if worths:
        mapping = _mapping(worths, is_typed=item.kind == "short")
        mapping.set("lowerBound", "0")
        mapping.set("upperBound", str(item.points))
        declared.append(mapping)
    return declared


def _right(item: Item) -> list[str]:
    """The right response; of several typed ones the first."""
    match item.kind:
        case "short":
            return [item.parts[0].text]
        case "number":
            first, sign, second = english(item.parts[0].text)
            return [f"{(Decimal(first) + Decimal(second)) / 2:f}" if sign == ".." else first]
        case "matching":
            return _pairs(item)
    return [name for name, part in zip(names_of(item), item.parts, strict=True) if part.right]


def _pairs(item: Item) -> list[str]:
    rights = rights_of(item)
    named = zip(names_of(item), item.parts, strict=True)
    return [f"{name} R{rights.index(part.partner) + 1}" for name, part in named if name]


def _worths(item: Item) -> dict[str, float]:
    """What every response is worth, of the kinds whose score is a sum within bounds."""
    named = list(zip(names_of(item), item.parts, strict=True))
    match item.kind:
        case "short":
            return dict.fromkeys(with_bare([part.text for part in item.parts]), item.points)
        case "matching":
            pairs = _pairs(item)
            return dict.fromkeys(pairs, item.points / len(pairs))
        case "single" | "multiple" | "spot" | "tap":
            right = [name for name, part in named if part.right]
            wrong = [name for name, part in named if not part.right] if item.kind != "single" else []
            shares = dict.fromkeys(right, item.points / len(right))
            return shares | dict.fromkeys(wrong, -item.points / (len(wrong) or 1))
    return {}


def _mapping(worths: dict[str, float], *, is_typed: bool) -> Element:
    mapping = Element("mapping", defaultValue="0")
    for key, worth in worths.items():
        entry = SubElement(mapping, "mapEntry", mapKey=key, mappedValue=f"{worth:.10g}")
        if is_typed:
            entry.set("caseSensitive", "false")
    return mapping


def processing(item: Item, template: str) -> Element:
    """By the template that only maps, where that says all; else by rules."""
    if not _says_something(item) and item.kind not in ("number", "ordering", "gaps"):
        return made("responseProcessing", template=template)
    return made("responseProcessing", *_scoring(item), *_telling(item))


def _scoring(item: Item) -> Iterator[Element]:
    match item.kind:
        case "number":
            tests = [_if(_within(part), _set(SCORE, _float(item.points))) for part in item.parts]
            yield _condition(*tests)
        case "ordering":
            worth = item.points / (len(item.parts) - 1)
            for before, after in pairwise(names_of(item)):
                stands = made("contains", _variable(RESPONSE), made("ordered", _name(before), _name(after)))
                yield _condition(_if(stands, _set(SCORE, made("sum", _variable(SCORE), _float(worth)))))
        case "gaps":
            yield _set(SCORE, made("sum", *(made("mapResponse", identifier=gap) for gap in names_of(item))))
        case _:
            answered = made("not", made("isNull", _variable(RESPONSE)))
            yield _condition(_if(answered, _set(SCORE, made("mapResponse", identifier=RESPONSE))))


def _telling(item: Item) -> Iterator[Element]:
    """Which feedback is shown: of what was chosen, typed or paired, of steps that stand elsewhere."""
    told = [(name, part) for name, part in zip(names_of(item), item.parts, strict=True) if part.feedback]
    if told and item.kind in ("single", "multiple", "spot", "tap"):
        yield _show(_variable(RESPONSE))
    elif told and item.kind == "matching":
        answered = made("not", made("isNull", _variable(RESPONSE)))
        yield _condition(_if(answered, _show(*(_name(name) for name, _ in told))))
    elif told and item.kind == "ordering":
        for place, (name, part) in enumerate(zip(names_of(item), item.parts, strict=True), 1):
            if part.feedback:
                there = made("index", _variable(RESPONSE), n=str(place))
                yield _condition(_if(made("not", made("match", there, _name(name))), _show(_name(name))))
    elif told:
        is_it = _within if item.kind == "number" else _typed
        yield _condition(*(_if(is_it(part), _show(_name(name))) for name, part in told))
    if item.explanation:
        yield _show(_name(EXPLANATION))


def _within(part: Part) -> Element:
    """Whether the response lies in an interval, its ends among it."""
    first, sign, second = english(part.text)
    if sign == "..":
        low, high = (made(tag, _variable(RESPONSE), _base("float", end)) for tag, end in _ends(first, second))
        return made("and", low, high)
    equal = made("equal", _variable(RESPONSE), _base("float", first), toleranceMode="exact")
    if sign:
        equal.attrib.update({"toleranceMode": "absolute", "tolerance": f"{second} {second}"})
    return equal


def _ends(low: str, high: str) -> Sequence[tuple[str, str]]:
    return ("gte", low), ("lte", high)


def _typed(part: Part) -> Element:
    return made(
        "stringMatch", _variable(RESPONSE), _base("string", words_of(part.text)), caseSensitive="false"
    )


def _condition(*tests: Element) -> Element:
    """The first test that holds decides."""
    for test in tests[1:]:
        test.tag = "responseElseIf"
    return made("responseCondition", *tests)


def _if(test: Element, *rules: Element) -> Element:
    return made("responseIf", test, *rules)


def _set(outcome: str, value: Element) -> Element:
    return made("setOutcomeValue", value, identifier=outcome)


def _show(*values: Element) -> Element:
    return _set(FEEDBACK, made("multiple", _variable(FEEDBACK), *values))


def _variable(name: str) -> Element:
    return made("variable", identifier=name)


def _name(name: str) -> Element:
    return _base("identifier", name)


def _float(value: float) -> Element:
    return _base("float", f"{value:.10g}")


def _base(type_: str, value: str) -> Element:
    return made("baseValue", value, baseType=type_)
