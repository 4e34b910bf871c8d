"""The doctor: looks at each part of a site and says what is on and what ails it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms.foundation.db import db
from lms.foundation.i18n import N_, translate
from lms.foundation.readiness import readiness
from lms.study.tallies import differences
from lms.upkeep.startup import DatabaseUnreachable, reach_database

MOST_DIFFERENCES = 5  # told in words; the rest are counted
LEAST_FREE = 1 << 30  # bytes: below a gigabyte, a backup or an export may fail


@dataclass(frozen=True)
class Finding:
    """One part: whether it is well, and what there is to say about it."""

    part: str
    is_well: bool
    says: str


def examine(data_folder: Path, now: datetime) -> list[Finding]:
    """Every part of the site, the well ones too. Asks the machine and the database, changes nothing."""
    return [*_database(now), _pdf(), _disk(data_folder), _secret(data_folder)]


def _database(now: datetime) -> Iterator[Finding]:
    try:
        reach_database()
    except DatabaseUnreachable as refusal:
        yield Finding("database", False, translate(refusal.message, **refusal.params))
        return
    name = db.engine.url.render_as_string(hide_password=True)
    for part, says in readiness(now).parts.items():
        yield Finding(part, says == "ok", name if part == "database" else says)


def examine_rollups() -> Finding:
    """Whether the sums that rosters show are what the rows add up to: counts every row, for minutes maybe."""
    wrong = differences()
    if wrong:
        told = "; ".join(wrong[:MOST_DIFFERENCES])
        return Finding(
            "rollups", False, translate(N_("%(n)s số cộng sẵn bị sai: %(told)s"), n=len(wrong), told=told)
        )
    return Finding("rollups", True, translate(N_("số cộng sẵn khớp với từng dòng")))


def _pdf() -> Finding:
    try:
        import weasyprint
    except OSError:
        return Finding(
            "pdf", False, translate(N_("Thiếu Pango, chưa in được PDF. Hãy gõ: scripts/bootstrap"))
        )
    return Finding("pdf", True, f"WeasyPrint {weasyprint.__version__}")


def _disk(data_folder: Path) -> Finding:
    free = shutil.disk_usage(data_folder).free
    says = translate(N_("%(folder)s còn trống %(free).1f GB"), folder=data_folder, free=free / (1 << 30))
    return Finding("disk", free >= LEAST_FREE, says)


def _secret(data_folder: Path) -> Finding:
    """A secret that the first start wrote is for its owner only; one from the environment leaves no file."""
    secret = data_folder / "secret"
    if secret.exists() and secret.stat().st_mode & 0o077:
        return Finding(
            "secret", False, translate(N_("Người khác đọc được. Hãy gõ: chmod 600 %(file)s"), file=secret)
        )
    return Finding("secret", True, translate(N_("kín")))
