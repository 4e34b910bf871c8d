"""What the response processing of an item says: which numbers score, which feedback is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from xml.etree.ElementTree import Element

from lms.quiz.exchange.numbers import bounds, vietnamese

_SCORE = ("SCORE", "score")
_NUMERIC = ("float", "integer")
_WHAT_WAS_ANSWERED = ""


@dataclass(frozen=True)
class Scored:
    """Intervals as the course format writes them, and what they are worth."""

    intervals: Sequence[str]
    worth: Decimal


class Rules:
    """The rules of an item, by which outcome they set."""

    def __init__(self, root: Element) -> None:
        processing = root.find("responseProcessing")
        self._processing = Element("responseProcessing") if processing is None else processing
        values = root.iterfind("responseDeclaration/correctResponse/value")
        self._right = [(value.text or "").strip() for value in values]

    @cached_property
    def always_shown(self) -> frozenset[str]:
        """Identifiers of the feedback that is shown whatever was answered."""
        rules = [rule for rule in self._processing if rule.tag == "setOutcomeValue"]
        return frozenset(name for rule in rules for name in _identifiers(rule))

    def may_show(self, outcome: str, identifier: str) -> bool:
        """Whether an answer of this identifier shows the feedback of the same name."""
        return bool(self._shown.get(outcome, frozenset()) & {identifier, _WHAT_WAS_ANSWERED})

    @cached_property
    def _shown(self) -> dict[str, set[str]]:
        """By outcome the identifiers that rules set it to; one may be what was answered, whatever that is."""
        found: dict[str, set[str]] = {}
        for rule in self._processing.iter("setOutcomeValue"):
            outcome = rule.get("identifier", "")
            if not _is_score(rule):
                names = found.setdefault(outcome, set())
                names.update(_identifiers(rule))
                if any(one.get("identifier") != outcome for one in rule.iter("variable")):
                    names.add(_WHAT_WAS_ANSWERED)
        return found

    def shown_for_typed(self) -> dict[str, str]:
        """The feedback's identifier by the text that has to be typed."""
        return {
            value: name
            for test, sets in self._branches()
            if test.tag == "stringMatch" and (value := _constant(test)) is not None
            for name in _names_set(sets)
        }

    def shown_for_numbers(self) -> dict[str, str]:
        """The feedback's identifier by the interval, as the course format writes it."""
        return {
            interval: name
            for test, sets in self._branches()
            for interval in self._intervals(test) or ()
            for name in _names_set(sets)
        }

    def scored_numbers(self) -> list[Scored] | None:
        """Every interval that scores; none where no rule of the item's own scores, None if one is unclear."""
        of_branches = {rule for _, sets in self._branches() for rule in sets}
        for rule in self._processing.iter("setOutcomeValue"):
            if _is_score(rule) and rule not in of_branches and _worth(rule) != 0:
                return None
        found = [
            self._scored(test, rule) for test, sets in self._branches() for rule in sets if _is_score(rule)
        ]
        known = [one for one in found if one is not None]
        return None if len(known) < len(found) else [one for one in known if one.worth > 0]

    def _scored(self, test: Element, rule: Element) -> Scored | None:
        worth, intervals = _worth(rule), self._intervals(test)
        if worth is None or (worth > 0 and intervals is None):
            return None
        return Scored(intervals or (), worth)

    def _branches(self) -> Iterator[tuple[Element, list[Element]]]:
        """Every test with what it sets."""
        for condition in self._processing.iterfind("responseCondition"):
            for branch in condition:
                if branch.tag in ("responseIf", "responseElseIf") and len(branch):
                    yield branch[0], [rule for rule in branch[1:] if rule.tag == "setOutcomeValue"]

    def _intervals(self, test: Element) -> list[str] | None:
        """What numbers a test lets through; None if that is unclear."""
        match test.tag:
            case "or":
                alternatives = [self._intervals(one) for one in test]
                known = [one for one in alternatives if one is not None]
                if len(known) < len(alternatives):
                    return None
                return [interval for one in known for interval in one]
            case "and":
                return _range(test)
            case "equal" | "match":
                return self._one_value(test)
        return None

    def _one_value(self, test: Element) -> list[str] | None:
        values = list(self._right) if test.find("correct") is not None else [_constant(test)]
        if len(values) != 1 or values[0] is None or test.find("variable") is None:
            return None
        mode = test.get("toleranceMode", "exact")
        tolerances = test.get("tolerance", "0").split()
        if mode == "exact":
            written = vietnamese(values[0])
        elif mode == "absolute" and len(set(tolerances)) == 1 and _includes_its_ends(test):
            written = vietnamese(values[0], "±", tolerances[0])
        else:
            return None
        return [written] if written else None


def _is_score(rule: Element) -> bool:
    return rule.get("identifier") in _SCORE


def _names_set(sets: Sequence[Element]) -> list[str]:
    """Identifiers that these rules set outcomes to."""
    return [name for rule in sets for name in _identifiers(rule)]


def _identifiers(rule: Element) -> list[str]:
    found = (one for one in rule.iter("baseValue") if one.get("baseType") == "identifier")
    return [(one.text or "").strip() for one in found]


def _constant(test: Element) -> str | None:
    """The one value that a response is compared with."""
    values = test.findall("baseValue")
    return " ".join((values[0].text or "").split()) if len(values) == 1 else None


def _range(test: Element) -> list[str] | None:
    ends = {one.tag: _constant(one) for one in test}
    is_of_response = all([part.tag for part in one] == ["variable", "baseValue"] for one in test)
    low, high = ends.get("gte"), ends.get("lte")
    if len(test) != 2 or low is None or high is None or not is_of_response:
        return None
    written = bounds(low, high)
    return [written] if written else None


def _includes_its_ends(test: Element) -> bool:
    return all(test.get(name, "true") == "true" for name in ("includeLowerBound", "includeUpperBound"))


def _worth(rule: Element) -> Decimal | None:
    """What a rule sets the score to; the whole counts as one."""
    if rule.find("variable") is not None and len(rule) == 1:
        return Decimal(1) if rule[0].get("identifier") == "MAXSCORE" else None
    value = rule.find("baseValue")
    if len(rule) != 1 or value is None or value.get("baseType") not in _NUMERIC:
        return None
    try:
        return Decimal((value.text or "").strip())
    except InvalidOperation:
        return None
