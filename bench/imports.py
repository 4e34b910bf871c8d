"""A roster of twelve thousand people comes in, on SQLite and on PostgreSQL: sent, looked at, written.

Both times are told: by the clock, which other work on the machine lengthens, and the CPU of the site and of
the process that unpacks the spreadsheet, without that of PostgreSQL.
"""

import io
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.figures import Figure
from bench.site import Site, make_site
from lms.demo.names import SEXES, draw_name
from lms.foundation.db import db, session, transaction
from lms.people.models import Person
from lms.rosters.exports import Table, write_xlsx
from tests import make, postgres

PEOPLE = 12_000
GOAL = 2.0  # seconds, end to end
COMMUNE = make.HUNG_HA
HEADS = ("STT", "Họ và tên", "Năm sinh", "Giới tính", "Chức vụ trong tổ", "Số điện thoại", "Thôn", "Ghi chú")
VILLAGES = [f"Thôn {name}" for name in ("Đông Hải", "An Thái", "Mẫu Hai", "Phú Sơn", "Bình Lăng", "Tân Hòa")]
TEAM_SIZE = 100


def figures(site: Site) -> Iterator[Figure]:
    """The given site is SQLite's; a second one is made on a throwaway PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        roster = _roster(Path(folder) / "roster.xlsx")
    yield Figure("a roster of 12,000 people as .xlsx", len(roster) / 1024, "KB")
    yield from imported(site, "SQLite", roster)
    with tempfile.TemporaryDirectory() as folder, postgres.throwaway_cluster() as cluster:
        second = make_site(Path(folder), cluster.create("imports"))
        yield from imported(second, "PostgreSQL", roster)
        with second.app.app_context():
            db.engine.dispose()


def imported(site: Site, database: str, roster: bytes) -> Iterator[Figure]:
    """Send the file, look at the preview, write; as an administrator's browser does it."""
    client = site.app.test_client()
    with site.app.app_context():
        with transaction():
            officer = make.person("Lê Minh Tuấn")
            make.grant(officer, "administrator")
        make.signed_in(client, officer.id)
        before = _people()
    watch = Watch()
    with watch.timing("sent and understood"):
        at = _sent(client, roster)
    with watch.timing("looked at"):
        assert client.get(at).status_code == 200
    with watch.timing("written"):
        written = client.post(at, data={"action": "commit"})
        assert client.get(written.location).status_code == 200
    with site.app.app_context():
        assert _people() - before == PEOPLE, "not everybody was written"
    for what, (wall, cpu) in watch.times.items():
        yield Figure(f"{database}: {PEOPLE:,} people {what} (CPU {cpu:.2f} s)", wall, "s")
    wall, cpu = (sum(of) for of in zip(*watch.times.values(), strict=True))
    yield Figure(f"{database}: {PEOPLE:,} people, end to end (CPU {cpu:.2f} s)", wall, "s", GOAL)


def _sent(client: FlaskClient, roster: bytes) -> str:
    """The address of the preview."""
    form = {"commune": COMMUNE, "file": (io.BytesIO(roster), "danh-sach.xlsx")}
    answer = client.post("/people/import", data=form)
    assert answer.status_code == 302, answer.text
    return answer.location


def _people() -> int:
    return session.scalar(select(func.count()).select_from(Person)) or 0


@dataclass
class Watch:
    """Seconds by the clock and of CPU, by what was done in them."""

    times: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        began, used = time.perf_counter(), _cpu()
        yield
        self.times[what] = time.perf_counter() - began, _cpu() - used


def _cpu() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)


def _roster(file: Path) -> bytes:
    """People who do not exist, a hundred a team, as a commune writes them down."""
    rng = Random(1)
    write_xlsx(Table([*HEADS], (_row(rng, number) for number in range(PEOPLE)), []), file)
    return file.read_bytes()


def _row(rng: Random, number: int) -> list[str | int | None]:
    sex = rng.choice(SEXES)
    village, teams = VILLAGES[number // TEAM_SIZE % len(VILLAGES)], number // TEAM_SIZE // len(VILLAGES) + 1
    return [
        number + 1,
        draw_name(rng, sex),
        f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1957, 2008)}",
        "Nam" if sex == SEXES[0] else "Nữ",
        "Tổ trưởng" if number % TEAM_SIZE == 0 else "Thành viên",
        f"09{'0134678'[number % 7]}{number + 500_000:07}",
        f"{village} {teams}",
        None,
    ]
