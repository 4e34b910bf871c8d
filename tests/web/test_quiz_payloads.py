"""What the quiz sends: nothing that tells an answer before its time, and nothing to strangers."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import every_database
from tests.web import stories
from tests.web.quizzing import (
    MANY,
    QUESTION,
    QUIZ,
    STRANGE,
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

_OF_THIS_ONE = re.compile(r'/attempts/\d+|csrf_token"(?: value=|: ?)"[^"]+"|data-(?:now|owner)="\d+"')


def _written_out(page: TestResponse) -> str:
    """A response to be searched for words: JSON writes those of Vietnamese in numbers."""
    text = json.dumps(page.json, ensure_ascii=False) if page.is_json else page.text
    return f"{page.status_code} {page.headers.get('Location')}\n{text}"


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
    return [_written_out(page) for page in pages]


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


def story_payloads(client: FlaskClient, address: str) -> list[str]:
    """Everything sent while signs are looked for and a story is begun, by forms and by the script."""
    pages = [client.get(QUIZ), client.get(address), *(client.get(f"{address}?q={n}") for n in (1, 2, 3))]
    view = view_of(address)
    given = {one.name: [one.options[0]] for one in view.questions}
    fields = hidden(pages[1].text)
    pages += [tap(client, address, fields | given, 1), tap(client, address, fields | given, 1, tab="two")]
    reply = {"question-3": view.questions[2].options[0], "reply_to": "question-3", "q": "3"}
    pages += [tap(client, address, fields | given | reply, 2), client.post(address, data=fields | reply)]
    other = reply | {"question-3": view.questions[2].options[1]}
    pages += [tap(client, address, fields | other, 3), client.post(address, data=fields | other)]
    pages += [tap(client, address, reply | {"question-3-path": "a b"}, 4, tab="three")]
    pages += [client.post(address, data=reply | {"question-3-path": "a b"}), client.get(f"{address}/result")]
    pages += [client.get(address), client.get(f"{address}?q=3"), client.get(f"{address}?q=all")]
    return [_written_out(page) for page in pages]


@pytest.mark.parametrize("show", ["after-attempt", "after-pass", "never"])
def test_nothing_sent_before_its_time_tells_a_sign_or_how_a_story_goes_on(publish, client, tmp_path, show):
    stories.draw_picture(tmp_path)
    publish(stories.quiz_text(), show=show, shuffle="none")
    sign_in(client)
    sent = story_payloads(client, begin(client))
    came, to_come = stories.FURTHER[:2], stories.FURTHER[2:]
    for page in sent:
        assert not any(words in page for words in (*UNTOLD, *to_come))
        assert not re.search(r"verdict|sign-list|class=\"sign |tap-region (right|wrong|missed)", page)
    before = sent[: next(place for place, page in enumerate(sent) if came[0] in page)]
    assert len(before) == 7
    assert not any(words in page for page in before for words in came)


def test_nothing_sent_before_the_end_depends_on_what_is_a_sign_or_a_good_ending(
    publish, client, noon, tmp_path
):
    stories.draw_picture(tmp_path)
    told: list[list[str]] = []
    for turned in (False, True):
        noon.at += MINUTE
        publish(stories.quiz_text(turned=turned), shuffle="none")
        sign_in(client)
        told.append([_OF_THIS_ONE.sub("", page) for page in story_payloads(client, begin(client))])
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


def test_a_save_asks_the_database_six_times(learner, client, count_queries):
    address = begin(client)
    fields = hidden(client.get(address).text) | options(view_of(address), right=True)
    one = {name: fields[name] for name in fields if name in ("csrf_token", "seen_step", "question-1")}
    assert count_queries(lambda: tap(client, address, one, 1)) == 6
