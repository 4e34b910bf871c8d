"""/me: one's own facts, the look of pages, this phone, the secret."""

from datetime import datetime

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.catalogue.queries import course_outline_by_id
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.i18n import N_, translate
from lms.people.actions.accounts import change_secret, change_settings, check_new_secret
from lms.people.actions.sign_in import account_key, note_failure, refuse_held_back
from lms.people.queries import account_of, current_memberships, grants_of, person_of
from lms.people.rules import GRANT_NAMES
from lms.people.secrets import PASSPHRASE, PASSPHRASE_MOST, PIN, WeakSecret, hash_secret, is_secret_of
from lms.people.throttle import ACCOUNT, SiteIsBusy, TooManyTries
from lms.study.queries import enrolments_of
from lms.units.queries import unit_names
from lms.web import access
from lms.web.access import signed_in, the_viewer
from lms.web.accounts import NewPassphraseForm, NewPinForm
from lms.web.errors import said
from lms.web.forms import SiteForm

blueprint = Blueprint("me", __name__)

LANGUAGES = [SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]
TEXT_SIZES = [(1, N_("Vừa")), (2, N_("Lớn")), (3, N_("Rất lớn"))]


class SettingsForm(SiteForm):
    """How pages look, and whether this phone is shared."""

    text_size = RadioField(N_("Cỡ chữ"), choices=[SelectChoice(*size) for size in TEXT_SIZES], coerce=int)
    locale = SelectField(
        N_("Ngôn ngữ của nút bấm"), description=N_("Bài học vẫn bằng tiếng Việt"), choices=LANGUAGES
    )
    shared_phone = BooleanField(N_("Máy dùng chung: luôn hỏi mã khi mở lại"))


class ChangePinForm(NewPinForm):
    """Another PIN; who holds the phone must know the present one."""

    present = PasswordField(
        N_("Mã cá nhân hiện nay"),
        validators=[InputRequired(N_("Nhập mã đang dùng.")), Length(max=PASSPHRASE_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class ChangePassphraseForm(NewPassphraseForm):
    """Another passphrase, or the first one."""

    present = PasswordField(
        N_("Mã cá nhân hoặc cụm mật khẩu hiện nay"),
        validators=[InputRequired(N_("Nhập mã đang dùng.")), Length(max=PASSPHRASE_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


def _is_remembered() -> bool:
    return current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies


@blueprint.route("/me", methods=["GET", "POST"])
@signed_in
def me() -> ResponseReturnValue:
    """Facts and settings."""
    viewer = the_viewer()
    form = SettingsForm(
        data={
            "text_size": viewer.text_size or 1,
            "locale": viewer.locale,
            "shared_phone": not _is_remembered(),
        }
    )
    if request.method == "POST" and form.validate():
        with transaction():
            change_settings(viewer.person_id, text_size=form.text_size.data, locale=form.locale.data)
        if form.shared_phone.data:
            access.forget_phone()
        else:
            access.remember_phone()
        flash(translate(N_("Đã lưu thay đổi.")), "ok")
        return redirect(url_for("me.me"))
    page = render_template("accounts/me.html", form=form, **_facts(viewer.person_id))
    return make_response(page, 422 if form.errors else 200)


def _facts(person_id: int) -> dict[str, object]:
    memberships = current_memberships(person_id)
    grants = grants_of(person_id)
    units = {line.unit_id for line in memberships} | {one.unit_id for one in grants if one.unit_id}
    names = unit_names(units, clock.local_date(clock.now()))
    account = account_of(person_id)
    return {
        "person": person_of(person_id),
        "teams": [(line, names[line.unit_id]) for line in memberships],
        "grants": [(GRANT_NAMES[one.role], names.get(one.unit_id or 0, "")) for one in grants],
        "grants_sleep": bool(grants) and account is not None and account.secret_kind == PIN,
        "progress": _progress(person_id),
        "text_sizes": TEXT_SIZES,
    }


def _progress(person_id: int) -> list[tuple[str, int, int]]:
    """Each course of the person: title, modules done, modules there will be."""
    lines = []
    for line in enrolments_of(person_id):
        course = course_outline_by_id(line.course_id)
        edition = course.edition_by_id(line.edition_id)
        if edition is not None:
            lines.append((course.title, line.done_count, len(course.plots_of(edition.key))))
    return lines


@blueprint.route("/me/secret", methods=["GET", "POST"])
@signed_in
def secret() -> ResponseReturnValue:
    """Another PIN or passphrase; sessions on other devices end."""
    viewer = the_viewer()
    account = account_of(viewer.person_id)
    assert account is not None  # noqa: S101 (a viewer has an account)
    by_passphrase = (
        account.holds_grant or account.secret_kind == PASSPHRASE or request.args.get("with") == "passphrase"
    )
    form = ChangePassphraseForm() if by_passphrase else ChangePinForm()
    if request.method == "POST" and form.validate():
        now = clock.now()
        if _is_refused(form, viewer.person_id, account.secret_hash, now):
            return make_response(render_template("accounts/secret.html", form=form), 422)
        secret_hash = hash_secret(form.secret.data)
        remember = _is_remembered()
        with transaction():
            epoch = change_secret(viewer.person_id, secret_hash, form.kind, now)
        access.sign_in(viewer.person_id, epoch, remember=remember)
        flash(translate(N_("Đã đổi. Các máy khác phải đăng nhập lại.")), "ok")
        return redirect(url_for("me.me"))
    return make_response(render_template("accounts/secret.html", form=form), 422 if form.errors else 200)


def _is_refused(
    form: ChangePinForm | ChangePassphraseForm, person_id: int, secret_hash: str, now: datetime
) -> bool:
    """Whether the present secret is wrong or the new one weak; the form then says which."""
    key = account_key(person_id)
    try:
        refuse_held_back(key, now)
        if not is_secret_of(secret_hash, form.present.data):
            with transaction():
                note_failure(key, ACCOUNT, now)
            form.refuse("present", translate(N_("Mã này chưa đúng. Xem lại rồi thử lần nữa.")))
            return True
        check_new_secret(form.secret.data, form.kind, person_of(person_id).owner)
    except (TooManyTries, SiteIsBusy) as refusal:
        form.refuse("present", said(refusal))
    except WeakSecret as refusal:
        form.refuse("secret", said(refusal))
    else:
        return False
    return True
