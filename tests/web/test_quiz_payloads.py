"""What the quiz sends: nothing that tells an answer before its time, and nothing to strangers."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.conftest import every_database
from tests.web.quizzing import (
    MANY,
    QUESTION,
    QUIZ,
    UNTOLD,
    begin,
    hidden,
    options,
    sign_in,
    tap,
    view_of,
)

pytestmark = every_database
MINUTE = timedelta(minutes=1)


# Strangers and strange input


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/result"), ("POST", ""), ("POST", "/answers"), ("POST", "/submit")],
)
def test_somebody_elses_attempt_is_nowhere(learner, client, method, path):
    address = begin(client)
    before = view_of(address)
    sign_in(client, "Trần Văn Khác")
    answers = options(before, right=True)
    assert client.open(f"{address}{path}", method=method, data=answers).status_code == 404
    client.delete_cookie("lop_so")
    assert client.open(f"{address}{path}", method=method, data=answers).location.startswith("/sign-in")
    assert view_of(address) == before


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 30, "-1", "mot"])
def test_an_attempt_there_never_was_is_not_found(learner, client, number):
    assert client.get(f"/attempts/{number}").status_code == 404
    assert client.post(f"/attempts/{number}/answers").status_code == 404


STRANGE = ["", "0", "-1", "99", "9" * 400, "²", "all ", "\x00", "\u202e", "'", "<b>", "\ud800", "ẫ" * 2000]


@pytest.mark.parametrize("field", ["q", "seen_step", "client_key", "asked", "question-1", "question-4"])
def test_strange_input_breaks_nothing_and_loses_nothing(learner, client, field):
    for strange in STRANGE:
        address = begin(client)
        kept = options(view_of(address), right=True)["question-2"]
        tap(client, address, {"question-2": kept}, 1)
        typed = strange.encode("utf-8", "surrogatepass")
        form = {"q": "1", "seen_step": "2", "client_key": "x:1", field: typed}
        for path in ("", "/answers", "/submit"):
            assert client.post(f"{address}{path}", data=form).status_code in (200, 302, 409, 422)
        assert client.get(address, query_string={"q": typed}).status_code in (200, 302, 422)
        assert view_of(address).questions[1].answer == {"chosen": kept}


# What a page may hold

_OF_THIS_ONE = re.compile(r'/attempts/\d+|name="csrf_token" value="[^"]+"')


def payloads(client: FlaskClient, address: str, answers: dict[str, list[str]]) -> list[str]:
    """Everything the site sends while a quiz is sat, refusals among it."""
    pages = [client.get(QUIZ), client.get(address), client.get(f"{address}?q=all")]
    pages += [client.get(f"{address}?q={n}") for n in range(1, 5)]
    fields = hidden(pages[1].text)
    pages += [tap(client, address, fields | answers, 1), tap(client, address, fields | answers, 1, tab="two")]
    pages += [tap(client, address, {"question-1": "khong-co"}, 2), tap(client, address, fields, 3)]
    pages += [client.post(address, data={"q": 1, "question-1": "khong-co"}), client.get(f"{address}/result")]
    pages += [
        client.get(f"{address}/answers"),
        client.get(address),
        client.get(f"{address}?q=all"),
        client.get(QUIZ),
    ]
    return [f"{page.status_code} {page.headers.get('Location')}\n{page.text}" for page in pages]


@pytest.mark.parametrize("show", ["after-attempt", "after-pass", "never"])
def test_nothing_sent_before_the_end_tells_an_answer(publish, client, show):
    publish(show=show)
    sign_in(client)
    address = begin(client)
    for given in (True, False):
        for page in payloads(client, address, options(view_of(address), right=given)):
            assert not any(words in page for words in UNTOLD)
            assert not re.search(r"answer flat|answer-verdict|answer-feedback|status-failed", page)


def test_nothing_sent_before_the_end_depends_on_the_key(publish, client, noon):
    """The same texts with another answer right make the same pages, byte for byte."""
    told: list[list[str]] = []
    for first, second in ((" ", "x"), ("x", " ")):
        text = "".join(QUESTION.format(n=n) for n in (1, 2, 3)) + MANY
        text = text.replace("( ) Đáp án một", f"({first}) Đáp án một")
        text = text.replace("(x) Đáp án hai", f"({second}) Đáp án hai")
        noon.at += MINUTE
        publish(text, shuffle="none")
        sign_in(client)
        address = begin(client)
        sent = payloads(
            client,
            address,
            {f"question-{n}": [view_of(address).questions[n - 1].options[0]] for n in (1, 2, 3, 4)},
        )
        told.append([_OF_THIS_ONE.sub("", page) for page in sent])
    assert told[0] == told[1]


def test_an_authors_html_is_text(learner, client):
    page = client.get(begin(client)).text
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("size", [1, 50])
def test_pages_cost_the_same_at_any_size(publish, client, count_queries, size):
    publish("".join(QUESTION.format(n=n) for n in range(1, size + 1)))
    sign_in(client)
    address = begin(client)
    client.get(QUIZ)
    counts = [count_queries(lambda: client.get(address)), count_queries(lambda: client.get(f"{address}?q=1"))]
    assert counts == [4, 4]
    client.post(f"{address}/submit")
    assert count_queries(lambda: client.get(f"{address}/result")) == 6
