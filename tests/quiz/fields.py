"""What a browser without script sends of a question's fields, and what it says of them to a reader."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = ""
        self._options: list[str] = []
        self._chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "input" and (of["type"] not in ("radio", "checkbox") or "checked" in of):
            self.values.setdefault(of["name"], []).append(of.get("value", ""))
        elif tag == "select":
            self._select, self._options, self._chosen = of["name"], [], []
        elif tag == "option":
            self._options.append(of["value"])
            self._chosen += [of["value"]] if "selected" in of else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.values.setdefault(self._select, []).append((self._chosen or self._options)[0])


def sent(html: str) -> dict[str, list[str]]:
    """The form's fields as they are filled in: every value of every name, in the order of the page."""
    fields = _Fields()
    fields.feed(html)
    return fields.values
