"""The pages of certificates: mine, the paper, and what anybody may verify."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.certificates.actions import correct_certificate, revoke_certificate
from lms.certificates.models import Certificate
from lms.certificates.queries import certificates_of
from lms.foundation.db import session, transaction
from tests import make
from tests.certificates.test_register import complete
from tests.times import NOON


@pytest.fixture
def certified(app, tmp_path) -> str:
    return certificates_of(complete(tmp_path, "Đặng Thị Ngữ"))[0].code


def test_anybody_reads_every_fact_and_no_private_one(client: FlaskClient, certified):
    page = client.get(f"/verify/{certified}")
    assert page.status_code == 200
    assert "còn hiệu lực" in page.text
    for fact in ("Đặng Thị Ngữ", "Xã Hưng Hà, tỉnh Hưng Yên", "Khóa thử", "25/11/2026", certified):
        assert fact in page.text
    assert "+84" not in page.text
    assert "0900" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{lower}", "{bare}", "ls {spaced}"])
def test_a_code_is_read_forgivingly(client: FlaskClient, certified, typed):
    text = typed.format(
        code=certified,
        lower=certified.lower(),
        bare=certified.replace("-", ""),
        spaced=certified[3:].replace("-", " "),
    )
    page = client.get("/verify", query_string={"code": text}, follow_redirects=True)
    assert "còn hiệu lực" in page.text


@pytest.mark.parametrize("typed", ["", "abc", "LS-26-0000-0000", "x" * 3000, "<script>", "\u202e LS"])
def test_a_wrong_code_is_explained_and_kept_in_the_field(client: FlaskClient, typed):
    page = client.get("/verify", query_string={"code": typed}, follow_redirects=True)
    assert page.status_code in (404, 422)
    assert "Chưa tìm thấy chứng nhận" in page.text
    assert "<script>" not in page.text.replace("<script type", "")


def test_a_code_that_was_never_given_is_not_found(client: FlaskClient, certified):
    from lms.foundation.codes import new_verification_code

    page = client.get(f"/verify/{new_verification_code(2026)}")
    assert page.status_code == 404
    assert "Không có chứng nhận nào mang mã này" in page.text


def test_a_revoked_one_says_when_and_why(client: FlaskClient, certified):
    with transaction():
        revoke_certificate(certified, "Làm bài hộ", actor_id=None, now=NOON)
    page = client.get(f"/verify/{certified}").text
    assert "đã bị thu hồi" in page
    assert "24/11/2026" in page
    assert "Làm bài hộ" in page


def test_a_corrected_one_leads_to_its_successor(client: FlaskClient, certified):
    with transaction():
        new = correct_certificate(certified, "Đặng Thị Ngọc Ngữ", "Thiếu chữ lót", actor_id=None, now=NOON)
    page = client.get(f"/verify/{certified}").text
    assert f"/verify/{new}" in page
    assert "Thiếu chữ lót" in page
    assert "còn hiệu lực" in client.get(f"/verify/{new}").text


def test_an_expired_one_says_until_when_it_held(client: FlaskClient, certified):
    with transaction():
        row = session.query(Certificate).one()
        row.expires_on = row.issued_on - timedelta(days=400)
    page = client.get(f"/verify/{certified}").text
    assert "đã hết hạn" in page


@pytest.mark.weasyprint
def test_the_holder_downloads_the_paper_and_nobody_else(app, client: FlaskClient, certified):
    holder = session.query(Certificate).one().person_id
    assert client.get(f"/certificates/{certified}.pdf").status_code == 302
    make.signed_in(client, holder)
    answer = client.get(f"/certificates/{certified}.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{certified}.pdf"'
    with transaction():
        stranger = make.person("Trần Văn Lạ").id
    make.signed_in(client, stranger)
    assert client.get(f"/certificates/{certified}.pdf").status_code == 404


def test_a_learner_without_a_certificate_is_told_how_to_get_one(app, client: FlaskClient):
    with transaction():
        person_id = make.person().id
    make.signed_in(client, person_id)
    assert "Chưa có chứng nhận nào" in client.get("/certificates").text
