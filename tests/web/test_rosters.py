"""The doors of rosters: who sees what, at which address, as which file."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from lms.foundation.audit import AuditEntry
from lms.foundation.db import session
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish, publish_without_modules, study
from tests.web.rostering import DIVIDED, names_on, old_team, page, rows_of

WHOLE = "12643"  # a commune of before that went to Xã Hưng Hà
BEFORE = "on=2025-06-30"


@pytest.fixture
def course(app, tmp_path):
    return publish(tmp_path)


def test_the_entrance_leads_to_the_highest_unit(course, client, enter):
    for role, unit, address in (
        ("administrator", None, "/rosters/vn"),
        ("viewer", "vn", "/rosters/vn"),
        ("viewer", "33", "/rosters/33"),
        ("manager", "12586", "/rosters/12586"),
    ):
        enter(role, unit)
        assert client.get("/rosters").location == address


def test_several_units_are_a_choice(course, client, enter):
    officer = enter("viewer", "33")
    make.grant(officer, "viewer", unit="00004")
    session.commit()
    html = page(client, "/rosters")
    assert 'href="/rosters/33"' in html
    assert 'href="/rosters/00004"' in html


@pytest.mark.parametrize("address", ["/rosters", "/rosters/vn", "/rosters/33", "/rosters/12586.csv"])
def test_a_stranger_signs_in_first_and_a_learner_has_no_business_here(course, client, address):
    assert client.get(address).location.startswith("/sign-in")
    learner_ = learner(make.team())
    make.signed_in(client, learner_.id)
    page(client, address, 403)
    leader = learner(make.team(), role="leader")
    make.signed_in(client, leader.id)
    page(client, address, 403)


ADDRESSES = ("", "?view=people", ".csv", ".xlsx", ".csv?view=people", ".xlsx?view=people")


@every_database
def test_an_officer_sees_the_own_subtree_and_nothing_else(course, client, enter):
    mine, other = make.team(), make.team(unit="00004")
    learner(mine, "Người Nhà")
    learner(other, "Người Xa")
    session.commit()
    for unit, inside, outside in (
        ("12586", ["12586"], ["33", "vn", "12472", "00004", "01"]),
        ("33", ["33", "12586", "12472"], ["vn", "01", "00004"]),
        ("01", ["01", "00004"], ["vn", "33", "12586"]),
        ("vn", ["vn", "01", "33", "12586"], []),
    ):
        enter("viewer", unit)
        for key in inside:
            for rest in ADDRESSES:
                assert client.get(f"/rosters/{key}{rest}").status_code == 200, (unit, key, rest)
        for key in outside:
            for rest in (*ADDRESSES, ".pdf"):
                answer = client.get(f"/rosters/{key}{rest}")
                assert answer.status_code == 404, (unit, key, rest)
                assert "Người" not in answer.get_data(as_text=True)


def test_crumbs_lead_up_only_as_far_as_one_may_go(course, client, enter):
    enter("viewer", "33")
    html = page(client, "/rosters/12586")
    assert 'href="/rosters/33"' in html
    assert 'href="/rosters/vn"' not in html


@every_database
def test_the_nation_counts_its_provinces_and_draws_them(course, client, enter):
    enter("viewer", "vn")
    done = learner(make.team(), "Lê Đạt", comes_in=True)
    study(done, "dau")
    study(done, "cuoi")
    learner(make.team(unit="00004"), "Lê Xa")
    session.commit()
    html = page(client, "/rosters/vn")
    assert "Toàn quốc, 34 tỉnh, thành phố" in html
    assert "Hoàng Sa" in html
    assert "Trường Sa" in html
    assert re.search(r"<dt>Thành viên</dt><dd>2</dd>", html)
    assert re.search(r"<dt>Hoàn thành</dt><dd>1 <small>50%</small>", html)
    head, *rows = rows_of(client, "/rosters/vn.csv")
    told = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert len(rows) == 35
    assert told["Tỉnh Hưng Yên"]["Thành viên"] == "1"
    assert told["Tỉnh Hưng Yên"]["Hoàn thành (%)"] == "100"
    assert told["Tổng cộng"]["Xã, phường"] == "3321"


def test_a_province_lists_every_commune_and_those_who_wait(course, client, enter):
    enter("viewer", "33")
    learner(old_team(DIVIDED), "Bà Đợi")
    session.commit()
    html = page(client, "/rosters/33")
    assert html.count('<th scope="row">') == 104 + 1 + 1
    assert "chưa phân bổ" in html
    address = f"/rosters/{DIVIDED}?{BEFORE}"
    assert f'href="{address}' in html
    waiting = page(client, address)
    assert "Bà Đợi" in waiting
    assert "Xã Lạc Đạo" in waiting
    assert "Xã Đại Đồng" in waiting
    assert 'href="/rosters/33"' in waiting


def test_an_old_code_leads_to_what_became_of_it(course, client, enter):
    enter("viewer", "vn")
    assert client.get(f"/rosters/{WHOLE}?{BEFORE}").location == "/rosters/12586"
    assert client.get(f"/rosters/{WHOLE}.csv?{BEFORE}").location == "/rosters/12586.csv"
    assert client.get(f"/rosters/34?{BEFORE}").location == "/rosters/33"
    assert page(client, "/rosters/12586?on=2026-01-01")
    page(client, f"/rosters/{WHOLE}", 404)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/rosters/99", 404),
        ("/rosters/xx", 404),
        ("/rosters/00000", 404),
        ("/rosters/٣٣", 404),
        ("/rosters/12586?on=hôm+qua", 422),
        ("/rosters/12586?on=2025-13-45", 422),
        ("/rosters/12586?course=không-có", 404),
        ("/rosters/12586?edition=khac", 404),
        ("/rosters/12586?state=failed", 422),
        ("/rosters/12586?state=xong", 422),
        ("/rosters/12586?module=kh%C3%B4ng", 422),
        ("/rosters/12586?role=king", 422),
        ("/rosters/12586?team=1e9", 422),
        ("/rosters/12586?q=" + "a" * 200, 422),
        ("/rosters/12586?sort=drop+table", 200),
        ("/rosters/12586?after=99999999999999999999", 200),
        ("/rosters/12586?after=%F0%9F%8C%BE&before=-1", 200),
        ("/rosters/33?view=people&q=%ff%20%F0%9F%8C%BE%E2%80%AE", 200),
        ("/rosters/33?module=dau&state=failed", 200),
        ("/rosters/33.csv?state=failed", 422),
        ("/rosters/33.pdf", 404),
        ("/rosters/12586.docx", 404),
    ],
)
def test_strange_addresses_get_a_page_that_says_so(course, client, enter, address, status):
    enter("viewer", "vn")
    learner(make.team())
    session.commit()
    page(client, address, status)


def test_a_wrong_filter_is_told_at_its_field_and_keeps_what_was_typed(course, client, enter):
    enter("viewer", "33")
    learner(make.team())
    session.commit()
    html = page(client, "/rosters/12586?state=failed&q=hạnh", 422)
    assert "Chọn một chuyên đề để lọc theo tình trạng này." in html
    assert 'value="hạnh"' in html


@every_database
def test_a_commune_shows_its_people_under_their_teams(course, client, enter):
    enter("viewer", "33")
    team = make.team("Tổ công nghệ số thôn Đông Hải")
    done = learner(team, "Vũ Đình Khuê", role="leader", comes_in=True)
    study(done, "dau", percent=100)
    learner(team, "Hoàng Văn Sỹ")
    session.commit()
    html = page(client, "/rosters/12586")
    assert names_on(html) == ["Vũ Đình Khuê", "Hoàng Văn Sỹ"]
    assert f'<a href="/teams/{team.id}">Tổ công nghệ số thôn Đông Hải</a>' in html
    assert '<span class="mark passed">100</span>' in html
    assert "chưa kích hoạt" in html
    assert "Đạt, trên 2 người" in html
    filtered = page(client, "/rosters/12586?q=sy")
    assert names_on(filtered) == ["Hoàng Văn Sỹ"]
    assert "Đạt, trên 1 người" in filtered


@every_database
def test_pages_of_a_hundred_lead_to_each_other(course, client, enter):
    enter("viewer", "33")
    team = make.team()
    for number in range(105):
        learner(team, f"Người {number:03d}")
    session.commit()
    for address in ("/rosters/12586", "/rosters/33?view=people"):
        first = page(client, address)
        assert len(names_on(first)) == 100
        after = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
        second = page(client, after)
        assert len(names_on(second)) == 5
        assert not set(names_on(first)) & set(names_on(second))
        before = re.search(r'href="([^"]+)" rel="prev"', second)[1].replace("&amp;", "&")
        assert names_on(page(client, before)) == names_on(first)
        assert 'rel="next"' not in second


def test_columns_sort_by_links_that_say_so(course, client, enter):
    enter("viewer", "33")
    team = make.team()
    study(learner(team, "Lê Bền"), "dau")
    learner(team, "Lê An")
    session.commit()
    html = page(client, "/rosters/12586")
    assert '<th scope="col" aria-sort="ascending">' in html
    assert names_on(html) == ["Lê An", "Lê Bền"]
    html = page(client, "/rosters/12586?sort=-done")
    assert names_on(html) == ["Lê Bền", "Lê An"]
    assert '<th scope="col" class="numeric-cell" aria-sort="descending">' in html
    rows = re.findall(r'<th scope="row"><a href="/rosters/(\d+)', page(client, "/rosters/33?sort=-enrolled"))
    assert rows[0] == "12586"


@every_database
def test_files_hold_exactly_what_the_page_shows(course, client, enter):
    enter("manager", "33")
    team = make.team()
    for name in ("Lê An", "Trần Bình", "Lê Cúc"):
        learner(team, name)
    session.commit()
    query = "?q=le&sort=-name"
    shown = names_on(page(client, f"/rosters/12586{query}"))
    assert shown == ["Lê Cúc", "Lê An"]
    assert [row[0] for row in rows_of(client, f"/rosters/12586.csv{query}")[1:]] == shown
    answer = client.get(f"/rosters/12586.xlsx{query}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book.worksheets[0]["A"]][1:] == shown
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert about["Bộ lọc"] == "“le”"
    assert about["Người xuất"] == "Cán bộ manager"


def test_phones_are_hidden_from_those_who_only_look(course, client, enter):
    person = learner(make.team())
    person.phone = "+84912345678"
    enter("viewer", "33")
    assert "0912" not in client.get("/rosters/12586.csv").get_data(as_text=True)
    enter("manager", "33")
    assert "0912 345 678" in client.get("/rosters/12586.csv").get_data(as_text=True)
    assert "0912" not in page(client, "/rosters/12586")


@pytest.mark.parametrize("form", ["csv", "xlsx", pytest.param("pdf", marks=pytest.mark.weasyprint)])
def test_taking_a_list_of_people_is_logged(course, client, enter, form):
    officer = enter("viewer", "33")
    learner(make.team(), "Lê An")
    session.commit()
    page_ = client.get(f"/rosters/12586.{form}")
    assert page_.status_code == 200
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_roster")).one()
    assert (entry.actor_id, entry.subject_id, entry.reason) == (
        officer.id,
        make.unit_id(),
        f"{form}, 1 people",
    )


def test_a_table_of_units_names_nobody_and_is_logged_too(course, client, enter):
    officer = enter("viewer", "33")
    learner(make.team(), "Lê An")
    session.commit()
    assert "Lê An" not in client.get("/rosters/33.csv").get_data(as_text=True)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_roster")).one()
    assert (entry.actor_id, entry.subject_id) == (officer.id, make.unit_id("33"))
    assert entry.reason == "csv, 104 units"


def test_a_course_without_published_modules_says_so(app, client, enter, tmp_path):
    publish_without_modules(tmp_path)
    enter("viewer", "vn")
    learner(make.team(), "Lê An")
    session.commit()
    for address in ("/rosters/vn", "/rosters/33", "/rosters/12586", "/rosters/33?view=people"):
        assert "chưa công bố chuyên đề nào" in page(client, address)
    assert rows_of(client, "/rosters/12586.csv")[1][0] == "Lê An"


def test_a_site_without_courses_has_no_rosters_yet(app, client, enter):
    enter("viewer", "vn")
    assert "Không có khóa học này" in page(client, "/rosters/vn", 404)


def test_an_empty_province_says_how_to_begin(course, client, enter):
    enter("manager", "12")
    html = page(client, "/rosters/12")
    assert "Tỉnh chưa có thành viên nào trong sổ." in html
    assert 'href="/people/import"' in html
    enter("viewer", "12")
    assert 'class="button space-above-4"' not in page(client, "/rosters/12")
