"""A lesson page in the process, signed in: CPU per request when it is made and when the browser has it."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from bench.figures import Figure
from bench.site import LESSON, Site
from lms.foundation.db import db
from tests.conftest import counted

ROUNDS, REQUESTS = 300, 10
Answer = tuple[str, dict[str, str], bytes]


def figures(site: Site) -> Iterator[Figure]:
    """As a browser asks, compression among it; then without, as behind a proxy that compresses."""
    ask = asking(site)
    _, headers, body = ask("identity")
    with site.app.app_context(), counted(db.engine) as statements:
        ask("identity")
    yield Figure("lesson page, statements sent to the database", len(statements), "", 4)
    yield Figure("lesson page, CPU", cpu(lambda: ask("identity")), "ms", 0.8)
    yield Figure("lesson page compressed by the site itself, CPU", cpu(lambda: ask("br, gzip")), "ms")
    etag = headers["ETag"]
    assert ask("identity", etag)[0].startswith("304")
    yield Figure("lesson page the browser has (304), CPU", cpu(lambda: ask("identity", etag)), "ms")
    yield Figure("lesson page, HTML", len(body) / 1024, "KB")
    yield Figure("lesson page, HTML compressed", len(ask("br, gzip")[2]) / 1024, "KB")


def asking(site: Site) -> Callable[..., Answer]:
    """A way to ask for the page through the whole WSGI application, without a client's own cost."""
    cookie = site.cookie()

    def ask(encoding: str, etag: str = "") -> Answer:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": LESSON,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_ENCODING": encoding,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
        if etag:
            environ["HTTP_IF_NONE_MATCH"] = etag
        began: list[Any] = []
        body = b"".join(site.app.wsgi_app(environ, lambda *start: began.extend(start)))
        return began[0], dict(began[1]), body

    return ask


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds of CPU a call takes, in the round that other programs disturbed least."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(REQUESTS):
            call()
        rounds.append(time.process_time() - began)
    return 1000 * min(rounds) / REQUESTS
