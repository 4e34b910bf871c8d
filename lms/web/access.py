"""Who is at the door, and which door it is: every view declares one of the decorators below."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response

from lms.foundation.errors import Forbidden
from lms.foundation.i18n import N_
from lms.people.notice import NOTICE_VERSION
from lms.people.permissions import Action
from lms.people.queries import Viewer, viewer_of

View = TypeVar("View", bound=Callable[..., Any])
DOORS: dict[str, str] = {}  # module and name of a view → its door; tests/architecture walks it


class NotAllowed(Forbidden):
    """Signed in, but this page is for somebody else's work."""

    message = N_("Trang này dành cho người có quyền quản lý. Tài khoản này chưa có quyền đó.")


class SignedIn(UserMixin):  # type: ignore[misc]  # the library ships no types
    """What Flask-Login keeps: a plain person behind an id that dies with the session epoch."""

    def __init__(self, person_id: int, epoch: int) -> None:
        self.id = f"{person_id}:{epoch}"


class _Cookies(SecureCookieSessionInterface):
    """Flask's own, with a signer that is made once: making it takes as long as all it then does."""

    def __init__(self) -> None:
        self._signers: dict[str, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        key = str(app.secret_key)
        if key not in self._signers:
            self._signers[key] = super().get_signing_serializer(app)
        return self._signers[key]


def install_access(app: Flask) -> None:
    """Flask-Login signs the cookies; the viewer itself is read by one Core query, when first asked for."""
    app.session_interface = _Cookies()
    login = LoginManager()
    login.session_protection = ""  # A phone changes its address on every cell; the epoch ends sessions.
    login.init_app(app, add_context_processor=False)
    login.user_loader(_load)


def _load(cookie_id: str) -> SignedIn | None:
    person_id, _, epoch = cookie_id.partition(":")
    if not (person_id.isdecimal() and epoch.isdecimal()):
        return None
    viewer = viewer_of(int(person_id))
    if viewer is None or viewer.epoch != int(epoch):
        return None
    g.viewer = viewer
    return SignedIn(viewer.person_id, viewer.epoch)


def current_viewer() -> Viewer | None:
    """The person signed in on this request, or nobody. Asked for the first time, it costs one query."""
    if "viewer" not in g:
        g.viewer = None
        from flask_login import current_user

        current_user._get_current_object()  # Flask-Login reads the cookie and calls _load.
    return cast("Viewer | None", g.viewer)


def the_viewer() -> Viewer:
    """The person signed in; only for views behind @signed_in or @allowed."""
    viewer = current_viewer()
    if viewer is None:
        raise NotAllowed
    return viewer


def sign_in(person_id: int, epoch: int, *, remember: bool) -> None:
    """Begin a session; a session begun by somebody else on this phone ends first."""
    session.clear()
    login_user(SignedIn(person_id, epoch), remember=remember)
    g.pop("viewer", None)


def sign_out() -> None:
    """End the session and forget this phone."""
    logout_user()
    remember = session.get("_remember")  # Flask-Login's order to clear the remember cookie.
    session.clear()
    if remember:
        session["_remember"] = remember
    g.viewer = None


def remember_phone() -> None:
    """Stay signed in on this phone, beyond the browser's session."""
    session["_remember"] = "set"


def forget_phone() -> None:
    """Ask for the secret again when the browser is opened anew."""
    session["_remember"] = "clear"


def public(view: View) -> View:
    """A door open to everybody."""
    _declare(view, "public")
    return view


def signed_in(view: View) -> View:
    """A door for any account: a visitor signs in first and comes back here."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if (elsewhere := _first_elsewhere()) is not None:
            return elsewhere
        return view(*args, **kwargs)

    _declare(guarded, "signed_in")
    return cast(View, guarded)


def before_notice(view: View) -> View:
    """A door for any account, also one that has not accepted the notice yet: the notice itself."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_viewer() is None:
            return _to_sign_in()
        return view(*args, **kwargs)

    _declare(guarded, "before_notice")
    return cast(View, guarded)


def allowed(action: Action) -> Callable[[View], View]:
    """A door for those who may do `action` anywhere; the view still checks and filters where."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if (elsewhere := _first_elsewhere()) is not None:
                return elsewhere
            if not the_viewer().may_somewhere(action):
                raise NotAllowed
            return view(*args, **kwargs)

        _declare(guarded, f"allowed:{action.name}")
        return cast(View, guarded)

    return declare


def _declare(view: Callable[..., Any], door: str) -> None:
    DOORS[f"{view.__module__}.{view.__qualname__}"] = door


def _first_elsewhere() -> Response | None:
    """Where a visitor, or somebody who has not accepted today's notice, goes before the page asked for."""
    return _to_sign_in() if current_viewer() is None else notice_first()


def notice_first() -> Response | None:
    """The notice, for somebody signed in who has not accepted today's; a visitor needs none."""
    viewer = current_viewer()
    if viewer is None or viewer.notice_version == NOTICE_VERSION:
        return None
    return redirect(url_for("accounts.notice", next=_here()))


def _to_sign_in() -> Response:
    return redirect(url_for("accounts.sign_in", next=_here()))


def _here() -> str | None:
    """The page to come back to; a form that was sent has none, for its own address is not a page."""
    return request.full_path.rstrip("?") if request.method == "GET" else None
