"""Turns refusals and HTTP errors into a status and a page in the product's voice, and alone does so."""

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from lms.foundation.db import session
from lms.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from lms.foundation.i18n import N_, translate

log = logging.getLogger(__name__)

STATUS: dict[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}
EXPIRED = N_("Trang này mở đã lâu nên chưa gửi được. Quay lại trang trước, tải lại rồi gửi lần nữa.")
PAGES = {403, 404, 409, 413, 422, 429, 500}


def install_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: _page(422, translate(EXPIRED)))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _broken)


def said(refusal: Refusal) -> str:
    """The refusal's sentence in the user's language."""
    return translate(refusal.message, **refusal.params)


def _refused(refusal: Refusal) -> Response:
    status = next(code for family, code in STATUS.items() if isinstance(refusal, family))
    return _page(status, said(refusal) if refusal.message else "")


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())  # A redirect that werkzeug raised, e.g. for a slash.
    return _page(error.code if error.code in PAGES else 404 if error.code < 500 else 500, "")


def _broken(_error: InternalServerError) -> Response:
    """A bug: the page needs neither the database nor the viewer."""
    session.rollback()
    g.viewer = g.get("viewer")  # Who is not known yet is not asked for now.
    return _page(500, "")


def _page(status: int, message: str) -> Response:
    """The page, or the same as JSON for our own scripts."""
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(status=status, message=message), status)
    return make_response(render_template(f"errors/{status}.html", message=message), status)
