"""Server and database killed in the middle of many attempts: what was acknowledged is there afterwards."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Condition, Event
from urllib.parse import urlencode

import pytest
from flask import Flask

from lms.app import create_app
from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.quiz.actions import start_attempt, submit_attempt
from lms.quiz.queries import attempt_for_change, attempt_of, steps_of
from tests import make
from tests.conftest import (
    ROOT,
    build_schema,
    every_database,
    forget_the_last_request,
    forget_what_ids_meant,
    settings_for,
)
from tests.patience import free_port, until
from tests.postgres import DURABLE, Cluster, throwaway_cluster
from tests.web.quizzing import hidden

SECRET = "a secret of the tests, long enough to count"
QUESTIONS, MOST_SAVES = 5, 400
A_WHILE = 0.2  # seconds before a phone asks again whose save was refused


@dataclass
class Phone:
    """A learner's script: one save after the other, the same again until it is acknowledged."""

    person_id: int
    attempt_id: int
    headers: dict[str, str]
    fields: dict[str, str]
    options: list[tuple[str, ...]]
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)  # key, position, option
    number: int = 1
    refused: int = 0

    def save(self, connection: HTTPConnection) -> bool:
        """Send the present save: whether it was acknowledged.

        Raises OSError or HTTPException where nobody answers.
        """
        position = self.number % QUESTIONS + 1
        option = self.options[position - 1][self.number // QUESTIONS % 2]
        key = f"phone-{self.person_id}:{self.number}"
        given = {"asked": position, f"question-{position}": option, "client_key": key}
        address = f"/attempts/{self.attempt_id}/answers"
        connection.request("POST", address, urlencode(self.fields | given), self.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 503:
            assert answer.headers["Retry-After"], body
            self.refused += 1
            return False
        assert answer.status == 200, body
        self.acknowledged.append((key, position, option))
        self.number += 1
        return True


class Tally:
    """Counts acknowledgements; who waits for so many is woken."""

    def __init__(self) -> None:
        self.count, self.grown = 0, Condition()

    def add(self) -> None:
        with self.grown:
            self.count += 1
            self.grown.notify_all()

    def wait_for(self, count: int) -> None:
        with self.grown:
            assert self.grown.wait_for(lambda: self.count >= count, timeout=90)


def sit_down(app: Flask, count: int) -> list[Phone]:
    """So many people before a paper each, with a page of it open."""
    with transaction():
        quiz_id = make.quiz(questions=QUESTIONS)
        people = [make.person(f"Nguyễn Văn {n}").id for n in range(count)]
    phones = []
    for person_id in people:
        with transaction():
            attempt_id = start_attempt(person_id, quiz_id, "all", clock.now())
        client = app.test_client()
        make.signed_in(client, person_id)
        client.get("/me")
        token = hidden(client.get("/me").text)["csrf_token"]
        cookie = client.get_cookie("lop_so")
        assert cookie is not None
        headers = {
            "Cookie": f"lop_so={cookie.value}",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        options = [one.options for one in attempt_of(person_id, attempt_id).questions]
        phones.append(Phone(person_id, attempt_id, headers, {"csrf_token": token, "seen_step": "1"}, options))
    session.rollback()
    return phones


@contextmanager
def served(app: Flask, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The site behind granian with two processes; all of them die with SIGKILL at the end of the block."""
    settings = app.extensions["settings"]
    environment = os.environ | {
        "LMS_ENV": "test",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": settings.database_url,
        "LMS_DATA": str(settings.data_folder),
        "LMS_SITE_URL": "http://localhost",
        "LMS_LOG_LEVEL": "WARNING",
    }
    options = "--interface wsgi --workers 2 --blocking-threads 16 --no-ws --log-level error"
    granian = [str(Path(sys.executable).parent / "granian"), *options.split()]
    where = ["--host", "127.0.0.1", "--port", str(port), "wsgi:app"]
    process = subprocess.Popen([*granian, *where], cwd=ROOT, env=environment, start_new_session=True)
    try:
        until(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, "the server ended"
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not listens(port))  # What it accepts while it dies, nobody answers.


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answer_until(over: Event, phone: Phone, port: int, tally: Tally) -> None:
    """Save as fast as the server answers, until it dies; while its database is away it is asked again."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        while not over.is_set() and phone.number <= MOST_SAVES:
            if phone.save(connection):
                tally.add()
            else:
                over.wait(A_WHILE)
    except (OSError, HTTPException):
        assert over.is_set()
    finally:
        connection.close()


def send_once_more(phones: list[Phone], port: int) -> None:
    for phone in phones:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        assert phone.save(connection)
        connection.close()


def killed_and_back(app: Flask, phones: list[Phone], saves: int, cluster: Cluster | None = None) -> None:
    """All phones answer, the server is killed after so many saves, comes back, and each sends once more.

    With it dies the database, if a cluster is given.
    """
    port, tally, over = free_port(), Tally(), Event()
    with ThreadPoolExecutor(len(phones)) as pool:
        with served(app, port) as process:
            running = [pool.submit(answer_until, over, phone, port, tally) for phone in phones]
            tally.wait_for(saves)
            over.set()
            if cluster:
                cluster.kill()
            os.killpg(process.pid, signal.SIGKILL)
        for one in running:
            one.result()
    if cluster:
        cluster.start()
    with served(app, port):
        send_once_more(phones, port)


def database_killed_and_back(app: Flask, phones: list[Phone], saves: int, cluster: Cluster) -> None:
    """All phones answer, the database is killed and comes back; the server stays, and each phone goes on.

    Every phone is told meanwhile, by the server, that its save was not kept.
    """
    port, tally, over = free_port(), Tally(), Event()
    for phone in phones:
        phone.refused = 0
    with served(app, port), ThreadPoolExecutor(len(phones)) as pool:
        running = [pool.submit(answer_until, over, phone, port, tally) for phone in phones]
        tally.wait_for(saves)
        cluster.kill()
        until(lambda: all(phone.refused or one.done() for phone, one in zip(phones, running, strict=True)))
        cluster.start()
        tally.wait_for(tally.count + saves)
        over.set()
        for one in running:
            one.result()
        send_once_more(phones, port)


@contextmanager
def durable_site(folder: Path) -> Iterator[tuple[Flask, Cluster]]:
    """A site on a PostgreSQL of its own that keeps what it acknowledged, as those of provinces do."""
    with throwaway_cluster(DURABLE) as cluster:
        app = create_app(settings_for(cluster.create("lop_so"), folder))
        app.before_request_funcs.setdefault(None, []).insert(0, forget_the_last_request)
        forget_what_ids_meant()
        with app.app_context():
            build_schema()
            yield app, cluster
            session.remove()
            db.engine.dispose()
        forget_what_ids_meant()


def check(phone: Phone) -> None:
    """Every acknowledged answer is one step, the last of each question stands, and it is graded."""
    steps = [step for step in steps_of(phone.attempt_id) if step.kind == "saved"]
    found = [(step.client_key, step.position, (step.answer or {})["chosen"][0]) for step in steps]
    assert found == phone.acknowledged
    view = attempt_of(phone.person_id, phone.attempt_id)
    last = {position: {"chosen": [option]} for _, position, option in phone.acknowledged}
    assert {one.position: one.answer for one in view.questions if one.answer} == last
    with transaction():
        submit_attempt(attempt_for_change(phone.person_id, phone.attempt_id), now=clock.now())
    graded = attempt_of(phone.person_id, phone.attempt_id)
    assert graded.points == sum(one.question.grade(last.get(one.position)) for one in view.questions)


def test_what_a_killed_server_acknowledged_is_there(app: Flask) -> None:
    phones = sit_down(app, 12)
    killed_and_back(app, phones, saves=60)
    for phone in phones:
        check(phone)


@pytest.mark.postgres
def test_what_was_acknowledged_before_the_database_was_killed_is_there(tmp_path: Path) -> None:
    with durable_site(tmp_path) as (app, cluster):
        phones = sit_down(app, 12)
        database_killed_and_back(app, phones, 60, cluster)
        for phone in phones:
            check(phone)


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_what_was_acknowledged_is_there_whatever_is_killed_and_again(tmp_path: Path) -> None:
    with durable_site(tmp_path) as (app, cluster):
        phones = sit_down(app, 200)
        for _ in range(3):
            database_killed_and_back(app, phones, 1000, cluster)
            killed_and_back(app, phones, 1000, cluster)
        db.engine.dispose()
        for phone in phones:
            check(phone)


@pytest.mark.soak
@pytest.mark.timeout(600)
@every_database
def test_what_a_killed_server_acknowledged_is_there_with_many_and_again(app: Flask) -> None:
    phones = sit_down(app, 200)
    for _ in range(5):
        killed_and_back(app, phones, saves=1000)
    db.engine.dispose()
    for phone in phones:
        check(phone)
