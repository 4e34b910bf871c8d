"""Whatever a file holds: questions or mistakes, within a second, never a traceback."""

from operator import methodcaller
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.reading import Reading, read_questions
from lms.quiz.formats import FORMATS, WRITABLE
from tests.patience import within_a_second
from tests.quiz.formats.questions import items, question

NO_CHECKS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def mixed(*pieces: str) -> st.SearchStrategy[str]:
    """Texts of a few signs that mean something, in any order."""
    return st.lists(st.sampled_from([*pieces, "a", "ẫ", " ", "\n", "\n\n"]), max_size=40).map("".join)


GIFT = mixed(
    *("{", "}", "=", "~", "#", "####", "->", "%50%", "%", "::", "\\", "//", "T", "1..2", "1:0", "[html]"),
    *("[markdown]", "<b>", "<!--", "```", "<img", "$CATEGORY: a", "[tag:fixed]", "- ( ) "),
)
LINES = mixed(
    *(f"\n{line}" for line in ("A. a", "B) b", "ANSWER: A", "Đáp án: B", "Câu 1: x", "b. y", "*A. d"))
)
TREE = mixed(
    *("<quiz>", "</quiz>", "</question>", "</answer>", "<text>", "</text>", "<single>", "true", "</single>"),
    *("<![CDATA[", "]]>", "&lt;", '<question type="multichoice">', '<answer fraction="100">'),
)
CLOZE = mixed(
    *("{1:SA:", "{:MC:", "{2:NM:", "=", "~", "%50%", "#", "}", "\\}", "&#126;", "*", "{", "1", "&lt;p&gt;"),
    *("&lt;/p&gt;", '&lt;div class="gap-text"&gt;'),
).map(lambda text: f'<quiz><question type="cloze"><questiontext><text>{text}{CLOZE_ENDS.decode()}')
AS_BYTES = methodcaller("encode", "utf-8", "surrogatepass")
ASKED = [
    *("textEntryInteraction", "inlineChoiceInteraction", "choiceInteraction", "orderInteraction"),
    *("matchInteraction", "hottextInteraction", "hotspotInteraction"),
]
INSIDE = [
    *(
        "p",
        "div",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "pre",
        "code",
        "strong",
        "a",
        "img",
        "object",
        "prompt",
        "math",
    ),
    *("simpleChoice", "inlineChoice", "simpleMatchSet", "simpleAssociableChoice", "hottext", "hotspotChoice"),
    *("feedbackInline", "rubricBlock", "contentBody"),
]
RULES = [
    *(
        "responseCondition",
        "responseIf",
        "responseElseIf",
        "responseElse",
        "setOutcomeValue",
        "and",
        "or",
        "gte",
    ),
    *("lte", "equal", "match", "variable", "correct", "baseValue"),
]
ATTRIBUTES = {
    **{"responseIdentifier": "R", "shape": "rect", "coords": "1,2,3,4", "hotspotLabel": "a", "width": "9"},
    **{"height": "9", "src": "a.svg", "data": "a.svg", "href": "b", "outcomeIdentifier": "F", "use": "hint"},
    "view": "tutor",
}


def trees(tags: list[str]) -> st.SearchStrategy[Element]:
    """Elements of these names in each other, in any order."""

    def made(tag: str, name: str, text: str, inside: list[Element]) -> Element:
        element = Element(tag, ATTRIBUTES | {"identifier": name})
        element.text = element.tail = text
        element.extend(inside)
        return element

    def grown(inside: st.SearchStrategy[list[Element]]) -> st.SearchStrategy[Element]:
        names, texts = (
            st.sampled_from(["A", "B", "R", "SCORE", "F"]),
            st.sampled_from(["", " ", "a", "1", "A B"]),
        )
        return st.builds(made, st.sampled_from(tags), names, texts, inside)

    return st.recursive(grown(st.just([])), lambda inner: grown(st.lists(inner, max_size=4)), max_leaves=14)


@st.composite
def qti(draw: st.DrawFn) -> str:
    item = Element("assessmentItem", identifier="a")
    cardinality = draw(st.sampled_from(["single", "multiple", "ordered"]))
    base = draw(st.sampled_from(["identifier", "string", "float", "directedPair"]))
    declared = SubElement(item, "responseDeclaration", identifier="R", cardinality=cardinality, baseType=base)
    correct = SubElement(declared, "correctResponse")
    for value in draw(st.lists(st.sampled_from(["A", "B", "A B", "1"]), max_size=3)):
        SubElement(correct, "value").text = value
    SubElement(item, "itemBody").extend(draw(st.lists(trees([*ASKED[:1], *INSIDE]), max_size=3)))
    item[-1].append(draw(trees([draw(st.sampled_from(ASKED)), *INSIDE])))
    SubElement(item, "responseProcessing").extend(draw(st.lists(trees(RULES), max_size=3)))
    item.append(draw(trees(["modalFeedback", *INSIDE])))
    return tostring(item, encoding="unicode")


def soon(name: str, content: bytes) -> Reading:
    """What the format reads, within a second: questions, or mistakes with a line."""
    reading = within_a_second(lambda: read_questions(content, FORMATS[name]))
    assert bool(reading.questions) != bool(reading.mistakes)
    assert all(one.line >= 1 and one.message for one in reading.mistakes)
    return reading


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=200, **NO_CHECKS)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.one_of(GIFT, LINES, TREE, CLOZE, qti(), st.text()).map(AS_BYTES),
    )
)
def test_any_bytes_are_read_or_refused(name: str, content: bytes) -> None:
    soon(name, content)


@pytest.mark.parametrize("name", WRITABLE)
@settings(max_examples=150, **NO_CHECKS)
@given(item=items(), cut=st.tuples(st.integers(0, 10_000), st.integers(0, 60)), put=st.binary(max_size=6))
def test_a_damaged_file_is_read_or_refused(name: str, item, cut: tuple[int, int], put: bytes) -> None:
    before = question(item)
    if before is None:
        return
    carried, _ = losses([before], WRITABLE[name])
    written = WRITABLE[name].write(carried)
    at = cut[0] % (len(written) + 1)
    soon(name, written[:at] + put + written[at + cut[1] :])


MEGABYTE = 1024 * 1024
CLOZE_ENDS = b"</text></questiontext></question></quiz>"
RULE = (
    b'<responseCondition><responseIf><equal><variable identifier="R"/><baseValue>1</baseValue></equal>'
    b'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
    b"</responseIf></responseCondition>"
)
MODAL = b'<modalFeedback identifier="A" outcomeIdentifier="F" showHide="show"><p/></modalFeedback>'
CHOICE = b'<hottextInteraction responseIdentifier="R"><hottext identifier="A"/></hottextInteraction>'
QTI = (
    b'<assessmentItem identifier="a">'
    b'<responseDeclaration identifier="R" cardinality="single" baseType="float">'
    b"<correctResponse><value>1</value></correctResponse></responseDeclaration><itemBody><p>a</p>%s"
    b'<p><textEntryInteraction responseIdentifier="R"/></p></itemBody>'
    b"<responseProcessing>%s</responseProcessing>"
)
HUGE = {
    "braces": b"{" * MEGABYTE,
    "pairs of braces": b"{}" * MEGABYTE,
    "names": b"::" * MEGABYTE,
    "colons": b":a" * MEGABYTE,
    "backslashes": b"\\" * MEGABYTE,
    "comments": b"// [tag:" + b"[tag:" * MEGABYTE,
    "open comments of HTML": b"a {=b ~c ####" + b"<!--" * 20_000 + b"}",
    "open tags": b"a {=b ~c ####" + b"<b " * 20_000 + b"}",
    "a long line": b"a" * MEGABYTE + b"{T}",
    "spaces": b"a" + b" " * MEGABYTE + b"{T}",
    "answers": b"a {" + b"~b" * 200_000 + b"}",
    "numbers": b"a {#" + b"=1:2" * 100_000 + b"}",
    "digits": b"a {#" + b"1" * MEGABYTE + b"}",
    "feedbacks": b"a {=b" + b"#" * MEGABYTE + b"}",
    "weights": b"a {~" + b"%1" * MEGABYTE + b"}",
    "pairs": b"a {=b" + b"->" * MEGABYTE + b"}",
    "open and empty lines": b"{\n\n~" * 100_000,
    "empty lines": b"\n" * MEGABYTE,
    "lines in braces": b"{" + b"\n" * MEGABYTE,
    "options": b"a\n" + b"A. b\n" * 100_000 + b"ANSWER: A\n",
    "keys": b"ANSWER: A\n" * 20_000,
    "open elements": b"<a>" * MEGABYTE,
    "elements": b"<quiz>" + b"<question/>" * 100_000 + b"</quiz>",
    "attributes": b"<quiz " + b"".join(b'a%d="" ' % n for n in range(100_000)) + b"/>",
    "entities of characters": b"<quiz>" + b"&#65;" * 500_000 + b"</quiz>",
    "open gaps": b'<quiz><question type="cloze"><questiontext><text>' + b"{1:SA:=a~" * 3_500 + CLOZE_ENDS,
    "alternatives": b'<quiz><question type="cloze"><questiontext><text>{1:SA:'
    + b"=a~" * 10_000
    + b"}"
    + CLOZE_ENDS,
    "rules": QTI % (b"", RULE * 4_000) + b"</assessmentItem>",
    "feedback": QTI % (b"", RULE * 1_000) + MODAL * 4_000 + b"</assessmentItem>",
    "pictures": QTI % (b'<img src="a.svg"/><img src="b/a.svg"/>' * 9_000, RULE) + b"</assessmentItem>",
    "choices": QTI % (CHOICE * 9_000, b"") + b"</assessmentItem>",
    "another encoding": b'<?xml version="1.0" encoding="rot13"?><quiz/>',
    "too much": b"a" * (9 * MEGABYTE),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.timeout(20)
@pytest.mark.parametrize("content", HUGE.values(), ids=HUGE.keys())
def test_a_hostile_file_is_refused_soon(name: str, content: bytes) -> None:
    soon(name, content)
