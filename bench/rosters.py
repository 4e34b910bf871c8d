"""Rosters of 35,000 learners all over the country, on SQLite and on PostgreSQL: pages and whole exports."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select

from bench.figures import Figure
from bench.site import Site, make_site
from lms.catalogue.queries import course_outline
from lms.demo.cast import PIN
from lms.demo.load import load_learners
from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.people.models import Team
from lms.rosters.jobs import list_people, write_people
from lms.rosters.queries import Filters
from lms.units.queries import unit_by_key, units_by_id
from tests import make, postgres

LEARNERS = 35_000
ROUNDS = 20


def figures(site: Site) -> Iterator[Figure]:
    """The given site is SQLite's; a second one is made on a throwaway PostgreSQL."""
    yield from rosters(site, "SQLite")
    with tempfile.TemporaryDirectory() as folder, postgres.throwaway_cluster() as cluster:
        second = make_site(Path(folder), cluster.create("rosters"))
        yield from rosters(second, "PostgreSQL")
        with second.app.app_context():
            db.engine.dispose()


def rosters(site: Site, database: str) -> Iterator[Figure]:
    """Fill the site, then open every level as an administrator and write the whole list."""
    client = site.app.test_client()
    with site.app.app_context():
        began = time.perf_counter()
        with transaction():
            load_learners(LEARNERS, 1, PIN, clock.now())
        yield Figure(f"{database}: {LEARNERS:,} learners invented", time.perf_counter() - began, "s")
        with transaction():
            reader = make.person("Lê Minh Tuấn")
            make.grant(reader, "administrator")
        make.signed_in(client, reader.id)
        crowded = session.scalars(
            select(Team.unit_id).group_by(Team.unit_id).order_by(func.count().desc()).limit(1)
        ).one()
        commune = units_by_id([crowded], clock.local_date(clock.now()))[crowded].code
    pages = {
        "the country": "/rosters/vn",
        "a province": "/rosters/33",
        "the fullest commune": f"/rosters/{commune}",
        "names in the country, filtered": "/rosters/vn?view=people&q=hanh&state=learning",
    }
    for what, address in pages.items():
        assert client.get(address).status_code == 200, address
        yield Figure(f"{database}: roster of {what}", median(lambda at=address: client.get(at)), "ms", 50)
    yield from exports(site, database)


def exports(site: Site, database: str) -> Iterator[Figure]:
    """Everybody in the country as a workbook and as CSV, as the job writes them."""
    today = clock.local_date(clock.now())
    with site.app.app_context(), tempfile.TemporaryDirectory() as folder:
        course = course_outline("ky-nang-so")
        edition = course.team_edition
        assert edition is not None
        country = unit_by_key("vn", today)
        for form in ("xlsx", "csv"):
            began = time.perf_counter()
            people = list_people(edition, country, Filters(), with_phones=True)
            file = Path(folder) / f"people.{form}"
            write_people(people, (course, edition), country, form=form, file=file, about=[], today=today)
            took = time.perf_counter() - began
            yield Figure(f"{database}: everybody as {form}, {file.stat().st_size / 1e6:.1f} MB", took, "s")


def median(call: Callable[[], object]) -> float:
    """Milliseconds of the clock, warm."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)
