"""A job's page: how far it is, its file while it is kept, and nobody else's eyes."""

import csv
import io

import pytest
from huey import MemoryHuey

from lms.foundation.jobs import install_queue, job_of, run_job
from lms.upkeep.retention import EXPORTS_KEPT, remove_old_exports
from lms.web import rosters
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish

LIST = "/rosters/12586.csv"


@pytest.fixture
def two_people(app, client, tmp_path, monkeypatch):
    """An officer before a commune of two, more than are waited for; no worker comes to the queue."""
    monkeypatch.setattr(rosters, "AT_ONCE", 1)
    monkeypatch.setattr(app, "extensions", dict(app.extensions))
    install_queue(app, MemoryHuey())
    publish(tmp_path)
    team = make.team()
    learner(team, "Lê An")
    learner(team, "Lê Bền")
    come_in(client, "viewer", "33")


def come_in(client, role: str, unit: str | None = None) -> None:
    person = make.person()
    make.grant(person, role, unit=unit)
    make.signed_in(client, person.id)


def job_at(address: str) -> int:
    return int(address.rpartition("/")[2])


@every_database
def test_a_long_list_becomes_a_job_of_its_owner(two_people, client):
    answer = client.get(LIST)
    assert answer.status_code == 303
    waiting = client.get(answer.location)
    assert waiting.headers["Refresh"] == "3"
    assert "Đang chờ đến lượt" in waiting.text
    assert client.get(LIST).location == answer.location  # the same list is not begun again
    assert client.get(f"{answer.location}/file").status_code == 404
    run_job(job_at(answer.location))
    done = client.get(answer.location)
    assert "Refresh" not in done.headers
    assert "Tải tệp về" in done.text
    with client.get(f"{answer.location}/file") as file:
        rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Lê An", "Lê Bền"]
    come_in(client, "administrator")
    assert client.get(answer.location).status_code == 404
    assert client.get(f"{answer.location}/file").status_code == 404


def test_a_file_that_was_thrown_away_is_told_so(two_people, app, client):
    address = client.get(LIST).location
    run_job(job_at(address))
    finished = job_of(job_at(address)).finished_at
    remove_old_exports(app.extensions["settings"].data_folder, finished + 2 * EXPORTS_KEPT)
    assert "Tệp đã hết hạn giữ. Xuất lại để có tệp mới." in client.get(address).text
    gone = client.get(f"{address}/file")
    assert gone.status_code == 404
    assert "Tệp này đã hết hạn giữ." in gone.text
