"""The certificate on paper: drawn from its snapshot when first asked for, then kept by what it says."""

import hashlib
import json
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from lms.certificates.queries import CertificateView
from lms.foundation import render
from lms.foundation.render import qr_code

# Raise it when a template or style sheet changes what a certificate looks like.
EDITION = 1
_TEMPLATES = {
    "certificate": ("certificate", "certificate.css"),
    "certificate-formal": ("certificate_formal", "certificate-formal.css"),
}
_ADDRESS = {"female": "Bà", "male": "Ông", None: "Ông/Bà"}


def certificate_pdf(certificate: CertificateView, folder: Path, verify_url: str) -> bytes:
    """The PDF; `folder` keeps it under the hash of everything printed, so it is drawn once.

    `verify_url` is the address of the verification page, without the code. Raises PdfUnavailable.
    """
    words = _words(certificate, verify_url)
    kept = folder / f"{_fingerprint(certificate.template, words)}.pdf"
    if kept.exists():
        return kept.read_bytes()
    template, style = _template_of(certificate)
    drawn = render.pdf(
        f"{template}.html",
        style,
        backdrop=f"{template}_backdrop.html",
        certificate=certificate,
        qr_code=qr_code(words["qr_url"]),
        **words,
    )
    _keep(kept, drawn)
    return drawn


def _template_of(certificate: CertificateView) -> tuple[str, str]:
    """The formal paper speaks for an agency; without one the plain confirmation is drawn."""
    wanted = certificate.template if certificate.snapshot["issuer"] else "certificate"
    return _TEMPLATES[wanted]


def _words(certificate: CertificateView, verify_url: str) -> dict[str, Any]:
    """Everything printed, as words: what the fingerprint is taken of."""
    facts = certificate.snapshot
    issuer = facts["issuer"]
    began, completed = (date.fromisoformat(facts[key]) for key in ("began_on", "completed_on"))
    place = issuer["place"] if issuer else ""
    return {
        "heading": "Giấy chứng nhận" if issuer else facts["title"],
        "issuer": issuer,
        "facts": facts,
        "address": _ADDRESS[facts["sex"]],
        "birth": _birth(facts),
        "place": _place(facts),
        "extent": f"gồm {facts['modules']} chuyên đề, kết quả {_percent(facts['percent'])}",
        "period": _period(began, completed),
        "agency_number": certificate.agency_number,
        "completed_on": f"{completed:%d/%m/%Y}",
        "expires_on": f"{certificate.expires_on:%d/%m/%Y}" if certificate.expires_on else None,
        "place_and_date": f"{place}, {long_date(certificate.issued_on)}" if place else _capital(certificate),
        "verify_address": verify_url.split("://", 1)[-1],
        "qr_url": f"{verify_url}/{certificate.code}",
    }


def long_date(day: date) -> str:
    """A date as documents write it: a zero before days under 10 and months 1 and 2 (Nghị định 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _place(facts: dict[str, Any]) -> str:
    """Team and unit in one phrase: "Tổ … thôn Đông Hải, xã Hưng Hà, tỉnh Hưng Yên"."""
    team, unit = facts["team"] or "", facts["unit"] or ""
    return f"{team}, {unit[0].lower()}{unit[1:]}" if team and unit else team or unit


def _period(began: date, completed: date) -> str:
    if began == completed:
        return long_date(completed)
    return f"từ {long_date(began)} đến {long_date(completed)}"


def _capital(certificate: CertificateView) -> str:
    words = long_date(certificate.issued_on)
    return words[0].upper() + words[1:]


def _birth(facts: dict[str, Any]) -> str:
    """As precisely as it is known, never more."""
    if not facts["birth"]:
        return ""
    day = date.fromisoformat(facts["birth"])
    return f"{day:{({'day': '%d/%m/%Y', 'month': '%m/%Y', 'year': '%Y'})[facts['birth_precision']]}}"


def _percent(value: float) -> str:
    return f"{value:.0f}%"


def _fingerprint(template: str, words: dict[str, Any]) -> str:
    said = json.dumps([EDITION, template, words], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all: two workers may draw the same certificate at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as temporary:
        temporary.write(content)
    Path(name).replace(file)
