"""A player of QTI 2.1 as small as its specification allows: what the response processing of an item comes to.

Written from the information model's words on expressions, and from nothing of ours: NULL is `None`, a
multiple or ordered value a list.
"""

from xml.etree.ElementTree import Element

Value = str | float | bool | list | None


class Player:
    """Plays one item, its names those of 2.1 without namespaces, for responses by identifier."""

    def __init__(self, item: Element, responses: dict[str, Value]) -> None:
        self.item = item
        self.values: dict[str, Value] = {}
        self.declared = {one.get("identifier"): one for one in item.iterfind("responseDeclaration")}
        for outcome in item.iterfind("outcomeDeclaration"):
            default = outcome.findtext("defaultValue/value")
            self.values[outcome.get("identifier", "")] = None if default is None else float(default)
        self.values |= dict.fromkeys(self.declared) | responses
        processing = item.find("responseProcessing")
        assert processing is not None
        if processing.get("template"):
            assert processing.get("template", "").endswith("/map_response")
            answered = self.values["RESPONSE"] is not None
            self.values["SCORE"] = self._map("RESPONSE") if answered else 0.0
        for rule in processing:
            self._rule(rule)

    @property
    def score(self) -> float:
        return float(self.values["SCORE"] or 0)

    @property
    def shown(self) -> set[str]:
        """Identifiers of the modal feedback that is shown."""
        told = self.values.get("FEEDBACK") or []
        return {one.get("identifier", "") for one in self.item.iterfind("modalFeedback")} & {*told}

    def _rule(self, rule: Element) -> None:
        if rule.tag == "setOutcomeValue":
            self.values[rule.get("identifier", "")] = self._value(rule[0])
            return
        for branch in rule:
            if branch.tag == "responseElse" or self._value(branch[0]) is True:
                for inner in branch[branch.tag != "responseElse" :]:
                    self._rule(inner)
                return

    def _value(self, one: Element) -> Value:
        return getattr(self, f"_{one.tag.lower()}")(one, [self._value(child) for child in one if len(one)])

    def _variable(self, one: Element, _: list) -> Value:
        return self.values[one.get("identifier", "")]

    def _basevalue(self, one: Element, _: list) -> Value:
        return float(one.text or "") if one.get("baseType") == "float" else one.text

    def _mapresponse(self, one: Element, _: list) -> Value:
        return self._map(one.get("identifier", ""))

    def _map(self, name: str) -> float:
        mapping = self.declared[name].find("mapping")
        assert mapping is not None
        given = self.values[name]
        values = {*given} if isinstance(given, list) else {given}
        total = sum(self._mapped(mapping, value) for value in values)
        low, high = mapping.get("lowerBound"), mapping.get("upperBound")
        total = max(total, float(low)) if low is not None else total
        return min(total, float(high)) if high is not None else total

    @staticmethod
    def _mapped(mapping: Element, value: Value) -> float:
        for entry in mapping:
            key, text = entry.get("mapKey", ""), str(value)
            if key == text or (entry.get("caseSensitive") == "false" and key.lower() == text.lower()):
                return float(entry.get("mappedValue", ""))
        return float(mapping.get("defaultValue", "0"))

    def _sum(self, _one: Element, values: list) -> Value:
        return None if None in values else sum(values)

    def _multiple(self, _one: Element, values: list) -> Value:
        found: list = []
        for value in values:
            found += value if isinstance(value, list) else [] if value is None else [value]
        return found or None

    _ordered = _multiple

    def _contains(self, _one: Element, values: list) -> Value:
        whole, part = values
        if whole is None or part is None:
            return None
        return any(whole[at : at + len(part)] == part for at in range(len(whole)))

    def _index(self, one: Element, values: list) -> Value:
        number = int(one.get("n", ""))
        return values[0][number - 1] if values[0] and number <= len(values[0]) else None

    def _match(self, _one: Element, values: list) -> Value:
        return None if None in values else values[0] == values[1]

    def _stringmatch(self, one: Element, values: list) -> Value:
        assert one.get("caseSensitive") == "false"
        return None if None in values else values[0].lower() == values[1].lower()

    def _equal(self, one: Element, values: list) -> Value:
        if None in values:
            return None
        below, above = map(float, one.get("tolerance", "0 0").split())
        return values[0] - below <= values[1] <= values[0] + above

    def _gte(self, _one: Element, values: list) -> Value:
        return None if None in values else values[0] >= values[1]

    def _lte(self, _one: Element, values: list) -> Value:
        return None if None in values else values[0] <= values[1]

    def _and(self, _one: Element, values: list) -> Value:
        return False if False in values else None if None in values else True

    def _not(self, _one: Element, values: list) -> Value:
        return None if values[0] is None else not values[0]

    def _isnull(self, _one: Element, values: list) -> Value:
        return values[0] is None
