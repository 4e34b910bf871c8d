"""Headers of every answer, the request's id, and the strict policy that forbids inline script and style."""

import logging
import time
from secrets import token_hex

from flask import Flask, Response, g, request

from lms.foundation import logs

log = logging.getLogger("lms.request")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_QUIET = {"/healthz", "/readyz"}


def install_security(app: Flask, *, is_https: bool) -> None:
    """Give each request an id and a log line, each answer its headers."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        logs.request_id.set(token_hex(8))

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        headers["X-Request-Id"] = logs.request_id.get()
        headers.setdefault("Cache-Control", "private, no-cache")
        if is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.path not in _QUIET:
            _log(response)
        return response


def _log(response: Response) -> None:
    """The rule, never the address: an address may hold a code or what somebody searched for."""
    viewer = g.get("viewer")
    log.info(
        "request",
        extra={
            "method": request.method,
            "rule": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "person": viewer.person_id if viewer else None,
        },
    )
