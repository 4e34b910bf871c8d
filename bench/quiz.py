"""A whole quiz of ten questions of nine kinds: requests and CPU, with script and without; saving under load.

The quiz is the benchmark's own, so that figures of two days compare whatever authors wrote in between. A
story is left out: how many requests it takes is its author's to say.
"""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from bench.figures import Figure
from bench.load import load, request
from bench.site import Site, make_site, served
from lms.catalogue.queries import quiz_place
from lms.foundation import clock
from lms.foundation.db import db, transaction
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.quiz.actions import start_attempt
from lms.quiz.queries import attempt_of
from tests import make, postgres
from tests.web.kinds import fields_of, pictures, quiz_text
from tests.web.quizzing import MANY, QUIZ, view_of

Fields = dict[str, list[str]]
ROUNDS = 20
WRITERS, SAVES = 4, 2000


def figures(site: Site) -> Iterator[Figure]:
    """Both ways of taking a quiz, then four writers at once on both databases; what is saved is on disk."""
    site = replace(site, learner_id=publish_quiz(site))
    yield from taking(site)
    yield Figure("fsync of this disk, median", fsync_median(Path(site.environment["LMS_DATA"])), "ms")
    yield from saving(site, "SQLite")
    with tempfile.TemporaryDirectory() as folder, postgres.throwaway_cluster(postgres.DURABLE) as cluster:
        second = make_site(Path(folder), cluster.create("quiz"))
        publish_quiz(second)
        yield from saving(second, "PostgreSQL")
        with second.app.app_context():
            db.engine.dispose()


def taking(site: Site) -> Iterator[Figure]:
    """A whole quiz, one request after the other."""
    for way, take, most in (("with script", with_script, 14), ("without script", without_script, 24)):
        requests, cpu = _measured(site, take)
        yield Figure(
            f"a quiz of 10 questions {way}, requests from starting to the result", requests, "", most
        )
        yield Figure(f"a quiz of 10 questions {way}, CPU", cpu, "ms", 30)


def publish_quiz(site: Site) -> int:
    """One question of every kind answered at once, and one of two right answers; a learner of the course."""
    files = {"01-dau/quiz.md": f"---\npass: 80\n---\n{quiz_text()}{MANY}", **pictures("01-dau")}
    with site.app.app_context():
        make.course(Path(site.environment["LMS_DATA"]), files, at=clock.now())
        return _learner_id()


def _learner_id() -> int:
    with transaction():
        team = make.team()
        person_id = make.member(team).id
        announce(PersonJoinedTeam(person_id, team.id, clock.now()))
    return person_id


def _measured(site: Site, take: Callable[[Site, FlaskClient], int]) -> tuple[int, float]:
    """Requests of a quiz, and milliseconds of CPU in the site without the client's own.

    It is that of the round that other programs disturbed least, as for a lesson.
    """
    client, inner, spent = site.client(), site.app.wsgi_app, [0.0]

    def timed(environ: Any, start: Any) -> list[bytes]:
        began = time.process_time()
        body = list(inner(environ, start))
        spent[-1] += time.process_time() - began
        return body

    take(site, client)  # warm
    site.app.wsgi_app = timed  # type: ignore[method-assign]
    for _ in range(ROUNDS):
        spent.append(0.0)
        requests = take(site, client)
    site.app.wsgi_app = inner  # type: ignore[method-assign]
    return requests, 1000 * min(spent[1:])


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def answers_of(site: Site, address: str) -> Fields:
    """What a browser sends of every question of the attempt, each answered rightly."""
    with site.app.app_context():
        asked = view_of(address).questions
    return {one.name: fields_of(one, one.question.model_answer()) for one in asked}


def with_script(site: Site, client: FlaskClient) -> int:
    """Start, one page, a save a question, submit, result."""
    at = client.post(QUIZ).location
    answers, hidden = answers_of(site, at), hidden_of(client.get(at).text)
    for number, (name, values) in enumerate(answers.items(), 1):
        hidden |= {"client_key": f"tab:{number}", "asked": name.removeprefix("question-")}
        answer = client.post(f"{at}/answers", data=hidden | {name: values})
        assert answer.status_code == 200, answer.text
        hidden |= answer.json["fields"]
    result = client.post(at, data=hidden | {"q": str(len(answers)), "asked": ""}).location
    assert result.endswith("/result"), result
    assert client.get(result).status_code == 200
    return 4 + len(answers)


def without_script(site: Site, client: FlaskClient) -> int:
    """A form post and a page a question."""
    at = client.post(QUIZ).location
    answers = answers_of(site, at)
    page, requests = client.get(at).text, 2
    while True:
        hidden = hidden_of(page)
        name = f"question-{hidden['q']}"
        answer = client.post(at, data=hidden | {name: answers[name]})
        following = client.get(answer.location)
        requests += 2
        if answer.location.endswith("/result"):
            assert following.status_code == 200
            return requests
        page = following.text


def saving(site: Site, database: str) -> Iterator[Figure]:
    """Answers saved through HTTP by granian, four connections writing at once."""
    of_each: list[list[bytes]] = []
    for _ in range(WRITERS):
        with site.app.app_context():  # one each: a form's token is kept in it
            of_each.append(list(_saves(site, SAVES // WRITERS)))
    requests = [save for four in zip(*of_each, strict=True) for save in four]
    with served(site) as address:
        result = load(address, requests, connections=WRITERS)
    assert set(result.statuses) == {b"200"}, result.statuses
    what = f"{database}: quiz answers saved through HTTP, 4 writers"
    yield Figure(what, result.rate, "a second", 500, at_least=True)
    yield Figure(f"{what}, p95", result.percentile(0.95), "ms", 50)


def _saves(site: Site, count: int) -> Iterator[bytes]:
    """Saves of one learner that change the answer to a question each time."""
    client, person_id = site.app.test_client(), _learner_id()
    make.signed_in(client, person_id)
    place = quiz_place("khoa-thu", "dau")
    with transaction():
        attempt_id = start_attempt(person_id, place.quiz_id, "member", clock.now())
    asked = next(one for one in attempt_of(person_id, attempt_id).questions if one.question.kind == "single")
    hidden = hidden_of(client.get(f"/attempts/{attempt_id}").text)
    cookie = client.get_cookie("lop_so")
    assert cookie is not None
    headers = {"Cookie": f"lop_so={cookie.value}", "Accept": "application/json"}
    for number in range(count):
        answer = {asked.name: asked.options[number % 2], "client_key": f"tab:{number}"}
        answer |= {"asked": str(asked.position), "seen_step": str(number + 1)}
        yield request("POST", f"/attempts/{attempt_id}/answers", headers, urlencode(hidden | answer).encode())


def fsync_median(folder: Path) -> float:
    """Milliseconds that a write of 4 KB takes to be on the disk."""
    times = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return 1000 * sorted(times)[len(times) // 2]
