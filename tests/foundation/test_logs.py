"""Every line of the log is one JSON object that quotes nobody."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from jinja2 import Environment, StrictUndefined
from sqlalchemy.exc import IntegrityError

from lms.foundation import logs
from lms.foundation.logs import JsonFormatter

NAME = "Nguyễn Thị Hạnh"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of the site and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("lms.tests")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)
    logger.propagate = True


def line(log: tuple[logging.Logger, io.StringIO], raise_: object = None) -> dict[str, object]:
    logger, written = log
    try:
        raise_() if callable(raise_) else None
    except Exception:
        logger.exception("bug")
    return json.loads(written.getvalue())


def test_a_line_says_when_how_bad_who_and_what(log):
    logger, written = log
    logger.warning("only %s left", "3 GB", extra={"job": 7})
    told = json.loads(written.getvalue())
    assert (told["level"], told["logger"], told["event"], told["job"]) == (
        "WARNING",
        "lms.tests",
        "only 3 GB left",
        7,
    )
    assert told["at"].endswith("+00:00")


def test_a_line_is_one_line_whatever_it_holds(log):
    logger, written = log
    logger.warning("first\nsecond\x1b[31m\u2028third", extra={"rule": "/a\n/b"})
    assert written.getvalue().count("\n") == 1


def test_lines_of_a_request_carry_its_id(log):
    logger, written = log
    token = logs.request_id.set("5f0c")
    logger.warning("something")
    logs.request_id.reset(token)
    assert json.loads(written.getvalue())["request"] == "5f0c"


def test_an_object_of_ours_breaks_no_line(log):
    logger, written = log
    logger.warning("odd", extra={"thing": object()})
    assert "object at" in json.loads(written.getvalue())["thing"]


def quote_a_person() -> None:
    int(NAME)


def quote_a_row() -> None:
    told = ValueError(f"DETAIL: Failing row contains (7, {NAME}, +84912345678).")
    raise IntegrityError("INSERT INTO person VALUES (?)", {"full_name": NAME}, told) from told


def lack_a_name() -> None:
    Environment(undefined=StrictUndefined).from_string("{{ viewer.nmae }}").render(viewer={"name": NAME})


@pytest.mark.parametrize("raise_", [quote_a_person, quote_a_row, lack_a_name])
def test_an_error_is_told_by_its_way_and_quotes_nobody(log, raise_):
    error = str(line(log, raise_)["error"])
    assert f"in {raise_.__name__}" in error
    assert NAME not in error
    assert "912345678" not in error


def test_an_error_that_speaks_of_code_says_what_is_wrong(log):
    assert "has no attribute 'nmae'" in str(line(log, lack_a_name)["error"])


def test_the_cause_of_an_error_is_told_before_it(log):
    error = str(line(log, quote_a_row)["error"])
    assert error.index("ValueError") < error.index("IntegrityError")


@pytest.mark.parametrize(("level", "lines"), [("INFO", ["said", "warned"]), ("WARNING", ["warned"])])
def test_a_process_writes_json_to_standard_error_from_its_level_on(level: str, lines: list[str]):
    """In a process of its own, for it takes over every handler there is."""
    program = (
        "import logging; from lms.foundation import logs; "
        f"logs.install({level!r}); log = logging.getLogger('x'); log.info('said'); log.warning('warned'); "
        "logging.getLogger('huey').info('talk')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [json.loads(one)["event"] for one in done.stderr.splitlines()] == lines
    assert done.stdout == ""
