"""Whether the site can serve: database, migrations, jobs."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from lms.foundation.db import session
from lms.foundation.jobs import LOST_AFTER, Job

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@dataclass(frozen=True)
class Readiness:
    """Part → 'ok' or what is wrong with it."""

    parts: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """A queue that stands still is told but does not take the site away from its learners."""
        return self.parts["database"] == "ok" and self.parts["migrations"] == "ok"


def readiness(now: datetime) -> Readiness:
    """Ask the database itself. Answers also when there is none."""
    try:
        migrations = "ok" if is_at_head() else "run: flask --app wsgi db upgrade"
        jobs = _jobs(now) if migrations == "ok" else "unknown"
    except SQLAlchemyError:
        session.rollback()
        return Readiness({"database": "unreachable", "migrations": "unknown", "jobs": "unknown"})
    return Readiness({"database": "ok", "migrations": migrations, "jobs": jobs})


def is_at_head() -> bool:
    """Whether the database has every migration of this release. Raises SQLAlchemyError without a database."""
    present = MigrationContext.configure(session.connection()).get_current_heads()
    return set(present) == set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _jobs(now: datetime) -> str:
    waiting = session.scalar(
        select(func.count()).where(Job.state == "waiting", Job.created_at < now - 5 * LOST_AFTER)
    )
    return f"{waiting} waiting for more than 10 minutes: is a worker running?" if waiting else "ok"
