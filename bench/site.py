"""A whole site in a temporary folder: units, the courses, a team, its accounts."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

from config import settings_from
from lms.app import create_app
from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.foundation import clock
from lms.foundation.db import db, transaction
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.units.actions import SEEDS, load_units
from lms.upkeep.migrations import upgrade_to_head
from tests import make

ROOT = Path(__file__).parent.parent
LESSON = "/courses/ky-nang-so/trinh-duyet-an-toan/o-khoa-va-dia-chi"
SECRET = "the secret of a benchmark, long enough to count"


@dataclass(frozen=True)
class Site:
    """A site with one learner in a team."""

    app: Flask
    environment: dict[str, str]
    learner_id: int

    def client(self) -> FlaskClient:
        """A browser in the process, signed in as the learner."""
        client = self.app.test_client()
        with self.app.app_context():
            make.signed_in(client, self.learner_id)
        return client

    def cookie(self) -> str:
        """The session cookie of the learner, for requests over the wire, as it is from the second page on."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        facts = {"_user_id": f"{self.learner_id}:1", "_fresh": True, "csrf_token": "0" * 40}
        return "lop_so=" + str(serializer.dumps(facts))


def make_site(folder: Path, database_url: str = "") -> Site:
    """Build it; on SQLite in the folder unless another database is named."""
    environment = {
        "LMS_ENV": "test",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'site.db'}",
        "LMS_DATA": str(folder),
        "LMS_SITE_URL": "http://localhost",
        "LMS_LOG_LEVEL": "WARNING",
        "LMS_SHORT_READING": "yes",
    }
    app = create_app(settings_from(environment, ROOT))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade_to_head()
        with transaction():
            load_units(SEEDS, now=clock.now())
        courses, problems = read_courses(ROOT / "courses")
        assert not problems
        for course in courses:
            with transaction():
                publish_course(course, Shelf(folder / "media"), clock.now())
        with transaction():
            team = make.team()
            learner_id = make.member(team).id
            announce(PersonJoinedTeam(learner_id, team.id, clock.now()))
        make.signed_in(app.test_client(), learner_id)
        db.engine.dispose()
    return Site(app, environment, learner_id)


SERVERS = {
    "granian": "granian --interface wsgi --workers 2 --blocking-threads 4 --no-ws --log-level error",
    "waitress": "waitress-serve --threads 8",
    "gunicorn": "gunicorn --workers 2 --threads 8 --worker-class gthread --log-level error",
}


@contextmanager
def served(site: Site, server: str = "granian") -> Iterator[str]:
    """The site behind a real server; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = {
        "granian": f"--host 127.0.0.1 --port {port}",
        "waitress": f"--listen 127.0.0.1:{port}",
        "gunicorn": f"--bind 127.0.0.1:{port}",
    }[server]
    name, *options = SERVERS[server].split()
    command = [str(Path(sys.executable).parent / name), *options, *where.split(), "wsgi:app"]
    environment = os.environ | site.environment | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(address) as answer:
                assert answer.status == 200
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
