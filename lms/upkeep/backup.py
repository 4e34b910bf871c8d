"""One archive of a whole site: its database, the files people made, and a manifest that proves both.

An archive is a .tar.gz of `manifest.json`, the copy of the database, and `files/…`: the subfolders of the
data folder except the cache and the exports. The queue is not in it (its messages are made again from the job
rows), nor is SECRET_KEY, which belongs to the machine.
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.i18n import N_
from lms.upkeep import migrations, postgres_copy, sqlite_copy
from lms.upkeep.queries import is_empty, table_counts
from lms.upkeep.refusals import BackupRefused

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files"
MADE_AGAIN = {"cache", "exports"}  # the published static files; lists that are being written or swept away
COPIES = {"sqlite": sqlite_copy, "postgresql": postgres_copy}


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: rows by table, SHA-256 by member, and which release's tables they are."""

    format: int
    made_at: str
    database: str  # sqlite | postgresql
    migrations: list[str]
    rows: dict[str, int]
    sha256: dict[str, str]


def back_up(data_folder: Path, target: Path, now: datetime) -> Path:
    """Write an archive to the file `target`, or a dated one into the folder `target`; returns its path.

    It appears whole or not at all, readable by its owner only. Raises BackupRefused if it is there already.
    """
    archive = (
        target / f"lop-so-{now.astimezone(clock.VIETNAM):%Y-%m-%d-%H%M}.tar.gz" if target.is_dir() else target
    )
    if archive.exists():
        raise BackupRefused(N_("Đã có tệp %(file)s. Hãy chọn tên khác."), file=archive)
    try:
        with tempfile.TemporaryDirectory(prefix=".sao-luu-", dir=archive.parent) as name:
            workshop = Path(name)
            members = dict(_files(data_folder, leaving_out=archive.parent))
            manifest = _copy_database(workshop, members, now)
            (workshop / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            _pack(workshop / "archive", {MANIFEST: workshop / MANIFEST} | members)
            os.replace(workshop / "archive", archive)
    except OSError as error:
        raise BackupRefused(
            N_("Không ghi được %(file)s: %(reason)s"), file=archive, reason=error.strerror
        ) from error
    return archive


def refuse_unless_empty() -> None:
    """Raises BackupRefused where the site's database holds anything that a restore would replace."""
    with db.engine.connect() as connection:
        if not is_empty(connection):
            raise BackupRefused(
                N_("Cơ sở dữ liệu đang có dữ liệu. Nếu chắc chắn muốn thay tất cả, hãy thêm --replace.")
            )


def restore(data_folder: Path, archive: Path) -> Manifest:
    """Put the archive in the place of what there is; nothing is touched before all of it has been proved.

    Raises BackupRefused for an archive that is damaged, of another kind of database or of a newer release.
    """
    data_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".khoi-phuc-", dir=data_folder) as name:
        workshop = Path(name)
        manifest = _unpack(archive, workshop)
        if (workshop / FILES).is_dir():  # Files first: without their database they harm nothing.
            shutil.copytree(workshop / FILES, data_folder, dirs_exist_ok=True)
        copy = COPIES[manifest.database]
        copy.copy_in(workshop / copy.FILE_NAME)
    with db.engine.connect() as connection:
        if table_counts(connection) != manifest.rows:
            raise BackupRefused(
                N_("Đã khôi phục, nhưng số dòng khác bản kê. Hãy dừng trang web rồi khôi phục lại.")
            )
    return manifest


def _files(data_folder: Path, leaving_out: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the data folder's subfolders, by its name in the archive."""
    elsewhere = {data_folder, *data_folder.parents}
    for path in sorted(data_folder.glob("*/**/*")):
        parts = path.relative_to(data_folder).parts
        hidden = parts[0] in MADE_AGAIN or any(part.startswith(".") for part in parts)
        beside_the_archive = leaving_out in set(path.parents) - elsewhere
        if path.is_file() and not path.is_symlink() and not hidden and not beside_the_archive:
            yield f"{FILES}/{path.relative_to(data_folder).as_posix()}", path


def _copy_database(workshop: Path, members: dict[str, Path], now: datetime) -> Manifest:
    """Copy the database into the workshop, count it as a member, and state what there is."""
    dialect = db.engine.dialect.name
    copy = COPIES[dialect]
    rows = copy.copy_out(workshop / copy.FILE_NAME)
    members[copy.FILE_NAME] = workshop / copy.FILE_NAME
    return Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        database=dialect,
        migrations=migrations.present(),
        rows=rows,
        sha256={name: _sha256(path) for name, path in members.items()},
    )


def _pack(target: Path, members: dict[str, Path]) -> None:
    target.touch(mode=0o600)
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        for name, path in members.items():
            archive.add(path, arcname=name, recursive=False)


def _unpack(archive: Path, workshop: Path) -> Manifest:
    """Take out what the manifest names, and nothing else, proving each member's checksum."""
    try:
        with tarfile.open(archive, "r:*") as packed:
            manifest = Manifest(**json.loads(_member(packed, MANIFEST).read()))
            _refuse_foreign(manifest)
            for name, sha256 in manifest.sha256.items():
                target = workshop / _safe(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                with _member(packed, name) as source, target.open("wb") as written:
                    shutil.copyfileobj(source, written)
                if _sha256(target) != sha256:
                    raise BackupRefused(N_("Tệp sao lưu bị hỏng ở %(member)s."), member=name)
    except (OSError, EOFError, tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise BackupRefused(
            N_("Không đọc được %(file)s: không phải tệp sao lưu của Lớp Số, hoặc bị hỏng (%(reason)s)."),
            file=archive,
            reason=error,
        ) from error
    return manifest


def _refuse_foreign(manifest: Manifest) -> None:
    """An archive this release cannot read, or this database cannot take."""
    if manifest.format != FORMAT or not migrations.are_known(manifest.migrations):
        raise BackupRefused(N_("Tệp sao lưu này thuộc phiên bản mới hơn. Hãy nâng cấp Lớp Số rồi khôi phục."))
    present = db.engine.dialect.name
    if manifest.database != present:
        raise BackupRefused(
            N_("Tệp này sao lưu từ %(theirs)s, còn DATABASE_URL là %(ours)s."),
            theirs=manifest.database,
            ours=present,
        )


def _member(packed: tarfile.TarFile, name: str) -> IO[bytes]:
    """A member's content. Raises KeyError where it is absent or no plain file."""
    content = packed.extractfile(packed.getmember(name))
    if content is None:
        raise KeyError(name)
    return content


def _safe(name: str) -> PurePosixPath:
    """A member's name as a path that stays inside the workshop. Raises ValueError for any other."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"member {name!r} leads outside")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
