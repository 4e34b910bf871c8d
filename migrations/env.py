"""Alembic's entrance, through Flask-Migrate: the app's engine, the models' metadata."""

from importlib import import_module
from pathlib import Path

from alembic import context
from flask import current_app

from lms.foundation.db import Base, db

for models in sorted((Path(current_app.root_path) / "lms").glob("*/models.py")):
    import_module(f"lms.{models.parent.name}.models")
for name in ("audit", "jobs"):
    import_module(f"lms.foundation.{name}")


def run_migrations() -> None:
    """Run on a connection of the app's own.

    SQLite changes most tables by building them anew: with foreign keys on, dropping the old one would delete
    the rows that refer to it, or fail. So they are off, and each migration must leave every reference whole.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            _run(connection)
            return
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # Inside a transaction it would do nothing.
        try:
            _run(connection, on_version_apply=refuse_broken_references)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def refuse_broken_references(ctx, **_kwargs) -> None:
    """At the end of each migration, in its transaction: raise where a row refers to one that is not there."""
    broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        told = "; ".join(f"{table} row {row} → {parent}" for table, row, parent, _ in broken)
        raise RuntimeError(f"the migration breaks references: {told}")


def _run(connection, **options) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        user_module_prefix="lms.foundation.db.",
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


run_migrations()
