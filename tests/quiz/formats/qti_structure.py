"""The structure of QTI items, as the schemas of 2.1 and 3.0 have it, for the elements that we write.

By element: what may be inside, as a pattern over the children's names, the attributes it must have and those
it may have. No package offers the official schemas; this is written after the published information model.
"""

import re
from xml.etree.ElementTree import Element

_FLOW = "(?:p |div |ul |ol |dl |table |pre |h[2-6] |hr |blockquote )"
_INLINE = "(?:br |code |strong |em |a |img |sup )"
_ASKED = "(?:choiceInteraction |orderInteraction |matchInteraction |hottextInteraction |hotspotInteraction )"
_TYPED = "(?:textEntryInteraction |inlineChoiceInteraction )"
_EXPRESSION = (
    "(?:variable |baseValue |mapResponse |sum |multiple |ordered |contains |index |match |stringMatch |equal "
    "|gte |lte |and |not |isNull )"
)
_RULE = "(?:responseCondition |setOutcomeValue )"
_TWO = f"{_EXPRESSION}{{2}}"
_ANY = rf"(?:{_FLOW}|{_INLINE}|{_TYPED}|hottext )*"

INSIDE = {
    "assessmentItem": "(?:responseDeclaration )+(?:outcomeDeclaration )+itemBody responseProcessing "
    "(?:modalFeedback )*",
    "responseDeclaration": "correctResponse (?:mapping )?",
    "outcomeDeclaration": "(?:defaultValue )?",
    "correctResponse": "(?:value )+",
    "defaultValue": "value ",
    "mapping": "(?:mapEntry )+",
    "itemBody": f"(?:{_FLOW}|{_ASKED}|rubricBlock )+",
    "choiceInteraction": "(?:simpleChoice )+",
    "orderInteraction": "(?:simpleChoice )+",
    "matchInteraction": "simpleMatchSet simpleMatchSet ",
    "simpleMatchSet": "(?:simpleAssociableChoice )+",
    "hottextInteraction": f"{_FLOW}+",
    "hotspotInteraction": "object (?:hotspotChoice )+",
    "inlineChoiceInteraction": "(?:inlineChoice )+",
    "responseProcessing": f"{_RULE}*",
    "responseCondition": "responseIf (?:responseElseIf )*(?:responseElse )?",
    "responseIf": f"{_EXPRESSION}{_RULE}*",
    "responseElseIf": f"{_EXPRESSION}{_RULE}*",
    "setOutcomeValue": _EXPRESSION,
    "not": _EXPRESSION,
    "isNull": _EXPRESSION,
    "index": _EXPRESSION,
    **dict.fromkeys(("contains", "match", "stringMatch", "equal", "gte", "lte"), _TWO),
    **dict.fromkeys(("sum", "multiple", "ordered", "and"), f"{_EXPRESSION}+"),
    "rubricBlock": f"(?:{_FLOW}+|contentBody )",
    "modalFeedback": f"(?:{_FLOW}+|contentBody )",
    "contentBody": f"{_FLOW}+",
    "blockquote": f"{_FLOW}*",
    "ul": "(?:li )*",
    "ol": "(?:li )*",
    "dl": "(?:dt |dd )*",
    "table": "(?:thead )?(?:tbody )*",
    "thead": "(?:tr )+",
    "tbody": "(?:tr )+",
    "tr": "(?:th |td )+",
    **dict.fromkeys(("p", "h2", "h3", "h4", "h5", "h6", "pre", "dt"), f"(?:{_INLINE}|{_TYPED}|hottext )*"),
    **dict.fromkeys(("li", "dd", "td", "th", "div"), _ANY),
    **dict.fromkeys(("code", "strong", "em", "a", "sup", "hottext"), f"{_INLINE}*"),
    **dict.fromkeys(("simpleChoice", "simpleAssociableChoice"), f"{_INLINE}*"),
}
EMPTY = {
    *("value", "mapEntry", "variable", "baseValue", "mapResponse", "textEntryInteraction", "inlineChoice"),
    *("hotspotChoice", "object", "br", "hr", "img"),
}
WITH_TEXT = {
    *(
        "value",
        "baseValue",
        "inlineChoice",
        "object",
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "dt",
        "dd",
        "li",
    ),
    *(
        "td",
        "th",
        "div",
        "code",
        "strong",
        "em",
        "a",
        "sup",
        "hottext",
        "simpleChoice",
        "simpleAssociableChoice",
    ),
}
ATTRIBUTES = {
    "assessmentItem": ("identifier title adaptive timeDependent", "lang label toolName toolVersion"),
    "responseDeclaration": ("identifier cardinality baseType", ""),
    "outcomeDeclaration": ("identifier cardinality", "baseType normalMaximum"),
    "mapping": ("defaultValue", "lowerBound upperBound"),
    "mapEntry": ("mapKey mappedValue", "caseSensitive"),
    "choiceInteraction": ("responseIdentifier shuffle maxChoices", "minChoices"),
    "orderInteraction": ("responseIdentifier shuffle", ""),
    "matchInteraction": ("responseIdentifier shuffle maxAssociations", ""),
    "hottextInteraction": ("responseIdentifier maxChoices", ""),
    "hotspotInteraction": ("responseIdentifier maxChoices", ""),
    "inlineChoiceInteraction": ("responseIdentifier shuffle", ""),
    "textEntryInteraction": ("responseIdentifier", "expectedLength"),
    "simpleChoice": ("identifier", ""),
    "inlineChoice": ("identifier", ""),
    "hottext": ("identifier", ""),
    "simpleAssociableChoice": ("identifier matchMax", ""),
    "hotspotChoice": ("identifier shape coords", "hotspotLabel"),
    "object": ("data type", "width height"),
    "img": ("src alt", ""),
    "a": ("href", ""),
    "th": ("", "class scope"),
    "td": ("", "class"),
    "div": ("", "class"),
    "responseProcessing": ("", "template"),
    "setOutcomeValue": ("identifier", ""),
    "variable": ("identifier", ""),
    "mapResponse": ("identifier", ""),
    "baseValue": ("baseType", ""),
    "index": ("n", ""),
    "stringMatch": ("caseSensitive", ""),
    "equal": ("toleranceMode", "tolerance"),
    "rubricBlock": ("view use", ""),
    "modalFeedback": ("outcomeIdentifier identifier showHide", ""),
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NAMES = ("identifier", "responseIdentifier", "outcomeIdentifier")


def problems(root: Element) -> list[str]:
    """What of the item the schema would refuse."""
    found = [problem for element in root.iter() for problem in _of(element)]
    declared = {one.get("identifier") for one in root if one.tag.endswith("Declaration")}
    asked = {one.get("responseIdentifier") for one in root.iter() if one.get("responseIdentifier")}
    used = {
        one.get("identifier")
        for one in root.iter()
        if one.tag in ("variable", "mapResponse", "setOutcomeValue")
    }
    used |= {one.get("outcomeIdentifier") for one in root.iter("modalFeedback")}
    return [*found, *(f"{name} is not declared" for name in (asked | used) - declared)]


def _of(element: Element) -> list[str]:
    tag = element.tag
    found = []
    inside = "".join(f"{child.tag} " for child in element)
    if not re.fullmatch("" if tag in EMPTY else INSIDE[tag], inside):
        found.append(f"{tag} has {inside or 'nothing'}")
    texts = [element.text, *(child.tail for child in element)]
    if tag not in WITH_TEXT and any(text and text.strip() for text in texts):
        found.append(f"{tag} has text")
    needed, more = (names.split() for names in ATTRIBUTES.get(tag, ("", "")))
    if {*needed} - {*element.attrib} or {*element.attrib} - {*needed, *more}:
        found.append(f"{tag} has attributes {sorted(element.attrib)}")
    names = [
        element.get(name) for name in _NAMES if tag != "assessmentItem" and element.get(name) is not None
    ]
    return found + [f"{tag} is called {name}" for name in names if not _NAME.fullmatch(name or "")]
