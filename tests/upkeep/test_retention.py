"""What is kept for a time only."""

import os
from datetime import timedelta
from pathlib import Path

from lms.upkeep.retention import EXPORTS_KEPT, remove_old_exports
from tests.times import NOON


def an_export(data_folder: Path, name: str, age: timedelta) -> Path:
    file = data_folder / "exports" / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    os.utime(file, ((NOON - age).timestamp(),) * 2)
    return file


def test_exports_are_kept_for_a_week_and_no_longer(tmp_path: Path):
    old = an_export(tmp_path, "1.csv", EXPORTS_KEPT + timedelta(minutes=1))
    new = an_export(tmp_path, "2.csv", EXPORTS_KEPT - timedelta(minutes=1))
    remove_old_exports(tmp_path, NOON)
    assert (old.exists(), new.exists()) == (False, True)


def test_no_other_folder_is_swept(tmp_path: Path):
    an_export(tmp_path, "1.csv", EXPORTS_KEPT * 2).rename(tmp_path / "certificate.pdf")
    remove_old_exports(tmp_path, NOON)
    assert (tmp_path / "certificate.pdf").exists()


def test_a_site_without_exports_has_nothing_to_sweep(tmp_path: Path):
    remove_old_exports(tmp_path, NOON)
    assert not list(tmp_path.iterdir())
