"""The real server killed in the middle of many attempts: what it acknowledged is there when it is back."""

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

from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.quiz.actions import start_attempt, submit_attempt
from lms.quiz.queries import attempt_for_change, attempt_of, steps_of
from tests import make
from tests.conftest import ROOT, every_database
from tests.patience import free_port, until
from tests.web.quizzing import hidden

SECRET = "a secret of the tests, long enough to count"
QUESTIONS, MOST_SAVES = 5, 400


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

    def save(self, connection: HTTPConnection) -> None:
        """Send the present save. Raises OSError or HTTPException where nobody answers."""
        position = self.number % QUESTIONS + 1
        option = self.options[position - 1][self.number // QUESTIONS % 2]
        key = f"phone-{self.person_id}:{self.number}"
        given = {"asked": position, f"question-{position}": option, "client_key": key}
        address = f"/attempts/{self.attempt_id}/answers"
        connection.request("POST", address, urlencode(self.fields | given), self.headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        self.acknowledged.append((key, position, option))
        self.number += 1


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
    """Save as fast as the server answers, until it dies."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        while not over.is_set() and phone.number <= MOST_SAVES:
            phone.save(connection)
            tally.add()
    except (OSError, HTTPException):
        assert over.is_set()
    finally:
        connection.close()


def killed_and_back(app: Flask, phones: list[Phone], saves: int) -> None:
    """All phones answer, the server is killed after so many saves, comes back, and each sends once more."""
    port, tally, over = free_port(), Tally(), Event()
    with ThreadPoolExecutor(len(phones)) as pool:
        with served(app, port) as process:
            running = [pool.submit(answer_until, over, phone, port, tally) for phone in phones]
            tally.wait_for(saves)
            over.set()
            os.killpg(process.pid, signal.SIGKILL)
        for one in running:
            one.result()
    with served(app, port):
        for phone in phones:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            phone.save(connection)
            connection.close()


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
