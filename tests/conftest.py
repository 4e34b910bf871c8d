"""What every test stands on: real SQLite and PostgreSQL, the real country, one app a database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event

from config import Settings, settings_from
from lms.app import create_app
from lms.catalogue import queries as catalogue
from lms.foundation.db import Base, db, session
from lms.quiz import queries as quiz
from lms.study import pages
from lms.web import caching
from tests import postgres
from tests.times import NOON

pytest_plugins = ["tests.parts", "tests.browser.chromium"]
ROOT = Path(__file__).parent.parent
# A busy machine is no failure: what is found counts, not how long the search took.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")
KEPT = {"unit", "unit_version", "unit_event", "unit_link", "unit_data", "alembic_version"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL: tests.parts leaves it out, loudly, where the machine has none."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("database") == "postgres":
            item.add_marker(pytest.mark.postgres)


@dataclass
class Sites:
    """One site a database, made by the migrations when first asked for, kept for the whole run."""

    folder: Path
    stack: ExitStack
    made: dict[str, Flask] = field(default_factory=dict)

    def on(self, database: str) -> Flask:
        if database not in self.made:
            self.made[database] = self._make(database)
        return self.made[database]

    def _make(self, database: str) -> Flask:
        folder = self.folder / database
        folder.mkdir()
        url = f"sqlite:///{folder / 'site.db'}"
        if database == "postgres":
            url = self.stack.enter_context(postgres.throwaway_cluster()).create("lop_so")
        app = create_app(settings_for(url, folder))
        self.stack.callback(let_go_of_database, app)
        app.before_request_funcs.setdefault(None, []).insert(0, forget_the_last_request)
        with app.app_context():
            build_schema()
            load_country()
        return app


def let_go_of_database(app: Flask) -> None:
    """Close the pool before its server goes: a connection found open by the collector is an error."""
    with app.app_context():
        db.engine.dispose()


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test's site: this database, this folder for everything written."""
    return settings_from(
        {
            "LMS_ENV": "test",
            "SECRET_KEY": "a secret of the tests, long enough to count",
            "DATABASE_URL": url,
            "LMS_DATA": str(folder),
            "LMS_SITE_URL": "http://localhost",
            "LMS_LOG_LEVEL": "WARNING",
        },
        ROOT,
    )


def forget_the_last_request() -> None:
    """Tests keep one context open, so its `g` would outlive a request; in life each has its own."""
    for name in list(g):
        g.pop(name)


def build_schema() -> None:
    from flask_migrate import upgrade

    upgrade(directory=str(ROOT / "migrations"))


def load_country() -> None:
    from lms.foundation.db import transaction
    from lms.units.actions import load_units

    with transaction():
        load_units(ROOT / "lms" / "units" / "seeds", now=NOON)


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    with ExitStack() as stack:
        yield Sites(tmp_path_factory.mktemp("sites"), stack)


every_database = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; `every_database` makes it both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def app(sites: Sites, database: str) -> Iterator[Flask]:
    """The site, empty but for the country's units, with a context open; emptied again afterwards."""
    app = sites.on(database)
    with app.app_context():
        yield app
        session.rollback()
        session.remove()
        _empty(db.engine)
        forget_what_ids_meant()


def forget_what_ids_meant() -> None:
    """Empty the process's caches: in another database ids begin anew; outside tests they never come back."""
    catalogue._outline.cache_clear()
    catalogue.lesson_body.cache_clear()
    quiz._met.clear()
    pages._asked.cache_clear()
    caching.kept.cache_clear()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script that sends forms as the site's pages would (CSRF apart)."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Count the statements a call sends to the database."""

    def count(call: Callable[[], object]) -> int:
        with counted(db.engine) as statements:
            call()
        return len(statements)

    return count


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _empty(engine: Engine) -> None:
    names = [table.name for table in Base.metadata.sorted_tables if table.name not in KEPT]
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"TRUNCATE {', '.join(names)} RESTART IDENTITY")
            connection.commit()
            return
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("BEGIN IMMEDIATE")
        for name in names:
            driver.execute(f"DELETE FROM {name}")
        driver.execute("COMMIT")
        driver.execute("PRAGMA foreign_keys=ON")
