"""Certificates: a learner's own, their PDF, and the page on which anybody verifies one."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lms.certificates.pdf import certificate_pdf, qr_code
from lms.certificates.queries import CertificateView, NoSuchCertificate, certificate_of, certificates_of
from lms.foundation import clock
from lms.foundation.codes import read_verification_code
from lms.foundation.i18n import N_, translate
from lms.people.permissions import Action
from lms.web.access import current_viewer, public, signed_in, the_viewer
from lms.web.forms import SiteForm
from lms.web.scope import may_see_person

blueprint = Blueprint("certificates", __name__)

_MISTYPED = N_(
    "Mã này có chữ gõ nhầm hoặc còn thiếu. Mã đúng có dạng LS-26-7K3M-Q2TX, xem lại từng chữ trên giấy."
)


class VerifyForm(SiteForm):
    """The code as it is printed; a GET form, so that the result has an address."""

    class Meta(SiteForm.Meta):
        csrf = False

    code = StringField(
        N_("Mã in trên giấy"),
        description=N_("Ví dụ: LS-26-7K3M-Q2TX"),
        validators=[InputRequired(N_("Nhập mã in trên giấy.")), Length(max=40)],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )


@blueprint.get("/certificates")
@signed_in
def mine() -> ResponseReturnValue:
    """The learner's certificates, newest first."""
    found = certificates_of(the_viewer().person_id)
    today = clock.local_date(clock.now())
    return render_template(
        "certificates/mine.html",
        certificates=[(one, one.standing(today)) for one in found],
        verify_url=_verify_url(),
        qr_code=_qr_code,
    )


@blueprint.get("/certificates/<code>.pdf")
@signed_in
def pdf(code: str) -> ResponseReturnValue:
    """The paper itself, for its holder and for officers in whose subtree the holder is."""
    viewer = the_viewer()
    certificate = certificate_of(code)
    if certificate.person_id != viewer.person_id and not _is_officer_of(certificate):
        raise NoSuchCertificate
    if certificate.state != "valid":
        return redirect(url_for("certificates.verify", code=code))
    folder = current_app.extensions["settings"].data_folder / "certificates"
    response = make_response(certificate_pdf(certificate, folder, _verify_url()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{certificate.code}.pdf"'
    return response


@blueprint.get("/verify")
@public
def ask() -> ResponseReturnValue:
    """The form; what was typed is read forgivingly and leads to the certificate's own address."""
    form = VerifyForm(request.args)
    if "code" in request.args and form.validate():
        if code := read_verification_code(form.code.data):
            return redirect(url_for("certificates.verify", code=code))
        form.refuse("code", translate(_MISTYPED))
    return _unlisted(render_template("certificates/verify.html", form=form, certificate=None), form.errors)


@blueprint.get("/verify/<code>")
@public
def verify(code: str) -> ResponseReturnValue:
    """Every fact of the certificate and how it stands; never a phone number or a birth date."""
    canonical = read_verification_code(code)
    if canonical is not None and canonical != code:
        return redirect(url_for("certificates.verify", code=canonical))
    form = VerifyForm(data={"code": code})
    try:
        certificate = certificate_of(code)
    except NoSuchCertificate as refusal:
        form.refuse("code", translate(refusal.message if canonical else _MISTYPED))
        return _unlisted(render_template("certificates/verify.html", form=form, certificate=None), True, 404)
    now = clock.now()
    viewer = current_viewer()
    page = render_template(
        "certificates/verify.html",
        form=form,
        certificate=certificate,
        standing=certificate.standing(clock.local_date(now)),
        now=now,
        is_mine=viewer is not None and viewer.person_id == certificate.person_id,
    )
    return _unlisted(page)


def _unlisted(page: str, refused: object = False, status: int = 422) -> Response:
    """No search engine keeps a page about a person."""
    response = make_response(page, status if refused else 200)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _is_officer_of(certificate: CertificateView) -> bool:
    return certificate.person_id is not None and may_see_person(
        the_viewer(), Action.VIEW_ROSTER, certificate.person_id
    )


def _verify_url() -> str:
    return f"{current_app.extensions['settings'].site_url}/verify"


def _qr_code(certificate: CertificateView) -> Markup:
    return qr_code(f"{_verify_url()}/{certificate.code}")
