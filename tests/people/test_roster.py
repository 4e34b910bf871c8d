"""A roster file understood: every row of the sample exactly, and files that are none."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from lms.people.roster.layout import decision_day, find_layout, lay_out
from lms.people.roster.reading import Sheet, UnreadableRoster, read_workbook
from lms.people.roster.rows import SKIP, Understood, compared, understand

ROSTERS = Path(__file__).parent / "rosters"
SAMPLE = ROSTERS / "01-tieu-de-gop-o.xlsx"
EXPECTED = json.loads((ROSTERS / "01-tieu-de-gop-o.expected.json").read_text(encoding="utf-8"))
AS_OF = date(2026, 11, 22)
FIELDS = {
    "full_name": "full_name",
    "birth": "birth",
    "birth_precision": "birth_precision",
    "gender": "sex",
    "role": "role",
    "organisation": "organisation",
    "phone": "phone",
    "village": "village",
}


def understood(sheet: Sheet) -> dict[int, Understood]:
    layout = find_layout(sheet)
    assert layout is not None
    laid = lay_out(sheet, layout)
    rows = [
        understand(row.fields, row.group, "Hưng Hà", AS_OF) if row.kind == "person" else Understood(SKIP)
        for row in laid
    ]
    judged = compared([(sheet.name, row) for row in rows])
    return {row.row: one for row, one in zip(laid, judged, strict=True)}


@pytest.fixture(scope="module")
def rows():
    [sheet] = read_workbook(SAMPLE.read_bytes())
    return understood(sheet)


def test_the_table_is_found_below_its_titles():
    [sheet] = read_workbook(SAMPLE.read_bytes())
    layout = find_layout(sheet)
    assert layout is not None
    assert list(layout.header_rows) == EXPECTED["header_rows"]
    assert decision_day(sheet, layout) == date(2025, 8, 15)


def test_no_row_is_forgotten_and_none_made_up(rows):
    assert set(rows) == {row["row"] for row in EXPECTED["rows"]}


@pytest.mark.parametrize("expected", EXPECTED["rows"], ids=lambda row: f"row {row['row']}")
def test_each_row_is_understood_exactly(rows, expected):
    row = rows[expected["row"]]
    assert row.outcome == expected["status"]
    assert [code for code, _ in row.issues] == expected.get("issues", [])
    wanted = expected.get("normalized", {})
    for name, field in FIELDS.items():
        assert row.values.get(field) == wanted.get(name)


def sheet_of(*rows: tuple[object, ...]) -> Sheet:
    return Sheet("Thử", False, rows)


def one(name="Nguyễn Thị Hạnh", birth="2/9/1966", phone="0912345678", role="Thành viên"):
    rows = understood(sheet_of(("Họ tên", "Ngày sinh", "SĐT", "Chức danh"), (name, birth, phone, role)))
    return rows[2]


@pytest.mark.parametrize(
    ("name", "stored", "code"),
    [
        ("NGUYỄN THỊ HẠNH", "Nguyễn Thị Hạnh", "name.case_normalised"),
        ("K'BRÔI", "K'Brôi", "name.case_normalised"),
        ("Bà Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh", "name.honorific_removed"),
        ("Nguyễn Thị Hạnh (Trưởng KP)", "Nguyễn Thị Hạnh", "name.note_moved"),
        ("Hạnh", "Hạnh", "name.one_word"),
        ("12345", "12345", "name.not_a_name"),
    ],
)
def test_a_name_is_cleaned_and_said_so(name, stored, code):
    row = one(name=name)
    assert row.values["full_name"] == stored
    assert code in [issue for issue, _ in row.issues]


@pytest.mark.parametrize(
    ("birth", "stored", "precision", "codes"),
    [
        ("02.09.1966", "1966-09-02", "day", []),
        ("năm 1968", "1968-01-01", "year", ["birth.year_only"]),
        (1968, "1968-01-01", "year", ["birth.year_only"]),
        ("9/1966", "1966-09-01", "month", ["birth.month_only"]),
        ("31/02/1980", None, None, ["birth.impossible"]),
        ("12/25/1980", None, None, ["birth.day_month_swapped"]),
        ("chưa rõ", None, None, ["birth.unreadable"]),
        (date(1966, 9, 2), "1966-09-02", "day", []),
    ],
)
def test_a_birth_date_is_read_day_first_and_never_made_up(birth, stored, precision, codes):
    row = one(birth=birth)
    assert (row.values.get("birth"), row.values.get("birth_precision")) == (stored, precision)
    assert [code for code, _ in row.issues] == codes


def test_a_file_that_is_no_spreadsheet_says_what_to_do():
    for content, words in (
        (b"", "trống"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04 broken", "Save As"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Save As"),
        (b"hello", "Save As"),
    ):
        with pytest.raises(UnreadableRoster, match=words):
            read_workbook(content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * (50 * 1024 * 1024))
    with pytest.raises(UnreadableRoster, match="quá lớn"):
        read_workbook(bomb.getvalue())


def test_a_csv_is_read_in_the_encodings_excel_writes():
    text = "STT;Họ và tên;SĐT\r\n1;Đặng Thị Ngữ;0912345678\r\n"
    for encoding in ("utf-8-sig", "utf-8", "utf-16"):
        [sheet] = read_workbook(text.encode(encoding))
        assert sheet.rows[1] == ("1", "Đặng Thị Ngữ", "0912345678")
