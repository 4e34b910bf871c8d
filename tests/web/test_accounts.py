"""Coming in and going out, at the door."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.foundation.db import session
from lms.people.actions import slips as slip_actions
from lms.people.models import Account, NoticeAcceptance, SignInThrottle, Slip
from lms.people.notice import NOTICE_VERSION
from lms.people.queries import slip_for
from lms.web.accounts import safe_next
from lms.web.slips import slip_keys
from tests import make
from tests.conftest import every_database
from tests.times import NOON
from tests.web.door import PHONE, TYPED, learner, sign_in


def slip(person, **changes):
    slip_actions.issue_slips([person.id], slip_keys(), issued_by=None, now=changes.pop("now", NOON))
    session.commit()
    return slip_keys().secret_of(
        *session.execute(select(Slip.nonce, Slip.token_hmac).order_by(Slip.id.desc())).first()
    )


@every_database
def test_a_learner_signs_in_by_phone_and_is_taken_on(client):
    person = learner()
    response = sign_in(client, next="/me")
    assert (response.status_code, response.location) == (302, "/me")
    page = client.get("/me").text
    assert person.full_name in page
    assert person.member_code in page
    assert "09•• ••• 678" in page
    assert "+84912345678" not in page


def test_a_member_code_signs_in_however_it_is_typed(client):
    code = learner().member_code
    for typed in (code, code.lower().replace("-", " "), code.removeprefix("TV-")):
        assert sign_in(client, who=typed).status_code == 302
        client.post("/sign-out")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0912 345 67", "Số này mới có 9 chữ số, cần đủ 10 chữ số."),
        ("0912 345 6789", "Số này có 11 chữ số, chỉ cần 10 chữ số."),
        ("0801234567", "Không có mạng nào dùng đầu số này."),
        ("02438251234", "Đây là số máy bàn."),
        ("O912345678", "Số điện thoại chỉ gồm chữ số."),
        ("TV-7K3M-Q2T", "Mã thành viên có dạng TV-7K3M-Q2TX."),
        ("", "Nhập số điện thoại."),
        ("a" * 10_000, "dài"),
        ("\u200b\u200b", "Nhập số điện thoại."),
    ],
)
def test_a_wrong_number_is_explained_and_stays_in_the_field(client, typed, told):
    response = sign_in(client, who=typed)
    assert response.status_code == 422
    if told != "dài":
        assert told in response.text
    if typed.strip("\u200b") and len(typed) < 60:
        assert f'value="{typed}"' in response.text


@every_database
def test_a_wrong_pin_and_an_unknown_number_are_answered_alike(client):
    learner()
    wrong, unknown = sign_in(client, secret="135792"), sign_in(client, who="0987 654 321")
    assert wrong.status_code == unknown.status_code == 422
    assert "chưa đúng" in wrong.text
    strip = lambda page: re.sub(r'value="[^"]*"', "", page)  # noqa: E731
    assert strip(wrong.text) == strip(unknown.text)


@every_database
def test_five_wrong_pins_hold_the_account_back_for_a_quarter_of_an_hour(client, noon):
    learner()
    for _ in range(5):
        assert sign_in(client, secret="135792").status_code == 422
    held = sign_in(client)
    assert held.status_code == 429
    assert "Chờ 15 phút" in held.text
    noon.at += timedelta(minutes=15)
    assert sign_in(client).status_code == 302
    assert session.scalars(select(SignInThrottle.key)).all() == ["sign-in:site"]


def test_an_unknown_number_is_held_back_like_a_known_one(client, noon):
    for _ in range(5):
        sign_in(client, who="0987654321")
    assert sign_in(client, who="0987654321").status_code == 429
    learner()
    assert sign_in(client).status_code == 302


def test_the_site_stops_who_tries_one_pin_on_everybody(client, noon, monkeypatch):
    monkeypatch.setattr("lms.people.throttle.SITE", make.limit(3, minutes=5))
    learner()
    for number in ("0987654321", "0987654322", "0987654323"):
        sign_in(client, who=number)
    response = sign_in(client)
    assert response.status_code == 429
    assert "toàn trang" in response.text
    noon.at += timedelta(minutes=5)
    assert sign_in(client).status_code == 302


@every_database
def test_two_hundred_people_behind_one_address_all_come_in(app, noon):
    app.config["WTF_CSRF_ENABLED"] = False
    team = make.team()
    numbers = [f"+8491234{number:04d}" for number in range(200)]
    for number in numbers:
        make.account(make.member(team, "Nguyễn Thị Hạnh", phone=number))
    session.commit()
    for number in numbers:
        assert sign_in(app.test_client(), who=number).status_code == 302


def test_a_hash_of_other_costs_is_made_anew_at_sign_in(client):
    person = learner()
    sign_in(client)
    assert "m=19456,t=2,p=1" in session.scalar(
        select(Account.secret_hash).where(Account.person_id == person.id)
    )


def test_the_day_last_seen_is_written_once_a_day(client, noon, count_queries):
    person = learner()
    seen = select(Account.last_seen_on).where(Account.person_id == person.id)
    sign_in(client)
    session.expire_all()
    assert session.scalar(seen) == NOON.date()
    session.rollback()


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x", "/a b", None],
)
def test_no_address_of_another_site_is_followed(address):
    assert safe_next(address) == "/"
    assert safe_next("/courses/lam-quen?x=1#y") == "/courses/lam-quen?x=1#y"


def test_the_phone_is_remembered_only_if_asked(client):
    learner()
    assert "lop_so_may_nay" not in str(sign_in(client).headers.getlist("Set-Cookie"))
    client.post("/sign-out")
    assert "lop_so_may_nay" in str(sign_in(client, remember="y").headers.getlist("Set-Cookie"))
    assert 'type="checkbox" value="y"' in client.get("/me").text
    unticked = client.get("/sign-in")
    assert unticked.status_code == 302
    client.post("/sign-out")
    assert "checked" not in client.get("/sign-in").text


def test_signing_out_clears_what_the_phone_kept(client):
    learner()
    sign_in(client, remember="y")
    response = client.post("/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies"'
    assert "Đã đăng xuất" in client.get(response.location).text
    assert client.get("/me").location == "/sign-in?next=/me"


def test_officers_sign_in_by_passphrase(client):
    officer = make.person("Lê Minh Tuấn", phone=PHONE)
    make.account(officer)
    make.grant(officer, "manager", unit="33")
    session.commit()
    page = client.get("/sign-in/officer").text
    assert "Cụm mật khẩu" in page
    response = client.post("/sign-in/officer", data={"who": TYPED, "secret": make.PIN})
    assert response.status_code == 302


# Activation


@every_database
def test_a_typed_code_leads_to_a_pin_and_into_the_site(client, noon):
    person = make.member(make.team(), "Hoàng Văn Sỹ")
    code = slip(person).code
    assert (
        client.post("/activate", data={"code": f" {code[:4].lower()} - {code[4:]} "}).location
        == "/activate/confirm"
    )
    page = client.get("/activate/confirm").text
    assert "Hoàng Văn Sỹ" in page
    assert "Xã Hưng Hà, tỉnh Hưng Yên" in page
    response = client.post("/activate/confirm", data={"secret": "482913", "repeated": "482913"})
    assert response.location == "/"
    assert client.get("/me").location == "/notice?next=/me"
    notice = client.get("/notice?next=/me").text
    assert "Bước 3 trong 3" in notice
    assert "checked" not in notice
    assert client.post("/notice?next=/me").location == "/me"
    assert client.get("/me").status_code == 200
    acceptance = session.scalars(select(NoticeAcceptance)).one()
    assert (acceptance.version, len(acceptance.text_hash)) == (NOTICE_VERSION, 64)
    assert slip_for(person.id) is None


def test_the_preview_of_a_chat_spends_nothing(client, noon):
    person = make.member(make.team(), "Hoàng Văn Sỹ")
    token = slip(person).token
    for _ in range(3):
        page = client.get(f"/activate/{token}")
        assert page.status_code == 200
    assert "Mở phiếu" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert slip_for(person.id) is not None
    assert client.post(f"/activate/{token}").location == "/activate/confirm"
    assert slip_for(person.id) is not None


@pytest.mark.parametrize(
    ("pin", "told"),
    [
        ("123456", "dễ đoán"),
        ("111111", "dễ đoán"),
        ("020966", "ngày sinh"),
        ("196612", "ngày sinh"),
        ("12345", "đúng 6 chữ số"),
        ("١٢٣٤٥٦", "đúng 6 chữ số"),
    ],
)
def test_a_pin_that_others_would_guess_is_refused(client, noon, pin, told):
    from datetime import date

    person = make.member(make.team(), "Vũ Đình Khuê")
    person.birth, person.birth_precision = date(1966, 9, 2), "day"
    client.post("/activate", data={"code": slip(person).code})
    response = client.post("/activate/confirm", data={"secret": pin, "repeated": pin})
    assert response.status_code == 422
    assert told in response.text
    assert slip_for(person.id) is not None


def test_two_different_pins_are_told_apart(client, noon):
    client.post("/activate", data={"code": slip(make.member(make.team())).code})
    response = client.post("/activate/confirm", data={"secret": "482913", "repeated": "482931"})
    assert "chưa giống nhau" in response.text


def test_a_new_slip_ends_the_old_one_and_sixty_days_end_it_too(client, noon):
    person = make.member(make.team())
    old = slip(person)
    new = slip(person)
    assert client.post("/activate", data={"code": old.code}).status_code == 422
    assert client.get(f"/activate/{old.token}").status_code == 409
    noon.at += timedelta(days=59, hours=23)
    assert client.get(f"/activate/{new.token}").status_code == 200
    noon.at += timedelta(hours=1)
    assert client.get(f"/activate/{new.token}").status_code == 409
    assert "đã hết hạn" in client.post("/activate", data={"code": new.code}).text


def test_a_slip_is_used_once(app, client, noon):
    made = slip(make.member(make.team()))
    for browser in (client, app.test_client()):
        browser.post("/activate", data={"code": made.code})
    data = {"secret": "482913", "repeated": "482913"}
    assert client.post("/activate/confirm", data=data).status_code == 302
    assert client.get(f"/activate/{made.token}").status_code == 409


def test_a_slip_of_a_team_never_opens_an_account_with_a_grant(client, noon):
    person = make.member(make.team())
    made = slip(person)
    make.grant(person, "viewer", unit="33")
    session.commit()
    assert client.post(f"/activate/{made.token}").status_code == 409


def test_a_slip_from_above_asks_an_officer_for_a_passphrase(client, noon):
    person = make.person("Lê Minh Tuấn", phone=PHONE)
    make.grant(person, "manager", unit="33")
    slip_actions.issue_officer_slip(person.id, slip_keys(), issued_by=None, now=NOON)
    session.commit()
    found = slip_for(person.id)
    client.post(f"/activate/{slip_keys().secret_of(found.nonce, found.token_hmac).token}")
    for weak in ("482913", "lê minh tuấn", "1234567890", "aaaaaaaaaaaa"):
        assert client.post("/activate/confirm", data={"secret": weak, "repeated": weak}).status_code == 422
    strong = "mưa dầm thấm lâu năm nay"
    assert client.post("/activate/confirm", data={"secret": strong, "repeated": strong}).status_code == 302
    client.post("/notice")
    client.post("/sign-out")
    decomposed = "mưa dầm thấm lâu năm nay"
    assert client.post("/sign-in/officer", data={"who": TYPED, "secret": decomposed}).status_code == 302


def test_a_resent_slip_resets_the_pin_and_ends_other_sessions(app, client, noon):
    person = learner()
    sign_in(client)
    made = slip(person)
    other = app.test_client()
    other.post("/activate", data={"code": made.code})
    assert other.post("/activate/confirm", data={"secret": "482913", "repeated": "482913"}).status_code == 302
    assert client.get("/me").status_code == 302
    assert other.get("/me").status_code == 200


def test_guessing_codes_is_held_back_for_the_whole_site(client, noon, monkeypatch):
    monkeypatch.setattr("lms.people.throttle.SLIPS", make.limit(3, minutes=10))
    made = slip(make.member(make.team()))
    for guess in ("AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC"):
        assert client.post("/activate", data={"code": guess}).status_code == 422
    assert client.post("/activate", data={"code": made.code}).status_code == 429
    assert client.post(f"/activate/{made.token}").status_code == 302


def test_not_my_slip_is_forgotten_and_stays_whole(client, noon):
    person = make.member(make.team())
    client.post("/activate", data={"code": slip(person).code})
    assert client.post("/activate/not-me").location == "/activate"
    assert client.get("/activate/confirm").location == "/activate"
    assert slip_for(person.id) is not None


@pytest.mark.parametrize("text", ["", "\u200b", "Ư" * 300, "🙂" * 8, "' OR 1=1 --", "IIIIIIII"])
def test_what_is_no_code_is_told_and_breaks_nothing(client, text):
    assert client.post("/activate", data={"code": text}).status_code == 422
    assert client.get("/activate/" + (text or "x")).status_code in (404, 409)
