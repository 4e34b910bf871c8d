"""One item of QTI written, with the names of version 2.1: declarations, body, processing, feedback in order.

The information model (imsglobal.org/question/qtiv2p1) names the elements; their order is that of its schema.
"""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.item import Item, Part, Picture
from lms.quiz.exchange.markup import words_of
from lms.quiz.exchange.passages import GAP_TEXT, add_plain, paragraphs_of
from lms.quiz.exchange.qti.scoring import (
    EXPLANATION,
    FEEDBACK,
    RESPONSE,
    choices_of,
    declarations,
    gap_name,
    made,
    names_of,
    processing,
    rights_of,
)
from lms.quiz.exchange.xhtml import blocks_of, paragraph_of

HINT = "hint"
_LONGEST_TITLE = 80
_UNKNOWN = Picture(b"", 1000, 1000)
_MEDIA_TYPES = {"svg": "svg+xml", "jpg": "jpeg"}


def written(item: Item, template: str) -> Element:
    """The question as an `assessmentItem`; pictures are named as its texts name them."""
    title = " ".join(words_of(item.stem).split())[:_LONGEST_TITLE].strip() or item.id
    root = Element(
        "assessmentItem",
        {
            "identifier": item.id,
            "title": title,
            "adaptive": "false",
            "timeDependent": "false",
            "xml:lang": "vi",
        },
    )
    root.extend(declarations(item))
    body = SubElement(root, "itemBody")
    body.append(paragraph_of(item.stem))
    body.extend(blocks_of(item.material))
    body.extend(made("rubricBlock", paragraph_of(hint), view="tutor", use=HINT) for hint in item.hints)
    body.append(_asked(item))
    root.append(processing(item, template))
    root.extend(_feedback(item))
    return root


def _feedback(item: Item) -> Iterator[Element]:
    for name, part in zip(names_of(item), item.parts, strict=True):
        if part.feedback:
            yield _modal(name, [paragraph_of(part.feedback)])
    if item.explanation:
        yield _modal(EXPLANATION, blocks_of(item.explanation))


def _modal(name: str, blocks: Sequence[Element]) -> Element:
    return made("modalFeedback", *blocks, outcomeIdentifier=FEEDBACK, identifier=name, showHide="show")


def _asked(item: Item) -> Element:
    """The interaction, or for gaps the text with one in every gap."""
    match item.kind:
        case "short" | "number":
            return made("p", _entry(RESPONSE, 40))
        case "gaps":
            return made("div", *paragraphs_of(item, _gap), **{"class": GAP_TEXT})
        case "spot":
            return made(
                "hottextInteraction", *paragraphs_of(item, _sign), responseIdentifier=RESPONSE, maxChoices="0"
            )
        case "tap":
            return _picture_with_regions(item)
        case "matching":
            return _match(item)
    return _choices(item)


def _entry(name: str, length: int) -> Element:
    return Element("textEntryInteraction", responseIdentifier=name, expectedLength=str(length))


def _choices(item: Item) -> Element:
    shuffle = "false" if item.fixed else "true"
    tag = "orderInteraction" if item.kind == "ordering" else "choiceInteraction"
    asked = Element(tag, responseIdentifier=RESPONSE, shuffle=shuffle)
    if item.kind != "ordering":
        asked.set("maxChoices", "1" if item.kind == "single" else "0")
    named = list(zip(names_of(item), item.parts, strict=True))
    if item.kind == "ordering":
        named.sort(key=lambda one: one[1].text)  # As they are written, their order is the key.
    asked.extend(_plain("simpleChoice", part.text, identifier=name) for name, part in named)
    return asked


def _match(item: Item) -> Element:
    lefts = [(name, part.text) for name, part in zip(names_of(item), item.parts, strict=True) if name]
    rights = [(f"R{number}", text) for number, text in enumerate(rights_of(item), 1)]
    asked = Element(
        "matchInteraction", responseIdentifier=RESPONSE, shuffle="true", maxAssociations=str(len(lefts))
    )
    for side, most in ((lefts, 1), (rights, len(lefts))):
        choices = SubElement(asked, "simpleMatchSet")
        for name, text in side:
            choices.append(_plain("simpleAssociableChoice", text, identifier=name, matchMax=str(most)))
    return asked


def _gap(place: int, part: Part) -> Element:
    """Choices in an order of their own: the author's begins with the right one."""
    name, choices = gap_name(place), choices_of(part)
    if not choices:
        return _entry(name, max(map(len, (part.text, *part.also))))
    asked = Element("inlineChoiceInteraction", responseIdentifier=name, shuffle="true")
    for identifier, text in sorted(choices.items(), key=lambda one: one[1]):
        SubElement(asked, "inlineChoice", identifier=identifier).text = text
    return asked


def _sign(place: int, part: Part) -> Element:
    return _plain("hottext", part.text, identifier=ascii_uppercase[place])


def _picture_with_regions(item: Item) -> Element:
    """The regions in the picture's own points; a name says to those who do not see it which is which."""
    file = item.files.get(item.picture, _UNKNOWN)
    width, height = file.width or _UNKNOWN.width, file.height or _UNKNOWN.height
    suffix = item.picture.rpartition(".")[2].lower()
    shown = made(
        "object",
        item.shows,
        type=f"image/{_MEDIA_TYPES.get(suffix, suffix)}",
        data=item.picture,
        width=str(width),
        height=str(height),
    )
    asked = made("hotspotInteraction", shown, responseIdentifier=RESPONSE, maxChoices="0")
    for name, part in zip(names_of(item), item.parts, strict=True):
        region = part.region
        if region is not None:
            ends = (region.left, region.top, region.left + region.width, region.top + region.height)
            points = [end * whole / 100 for end, whole in zip(ends, (width, height) * 2, strict=True)]
            coords = ",".join(f"{point:.4f}".rstrip("0").rstrip(".") for point in points)
            SubElement(
                asked, "hotspotChoice", identifier=name, shape="rect", coords=coords, hotspotLabel=part.text
            )
    return asked


def _plain(tag: str, text: str, **attributes: str) -> Element:
    """An element with plain text in it, what stands in backticks as code."""
    element = Element(tag, attributes)
    add_plain(element, text)
    return element
