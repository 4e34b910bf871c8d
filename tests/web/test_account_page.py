"""The page of one's own account: settings, the secret, the notice."""

from sqlalchemy import select

from lms.foundation.db import session
from lms.people.models import Account
from tests import make
from tests.web.door import learner, sign_in


def test_settings_are_kept_and_the_pages_follow(client):
    learner()
    sign_in(client)
    data = {"text_size": "3", "locale": "en", "shared_phone": "y"}
    assert client.post("/me", data=data).status_code == 302
    page = client.get("/me").text
    assert 'lang="en" class="text-size-3"' in page
    assert client.post("/me", data=data | {"text_size": "9"}).status_code == 422


def test_a_phone_that_is_not_shared_is_remembered_from_now_on(client):
    learner()
    sign_in(client)
    kept = client.post("/me", data={"text_size": "1", "locale": "vi"})
    assert "lop_so_may_nay=" in str(kept.headers.getlist("Set-Cookie"))
    forgotten = client.post("/me", data={"text_size": "1", "locale": "vi", "shared_phone": "y"})
    assert "lop_so_may_nay=;" in str(forgotten.headers.getlist("Set-Cookie"))


def test_a_new_pin_asks_for_the_old_and_ends_other_sessions(app, client):
    learner()
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    data = {"present": "000000", "secret": "482913", "repeated": "482913"}
    refused = client.post("/me/secret", data=data)
    assert (refused.status_code, "Mã này chưa đúng" in refused.text) == (422, True)
    assert client.post("/me/secret", data=data | {"present": make.PIN}).location == "/me"
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 302
    client.post("/sign-out")
    assert sign_in(client, secret="482913").status_code == 302


def test_an_officers_grant_sleeps_until_a_passphrase_is_set(client):
    person = learner()
    make.grant(person, "manager", unit="33")
    session.scalars(select(Account)).one().secret_kind = "pin"
    session.commit()
    sign_in(client)
    page = client.get("/me").text
    assert "Quyền cán bộ chưa dùng được" in page
    assert "/rosters" not in page
    strong = {"present": make.PIN, "secret": "mưa dầm thấm lâu", "repeated": "mưa dầm thấm lâu"}
    assert client.post("/me/secret", data=strong).status_code == 302
    page = client.get("/me").text
    assert "chưa dùng được" not in page
    assert "/rosters" in page


def test_the_notice_in_full_is_open_to_everybody(client):
    page = client.get("/privacy")
    assert page.status_code == 200
    assert "Không hỏi, không lưu" in page.text


def test_a_page_costs_few_queries(client, count_queries):
    learner()
    sign_in(client)
    assert count_queries(lambda: client.get("/me")) <= 10
