"""Logs as one JSON object a line: ids only, never a name, phone number or address."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from jinja2 import TemplateError

request_id: ContextVar[str] = ContextVar("request_id", default="-")
TALKATIVE = ("alembic", "fontTools", "huey", "weasyprint")  # their INFO tells an operator nothing
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Errors that speak of code and files. Any other may quote what somebody typed or what a row holds.
_QUOTE_NOBODY = (AttributeError, ImportError, NameError, OSError, RuntimeError, TemplateError, TypeError)
_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonFormatter(logging.Formatter):
    """A record as JSON; what callers pass as `extra` becomes members of the object."""

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 (logging's name)
        """The way to the error and to what caused it, the cause first."""
        return "\n".join(map(_told, _with_causes(ei[1])))

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _with_causes(error: BaseException | None) -> list[BaseException]:
    if error is None:
        return []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*_with_causes(before), error]


def _told(error: BaseException) -> str:
    words = f": {error}" if isinstance(error, _QUOTE_NOBODY) else ""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ + words


def install(level: str) -> None:
    """Send every log of the process to standard error, JSON unless a person is watching."""
    handler = logging.StreamHandler(sys.stderr)
    if not sys.stderr.isatty():
        handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
