"""The paper: exact names, tagged, drawn once, without the network."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.certificates import pdf
from lms.certificates.queries import CertificateView
from lms.foundation import render
from tests.papers import pdf_text

pytestmark = pytest.mark.weasyprint

ISSUER = {
    "parent": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
    "name": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    "place": "Hưng Yên",
    "signer_office": "Phó Giám đốc",
    "signer_name": "Phạm Ngọc Ẩn",
}


def certificate(name: str = "Nguyễn Thị Hạnh", **changed: object) -> CertificateView:
    facts = {
        "full_name": name,
        "birth": "1980-01-01",
        "birth_precision": "year",
        "sex": "female",
        "team": "Tổ công nghệ số cộng đồng thôn Đông Hải",
        "unit": "Xã Hưng Hà, tỉnh Hưng Yên",
        "course": "Kỹ năng số cộng đồng",
        "edition": "Bản cho thành viên tổ",
        "title": "Bản xác nhận hoàn thành",
        "modules": 12,
        "began_on": "2026-02-03",
        "completed_on": "2026-11-21",
        "percent": 91.7,
        "issuer": changed.pop("issuer", None),
    }
    plain = {
        "id": 1,
        "code": "LS-26-7K3M-Q2TX",
        "person_id": 1,
        "course_slug": "ky-nang-so",
        "edition_key": "member",
        "round": 1,
        "version": 1,
        "state": "valid",
        "template": "certificate",
        "snapshot": facts,
        "issued_at": datetime(2026, 11, 21, 3, tzinfo=UTC),
        "issued_on": date(2026, 11, 21),
        "expires_on": None,
        "revoked_at": None,
        "reason": None,
        "agency_number": None,
        "agency_date": None,
        "successor_code": None,
    }
    return CertificateView(**(plain | changed))


def draw(app: Flask, folder: Path, one: CertificateView) -> bytes:
    return pdf.certificate_pdf(one, folder, "https://lopso.example/verify")


@pytest.mark.parametrize(
    "name", ["Đặng Hữu Mẫn", "Vi Văn Thặng", "Đặng Thị Ngữ", "K'Brôi", "Y Blŏ Niê", "H'Bĭa Ữ Ặ"]
)
@pytest.mark.parametrize("form", ["certificate", "certificate-formal"])
def test_the_name_is_exact(app, tmp_path, name, form):
    drawn = draw(app, tmp_path, certificate(name, template=form, issuer=ISSUER))
    assert name in pdf_text(drawn)


def test_it_is_one_tagged_page_in_vietnamese_with_a_title(app, tmp_path):
    reader = PdfReader(io.BytesIO(draw(app, tmp_path, certificate())))
    catalog = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "vi"
    assert reader.metadata is not None
    assert reader.metadata.title == "Bản xác nhận hoàn thành LS-26-7K3M-Q2TX"


def test_without_an_agency_it_claims_none(app, tmp_path):
    words = pdf_text(draw(app, tmp_path, certificate(template="certificate-formal")))
    assert "BẢN XÁC NHẬN HOÀN THÀNH" in words
    assert "không có chữ ký số" in words
    assert "CỘNG HÒA" not in words
    assert "GIẤY CHỨNG NHẬN" not in words


def test_an_agencys_paper_writes_dates_as_documents_do(app, tmp_path):
    words = pdf_text(draw(app, tmp_path, certificate(issuer=ISSUER)))
    assert "GIẤY CHỨNG NHẬN" in words
    assert "từ ngày 03 tháng 02 năm 2026 đến ngày 21 tháng 11 năm 2026" in " ".join(words.split())


def test_it_is_drawn_once_and_again_when_it_says_something_else(app, tmp_path, monkeypatch):
    drawn = []
    original = render.pdf
    monkeypatch.setattr(render, "pdf", lambda *args, **kwargs: drawn.append(1) or original(*args, **kwargs))
    first = draw(app, tmp_path, certificate())
    assert draw(app, tmp_path, certificate()) == first
    assert len(drawn) == 1
    draw(app, tmp_path, certificate("Trần Văn Khác"))
    assert len(drawn) == 2


def test_a_name_is_text_never_markup(app, tmp_path):
    words = pdf_text(draw(app, tmp_path, certificate("<b>Nguyễn</b> & <img src=file:///etc/passwd>")))
    assert "<b>Nguyễn</b> &" in words
