"""Migrations go up and down on both databases and build exactly the models."""

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lms.app import create_app
from lms.foundation.db import Base, db, session, transaction
from tests import make, postgres
from tests.architecture.code import ROOT
from tests.conftest import every_database, load_country, settings_for

MIGRATIONS = str(ROOT / "migrations")
REBUILDING = """
    with op.batch_alter_table("person", recreate="always") as person:
        person.add_column(sa.Column("shoe_size", sa.Integer()))
"""
BREAKING = """
    op.execute("DELETE FROM person")
"""


@pytest.fixture
def empty_database(database: str, tmp_path: Path):
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgres.throwaway_cluster() as cluster:
        yield cluster.create("empty")


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


def with_a_migration(folder: Path, deed: str) -> str:
    """The migrations and one more that does this."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy)
    (head,) = ScriptDirectory(str(copy)).get_heads()
    (copy / "versions" / "one_more.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'more'\ndown_revision = '{head}'\n\n"
        f"def upgrade():\n{deed}"
    )
    return str(copy)


@pytest.fixture
def a_site_with_a_member(tmp_path: Path):
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'site.db'}", tmp_path))
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        load_country()
        with transaction():
            make.member(make.team())
        session.remove()
        yield
        session.remove()
        db.engine.dispose()


def test_building_a_table_anew_keeps_what_refers_to_it(a_site_with_a_member, tmp_path: Path):
    upgrade(directory=with_a_migration(tmp_path, REBUILDING))
    assert session.execute(text("SELECT shoe_size FROM person")).all() == [(None,)]
    assert session.scalar(text("SELECT count(*) FROM membership JOIN person ON person.id = person_id")) == 1


def test_a_migration_that_breaks_a_reference_changes_nothing(a_site_with_a_member, tmp_path: Path, caplog):
    with pytest.raises(SystemExit):
        upgrade(directory=with_a_migration(tmp_path, BREAKING))
    assert "membership row 1 → person" in caplog.text
    assert session.scalar(text("SELECT count(*) FROM person")) == 1
    assert session.scalar(text("SELECT version_num FROM alembic_version")) != "more"
    assert session.scalar(text("PRAGMA foreign_keys")) == 1
