"""Pages that a browser may keep: it asks again and is told in a few bytes that nothing changed."""

import hashlib
from dataclasses import dataclass

from flask import Response, make_response, request, session

from lms import __version__
from lms.web.access import current_viewer


@dataclass(frozen=True)
class Tag:
    """What a page's words depend on, as an ETag; none while a message waits to be shown once."""

    etag: str | None

    def answer(self, page: str) -> Response:
        """The page, to be kept by this browser alone."""
        response = make_response(page)
        if self.etag is not None:
            response.set_etag(self.etag)
            response.headers["Vary"] = "Cookie, Accept-Language"
        return response


def with_tag(*state: object) -> Tag:
    """The tag of a page made from this state, for this viewer in this session.

    The session's CSRF secret is part of it: a page kept from another session has forms that are refused.
    """
    if "_flashes" in session:
        return Tag(None)
    viewer = current_viewer()
    facts = (
        __version__,
        viewer,
        request.accept_languages.to_header() if viewer is None else "",
        session.get("csrf_token"),
        state,
    )
    return Tag(hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest())


def unchanged(tag: Tag) -> Response | None:
    """304, if the browser has this very page."""
    if tag.etag is None or not request.if_none_match.contains(tag.etag):
        return None
    response = Response(status=304)
    response.set_etag(tag.etag)
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response
