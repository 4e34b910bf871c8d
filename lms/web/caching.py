"""Pages that a browser may keep, asking again and told in a few bytes that nothing changed; and lesson pages
that the process keeps, since everybody who stands at the same place of a lesson sees the same words.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

from flask import Response, current_app, make_response, request, session

from lms.web.access import current_viewer
from lms.web.assets import Assets


@dataclass(frozen=True)
class Tag:
    """What a page's words depend on, as an ETag; none while a message waits to be shown once."""

    etag: str | None

    def unchanged(self) -> Response | None:
        """304, if the browser has this very page."""
        if self.etag is None or not request.if_none_match.contains_weak(self.etag):
            return None
        return self._on(Response(status=304))

    def answer(self, page: str) -> Response:
        """The page, to be kept by this browser alone."""
        return self._on(make_response(page))

    def _on(self, response: Response) -> Response:
        """Weak, because compression on the way changes the bytes and not what they say."""
        if self.etag is not None:
            response.set_etag(self.etag, weak=True)
            response.headers["Vary"] = "Cookie, Accept-Language"
        return response


def tag_of(*state: object) -> Tag:
    """The tag of a page made from this state by this build, for this viewer in this session.

    The session's CSRF secret is part of it: a page kept from another session has forms that are refused.
    """
    if "_flashes" in session:
        return Tag(None)
    viewer = current_viewer()
    facts = (
        current_app.extensions["build"],
        viewer or request.accept_languages.to_header(),
        session.get("csrf_token"),
        state,
    )
    return Tag(hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest())


def expect_form() -> None:
    """Begin the session that a page's form will need, before the tag is made: both then stay as they are."""
    if "csrf_token" not in session:
        session["csrf_token"] = token_hex(20)


@dataclass(frozen=True)
class Making:
    """How a page is made, known by everything its words depend on."""

    facts: tuple[Hashable, ...]
    make: Callable[[], str] = field(compare=False)


@lru_cache(maxsize=512)
def kept(making: Making) -> str:
    """The page, made when it is first asked for. What differs from one session to the next is left open in
    it, by words that stand for nothing else.
    """
    return making.make()


def build_of(assets: Assets, folders: Iterable[Path]) -> str:
    """A digest of the program: code and templates in these folders, static files by their hashed names."""
    digest = hashlib.blake2b(repr(sorted(assets.published.values())).encode(), digest_size=12)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
