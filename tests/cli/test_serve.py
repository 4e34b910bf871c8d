"""`flask serve` as people run it: a process of its own, from an empty folder, until SIGTERM."""

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.patience import PATIENCE, free_port, until

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(2 * PATIENCE + 120)  # a start and a stop, and what the test does between


def environment(data: Path, **settings: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LMS_DATA": str(data), "PORT": str(free_port())} | settings


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that has been started from nothing once."""
    data = tmp_path_factory.mktemp("begun") / "var"
    with serving(environment(data)) as process:
        process.terminate()
        process.wait(PATIENCE)
    return data


@pytest.fixture
def settings(begun: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a site that has been started before."""
    shutil.copytree(begun, tmp_path / "var")
    return environment(tmp_path / "var")


def answer(port: str, path: str) -> str | None:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return str(response.read().decode())
    except (URLError, ConnectionError, TimeoutError):
        return None


@contextmanager
def serving(
    settings: dict[str, str], root: Path = ROOT, **options: object
) -> Iterator[subprocess.Popen[str]]:
    """The running site; its output goes to a file beside the data, since a full pipe would stop it."""
    with Path(settings["LMS_DATA"] + ".log").open("w") as output:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        process = subprocess.Popen(
            command, cwd=root, env=settings, stdout=output, stderr=output, text=True, **options
        )
        try:
            until(lambda: process.poll() is not None or answer(settings["PORT"], "/healthz"))
            assert process.poll() is None, said(settings)
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def said(settings: dict[str, str]) -> str:
    return Path(settings["LMS_DATA"] + ".log").read_text()


def descendants(pid: int) -> set[int]:
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    children = {int(child) for listed in lists for child in listed}
    return children.union(*(descendants(child) for child in children))


def whole_family(process: subprocess.Popen[str]) -> set[int]:
    """The site's two server processes and its worker, once all are there: the first one answers alone."""
    return until(lambda: family if len(family := descendants(process.pid)) >= 3 else None)


def refused(settings: dict[str, str]) -> str:
    """What a start that cannot be says; it must be one line, without a traceback."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    done = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_a_site_starts_from_nothing_and_is_ready(tmp_path: Path):
    settings = environment(tmp_path / "var")
    with serving(settings):
        assert '"migrations":"ok"' in (answer(settings["PORT"], "/readyz") or "")
    assert "http://127.0.0.1:" + settings["PORT"] in said(settings)
    assert "Quản trị viên" in said(settings)


def test_a_second_start_does_nothing_twice(settings: dict[str, str]):
    with serving(settings):
        assert "· " not in said(settings)


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_leaves_nobody_behind(settings: dict[str, str], word: signal.Signals):
    with serving(settings) as process:
        family = whole_family(process)
        process.send_signal(word)
        assert process.wait(PATIENCE) == 0
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
    assert answer(settings["PORT"], "/healthz") is None


def test_ctrl_c_in_a_terminal_stops_it_at_once(settings: dict[str, str]):
    """A terminal sends it to every process of the group, not only to the first."""
    with serving(settings, start_new_session=True) as process:
        worker_of(process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(10) == 0


def test_phones_that_are_slow_to_send_keep_nobody_out(settings: dict[str, str]):
    begun = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    with serving(settings), ExitStack() as phones:
        for _ in range(60):
            phone = phones.enter_context(socket.create_connection(("127.0.0.1", int(settings["PORT"]))))
            phone.sendall(begun + b"Content-Length: 100\r\n\r\nphone=09")
        assert [answer(settings["PORT"], "/healthz") for _ in range(10)] == ['{"status":"ok"}\n'] * 10


def memory_of(process: subprocess.Popen[str]) -> int:
    """Bytes in memory of the site's processes that serve; the one that does jobs fills its own meanwhile."""
    serving = [pid for pid in descendants(process.pid) if not is_worker(pid)]
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in serving]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def sent_too_much(port: str, size: int) -> tuple[int, str, int]:
    """Send so many bytes as a form: the status and the page that come back, and how many bytes went."""
    head = f"POST /people/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    block, sent = bytes(2**16), 0
    with socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE) as sender:
        sender.sendall((head + kind).encode())
        with suppress(ConnectionError):  # The other side hangs up once it has answered.
            while sent < size and not select.select([sender], [], [], 0)[0]:
                sent += sender.send(block)
        told = HTTPResponse(sender)
        told.begin()
        return told.status, told.read().decode(), sent


def test_two_hundred_megabytes_are_refused_while_they_are_sent(settings: dict[str, str]):
    size = 200 * 2**20
    with serving(settings | {"LMS_WORKERS": "1"}) as process:
        sent_too_much(settings["PORT"], size)  # What the first answer brings into memory is not the upload.
        before = memory_of(process)
        status, page, sent = sent_too_much(settings["PORT"], size)
        assert memory_of(process) - before < 20 * 2**20
    assert status == 413
    assert "Tệp này lớn quá" in page
    assert sent < 50 * 2**20


def worker_of(process: subprocess.Popen[str]) -> int:
    """The worker's process id, once it is there."""
    return until(lambda: next(filter(is_worker, descendants(process.pid)), None))


def is_worker(pid: int) -> bool:
    return b"jobs" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_worker_that_died_is_replaced(settings: dict[str, str]):
    with serving(settings) as process:
        first = worker_of(process)
        os.kill(first, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{first}").exists())
        assert worker_of(process) != first


def may_run_python(folder: Path, **as_user: object) -> bool:
    """Whether the tests' own Python lies where that user comes: one in root's home does not."""
    try:
        return subprocess.run([sys.executable, "-c", ""], cwd=folder, check=False, **as_user).returncode == 0
    except PermissionError:
        return False


def test_an_ordinary_user_can_do_it():
    """A copy of the project in a folder of their own, without root and without a home."""
    user = pwd.getpwnam("nobody")
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="lms-user-"))
    try:
        files = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
        ).split("\0")
        for name in filter(None, files):
            if (ROOT / name).is_file():
                (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / "copy" / name)
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid) if as_user else None
        if not may_run_python(folder, **as_user):
            pytest.skip(f"an ordinary user may not run {sys.executable}")
        settings = environment(folder / "copy" / "var", HOME="/nonexistent", PYTHONDONTWRITEBYTECODE="1")
        with serving(settings, folder / "copy", **as_user):
            assert (folder / "copy" / "var").stat().st_uid == (user.pw_uid if as_user else os.geteuid())
    finally:
        shutil.rmtree(folder)


def test_a_busy_port_is_told_with_one_that_may_be_free(tmp_path: Path):
    settings = environment(tmp_path / "var")
    with socket.create_server(("127.0.0.1", int(settings["PORT"]))):
        assert f"make serve PORT={int(settings['PORT']) + 1}" in refused(settings)


def test_an_unreachable_postgresql_is_told_without_its_password(tmp_path: Path):
    url = "postgresql://lop:geheim@127.0.0.1:1/lop_so"
    told = refused(environment(tmp_path / "var", DATABASE_URL=url))
    assert "DATABASE_URL" in told
    assert "geheim" not in told


def test_a_database_file_that_cannot_be_is_told(tmp_path: Path):
    assert "DATABASE_URL" in refused(environment(tmp_path / "var", DATABASE_URL="sqlite:////nowhere/x.db"))


def test_production_refuses_the_demo_province(settings: dict[str, str]):
    production = {
        "LMS_ENV": "production",
        "SECRET_KEY": "k" * 32,
        "LMS_SITE_URL": "https://hoc.example.vn",
        "DATABASE_URL": f"sqlite:///{settings['LMS_DATA']}/lop-so.db",
    }
    assert "LMS_ENV=development" in refused(settings | production)


def test_a_host_that_is_not_there_is_told(tmp_path: Path):
    assert "HOST=127.0.0.1" in refused(environment(tmp_path / "var", HOST="nowhere.invalid"))
