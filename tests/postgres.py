"""A PostgreSQL of the tests' own: started in a temporary folder, thrown away afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.patience import until

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 200
"""
# Speed before safety: nothing in this cluster outlives the test run.
QUICK = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
DURABLE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"


class PostgresMissing(RuntimeError):
    """This machine has no PostgreSQL server programs (Debian: apt-get install postgresql)."""


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through a socket in its own folder; it listens on no port."""

    folder: Path

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as DATABASE_URL has it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Make an empty database, dropping one of that name, and give its address."""
        name = sql.Identifier(database)
        with psycopg.connect(
            f"user=postgres dbname=postgres host={self.folder}", autocommit=True
        ) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        return self.url(database)

    def start(self) -> None:
        """Start the server, also after it was killed: it then first repeats what its log says."""
        self._control("--log", self.folder / "log", "start")

    def stop(self) -> None:
        """End the server without ado; the folder is thrown away."""
        self._control("--mode=immediate", "stop")

    def kill(self) -> None:
        """SIGKILL to the server and each of its processes, as if the machine had run out of memory."""
        files = [self.folder / "data" / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"]
        server = int(files[0].read_text().split()[0])
        os.kill(server, signal.SIGSTOP)  # so that it begins no further one meanwhile
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for one in (server, *map(int, children)):
            os.kill(one, signal.SIGKILL)
            until(lambda one=one: not _runs(one))
        for file in files:  # Where nobody buries a dead process, its number would be taken for a living one.
            file.unlink()

    def _control(self, *words: str | Path) -> None:
        _run(programs() / "pg_ctl", "--pgdata", self.folder / "data", "--silent", "--wait", *words)


def _runs(process: int) -> bool:
    """Whether a process is there and not dead already, waiting for its parent to take note."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def programs() -> Path:
    """Where initdb and pg_ctl are: Debian's newest, or those on the PATH. Raises PostgresMissing."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda folder: int(folder.parent.name))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise PostgresMissing(PostgresMissing.__doc__)


@contextmanager
def throwaway_cluster(safety: str = QUICK) -> Iterator[Cluster]:
    """A server for as long as the block lasts. Raises PostgresMissing where the machine has none."""
    initdb = programs() / "initdb"
    folder = Path(tempfile.mkdtemp(prefix="lms-pg-"))
    try:
        _give_away(folder)
        # Sorting by ICU is what a province's own server would do: a query that relies on the order of bytes
        # without saying so must fail here, not there.
        layout = ["--pgdata", folder / "data", "--username=postgres", "--auth=trust", "--no-sync"]
        sorting = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi"]
        _run(initdb, *layout, *sorting)
        with (folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(folder=folder) + safety)
        cluster = Cluster(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves (None), or another where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _give_away(folder: Path) -> None:
    if owner := _owner():
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _run(*command: str | Path) -> None:
    """Run one program as the server's owner; its own words are the error when it fails."""
    owner = _owner()
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    # To files, not pipes: the server inherits them and would keep a pipe open for as long as it runs.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, cwd="/", stdout=said, stderr=said, check=False, **as_owner)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{said.read().decode(errors='replace')}")
