"""flask serve: from an empty folder to a running site; then the server and its worker, until SIGTERM."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import click
from flask import current_app

from config import Settings
from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.cli.speech import Said, says_refusals
from lms.demo.province import DemoRefused, make_demo_province
from lms.demo.queries import demo_accounts, waiting_account
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.jobs import the_queue
from lms.people.slips import SlipKeys
from lms.units.actions import SEEDS, load_units
from lms.units.queries import loaded_data_version
from lms.upkeep import migrations, startup

# A phone that is slow to send a form holds a thread until the form is whole: with 4 threads a process, ten
# such phones kept everybody out; with 64, sixty are not felt. Idle threads cost nothing.
THREADS = 64
REQUESTS = 256  # a process; beyond them a connection waits unread
STOPPING_TAKES = 25  # seconds that requests and the worker's present job get to end
RESTARTING_WAITS = 2  # seconds after a worker died by itself
log = logging.getLogger(__name__)


@click.command("serve", help="Chuẩn bị mọi thứ rồi chạy trang web, đến khi được bảo dừng (Ctrl-C, SIGTERM).")
@click.option("--no-worker", is_flag=True, help="Việc chạy nền đã có nơi khác làm (flask jobs work).")
@says_refusals
def serve(no_worker: bool) -> None:
    """Migrations, units, courses, in development a demo province; then granian and a worker."""
    settings: Settings = current_app.extensions["settings"]
    refuse_taken_address(settings.host, settings.port)
    startup.reach_database()
    prepare(settings)
    startup.let_go_of_database()  # No open connection may cross the fork to the server's processes.
    the_queue().storage.close()
    click.echo(f"Lớp Số: {settings.site_url}   (dừng: Ctrl-C)")
    run(settings, None if no_worker else Worker(Path(current_app.root_path)))


commands = serve


def refuse_taken_address(host: str, port: int) -> None:
    """Try the address before anything slow happens. Raises Said with the address to try instead."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise Said(f"HOST={host} không có trên máy này. Hãy gõ: make serve HOST=127.0.0.1") from error
    except PermissionError as error:
        raise Said(f"Cổng {port} cần quyền root. Hãy gõ: make serve PORT=8000") from error
    except OSError as error:
        free = port % 65535 + 1
        raise Said(f"{host}:{port} đang bận ({error.strerror}). Hãy gõ: make serve PORT={free}") from error


def prepare(settings: Settings) -> None:
    """Bring the database to this release and to the files beside it: tables, units, courses."""
    the_queue().storage.initialize_schema()
    if migrations.upgrade_to_head():
        click.echo("· đã dựng các bảng")
    if loaded_data_version() != (SEEDS / "data_version").read_text().strip():
        with transaction():
            report = load_units(SEEDS, now=clock.now())
        click.echo(f"· đã nạp đơn vị hành chính {report.data_version}")
    load_courses(settings)
    show_demo(settings)


def load_courses(settings: Settings) -> None:
    """Publish what changed in the courses' folder. A mistake there is told; the site starts all the same."""
    note = settings.data_folder / "cache" / "courses"
    if note.exists() and note.read_text() == startup.state_of_courses(settings.courses_folder):
        return
    courses, problems = read_courses(settings.courses_folder)
    for course in courses:
        with transaction():
            publish_course(course, Shelf(settings.data_folder / "media"), clock.now())
        click.echo(f"· đã nạp khóa học {course.slug}")
    for problem in problems:
        click.secho(f"✗ {problem}", err=True)
    if not problems:
        note.write_text(startup.state_of_courses(settings.courses_folder))


def show_demo(settings: Settings) -> None:
    """In development a site that knows nobody gets a demo province; each start tells its accounts."""
    if settings.is_production:
        if demo_accounts():
            raise DemoRefused
        return
    keys = SlipKeys((settings.secret_key, *settings.secret_key_fallbacks))
    if settings.env == "development":
        with transaction():
            is_new = make_demo_province(keys, clock.now())
        if is_new:
            click.echo("· đã dựng tỉnh mẫu, người trong đó không có thật")
    told = [*demo_accounts(), *filter(None, [waiting_account(keys)])]
    if told:
        click.echo(f"\n{'VAI TRÒ':<31}{'HỌ TÊN':<18}{'ĐĂNG NHẬP BẰNG':<16}PIN / CỤM MẬT KHẨU / MÃ TRÊN PHIẾU")
        for one in told:
            click.echo(f"{one.role:<31}{one.name:<18}{one.who:<16}{one.secret}")
        click.echo("")


class Worker:
    """The process that does the jobs, started again should it die."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stopping = threading.Event()
        self.keeper = threading.Thread(target=self._keep, name="keeper of the worker", daemon=True)

    def start(self) -> None:
        """Start the process, then watch it.

        In this order: a server process forked while the keeper starts a program would inherit the pipe by
        which the keeper learns that the program runs, and the keeper would wait for ever.
        """
        self.process = self._started()
        self.keeper.start()

    def stop(self) -> None:
        """End it after its present job, or after STOPPING_TAKES."""
        self.stopping.set()
        self.process.terminate()
        self.keeper.join(STOPPING_TAKES)
        self.process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal reaches only us, and we let it end its job.
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
        return subprocess.Popen(command, cwd=self.root, start_new_session=True)  # noqa: S603

    def _keep(self) -> None:
        while not self.stopping.is_set():
            self.process.wait()
            if not self.stopping.wait(RESTARTING_WAITS):
                log.error("the worker died", extra={"exit": self.process.returncode})
                self.process = self._started()


def leave_signals_to_the_parent() -> None:
    """What a server process does first, so that it ends when its parent tells it, and only once.

    A Ctrl-C must not reach it as well: granian's processes hang when told twice. Told before it listens, it
    must end at once, where our own inherited handler would swallow the word.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def run(settings: Settings, worker: Worker | None) -> None:
    """Serve until SIGTERM, SIGINT or a closed terminal; what is under way may end."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        backpressure=REQUESTS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING_TAKES,
        working_dir=Path(current_app.root_path),
        log_level=LogLevels.error,  # Its warning is about many threads, which are meant.
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )
    os.register_at_fork(after_in_child=leave_signals_to_the_parent)
    # Granian reads a closed terminal as "reload" and would go on, unseen, with the port in its hand.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    if worker is not None:
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
    server.serve()
