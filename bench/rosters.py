"""Rosters of many learners in twelve modules, on SQLite and on PostgreSQL: every level's page, and files.

`BENCH_LEARNERS=348362` makes it the whole country. Times are medians by the clock, which other work on the
machine lengthens; the CPU time beside them is the site's own, without PostgreSQL's.
"""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text

from bench.figures import Figure
from bench.site import ROOT, Site, make_site
from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.demo.cast import PIN
from lms.demo.load import load_learners
from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.rosters.jobs import PeopleExport, write_people
from lms.rosters.queries import Order, Place
from lms.rosters.rules import Filters
from lms.study.models import CommuneRollup, Enrolment
from lms.units.models import UnitVersion
from tests import make, postgres

LEARNERS = int(os.environ.get("BENCH_LEARNERS", "35000"))
COUNTRY = 348_362  # members of teams, as the ministry counted them
LARGE_PROVINCE = 25_642
ROUNDS = 15
COURSE = ROOT / "courses" / "ky-nang-so"
PATTERN = COURSE / "01-trinh-duyet-an-toan"
PAGES = {
    "the country": "/rosters/vn",
    "the country by a state in one module": "/rosters/vn?module=mua-sam&state=failed",
    "the fullest province": "/rosters/{province}",
    "the fullest commune": "/rosters/{commune}",
    "the largest team": "/teams/{team}",
    "people of the country": "/rosters/vn?view=people",
    "people of the country, from the middle on": "/rosters/vn?view=people&after={middle}",
    "people of the country who failed a module": "/rosters/vn?view=people&module=mua-sam&state=failed",
    "people of the fullest province": "/rosters/{province}?view=people",
    "a name in the fullest province": "/rosters/{province}?view=people&q=hanh",
    "a name in the country": "/people?q=hanh",
    "a name that nobody in the country has": "/people?q=zzz",
}


def figures(site: Site) -> Iterator[Figure]:
    """The given site is SQLite's; a second one is made on a throwaway PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        yield from rosters(site, "SQLite", Path(folder))
    with tempfile.TemporaryDirectory() as folder, postgres.throwaway_cluster() as cluster:
        second = make_site(Path(folder), cluster.create("rosters"))
        yield from rosters(second, "PostgreSQL", Path(folder))
        with second.app.app_context():
            db.engine.dispose()


def rosters(site: Site, database: str, folder: Path) -> Iterator[Figure]:
    """Fill the site, then open every level as an administrator and write people out."""
    client = site.app.test_client()
    with site.app.app_context():
        publish_twelve_modules(folder / "media")
        began = time.perf_counter()
        with transaction():
            load_learners(LEARNERS, 1, PIN, clock.now())
        yield Figure(f"{database}: {LEARNERS:,} learners invented", time.perf_counter() - began, "s")
        if database == "PostgreSQL":
            session.execute(text("ANALYZE"))
        with transaction():
            reader = make.person("Lê Minh Tuấn")
            make.grant(reader, "administrator")
        make.signed_in(client, reader.id)
        places = _places()
    for what, pattern in PAGES.items():
        address = pattern.format(**places)
        assert client.get(address).status_code == 200, address
        took = median(lambda at=address: client.get(at))
        yield Figure(f"{database}: {what} (CPU {1000 * took.cpu:.1f} ms)", 1000 * took.wall, "ms", 50)
    with site.app.app_context():
        yield from exports(database, folder)


def publish_twelve_modules(media: Path) -> None:
    """Publish the course anew with the first module's lessons and quiz in every module that is a draft."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / COURSE.name
        shutil.copytree(COURSE, copy)
        for module in sorted(copy.iterdir()):
            if module.is_dir() and not (module / "quiz.md").exists():
                shutil.rmtree(module)
                shutil.copytree(PATTERN, module)
        courses, problems = read_courses(Path(folder))
        assert not problems, problems
        with transaction():
            publish_course(courses[0], Shelf(media), clock.now())


def _places() -> dict[str, str | int]:
    """What stands in addresses: codes of the fullest units, the largest team, somebody in the middle."""
    counted = select(Enrolment).where(Enrolment.counts)
    team = counted.with_only_columns(Enrolment.team_id).group_by(Enrolment.team_id)
    middle = counted.with_only_columns(Enrolment.id).order_by(Enrolment.sort_key).offset(LEARNERS // 2)
    return {
        "province": _fullest("province_id"),
        "commune": _fullest("commune_id"),
        "team": session.scalars(team.order_by(func.count().desc()).limit(1)).one(),
        "middle": session.scalars(middle.limit(1)).one(),
    }


def _fullest(level: str) -> str:
    """Code of the province or commune of today with the most people."""
    unit_id = getattr(CommuneRollup, level)
    return session.scalars(
        select(UnitVersion.code)
        .join(CommuneRollup, (UnitVersion.unit_id == unit_id) & UnitVersion.valid_to.is_(None))
        .group_by(UnitVersion.code)
        .order_by(func.sum(CommuneRollup.enrolled).desc())
        .limit(1)
    ).one()


def exports(database: str, folder: Path) -> Iterator[Figure]:
    """Everybody as both kinds of file, told for a large province and for the country."""
    for form, sizes in (("csv", {LARGE_PROVINCE: 0.5, COUNTRY: 8}), ("xlsx", {LARGE_PROVINCE: 1.5})):
        count, grown = _write_and_weigh(form, folder)
        yield Figure(f"{database}: memory that writing {count:,} people as .{form} takes", grown, "MB")
        took = median(lambda form=form: _write(form, folder), rounds=3)
        for people, goal in sizes.items():
            share = people / count
            what = f"{people:,} people as .{form}, from {count:,} (CPU {took.cpu * share:.2f} s)"
            yield Figure(f"{database}: {what}", took.wall * share, "s", goal)


def _write(form: str, folder: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    wanted = PeopleExport(
        *("ky-nang-so", "member", Place("nation"), Filters(), Order(), form), with_phones=True, about=()
    )
    return write_people(wanted, folder / f"people.{form}", tell)


def _write_and_weigh(form: str, folder: Path) -> tuple[int, float]:
    """How many people, and by how many megabytes the process was larger than before, at the most."""
    before, grown = _own_memory(), [0]
    count = _write(form, folder, lambda _written: grown.append(_own_memory() - before))
    return count, max(grown) / 1024


def _own_memory() -> int:
    """Kilobytes of this process alone: SQLite's file, which it reads as memory, belongs to the system."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))


class Took(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float


def median(call: Callable[[], object], rounds: int = ROUNDS) -> Took:
    """The median round, by the clock and by this process's CPU time."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Took(statistics.median(walls), statistics.median(cpus))
