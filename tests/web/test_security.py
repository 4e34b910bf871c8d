"""What protects every page alike: headers, tokens, safe ways on, error pages, bounds on uploads."""

import gc
import io
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from config import settings_from
from lms.app import create_app
from lms.foundation.db import session
from lms.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from tests import make
from tests.conftest import ROOT, every_database
from tests.web.hidden import Hidden, hide

EXPIRED = "Trang này mở đã lâu"
KINDS = ["/", "/no-such-page", "/me", "/verify/nonsense", "/healthz", "/static/nothing.css"]


@pytest.fixture
def learner(client: FlaskClient) -> int:
    person = make.member(make.team())
    make.signed_in(client, person.id)
    return person.id


def policy(client: FlaskClient, path: str) -> dict[str, list[str]]:
    parts = client.get(path).headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (part.split() for part in parts)}


@pytest.mark.parametrize("path", KINDS)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-cache" in headers["Cache-Control"]
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])


@pytest.mark.parametrize("path", KINDS)
def test_a_page_runs_and_loads_what_the_site_itself_serves_and_nothing_else(client: FlaskClient, path: str):
    allowed = policy(client, path)
    assert allowed["default-src"] == allowed["base-uri"] == allowed["frame-ancestors"] == ["'none'"]
    assert allowed["script-src"] == allowed["style-src"] == allowed["form-action"] == ["'self'"]
    assert {source for sources in allowed.values() for source in sources} == {"'none'", "'self'"}


@pytest.mark.parametrize(
    ("address", "is_promised"), [("https://hoc.example.vn", True), ("http://localhost", False)]
)
def test_a_site_on_https_says_that_it_stays_there(tmp_path: Path, address: str, is_promised: bool):
    environment = {
        "LMS_ENV": "test",
        "LMS_DATA": str(tmp_path),
        "LMS_SITE_URL": address,
        "LMS_LOG_LEVEL": "WARNING",
    }
    app = create_app(settings_from(environment, ROOT))
    assert ("Strict-Transport-Security" in app.test_client().get("/healthz").headers) is is_promised
    assert app.config["SESSION_COOKIE_SECURE"] is app.config["REMEMBER_COOKIE_SECURE"] is is_promised


def test_cookies_are_for_the_site_alone(client: FlaskClient):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_no_two_requests_share_an_id(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Also such as are refused before they reach a page."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    ids = {client.get("/verify").headers["X-Request-Id"]} | {
        client.post("/sign-in").headers["X-Request-Id"] for _ in range(2)
    }
    assert len(ids) == 3


# Tokens


@pytest.mark.parametrize("token", [None, "made up", "ImEi.Zz.Zz"])
def test_no_form_is_taken_without_its_token(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str | None
):
    """Walks every address that takes a POST: whatever is added is walked too."""
    hidden = hide(app, tmp_path)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    make.signed_in(client, hidden.manager_id)
    taken = []
    for path in posts(app, hidden):
        answer = client.post(path, data={"csrf_token": token} if token else {})
        if answer.status_code != 422 or EXPIRED not in answer.text:
            taken.append(f"{path}: {answer.status_code}")
    assert taken == []


def posts(app: Flask, hidden: Hidden) -> list[str]:
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: hidden.values[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "POST" in rule.methods
        ]


def test_a_token_of_another_session_is_refused(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    own, other = app.test_client(), app.test_client()
    token = re.search('name="csrf_token"[^>]*value="([^"]+)"', other.get("/sign-in").text)
    own.get("/sign-in")
    assert own.post("/sign-in", data={"csrf_token": token[1]}).status_code == 422
    assert EXPIRED not in other.post("/sign-in", data={"csrf_token": token[1]}).text


# Ways on

ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "javascript:alert(1)", "/\t/evil.example", " //evil.example", "http:evil.example", "/%5cevil.example\n",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_outside(client: FlaskClient, address: str):
    make.account(make.member(make.team(), phone="+84912345678"))
    session.commit()
    assert (
        'name="next" type="hidden" value="/"' in client.get("/sign-in", query_string={"next": address}).text
    )
    answer = client.post("/sign-in", data={"who": "0912345678", "secret": make.PIN, "next": address})
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/sign-in", query_string={"next": address}).location == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_accepting_the_notice_leads_nowhere_outside(client: FlaskClient, learner: int, address: str):
    assert client.post("/notice", query_string={"next": address}).location == "/"


def test_a_visitor_comes_back_to_the_page_asked_for(client: FlaskClient):
    assert client.get("/rosters/33?edition=member").location == "/sign-in?next=/rosters/33?edition%3Dmember"


def test_no_host_but_the_sites_own_is_named(client: FlaskClient):
    """A forged Host reaches no redirect and no page."""
    answer = client.get("/me", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert answer.location.startswith("/sign-in")
    assert "evil.example" not in client.get("/sign-in", headers={"Host": "evil.example"}).text


# What went wrong


@pytest.fixture
def failing(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], object]:
    """Let a page do what it never does, and answer as in production."""
    monkeypatch.setitem(app.config, "TESTING", False)

    def ask(deed: Callable[[], object], **headers: str) -> object:
        monkeypatch.setitem(app.view_functions, "accounts.privacy", deed)
        return client.get("/privacy", headers=headers)

    return ask


def fail(error: BaseException) -> None:
    raise error


class Refused(Conflict):
    message = "Ruộng này đã có người gặt."


@pytest.mark.parametrize(
    ("deed", "status", "told"),
    [
        (lambda: fail(Forbidden()), 403, "Tài khoản này chưa có quyền vào đây"),
        (lambda: fail(NotFound()), 404, "Đường này không dẫn tới thửa ruộng nào"),
        (lambda: fail(Refused()), 409, "Ruộng này đã có người gặt."),
        (lambda: abort(413), 413, "Tệp này lớn quá"),
        (lambda: fail(Invalid("Ngày này chưa tới.")), 422, "Ngày này chưa tới."),
        (lambda: abort(400), 422, "Có chỗ chưa đúng"),
        (lambda: abort(405), 404, "Đường này không dẫn tới thửa ruộng nào"),
        (lambda: abort(429), 429, "Thử nhiều lần quá"),
        (lambda: fail(ValueError("a bug")), 500, "Máy chủ đang trục trặc"),
        (lambda: abort(503), 503, "Máy chủ đang nghỉ một lát"),
        (lambda: abort(502), 500, "Máy chủ đang trục trặc"),
    ],
)
def test_what_went_wrong_is_said_in_plain_vietnamese(failing, deed, status: int, told: str):
    answer = failing(deed)
    assert answer.status_code == status
    assert told in answer.text
    assert f"Lỗi {status}" in answer.text
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text


def test_a_bug_shows_nothing_of_itself_but_the_requests_id(failing):
    answer = failing(lambda: fail(ValueError("secret detail")))
    assert "secret detail" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


LOST = OperationalError("SELECT", {}, Exception("no connection"))


def test_the_page_of_a_bug_needs_no_database(
    failing, client: FlaskClient, learner: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lms.web.access.viewer_of", lambda _person_id: fail(ValueError("a bug")))
    monkeypatch.setattr("lms.foundation.db.session.execute", lambda *_any: fail(LOST))
    answer = client.get("/me")
    assert (answer.status_code, "Máy chủ đang trục trặc" in answer.text) == (500, True)


def test_while_the_database_is_away_a_page_says_so_and_when_to_come_again(
    failing, client: FlaskClient, learner: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lms.web.access.viewer_of", lambda _person_id: fail(LOST))
    answer = client.get("/me?x=1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert 'href="/me?x=1">Tải lại trang' in answer.text


def test_what_a_learner_sent_while_the_database_is_away_stands_in_the_page(
    client: FlaskClient, learner: int, monkeypatch: pytest.MonkeyPatch
):
    """And nothing that somebody else would have to be asked for, or that is secret."""
    monkeypatch.setattr("lms.web.access.viewer_of", lambda _person_id: fail(LOST))
    sent = {"question-2": ['"><b>', "b"], "q": "2", "csrf_token": "x"}
    page = client.post("/attempts/7", data=sent).text
    assert 'action="/attempts/7"' in page
    for field in ('"question-2" value="&#34;&gt;&lt;b&gt;"', '"question-2" value="b"', '"q" value="2"'):
        assert f"name={field}" in page
    assert "1357" not in client.post("/me/secret", data={"present": "1357"}).text
    scripts = client.post("/attempts/7/answers", data=sent, headers={"Accept": "application/json"})
    assert (scripts.status_code, scripts.json["status"]) == (503, 503)


@every_database
def test_a_statement_that_broke_a_transaction_breaks_no_page(failing, learner: int):
    """PostgreSQL refuses every further statement until somebody rolls back."""
    from sqlalchemy import text

    answer = failing(lambda: session.execute(text("SELECT nothing FROM nowhere")))
    assert (answer.status_code, "Máy chủ đang trục trặc" in answer.text) == (500, True)


def test_our_own_scripts_are_answered_in_their_language(failing):
    answer = failing(lambda: fail(Refused()), Accept="application/json")
    assert answer.json == {"status": 409, "message": "Ruộng này đã có người gặt."}


# Uploads


class Endless(io.RawIOBase):
    """So many bytes of a file in a form, and how many of them were fetched."""

    def __init__(self, size: int) -> None:
        start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="to.xlsx"\r\n\r\n'
        self.head, self.left, self.fetched = start, size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        size = min(len(buffer), self.left)
        piece = (self.head + bytes(size))[:size]
        buffer[:size] = piece
        self.head, self.left, self.fetched = self.head[size:], self.left - size, self.fetched + size
        return size


# Werkzeug leaves the part that was read to the collector, which closes it.
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
@pytest.mark.parametrize("is_told", [True, False], ids=["size told", "size unknown"])
def test_two_hundred_megabytes_are_refused_before_they_are_read(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, is_told: bool
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    stream = Endless(200 * 2**20)
    environ = {"CONTENT_LENGTH": str(200 * 2**20)} if is_told else {"wsgi.input_terminated": True}
    environ |= {"wsgi.input": stream, "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    tracemalloc.start()
    answer = client.post("/people/import", environ_overrides=environ)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, "Tệp này lớn quá" in answer.text) == (413, True)
    assert stream.fetched <= (0 if is_told else 25 * 2**20)
    gc.collect()
    assert most < 16 * 2**20  # a file of a form lies on the disk, not in memory


@pytest.mark.parametrize(
    "fields", [{"field": "x" * (3 * 2**20)}, {f"f{n}": "x" for n in range(6000)}], ids=["huge", "many"]
)
def test_the_fields_of_a_form_have_bounds_too(client: FlaskClient, fields: dict[str, str]):
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(part.format(*field) for field in fields.items()) + "--x--\r\n"
    answer = client.post("/sign-in", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, "Lỗi 413" in answer.text) == (413, True)


def test_a_broken_form_is_no_bug(client: FlaskClient, learner: int):
    for body in (b"", b"--x", b"--x\r\n\r\n", b"\xff\xfe\x00" * 100):
        answer = client.post("/me", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code in (200, 302, 422), body
