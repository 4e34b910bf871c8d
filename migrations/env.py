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
    """Run on a connection the caller gives (tests, `serve`), else on one of the app's own."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    with db.engine.connect() as connection:
        _run(connection)


def _run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        user_module_prefix="lms.foundation.db.",
    )
    with context.begin_transaction():
        context.run_migrations()


run_migrations()
