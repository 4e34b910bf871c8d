"""A whole quiz of ten questions: requests and CPU, with script and without; and saving under load."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from bench.figures import Figure
from bench.load import load, request
from bench.site import Site, served
from lms.foundation.db import transaction
from lms.quiz.actions import start_attempt
from lms.quiz.queries import attempt_of
from tests import make

QUIZ = "/courses/ky-nang-so/trinh-duyet-an-toan/quiz"
ROUNDS = 20
WRITERS, SAVES = 4, 2000


def figures(site: Site) -> Iterator[Figure]:
    """Both ways of taking a quiz, then four writers at once."""
    for way, take, most in (("with script", with_script, 14), ("without script", without_script, 24)):
        requests, cpu = _measured(site, take)
        yield Figure(
            f"a quiz of 10 questions {way}, requests from starting to the result", requests, "", most
        )
        yield Figure(f"a quiz of 10 questions {way}, CPU", cpu, "ms", 30)
    yield from saving(site)


def _measured(site: Site, take: Callable[[FlaskClient], int]) -> tuple[int, float]:
    """Requests of a quiz, and milliseconds of CPU in the site without the client's own: the median round."""
    client, inner, spent = site.client(), site.app.wsgi_app, [0.0]

    def timed(environ: Any, start: Any) -> list[bytes]:
        began = time.process_time()
        body = list(inner(environ, start))
        spent[-1] += time.process_time() - began
        return body

    take(client)  # warm
    site.app.wsgi_app = timed  # type: ignore[method-assign]
    for _ in range(ROUNDS):
        spent.append(0.0)
        requests = take(client)
    site.app.wsgi_app = inner  # type: ignore[method-assign]
    return requests, 1000 * median(spent[1:])


def fields_of(page: str) -> dict[str, str]:
    """One answer to every question of the page, and its hidden fields."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name, value in re.findall(r'name="(question-\d+)" value="([^"]+)"', page):
        fields.setdefault(name, value)
    return fields


def with_script(client: FlaskClient) -> int:
    """Start, one page, a save a question, submit, result."""
    at = client.post(QUIZ).location
    fields = fields_of(client.get(at).text)
    hidden = {name: value for name, value in fields.items() if not name.startswith("question-")}
    answers = {name: value for name, value in fields.items() if name.startswith("question-")}
    for number, (name, value) in enumerate(answers.items(), 1):
        hidden |= {"client_key": f"tab:{number}", "asked": name.removeprefix("question-")}
        answer = client.post(f"{at}/answers", data=hidden | {name: value})
        assert answer.status_code == 200, answer.text
        hidden |= answer.json["fields"]
    result = client.post(at, data=hidden | {"q": str(len(answers)), "asked": ""}).location
    assert result.endswith("/result"), result
    assert client.get(result).status_code == 200
    return 4 + len(answers)


def without_script(client: FlaskClient) -> int:
    """A form post and a page a question."""
    at = client.post(QUIZ).location
    page, requests = client.get(at).text, 2
    while True:
        answer = client.post(at, data=fields_of(page))
        following = client.get(answer.location)
        requests += 2
        if answer.location.endswith("/result"):
            assert following.status_code == 200
            return requests
        page = following.text


def saving(site: Site) -> Iterator[Figure]:
    """Answers saved through HTTP by granian, four connections writing at once, beside the disk's fsync."""
    yield Figure("fsync of this disk, median", fsync_median(Path(site.environment["LMS_DATA"])), "ms")
    of_each: list[list[bytes]] = []
    for _ in range(WRITERS):
        with site.app.app_context():  # one each: a form's token is kept in it
            of_each.append(list(_saves(site, SAVES // WRITERS)))
    requests = [save for four in zip(*of_each, strict=True) for save in four]
    with served(site) as address:
        result = load(address, requests, connections=WRITERS)
    assert set(result.statuses) == {b"200"}, result.statuses
    yield Figure("quiz answers saved through HTTP, 4 writers", result.rate, "a second", 500, at_least=True)
    yield Figure("quiz answers saved through HTTP, p95", result.percentile(0.95), "ms", 50)


def _saves(site: Site, count: int) -> Iterator[bytes]:
    """Saves of one learner that change the first answer each time."""
    from lms.catalogue.queries import quiz_place

    with transaction():
        person_id = make.member(make.team()).id
    client = site.app.test_client()
    make.signed_in(client, person_id)
    place = quiz_place("ky-nang-so", "trinh-duyet-an-toan")
    with transaction():
        attempt_id = start_attempt(person_id, place.quiz_id, "member", _now())
    first = attempt_of(person_id, attempt_id).questions[0]
    fields = fields_of(client.get(f"/attempts/{attempt_id}").text)
    hidden = {name: value for name, value in fields.items() if not name.startswith("question-")}
    cookie = client.get_cookie("lop_so")
    assert cookie is not None
    headers = {"Cookie": f"lop_so={cookie.value}", "Accept": "application/json"}
    for number in range(count):
        answer = {first.name: first.options[number % 2], "client_key": f"tab:{number}", "asked": "1"}
        answer["seen_step"] = str(number + 1)
        yield request("POST", f"/attempts/{attempt_id}/answers", headers, urlencode(hidden | answer).encode())


def _now():
    from lms.foundation import clock

    return clock.now()


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
