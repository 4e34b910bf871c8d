"""Persons and teams at the door: who sees whom, what they may change, slips on paper."""

import pytest
from sqlalchemy import select

from lms.foundation.audit import AuditEntry
from lms.foundation.db import session, transaction
from lms.people.models import Membership, Person, Slip, Team
from lms.people.queries import slip_for
from lms.units.models import UnitLink
from tests import make
from tests.conftest import every_database
from tests.papers import pdf_text
from tests.times import NOON
from tests.web.door import sign_in

OTHER_COMMUNE, ELSEWHERE = "12595", "20194"
OFFICER_PHONE = "+84900000999"


def officer(role: str = "manager", unit: str | None = "33") -> Person:
    made = make.person("Lê Minh Tuấn", phone=OFFICER_PHONE)
    make.account(made)
    make.grant(made, role, unit=unit)
    return made


def come_in(client, phone: str) -> None:
    session.commit()
    assert sign_in(client, who="0" + phone.removeprefix("+84")).status_code == 302


@pytest.fixture
def dong_hai(app) -> Team:
    """Four members, the leader with an account."""
    team = make.team()
    leader = make.member(team, "Vũ Đình Khuê", role="leader", phone="+84912000001")
    make.account(leader)
    for name in ("Nguyễn Thị Hạnh", "Đỗ Thị Ưng", "K'Brôi"):
        make.member(team, name)
    session.commit()
    return team


@every_database
def test_a_leader_sees_the_team_and_makes_its_slips(client, dong_hai):
    come_in(client, "+84912000001")
    page = client.get(f"/teams/{dong_hai.id}").text
    assert "4 thành viên" in page
    assert "3 người chưa kích hoạt" in page
    tab = client.get(f"/teams/{dong_hai.id}?tab=slips").text
    assert "Làm phiếu mới cho người chưa kích hoạt" in tab
    response = client.post(f"/teams/{dong_hai.id}/slips", follow_redirects=True)
    assert "Đã làm 3 phiếu mới" in response.text
    assert len(session.scalars(select(Slip.id)).all()) == 3
    again = client.post(f"/teams/{dong_hai.id}/slips", follow_redirects=True)
    assert "cũng đã có phiếu" in again.text
    assert len(session.scalars(select(Slip.id)).all()) == 3


@pytest.mark.weasyprint
def test_the_sheet_prints_the_same_slips_again(client, dong_hai):
    come_in(client, "+84912000001")
    client.post(f"/teams/{dong_hai.id}/slips")
    first, second = (client.get(f"/teams/{dong_hai.id}/slips.pdf") for _ in range(2))
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Cache-Control"] == "no-store"
    words = pdf_text(first.data)
    assert words == pdf_text(second.data)
    for name in ("Nguyễn Thị Hạnh", "Đỗ Thị Ưng", "K'Brôi"):
        assert name in words
    assert "Vũ Đình Khuê" not in words
    assert "localhost/activate" in words


def test_a_sheet_without_slips_says_what_to_do(client, dong_hai):
    come_in(client, "+84912000001")
    response = client.get(f"/teams/{dong_hai.id}/slips.pdf", follow_redirects=True)
    assert "Bấm “Làm phiếu mới” trước" in response.text


def test_a_new_slip_for_one_member_ends_the_old_one(client, dong_hai):
    come_in(client, "+84912000001")
    client.post(f"/teams/{dong_hai.id}/slips")
    ung = session.scalars(select(Person.id).where(Person.full_name == "Đỗ Thị Ưng")).one()
    before = slip_for(ung)
    client.post(f"/teams/{dong_hai.id}/slips", data={"person_id": ung})
    session.expire_all()
    assert slip_for(ung).id != before.id
    assert session.get(Slip, before.id).revoked_at is not None


def test_a_leader_resets_no_officers_account(client, dong_hai):
    officer_in_team = make.member(dong_hai, "Phạm Ngọc Ánh")
    make.grant(officer_in_team, "viewer", unit=make.HUNG_HA)
    come_in(client, "+84912000001")
    response = client.post(
        f"/teams/{dong_hai.id}/slips", data={"person_id": officer_in_team.id}, follow_redirects=True
    )
    assert "quyền cán bộ" in response.text
    assert slip_for(officer_in_team.id) is None
    assert client.post(f"/people/{officer_in_team.id}/slip").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/teams/{team}",
        "/teams/{team}/slips.pdf",
        "/people/{person}",
        "/people/{person}/slip.pdf",
        "/people?unit=12586",
    ],
)
@pytest.mark.parametrize("who", ["learner", "other_leader", "officer_elsewhere"])
def test_outsiders_find_nothing(client, dong_hai, path, who):
    inside = make.member(dong_hai, "Hoàng Văn Sỹ")
    if who == "officer_elsewhere":
        officer(unit="48")
        phone = OFFICER_PHONE
    else:
        other = make.team("Tổ thôn An Thái", unit=OTHER_COMMUNE)
        stranger = make.member(
            other, role="leader" if who == "other_leader" else "member", phone="+84912000009"
        )
        make.account(stranger)
        phone = "+84912000009"
    come_in(client, phone)
    response = client.get(path.format(team=dong_hai.id, person=inside.id))
    assert response.status_code in (403, 404)
    assert "Hoàng Văn Sỹ" not in response.text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/teams/{team}/slips", {}),
        ("/teams/{team}/members/new", {"full_name": "Kẻ Lạ", "role": "member"}),
        ("/people/{person}/slip", {}),
        ("/people/{person}/phone", {}),
        ("/people/{person}/edit", {"full_name": "Kẻ Lạ", "reason": "x"}),
        ("/people/{person}/memberships/{team}", {"action": "end"}),
    ],
)
def test_outsiders_change_nothing(client, dong_hai, path, data):
    inside = make.member(dong_hai, "Hoàng Văn Sỹ")
    officer(unit="48")
    come_in(client, OFFICER_PHONE)
    response = client.post(path.format(team=dong_hai.id, person=inside.id), data=data)
    assert response.status_code == 404
    assert session.scalars(select(Person.id).where(Person.full_name == "Kẻ Lạ")).first() is None
    assert session.scalars(select(Slip.id)).first() is None
    assert session.scalars(select(Membership.id).where(Membership.ended_on.is_not(None))).first() is None


def test_an_officer_who_only_looks_has_no_buttons(client, dong_hai):
    person = session.scalars(select(Person).where(Person.full_name == "K'Brôi")).one()
    officer("viewer")
    come_in(client, OFFICER_PHONE)
    page = client.get(f"/people/{person.id}").text
    assert "Cấp phiếu mới" not in page
    assert "Xem đủ" not in page
    assert "Phiếu kích hoạt" not in client.get(f"/teams/{dong_hai.id}").text
    assert client.post(f"/people/{person.id}/slip").status_code == 404


@every_database
def test_a_commune_lists_its_teams_with_what_lacks(client, dong_hai):
    empty = make.team("Tổ công nghệ số thôn An Thái")
    officer("viewer", make.HUNG_HA)
    come_in(client, OFFICER_PHONE)
    page = client.get("/people").text
    assert "Vũ Đình Khuê" in page
    assert "1/4" in page
    assert "chưa có người" in page
    assert f"/teams/{empty.id}" in page
    assert "Nhập danh sách" not in page


def test_people_recorded_under_a_merged_commune_are_listed_at_its_successor(client, dong_hai):
    old = session.scalars(
        select(UnitLink.from_unit_id).where(
            UnitLink.to_unit_id == make.unit_id(), UnitLink.partial.is_(False)
        )
    ).first()
    dong_hai.unit_id = old
    officer("viewer", make.HUNG_HA)
    come_in(client, OFFICER_PHONE)
    assert client.get(f"/teams/{dong_hai.id}").status_code == 200
    assert "K&#39;Brôi" in client.get("/people?q=K'Brôi").text


@every_database
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hanh", True),
        ("Hạnh", True),
        ("THI H", True),
        ("5678", True),
        ("0912345678", True),
        ("%", False),
        ("zz", False),
    ],
)
def test_a_search_finds_by_name_number_and_code(client, dong_hai, query, found):
    make.member(dong_hai, "Nguyễn Thị Hạnh", phone="+84912345678")
    officer()
    come_in(client, OFFICER_PHONE)
    page = client.get("/people", query_string={"q": query}).text
    assert ("Nguyễn Thị Hạnh" in page) == found
    assert "+84912345678" not in page


def test_a_search_shows_nobody_outside_the_scope(client, dong_hai):
    make.member(make.team(unit=ELSEWHERE), "Nguyễn Thị Hạnh Xa")
    officer()
    come_in(client, OFFICER_PHONE)
    assert "Hạnh Xa" not in client.get("/people?q=hanh").text


def test_seeing_a_number_is_written_in_the_log(client, dong_hai):
    person = make.member(dong_hai, "Lò Thị Mai", phone="+84912345678")
    officer()
    come_in(client, OFFICER_PHONE)
    assert "0912 345 678" not in client.get(f"/people/{person.id}").text
    assert "0912 345 678" in client.post(f"/people/{person.id}/phone", follow_redirects=True).text
    assert "show_phone" in session.scalars(select(AuditEntry.action)).all()


def test_a_correction_keeps_what_was_typed_until_it_is_right(client, dong_hai):
    person = make.member(dong_hai, "Lò Thị Mai", phone="+84912345678")
    make.member(dong_hai, "Bùi Văn Lợi", phone="+84987654321")
    officer()
    come_in(client, OFFICER_PHONE)
    typed = {
        "full_name": "Lò Thị Mài",
        "phone": "0987 654 321",
        "birth": "31/02/1990",
        "sex": "female",
        "reason": "",
    }
    refused = client.post(f"/people/{person.id}/edit", data=typed)
    assert refused.status_code == 422
    assert 'value="Lò Thị Mài"' in refused.text
    assert "Không có ngày này trong lịch" in refused.text
    assert "Ghi lý do sửa" in refused.text
    typed |= {"birth": "1990", "reason": "theo căn cước"}
    taken = client.post(f"/people/{person.id}/edit", data=typed)
    assert "của một người khác" in taken.text
    typed["phone"] = "0912 345 678"
    assert client.post(f"/people/{person.id}/edit", data=typed).status_code == 302
    page = client.get(f"/people/{person.id}").text
    assert "Lò Thị Mài" in page
    assert "theo căn cước" in page
    assert "<dt>Năm sinh</dt><dd>1990</dd>" in page


@pytest.mark.parametrize("name", ["Ư" * 10_000, "\x00", "12345", "🙂", "\u202eabc\u200b"])
def test_strange_names_are_refused_or_cleaned(client, dong_hai, name):
    officer()
    come_in(client, OFFICER_PHONE)
    response = client.post(
        f"/teams/{dong_hai.id}/members/new", data={"full_name": name, "sex": "", "role": "member"}
    )
    assert response.status_code == (302 if "abc" in name else 422)


def test_a_member_is_written_down_in_the_team(client, dong_hai):
    officer()
    come_in(client, OFFICER_PHONE)
    data = {
        "full_name": "Y Blŏ Niê",
        "phone": "0912.345.678",
        "birth": "9/1980",
        "sex": "male",
        "role": "secretary",
    }
    response = client.post(f"/teams/{dong_hai.id}/members/new", data=data, follow_redirects=True)
    assert "Y Blŏ Niê" in response.text
    made = session.scalars(select(Person).where(Person.full_name == "Y Blŏ Niê")).one()
    assert (made.phone, made.birth_precision, made.sex) == ("+84912345678", "month", "male")
    joined = session.scalars(select(Membership).where(Membership.person_id == made.id)).one()
    assert (joined.role, joined.is_home, joined.team_id) == ("secretary", True, dong_hai.id)


@every_database
def test_ending_the_home_membership_makes_another_the_home(client, dong_hai):
    person = make.member(dong_hai, "Lò Thị Mai")
    other = make.team("Tổ thôn An Thái")
    session.add(
        Membership(
            person_id=person.id,
            team_id=other.id,
            is_home=False,
            started_on=NOON.date(),
            recorded_unit_id=other.unit_id,
        )
    )
    officer()
    come_in(client, OFFICER_PHONE)
    client.post(f"/people/{person.id}/memberships/{dong_hai.id}", data={"action": "end"})
    session.expire_all()
    standing = session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.ended_on.is_(None))
    ).one()
    assert (standing.team_id, standing.is_home) == (other.id, True)
    assert "Kết thúc ở tổ" in client.get(f"/people/{person.id}").text


@pytest.mark.weasyprint
def test_an_officer_above_lets_an_officer_in_anew(client):
    below = make.person("Phạm Ngọc Ánh", phone="+84912000002")
    make.grant(below, "manager", unit=make.HUNG_HA)
    make.account(below)
    officer()
    come_in(client, OFFICER_PHONE)
    assert client.post(f"/people/{below.id}/slip").status_code == 302
    assert slip_for(below.id).for_officer
    sheet = client.get(f"/people/{below.id}/slip.pdf")
    assert "Phạm Ngọc Ánh" in pdf_text(sheet.data)


def test_officers_beside_each_other_do_not_let_each_other_in(client):
    beside = make.person("Phạm Ngọc Ánh", phone="+84912000002")
    make.grant(beside, "manager", unit="33")
    officer()
    come_in(client, OFFICER_PHONE)
    assert client.post(f"/people/{beside.id}/slip").status_code == 403
    assert client.get(f"/people/{beside.id}/edit").status_code == 403


@pytest.mark.parametrize(
    "path", ["/teams/{team}", "/teams/{team}?tab=slips", "/people?unit=12586", "/people?q=nguoi"]
)
def test_a_list_costs_the_same_at_any_size(client, count_queries, path):
    officer()
    team = make.team()
    make.member(team, "Nguyễn Văn Người")
    come_in(client, OFFICER_PHONE)
    address = path.format(team=team.id)
    client.get(address)
    few = count_queries(lambda: client.get(address))
    for _ in range(50):
        make.member(team, "Nguyễn Văn Người")
        make.member(make.team("Tổ người"), "Nguyễn Văn Người")
    session.commit()
    assert count_queries(lambda: client.get(address)) == few


def test_a_slip_survives_a_change_of_the_sites_key(app, dong_hai):
    from lms.people.actions.slips import issue_slip
    from lms.people.slips import SlipKeys

    person = session.scalars(select(Person.id).where(Person.full_name == "K'Brôi")).one()
    with transaction():
        issue_slip(person, SlipKeys(("old",)), issued_by=None, now=NOON)
    slip, keys = slip_for(person), SlipKeys(("new", "old"))
    secret = keys.secret_of(slip.nonce, slip.token_hmac)
    assert secret is not None
    assert (
        session.scalars(select(Slip.id).where(Slip.code_hmac.in_(keys.code_hmacs(secret.code)))).one()
        == slip.id
    )
    assert SlipKeys(("new",)).secret_of(slip.nonce, slip.token_hmac) is None
