"""What a site does not keep for ever, and for how long it does."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

EXPORTS_KEPT = timedelta(days=7)  # how long a file waits to be fetched


def remove_old_exports(data_folder: Path, now: datetime) -> None:
    """Delete the files of exports that are older than EXPORTS_KEPT."""
    oldest = (now - EXPORTS_KEPT).timestamp()
    for file in (data_folder / "exports").glob("*"):
        with suppress(FileNotFoundError):  # Another worker was quicker.
            if file.stat().st_mtime < oldest:
                file.unlink()
