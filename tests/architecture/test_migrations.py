"""Migrations go up and down on both databases and build exactly the models."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from lms.app import create_app
from lms.foundation.db import Base, db
from tests import postgres
from tests.architecture.code import ROOT
from tests.conftest import every_database, missing, settings_for

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture
def empty_database(database: str, tmp_path: Path):
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    try:
        with postgres.throwaway_cluster() as cluster:
            yield cluster.create("empty")
    except postgres.PostgresMissing as lacking:
        missing("postgres", str(lacking))


@every_database
def test_migrations_build_exactly_the_models_up_down_and_up(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(empty_database, tmp_path))
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        downgrade(directory=MIGRATIONS, revision="base")
        upgrade(directory=MIGRATIONS)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        db.engine.dispose()
