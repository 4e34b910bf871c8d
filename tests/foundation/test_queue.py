"""The queue lies where the site's database does, and hands every message to one worker."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import Flask
from huey import MemoryHuey, PostgresHuey, SqliteHuey

from lms.foundation.queue import queue_for
from tests.conftest import every_database


@dataclass(frozen=True)
class Site:
    env: str
    database_url: str
    data_folder: Path


def test_in_tests_work_is_done_at_once(tmp_path: Path):
    queue = queue_for(Site("test", "sqlite:///x.db", tmp_path))
    assert isinstance(queue, MemoryHuey)
    assert queue.immediate


def test_the_site_starts_without_its_database(tmp_path: Path):
    """The queue asks nobody before its first message: the start itself must be able to say what is wrong."""
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    assert isinstance(queue_for(Site("production", nowhere, tmp_path)), PostgresHuey)


@every_database
def test_every_message_reaches_one_worker(app: Flask, database: str, tmp_path: Path):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    queue = queue_for(Site("development", url, tmp_path))
    assert isinstance(queue, PostgresHuey if database == "postgres" else SqliteHuey)
    queue.storage.blocking = False  # A worker here ends when the queue is empty.
    queue.storage.initialize_schema()
    queue.flush()
    reached: Counter[int] = Counter()
    lock = Lock()

    def take(number: int) -> None:
        with lock:
            reached[number] += 1

    task = queue.task(name="take")(take)
    for number in range(40):
        task(number)

    def work() -> None:
        while (message := queue.dequeue()) is not None:
            queue.execute(message)

    with ThreadPoolExecutor(4) as pool:
        for worker in [pool.submit(work) for _ in range(4)]:
            worker.result(timeout=30)
    queue.storage.close()
    assert reached == Counter(range(40))
