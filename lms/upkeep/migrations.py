"""The database's version: where it stands, and bringing it to this release's."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lms.foundation.db import db
from lms.foundation.readiness import MIGRATIONS


def present() -> list[str]:
    """The heads the database stands at; none for an empty one. Raises SQLAlchemyError without a database."""
    with db.engine.connect() as connection:
        return sorted(MigrationContext.configure(connection).get_current_heads())


def heads() -> list[str]:
    """The heads this release ends at."""
    return sorted(ScriptDirectory(str(MIGRATIONS)).get_heads())


def are_known(revisions: list[str]) -> bool:
    """Whether this release has all these migrations; one it lacks is a newer release's."""
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    return known.issuperset(revisions)


def upgrade_to_head() -> bool:
    """Bring the database to this release's tables. Returns whether there was anything to do."""
    if present() == heads():
        return False
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, "heads")
    return True
