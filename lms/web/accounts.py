"""Coming in and going out: sign-in, activation by a slip, the notice, sign-out."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, PasswordField, StringField, TelField, ValidationError
from wtforms.validators import InputRequired, Length

from lms.foundation import clock
from lms.foundation.codes import read_member_code
from lms.foundation.db import transaction
from lms.foundation.errors import Conflict
from lms.foundation.i18n import N_, translate
from lms.people.actions.accounts import SlipSpent, accept_notice, activate_account, check_new_secret
from lms.people.actions.sign_in import (
    WrongSecret,
    check_sign_in,
    conclude_sign_in,
    note_wrong_slip,
    refuse_slips_held_back,
)
from lms.people.notice import DETAILS, NOTICE, NOTICE_VERSION
from lms.people.phones import PhoneFault, masked_phone, phone_saying, read_phone
from lms.people.queries import SlipView, slip_by_code, slip_by_token, slip_of
from lms.people.secrets import PASSPHRASE_MOST, PIN_LENGTH, WeakSecret, hash_secret
from lms.people.throttle import SiteIsBusy
from lms.units.queries import unit_names
from lms.web import access
from lms.web.access import before_notice, current_viewer, public, the_viewer
from lms.web.errors import said
from lms.web.forms import SiteForm
from lms.web.slips import slip_keys

blueprint = Blueprint("accounts", __name__)
blueprint.add_app_template_filter(masked_phone)

_SLIP_IN_HAND = 30 * 60  # seconds between opening a slip and choosing a secret
_BAD_CODE = N_("Mã thành viên có dạng TV-7K3M-Q2TX. Xem lại từng chữ trên phiếu hoặc chứng nhận.")


def _phone(_form: SiteForm, field: StringField) -> None:
    """A number that is none is explained; a member code typed here is taken as well."""
    if read_member_code(field.data):
        return
    phone = read_phone(field.data)
    if phone.fault is PhoneFault.LETTERS and field.data.upper().startswith("TV"):
        raise ValidationError(translate(_BAD_CODE))
    if phone.fault is not None:
        raise ValidationError(translate(phone_saying(phone), digits=phone.digits))


def _code(_form: SiteForm, field: StringField) -> None:
    if read_member_code(field.data) is None and read_phone(field.data).number is None:
        raise ValidationError(translate(_BAD_CODE))


class SignInForm(SiteForm):
    """A learner's: phone number and PIN."""

    who = TelField(
        N_("Số điện thoại"),
        description=N_("Số đã đăng ký với tổ. Ví dụ: 0912 345 678"),
        validators=[InputRequired(N_("Nhập số điện thoại.")), Length(max=60), _phone],
        render_kw={"inputmode": "tel", "autocomplete": "username"},
    )
    secret = PasswordField(
        N_("Mã cá nhân"),
        description=N_("6 chữ số tự đặt lúc kích hoạt"),
        validators=[InputRequired(N_("Nhập mã cá nhân.")), Length(max=PASSPHRASE_MOST)],
        render_kw={"class": "code-input", "inputmode": "numeric", "autocomplete": "current-password"},
    )
    remember = BooleanField(N_("Nhớ máy này"))
    next = HiddenField(validators=[Length(max=500)])


class CodeSignInForm(SignInForm):
    """For those whose phone number is not in the register."""

    who = StringField(
        N_("Mã thành viên"),
        description=N_("In trên phiếu kích hoạt. Ví dụ: TV-7K3M-Q2TX"),
        validators=[InputRequired(N_("Nhập mã thành viên.")), Length(max=60), _code],
        render_kw={"autocapitalize": "characters", "autocomplete": "username", "spellcheck": "false"},
    )


class OfficerSignInForm(SiteForm):
    """An officer's: passphrase, and no phone is remembered."""

    who = StringField(
        N_("Số điện thoại hoặc mã thành viên"),
        validators=[InputRequired(N_("Nhập số điện thoại hoặc mã thành viên.")), Length(max=60), _phone],
        render_kw={"autocomplete": "username"},
    )
    secret = PasswordField(
        N_("Cụm mật khẩu"),
        description=N_("Từ 10 ký tự. Viết cả câu tiếng Việt cũng được."),
        validators=[InputRequired(N_("Nhập cụm mật khẩu.")), Length(max=PASSPHRASE_MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField(validators=[Length(max=500)])


class CodeForm(SiteForm):
    """The activation code as it is printed on a slip."""

    code = StringField(
        N_("Mã trên phiếu"),
        description=N_("8 chữ và số. Ví dụ: K7M3-4QPD"),
        validators=[InputRequired(N_("Nhập mã trên phiếu.")), Length(max=40)],
        render_kw={
            "class": "code-input",
            "autocapitalize": "characters",
            "autocomplete": "one-time-code",
            "spellcheck": "false",
        },
    )


class NewPinForm(SiteForm):
    """A PIN, twice."""

    kind = "pin"
    secret = PasswordField(
        N_("Tự đặt mã cá nhân"),
        description=N_("6 chữ số dễ nhớ với mình, khó đoán với người khác. Không dùng ngày sinh."),
        validators=[InputRequired(N_("Nhập 6 chữ số.")), Length(max=PASSPHRASE_MOST)],
        render_kw={
            "class": "code-input",
            "inputmode": "numeric",
            "autocomplete": "new-password",
            "maxlength": PIN_LENGTH,
        },
    )
    repeated = PasswordField(
        N_("Nhập lại mã cá nhân"),
        render_kw={
            "class": "code-input",
            "inputmode": "numeric",
            "autocomplete": "new-password",
            "maxlength": PIN_LENGTH,
        },
    )

    def validate_repeated(self, field: PasswordField) -> None:
        """Both times the same, or the owner would not know what was set."""
        if field.data != self.secret.data:
            raise ValidationError(N_("Hai lần nhập chưa giống nhau. Nhập lại."))


class NewPassphraseForm(NewPinForm):
    """A passphrase, twice: for whoever holds a grant, or prefers it."""

    kind = "passphrase"
    secret = PasswordField(
        N_("Tự đặt cụm mật khẩu"),
        description=N_("Từ 10 ký tự. Viết cả câu tiếng Việt cũng được."),
        validators=[InputRequired(N_("Nhập cụm mật khẩu.")), Length(max=PASSPHRASE_MOST + 1)],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(N_("Nhập lại cụm mật khẩu"), render_kw={"autocomplete": "new-password"})


def safe_next(address: str | None) -> str:
    """An address of this site to go on to; anything else is the first page."""
    if not address or not address.startswith("/") or any(char <= " " or char == "\\" for char in address):
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc or address.startswith("//") else address


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """For learners; `?by=code` asks for the member code instead of a phone number."""
    by_code = request.args.get("by") == "code"
    form = CodeSignInForm() if by_code else SignInForm()
    return _sign_in_page(
        form,
        "accounts/sign_in.html",
        remember=bool(form.remember.data),
        by_code=by_code,
        left="left" in request.args,
    )


@blueprint.route("/sign-in/officer", methods=["GET", "POST"])
@public
def sign_in_officer() -> ResponseReturnValue:
    """For those with a grant, by passphrase."""
    return _sign_in_page(OfficerSignInForm(), "accounts/sign_in_officer.html", remember=False)


def _sign_in_page(form: Any, template: str, *, remember: bool, **shown: object) -> ResponseReturnValue:
    """Ask; on the right answer go on to where the visitor wanted, on a wrong one say so and keep the form."""
    if request.method == "GET":
        onward = safe_next(request.args.get("next"))
        if current_viewer() is not None:
            return redirect(onward)
        form.next.data = onward
        return render_template(template, form=form, **shown)
    status = 422
    if form.validate():
        try:
            if _enter(form.who.data, form.secret.data, remember=remember):
                return redirect(safe_next(form.next.data))
            form.form_errors.append(translate(WrongSecret.message))
        except Conflict as refusal:
            form.form_errors.append(said(refusal))
            status = 429
    return make_response(render_template(template, form=form, **shown), status)


def _enter(who: str, secret: str, *, remember: bool) -> bool:
    """Whether this is somebody's secret; if so the session is theirs. Raises TooManyTries, SiteIsBusy."""
    now = clock.now()
    attempt = check_sign_in(who, secret, site_key=current_app.config["SECRET_KEY"], now=now)
    with transaction():
        account = conclude_sign_in(attempt, now)
    if account is None:
        return False
    access.sign_in(account.person_id, account.epoch, remember=remember)
    return True


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session and have the phone forget this person.

    Answers that wait to be sent are the script's to forget: another person's stay for that one's return.
    """
    access.sign_out()
    response = redirect(url_for("accounts.sign_in", left=1))
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return response


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """The code of a slip, typed."""
    form = CodeForm()
    if request.method == "GET":
        return render_template("accounts/activate.html", form=form)
    now = clock.now()
    status = 422
    if form.validate():
        try:
            refuse_slips_held_back(now)
            slip = slip_by_code(slip_keys().code_hmacs(form.code.data))
            if slip is not None and slip.opens(now):
                return _take_in_hand(slip, now)
            with transaction():
                note_wrong_slip(now)
            form.refuse("code", _why_not(slip))
        except SiteIsBusy as refusal:
            form.form_errors.append(said(refusal))
            status = 429
    return make_response(render_template("accounts/activate.html", form=form), status)


def _why_not(slip: SlipView | None) -> str:
    if slip is None:
        return translate(N_("Chưa có phiếu nào mang mã này, hoặc phiếu đã dùng rồi. Xem lại từng chữ."))
    return translate(SlipSpent.message)


@blueprint.route("/activate/<token>", methods=["GET", "POST"])
@public
def activate_by_token(token: str) -> ResponseReturnValue:
    """The QR of a slip. A GET only shows a button, so that the preview of a chat opens nothing."""
    now = clock.now()
    slip = slip_by_token(slip_keys().token_hmacs(token))
    if slip is None or not slip.opens(now):
        return _spent_page()
    if request.method == "POST":
        return _take_in_hand(slip, now)
    return _unlisted(render_template("accounts/activate_token.html", slip=slip, form=SiteForm()))


def _take_in_hand(slip: SlipView, now: datetime) -> ResponseReturnValue:
    """Remember on this phone which slip is open; it is spent only when the secret is set."""
    session["slip"] = [slip.id, int(now.timestamp()) + _SLIP_IN_HAND]
    return redirect(url_for("accounts.confirm"))


def _slip_in_hand(now: datetime) -> SlipView | None:
    slip_id, until = session.get("slip") or (0, 0)
    slip = slip_of(slip_id) if now.timestamp() < until else None
    return slip if slip is not None and slip.opens(now) else None


@blueprint.route("/activate/confirm", methods=["GET", "POST"])
@public
def confirm() -> ResponseReturnValue:
    """Is it you? Then set a secret, and come in."""
    now = clock.now()
    slip = _slip_in_hand(now)
    if slip is None:
        session.pop("slip", None)
        return redirect(url_for("accounts.activate")) if request.method == "GET" else _spent_page()
    by_passphrase = slip.holds_grant or request.args.get("with") == "passphrase"
    form = NewPassphraseForm() if by_passphrase else NewPinForm()
    if request.method == "POST" and form.validate():
        try:
            check_new_secret(form.secret.data, form.kind, slip.owner)
        except WeakSecret as refusal:
            form.refuse("secret", said(refusal))
        else:
            return _activated(slip, form, now)
    place = unit_names([slip.unit_id], clock.local_date(now))[slip.unit_id] if slip.unit_id else ""
    page = render_template(
        "accounts/confirm.html",
        form=form,
        slip=slip,
        code=slip_keys().secret_of(slip.nonce, slip.token_hmac),
        place=place,
    )
    return make_response(_unlisted(page), 422 if form.errors else 200)


def _activated(slip: SlipView, form: NewPinForm, now: datetime) -> ResponseReturnValue:
    secret_hash = hash_secret(form.secret.data)
    try:
        with transaction():
            person_id, epoch = activate_account(slip.id, secret_hash, form.kind, now)
    except SlipSpent:
        return _spent_page()
    access.sign_in(person_id, epoch, remember=False)
    return redirect("/")


@blueprint.post("/activate/not-me")
@public
def not_me() -> ResponseReturnValue:
    """The slip is somebody else's: this phone forgets it, and it stays unspent."""
    session.pop("slip", None)
    return redirect(url_for("accounts.activate"))


def _spent_page() -> ResponseReturnValue:
    form = CodeForm(formdata=None)
    form.form_errors.append(translate(SlipSpent.message))
    return make_response(_unlisted(render_template("accounts/activate.html", form=form)), 409)


def _unlisted(page: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.route("/notice", methods=["GET", "POST"])
@before_notice
def notice() -> ResponseReturnValue:
    """What is stored and why, once for each version."""
    viewer = the_viewer()
    onward = safe_next(request.args.get("next"))
    if request.method == "POST":
        with transaction():
            accept_notice(viewer.person_id, clock.now())
        return redirect(onward)
    if viewer.notice_version == NOTICE_VERSION:
        return redirect(onward)
    return render_template(
        "accounts/notice.html", points=NOTICE, is_first=viewer.notice_version is None, form=SiteForm()
    )


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """The notice in full, for everybody."""
    return render_template(
        "accounts/privacy.html",
        points=(*NOTICE, *DETAILS),
        operator=current_app.extensions["settings"].issuer.name,
        since=NOTICE_VERSION,
    )
