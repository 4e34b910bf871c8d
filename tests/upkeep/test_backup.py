"""A backup gives back what it was made of, and a bad archive changes nothing."""

import hashlib
import io
import json
import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.foundation.db import Base, db, session, transaction
from lms.people.models import Person
from lms.upkeep.backup import back_up, refuse_unless_empty, restore
from lms.upkeep.queries import table_counts
from lms.upkeep.refusals import BackupRefused
from tests import make
from tests.conftest import every_database
from tests.times import NOON


def a_site_with_people(folder: Path) -> None:
    with transaction():
        for name in ("Lò Văn Ẫm", "K'Brôi", "Y Blŏ Niê", "Đặng Thị Ữ"):
            make.person(name)
    (folder / "certificates" / "a1").mkdir(parents=True)
    (folder / "certificates" / "a1" / "LS-26.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)))


def contents() -> dict[str, tuple[int, str]]:
    """Rows and digest of every table."""
    found = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


@every_database
def test_a_restore_gives_back_every_row_and_every_file(app: Flask, tmp_path: Path):
    data = tmp_path / "data"
    a_site_with_people(data)
    before = contents()
    archive = back_up(data, tmp_path / "site.tar.gz", NOON)
    (data / "certificates" / "a1" / "LS-26.pdf").unlink()
    with transaction():
        make.person("Người Đến Sau")
    session.remove()

    manifest = restore(data, archive)

    assert contents() == before
    assert manifest.rows["person"] == 4
    assert (data / "certificates" / "a1" / "LS-26.pdf").read_bytes().endswith(bytes(range(256)))


@every_database
def test_a_restored_site_can_be_backed_up_and_restored_again(app: Flask, tmp_path: Path):
    a_site_with_people(tmp_path / "data")
    first = restore(tmp_path / "data", back_up(tmp_path / "data", tmp_path / "1.tar.gz", NOON))
    second = restore(tmp_path / "data", back_up(tmp_path / "data", tmp_path / "2.tar.gz", NOON))
    assert first.rows == second.rows
    assert first.sha256["files/certificates/a1/LS-26.pdf"] == second.sha256["files/certificates/a1/LS-26.pdf"]
    with transaction():
        make.person("Còn ghi được")


@every_database
def test_a_site_with_data_refuses_to_be_replaced_unasked(app: Flask):
    with transaction():
        make.person()
    with pytest.raises(BackupRefused):
        refuse_unless_empty()


def test_a_backup_into_a_folder_is_named_by_vietnams_day(app: Flask, tmp_path: Path):
    archive = back_up(tmp_path / "data", tmp_path, NOON.replace(hour=18))
    assert archive.name == f"lop-so-{NOON:%Y-%m}-{NOON.day + 1:02}-0100.tar.gz"


def test_a_backup_is_for_its_owners_eyes(app: Flask, tmp_path: Path):
    archive = back_up(tmp_path / "data", tmp_path / "site.tar.gz", NOON)
    assert archive.stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing(app: Flask, tmp_path: Path):
    target = tmp_path / "site.tar.gz"
    target.write_text("somebody's file")
    with pytest.raises(BackupRefused):
        back_up(tmp_path / "data", target, NOON)
    assert target.read_text() == "somebody's file"


def test_earlier_backups_inside_the_data_folder_are_not_packed_again(app: Flask, tmp_path: Path):
    a_site_with_people(tmp_path)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "old.tar.gz").write_bytes(b"old")
    archive = back_up(tmp_path, tmp_path / "backups", NOON)
    with tarfile.open(archive) as packed:
        assert set(packed.getnames()) == {
            "manifest.json",
            "database.sqlite",
            "files/certificates/a1/LS-26.pdf",
        }


def test_secrets_the_queue_and_what_is_made_again_stay_out(app: Flask, tmp_path: Path):
    a_site_with_people(tmp_path)
    (tmp_path / "cache" / "static").mkdir(parents=True)
    (tmp_path / "cache" / "static" / "site.css").write_text("made again")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "1.csv").write_text("half of it")
    for name in ("secret", "queue.db"):
        (tmp_path / name).write_text("not for others")
    with tarfile.open(back_up(tmp_path, tmp_path, NOON)) as packed:
        assert not [name for name in packed.getnames() if re.search("secret|queue|cache|exports", name)]


def repacked(archive: Path, target: Path, change: dict[str, bytes]) -> Path:
    """The same archive with some members' content changed."""
    with tarfile.open(archive) as packed, tarfile.open(target, "w:gz") as written:
        for member in packed.getmembers():
            content = change.get(member.name, packed.extractfile(member).read())  # type: ignore[union-attr]
            member.size = len(content)
            written.addfile(member, io.BytesIO(content))
    return target


def manifest_with(archive: Path, **changes: object) -> bytes:
    with tarfile.open(archive) as packed:
        stated = json.load(packed.extractfile("manifest.json"))  # type: ignore[arg-type]
    return json.dumps(stated | changes).encode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "phiên bản mới hơn"),
        ({"migrations": ["ffffffffffff"]}, "phiên bản mới hơn"),
        ({"database": "postgresql"}, "DATABASE_URL"),
        ({"sha256": {"../outside": "0"}}, "không phải tệp sao lưu"),
        ({"sha256": {"/etc/passwd": "0"}}, "không phải tệp sao lưu"),
        ({"sha256": {"nowhere": "0"}}, "không phải tệp sao lưu"),
    ],
)
def test_an_archive_that_does_not_fit_changes_nothing(app: Flask, tmp_path: Path, changes: dict, words: str):
    a_site_with_people(tmp_path / "data")
    archive = back_up(tmp_path / "data", tmp_path / "site.tar.gz", NOON)
    bad = repacked(archive, tmp_path / "bad.tar.gz", {"manifest.json": manifest_with(archive, **changes)})
    before = contents()
    with pytest.raises(BackupRefused) as refused:
        restore(tmp_path / "data", bad)
    assert words in str(refused.value)
    assert contents() == before


@pytest.mark.parametrize("member", ["database.sqlite", "files/certificates/a1/LS-26.pdf"])
def test_a_damaged_member_is_found_before_anything_changes(app: Flask, tmp_path: Path, member: str):
    a_site_with_people(tmp_path / "data")
    archive = back_up(tmp_path / "data", tmp_path / "site.tar.gz", NOON)
    bad = repacked(archive, tmp_path / "bad.tar.gz", {member: b"damaged"})
    before = contents()
    with pytest.raises(BackupRefused, match="hỏng ở"):
        restore(tmp_path / "data", bad)
    assert contents() == before


def test_a_cut_off_archive_is_refused(app: Flask, tmp_path: Path):
    a_site_with_people(tmp_path / "data")
    archive = back_up(tmp_path / "data", tmp_path / "site.tar.gz", NOON)
    archive.write_bytes(archive.read_bytes()[:5000])
    with pytest.raises(BackupRefused, match="bị hỏng"):
        restore(tmp_path / "data", archive)


def test_a_missing_archive_is_refused(app: Flask, tmp_path: Path):
    with pytest.raises(BackupRefused):
        restore(tmp_path / "data", tmp_path / "nothing.tar.gz")


@every_database
def test_counts_come_from_every_table_of_the_site(app: Flask):
    with db.engine.connect() as connection:
        assert table_counts(connection).keys() == {table.name for table in Base.metadata.sorted_tables}


def test_a_backup_holds_what_is_durable_while_somebody_writes(app: Flask, tmp_path: Path):
    with transaction():
        make.person("Đã ghi")
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE person SET full_name = 'Đang ghi'")
        archive = back_up(tmp_path / "data", tmp_path / "site.tar.gz", NOON)
    restore(tmp_path / "data", archive)
    assert session.scalars(select(Person.full_name)).all() == ["Đã ghi"]
