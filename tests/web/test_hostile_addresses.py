"""Whatever stands in an address or a form, the site answers; nothing typed is a bug.

In tests a bug is raised instead of answered, so an exception here is the finding itself.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import make
from tests.conftest import ROOT, every_database
from tests.times import NOON
from tests.web.hidden import Hidden, hide

pytestmark = every_database

NUMBERS = [
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "9" * 40,
    "٣",
    "１",
    "1e3",
    "0x1",
    "null",
    "%00",
    "1%00",
]
WORDS = [
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%c0%ae", "%0d%0aSet-Cookie:%20x=1", "..%2fpasswd", "%2e%2e",
    "%F0%9F%8C%BE", "a%CC%81%CC%81%CC%81", "%E2%80%AE33", "%EF%BB%BF", "{{7*7}}", "'%20OR%201=1--",
    "%25s%25(x)s", "x" * 3000, "٣٣", "３３", "33.", "-", "~", "con", "%E1%BA%AA", "<script>alert(1)</script>",
]  # fmt: skip
TYPED = [
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "x" * 5000,
    "9" * 40,
    "-1",
    "٣",
    "2026-02-30",
    "~",
    "k~9",
    "á" * 300,
    "[]",
]
TYPED_ALONE = ["9" * 40, "-1", "٣", "k~9", "2026-02-30"]
_READ = re.compile(
    r"""(?:args|values|form)(?:\.get\(|\.getlist\(|\[)"(\w+)"|_row_number\("(\w+)"|^    (\w+) = \w*Field\(""",
    re.MULTILINE,
)
_OF_THE_DOORS = re.compile(r"^from (lms\.web\.\w+) import", re.MULTILINE)


@cache
def names(module: str) -> list[str]:
    """Every name that a module and the doors that it uses read from an address or a form."""
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    found = {name for match in _READ.findall(source) for name in match if name}
    return sorted(found.union(*(names(other) for other in _OF_THE_DOORS.findall(source))))


@pytest.fixture
def hidden(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hidden:
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return hide(app, tmp_path)


@pytest.fixture
def officer(client: FlaskClient, hidden: Hidden) -> FlaskClient:
    """Somebody who may do everything, for whom a page goes on longest before it says no."""
    admin = make.person("Vũ Văn Trị")
    make.grant(admin, "administrator")
    make.signed_in(client, admin.id)
    return client


def written(rule: Rule, values: dict[str, object]) -> str:
    """The address of a rule with these values as they stand; url_for would encode or refuse them."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: str(values[match[1]]), rule.rule)


def addresses(app: Flask, hidden: Hidden) -> Iterator[tuple[Rule, str]]:
    """Every rule with one of its values replaced by each that nobody means."""
    for rule in app.url_map.iter_rules():
        for name in rule.arguments:
            for odd in NUMBERS if isinstance(hidden.values[name], int) else WORDS:
                yield rule, written(rule, hidden.values | {name: odd})


def test_no_value_in_an_address_is_a_bug(app: Flask, hidden: Hidden, officer: FlaskClient):
    for rule, path in addresses(app, hidden):
        for method in rule.methods & {"GET", "POST"}:
            with officer.open(path, method=method) as answer:
                assert answer.status_code < 500, f"{method} {path}"


def test_no_question_in_an_address_is_a_bug(app: Flask, hidden: Hidden, officer: FlaskClient):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.rule.endswith(".pdf"):  # Paper is drawn from the path alone.
            continue
        asked = names(app.view_functions[rule.endpoint].__module__)
        path = written(rule, hidden.values)
        at_once = [dict.fromkeys(asked, odd) for odd in TYPED]
        for question in [*at_once, *({name: odd} for name in asked for odd in TYPED_ALONE)]:
            with officer.get(path, query_string=encoded(question)) as answer:
                assert answer.status_code < 500, f"{path} {question}"


def encoded(fields: dict[str, str]) -> str:
    return urlencode(fields, errors="surrogatepass")


def test_nothing_typed_into_a_form_is_a_bug(app: Flask, hidden: Hidden, officer: FlaskClient):
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.endpoint == "accounts.sign_out":
            continue
        fields = names(app.view_functions[rule.endpoint].__module__)
        for odd in TYPED:
            body = encoded(dict.fromkeys(fields, odd))
            with officer.post(
                written(rule, hidden.values), data=body, content_type="application/x-www-form-urlencoded"
            ) as answer:
                assert answer.status_code < 500, f"{rule.rule} {odd!r}"


def test_the_names_that_pages_read_are_found(app: Flask):
    assert {"q", "after", "edition", "view", "on"} <= set(names("lms.web.rosters"))
    assert {"who", "secret", "next", "code"} <= set(names("lms.web.accounts"))


def test_a_new_line_in_an_address_makes_no_header(app: Flask, hidden: Hidden, client: FlaskClient):
    for path in (
        "/courses/%0d%0aX-Bad:%201",
        "/rosters/vn?course=%0d%0aX-Bad:%201",
        "/verify/%0d%0aX-Bad:%201",
    ):
        assert "X-Bad" not in client.get(path).headers


def test_markup_in_an_address_stays_words(app: Flask, hidden: Hidden, officer: FlaskClient):
    for path in (
        "/verify?code=<script>x</script>",
        "/people?q=<script>x</script>",
        "/rosters/33?q=<script>x</script>",
    ):
        assert "<script>x" not in officer.get(path).text
