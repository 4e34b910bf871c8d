"""A roster at the door: uploaded, looked at, mended, written."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from lms.foundation.db import session
from lms.people.models import ImportBatch, ImportRow, Membership, Person
from tests import make
from tests.conftest import every_database
from tests.people.test_roster import SAMPLE
from tests.web.door import sign_in

PHONE = "+84900000999"
HEADER = ("STT", "Họ và tên", "Năm sinh", "Số điện thoại", "Thôn", "Chức danh")


@pytest.fixture
def manager(client) -> Person:
    """An officer of Hưng Yên who may change people, signed in."""
    made = make.person("Lê Minh Tuấn", phone=PHONE)
    make.account(made)
    make.grant(made, "manager", unit="33")
    session.commit()
    assert sign_in(client, who="0900000999").status_code == 302
    return made


def workbook(*rows: tuple[object, ...], header=HEADER) -> bytes:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def upload(client, content: bytes, name: str = "danh-sach.xlsx", commune: str = make.HUNG_HA):
    return client.post(
        "/people/import",
        data={"commune": commune, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def staged(client, *rows: tuple[object, ...]) -> str:
    """The address of the preview of these rows."""
    response = upload(client, workbook(*rows))
    assert response.status_code == 302, response.text
    return response.location


def row_ids() -> dict[int, int]:
    """Row of the file → id, of the latest import."""
    latest = select(func.max(ImportBatch.id)).scalar_subquery()
    rows = session.execute(select(ImportRow.row, ImportRow.id).where(ImportRow.batch_id == latest))
    return dict(rows.all())


def people() -> set[str]:
    session.rollback()
    return set(session.scalars(select(Person.full_name))) - {"Lê Minh Tuấn"}


@every_database
def test_a_roster_goes_in_and_the_same_again_changes_nothing(client, manager):
    preview = upload(client, SAMPLE.read_bytes()).location
    page = client.get(preview).text
    for words in ("Đinh Minh Sơn", "Cả hai cột Nam và Nữ đều có ngày", "Ghi 23 dòng, để lại 1 dòng"):
        assert words in page
    written = client.post(preview, data={"action": "commit"}, follow_redirects=True).text
    assert "23 người mới, 3 tổ mới, 23 người vào tổ" in written
    again = client.get(upload(client, SAMPLE.read_bytes()).location).text
    assert "Tệp này đã ghi vào sổ lúc" in again
    assert "Đã có trong sổ, giữ nguyên" in again
    client.post(preview.replace("/1", "/2"), data={"action": "commit"})
    assert len(people()) == 23
    assert session.scalar(select(func.count()).select_from(Membership)) == 23


def test_every_cell_that_is_wrong_is_mended_in_one_go(client, manager):
    preview = staged(
        client,
        (1, "Trần Thị Hoài", "15/03/1979", "O912 345 67O", "Thôn Một", ""),
        (2, "Lò Văn Út", "31/02/1968", "0987000127", "Thôn Một", ""),
        (3, "", "1985", "0966000141", "Thôn Một", ""),
        (4, "An", "1985", "0966000142", "Thôn Một", ""),
    )
    ids = row_ids()
    page = client.get(preview).text
    assert "Dùng 0912 345 670" in page
    data = {
        "shown": [ids[2], ids[3], ids[4], ids[5]],
        f"phone-{ids[2]}": "0912 345 670",
        f"birth-{ids[3]}": "31/02/1968",
        f"drop-birth-{ids[3]}": "on",
        f"name-{ids[4]}": "Ngô Thị Ngọc Ẩn",
        f"name-{ids[5]}": "An",
        f"confirm-{ids[5]}": "on",
        "action": "save",
    }
    assert client.post(preview, data=data).status_code == 302
    assert "Ghi 4 dòng, để lại 0 dòng" in client.get(preview).text
    client.post(preview, data={"action": "commit"})
    assert people() == {"Trần Thị Hoài", "Lò Văn Út", "Ngô Thị Ngọc Ẩn", "An"}
    births = dict(session.execute(select(Person.full_name, Person.birth_precision)).all())
    assert births["Lò Văn Út"] is None


def test_a_suggestion_is_taken_by_its_button_and_the_rest_is_kept(client, manager):
    preview = staged(
        client,
        (1, "Trần Thị Hoài", "1979", "O912 345 67O", "Thôn Một", ""),
        (2, "Lò Văn Út", "31/02/1968", "0987000127", "Thôn Một", ""),
    )
    ids = row_ids()
    client.post(preview, data={"shown": [ids[2], ids[3]], "use": ids[2], f"birth-{ids[3]}": "1968"})
    assert "Ghi 2 dòng, để lại 0 dòng" in client.get(preview).text


def test_what_was_typed_is_written_by_the_same_press(client, manager):
    preview = staged(client, (1, "Trần Thị Hoài", "1979", "0912", "Thôn Một", ""))
    ids = row_ids()
    client.post(preview, data={"shown": ids[2], f"phone-{ids[2]}": "0912345670", "action": "commit"})
    assert people() == {"Trần Thị Hoài"}


def test_a_row_left_out_stays_out(client, manager):
    preview = staged(
        client,
        (1, "Trần Thị Hoài", "1979", "0912345670", "Thôn Một", ""),
        (2, "Lò Văn Út", "1968", "0987000127", "Thôn Một", ""),
    )
    ids = row_ids()
    client.post(preview, data={"shown": [ids[2], ids[3]], f"leave-{ids[3]}": "on", "action": "save"})
    assert "Ghi 1 dòng, để lại 1 dòng" in client.get(preview).text
    client.post(preview, data={"action": "commit"})
    assert people() == {"Trần Thị Hoài"}


def test_an_import_thrown_away_writes_nothing_and_is_closed(client, manager):
    preview = staged(client, (1, "Trần Thị Hoài", "1979", "0912345670", "Thôn Một", ""))
    page = client.post(preview, data={"action": "discard"}, follow_redirects=True)
    assert "Không có gì được ghi" in page.text
    assert client.post(preview, data={"action": "commit"}).status_code == 409
    assert people() == set()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"%PDF-1.7\n%\xe2", "PDF"),
        (b"PK\x03\x04" + b"x" * 100, "Save As"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "Save As"),
        (workbook(header=("Một", "Hai")), "Họ và tên"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_at_its_field(client, manager, content, words):
    response = upload(client, content)
    assert response.status_code == 422
    assert words in response.text
    assert f'value="{make.HUNG_HA}"' in response.text
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_too_big_an_upload_is_told_by_a_page_that_leads_back_to_its_form(client, manager):
    response = client.post(
        f"/people/import?unit={make.HUNG_HA}",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert response.status_code == 413
    assert f'href="/people/import?unit={make.HUNG_HA}"' in response.text
    form = client.get(f"/people/import?unit={make.HUNG_HA}").text
    assert f'value="{make.HUNG_HA}"' in form
    assert 'action="' not in form.partition('enctype="multipart/form-data"')[0].rpartition("<form")[2]


@pytest.mark.parametrize("commune", ["", "1", "99999", "20194", "33", "vn", "١٢٥٨٦", "12586'"])
def test_a_commune_outside_the_scope_takes_no_roster(client, manager, commune):
    response = upload(client, SAMPLE.read_bytes(), commune=commune)
    assert response.status_code == 422
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_only_managers_of_the_place_see_an_import(app, client, manager):
    preview = staged(client, (1, "Trần Thị Hoài", "1979", "0912345670", "Thôn Một", ""))
    for role, unit, status in (("viewer", "33", 403), ("manager", "48", 404), ("manager", make.HUNG_HA, 200)):
        other = make.person("Phạm Ngọc Ánh", phone=f"+8491200000{status % 10}")
        make.account(other)
        make.grant(other, role, unit=unit)
        session.commit()
        browser = app.test_client()
        sign_in(browser, who="0" + other.phone.removeprefix("+84"))
        assert browser.get(preview).status_code == status
        assert browser.get(preview + "/report.xlsx").status_code == status
        assert browser.post(preview, data={"action": "discard"}).status_code == {200: 302}.get(status, status)
        session.execute(Person.__table__.update().where(Person.id == other.id).values(phone=None))
        session.commit()


def test_rows_of_another_import_are_not_touched(client, manager):
    staged(client, (1, "Trần Thị Hoài", "1979", "0912", "Thôn Một", ""))
    other = row_ids()[2]
    preview = staged(client, (1, "Lò Văn Út", "1968", "0987000127", "Thôn Một", ""))
    data = {"shown": [other, "x", "9" * 30, "-1"], f"phone-{other}": "0912345670", "action": "save"}
    assert client.post(preview, data=data).status_code == 302
    assert session.get(ImportRow, other).mended == {}


def test_the_report_has_every_row_with_what_became_of_it(client, manager):
    preview = staged(
        client,
        (1, "Trần Thị Hoài", "1979", "0912", "Thôn Một", ""),
        (2, "Lò Văn Út", "1968", "0987000127", "@SUM(A1)", ""),
    )
    sheet = load_workbook(io.BytesIO(client.get(preview + "/report.xlsx").data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["Trang tính", "Dòng", "Cột 1"]
    assert rows[2][-2:] == ["Xem lại", "Chỉ có năm sinh. Số điện thoại thiếu chữ số."]
    assert len(rows) == 4


def test_hostile_cells_come_out_as_text(client, manager):
    preview = staged(
        client,
        (1, "<script>alert(1)</script>", "1979", "0912345670", "Thôn Một", ""),
        (2, "Ư" * 10_000, "1979", "0912345671", "Thôn Một", ""),
        (3, "Lò Văn Út", "1968", "0987000127", '"><img src=x>', "Tổ trưởng"),
        (4, "Y Blŏ\u200b Niê\u00a0", "1968", "\u202e0987000128", "Thôn Một", ""),
    )
    page = client.get(preview).text
    assert "<script>alert" not in page
    assert "<img" not in page
    client.post(preview, data={"action": "commit"})
    assert people() == {"Lò Văn Út", "Y Blŏ Niê"}


def test_a_preview_costs_the_same_at_any_size(client, manager, count_queries):
    def rows(count):
        return [
            (n, f"Người {'ABCDEFGHIK'[n % 10]} Thứ", "1979", f"09123{n:05d}", "Thôn", "")
            for n in range(count)
        ]

    costs = []
    for size in (1, 50):
        preview = staged(client, *rows(size))
        client.get(preview)
        costs.append(count_queries(lambda preview=preview: client.get(preview)))
    assert costs[0] == costs[1]


def test_a_long_roster_is_shown_page_by_page(client, manager):
    preview = staged(
        client, *((n, "Nguyễn Văn An", "1979", f"09123{n:05d}", "Thôn Một", "") for n in range(450))
    )
    page = client.get(preview)
    assert len(page.data) < 300_000
    assert "Xem đủ" in page.text
    last = client.get(preview + "?outcome=warn&page=3").text
    assert last.count('name="shown"') == 50
    assert client.get(preview + "?outcome=x&page=-7").status_code == 200
