"""Turns refusals and HTTP errors into a status and a page in the product's voice, and alone does so."""

import logging
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from lms.foundation import logs
from lms.foundation.db import DatabaseFailure, is_away, session
from lms.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from lms.foundation.i18n import N_, translate

log = logging.getLogger(__name__)

STATUS: dict[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}
EXPIRED = N_("Trang này mở đã lâu nên chưa gửi được. Quay lại trang trước, tải lại rồi gửi lần nữa.")
PAGES = {403, 404, 409, 413, 422, 429, 500, 503}
AWAY_FOR = 10  # seconds: what is told of how long the database may be away
_LIKE = {400: 422, 415: 422}  # what could not be read at all


def install_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: _page(422, translate(EXPIRED)))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseFailure, _away)
    app.register_error_handler(InternalServerError, _broken)
    app.log_exception = _log_bug  # type: ignore[method-assign]  # Flask's own line has the address


def said(refusal: Refusal) -> str:
    """The refusal's sentence in the user's language."""
    return translate(refusal.message, **refusal.params)


def _refused(refusal: Refusal) -> Response:
    status = next(code for family, code in STATUS.items() if isinstance(refusal, family))
    return _page(status, said(refusal) if refusal.message else "")


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 or code == 416:
        return make_response(error.get_response())  # A slash that was missing; a player asking for too much.
    return _page(code if code in PAGES else _LIKE.get(code, 404 if code < 500 else 500))


def _away(error: DatabaseFailure) -> Response:
    """The database is away: nothing of the request was kept, and it may be sent again as it is."""
    if not is_away(error):
        raise error
    log.error("the database is away", extra={"error": type(error).__name__})
    response = _page_of_nobody(503)
    response.headers["Retry-After"] = str(AWAY_FOR)
    return response


def _broken(_error: InternalServerError) -> Response:
    """A bug."""
    return _page_of_nobody(500)


def _page_of_nobody(status: int) -> Response:
    """A page that needs neither the database nor the viewer."""
    session.rollback()
    g.viewer = g.get("viewer")  # Who is not known yet is not asked for now.
    return _page(status)


def _log_bug(exc_info: Any) -> None:
    """The rule, never the address: an address may hold a code."""
    log.error("bug", exc_info=exc_info, extra={"rule": request.url_rule.rule if request.url_rule else None})


def _page(status: int, message: str = "") -> Response:
    """The page, or the same as JSON for our own scripts."""
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(status=status, message=message), status)
    page = render_template(f"errors/{status}.html", message=message, request_id=logs.request_id.get())
    return make_response(page, status)
