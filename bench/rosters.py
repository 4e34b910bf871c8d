"""Rosters of many learners, on SQLite and on PostgreSQL: every level's page, and people as files.

`BENCH_LEARNERS=348362` makes it the whole country. Where other work disturbs, the quickest of some rounds is
nearest to what the site can do, so that is what is told.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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
from lms.study.models import CommuneRollup
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
    "people of the fullest province": "/rosters/{province}?view=people",
    "people of the country": "/rosters/vn?view=people",
    "a name in the fullest province": "/rosters/{province}?view=people&q=hanh",
    "a name that nobody has": "/rosters/{province}?view=people&q=zzz",
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
        fullest = {"province": _fullest("province_id"), "commune": _fullest("commune_id")}
    for what, pattern in PAGES.items():
        address = pattern.format(**{level: code for level, (_id, code) in fullest.items()})
        assert client.get(address).status_code == 200, address
        yield Figure(f"{database}: {what}", 1000 * quickest(lambda at=address: client.get(at)), "ms", 50)
    with site.app.app_context():
        yield from exports(database, fullest["province"][0], folder)


def publish_twelve_modules(media: Path) -> None:
    """Publish the course anew with the first module's lessons and quiz in every module."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / COURSE.name
        shutil.copytree(COURSE, copy)
        for module in sorted(copy.iterdir()):
            if module.is_dir():
                shutil.rmtree(module)
                shutil.copytree(PATTERN, module)
        courses, problems = read_courses(Path(folder))
        assert not problems, problems
        with transaction():
            publish_course(courses[0], Shelf(media), clock.now())


def _fullest(level: str) -> tuple[int, str]:
    """Id and code of the province or commune of today with the most people."""
    unit_id = getattr(CommuneRollup, level)
    row = session.execute(
        select(unit_id, UnitVersion.code)
        .join(UnitVersion, (UnitVersion.unit_id == unit_id) & UnitVersion.valid_to.is_(None))
        .group_by(unit_id, UnitVersion.code)
        .order_by(func.sum(CommuneRollup.enrolled).desc())
        .limit(1)
    ).one()
    return row[0], row[1]


def exports(database: str, province_id: int, folder: Path) -> Iterator[Figure]:
    """A province as both kinds of file and the country as .csv, told for the country's true size."""
    for place, form, people, goal in (
        (Place("province", province_id), "csv", LARGE_PROVINCE, 0.5),
        (Place("province", province_id), "xlsx", LARGE_PROVINCE, 1.5),
        (Place("nation"), "csv", COUNTRY, 8),
    ):
        wanted = PeopleExport(
            *("ky-nang-so", "member", place, Filters(), Order(), form), with_phones=True, about=()
        )
        file = folder / f"people.{form}"
        count = write_people(wanted, file)
        took = quickest(lambda wanted=wanted, file=file: write_people(wanted, file), rounds=3)
        yield Figure(
            f"{database}: {people:,} people as .{form}, from {count:,} measured",
            took * people / count,
            "s",
            goal,
        )


def quickest(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the clock of the quickest round."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)
