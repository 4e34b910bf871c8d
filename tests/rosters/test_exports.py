"""Files: they open, say what the rows say, and can hold no formula."""

import csv
from pathlib import Path

import openpyxl
import pytest

from lms.foundation.db import session, transaction
from lms.foundation.jobs import job_of, submit_job
from lms.rosters.exports import Table, write
from lms.rosters.jobs import KIND, PeopleExport, write_people
from lms.rosters.official import NotOnPaper, official_pdf, people_on_paper
from lms.rosters.queries import Order, Place
from lms.rosters.rules import Filters
from lms.units.queries import unit_by_key
from tests import make
from tests.conftest import every_database
from tests.papers import pdf_text
from tests.rosters.country import learner, publish, study
from tests.times import NOON

HOSTILE = [
    "=1+1",
    "+84",
    "-2",
    "@SUM(A1)",
    "\tx",
    '"quoted", text',
    "Y Blŏ Niê",
    "K'Brôi",
    "dòng\nmới",
    "👩‍🌾",
]
HEADS = ["Họ và tên", "Số"]
ABOUT = [("Địa bàn", "Xã Hưng Hà"), ("Bộ lọc", "=không lọc")]


def read_csv(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def read_xlsx(file: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()]


def wanted(form: str, *, level: str = "commune", with_phones: bool = True, **filters: object) -> PeopleExport:
    unit_id = make.unit_id() if level == "commune" else None
    return PeopleExport(
        *("khoa-thu", "member", Place(level, unit_id), Filters(**filters), Order(), form, with_phones),
        about=tuple(ABOUT),
    )


def test_a_csv_opens_in_excel_and_holds_no_formula(tmp_path):
    file = tmp_path / "t.csv"
    write(Table(HEADS, [[name, 1] for name in HOSTILE], ABOUT), "csv", file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    head, *rows = read_csv(file)
    assert head == HEADS
    assert [row[0].removeprefix("'") for row in rows] == HOSTILE
    assert not any(row[0][0] in "=+-@\t" for row in rows)


def test_a_spreadsheet_keeps_texts_as_texts(tmp_path):
    file = tmp_path / "t.xlsx"
    write(Table(HEADS, [[name, 1] for name in [*HOSTILE, "0912 345 678"]], ABOUT), "xlsx", file)
    book = openpyxl.load_workbook(file)
    sheet, about = book.worksheets
    assert [cell.value for cell in sheet["A"]][1:] == [*HOSTILE, "0912 345 678"]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref
    assert [[cell.value for cell in row] for row in about.iter_rows()][1:] == [list(line) for line in ABOUT]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_of_nobody_still_has_its_head(tmp_path, form):
    file = tmp_path / f"t.{form}"
    write(Table(HEADS, [], ABOUT), form, file)
    assert (read_csv(file) if form == "csv" else read_xlsx(file))[0] == HEADS


def test_whoever_looks_finds_a_whole_file_or_none(tmp_path):
    def breaks():
        yield ["Lê An", 1]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(Table(HEADS, breaks(), ABOUT), "csv", tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


@every_database
def test_both_forms_tell_the_same_of_everybody(app, tmp_path):
    publish(tmp_path)
    team = make.team()
    done = learner(team, "Lê Đạt", role="leader", comes_in=True)
    failed = learner(team, "=HYPERLINK(A1)")
    study(done, "dau", percent=100)
    study(done, "cuoi", "passed", 80)
    study(failed, "dau", "failed", 40)
    study(failed, "cuoi", "learning")
    for form in ("csv", "xlsx"):
        assert write_people(wanted(form), tmp_path / f"t.{form}") == 2
    head, *rows = read_csv(tmp_path / "t.csv")
    assert [cell[:2] for cell in head if cell[0].isdigit()] == ["1.", "2."]
    by_name = {row[0]: row for row in rows}
    assert by_name["Lê Đạt"][-5:] == ["100", "80, còn bài chưa đọc", "1", "24/11/2026", ""]
    assert by_name["'=HYPERLINK(A1)"][-5:-2] == ["40, chưa đạt", "đang học", "0"]
    same = [
        [str(int(cell) if isinstance(cell, float) else cell or "") for cell in row]
        for row in read_xlsx(tmp_path / "t.xlsx")
    ]
    assert [[cell.removeprefix("'") for cell in row] for row in [head, *rows]] == same


@every_database
def test_only_the_people_asked_for_are_written(app, tmp_path):
    publish(tmp_path)
    team = make.team()
    learner(team, "Nguyễn Thị Hạnh")
    learner(team, "Trần Văn Khánh")
    session.commit()
    write_people(wanted("csv", name="khanh"), tmp_path / "t.csv")
    assert [row[0] for row in read_csv(tmp_path / "t.csv")[1:]] == ["Trần Văn Khánh"]


def test_phones_are_whole_only_for_those_who_manage(app, tmp_path):
    publish(tmp_path)
    person = learner(make.team())
    person.phone = "+84912345678"
    session.commit()
    write_people(wanted("csv"), tmp_path / "t.csv")
    assert "0912 345 678" in read_csv(tmp_path / "t.csv")[1]
    write_people(wanted("csv", with_phones=False), tmp_path / "t.csv")
    assert "09•• ••• 678" in read_csv(tmp_path / "t.csv")[1]


def test_the_country_names_the_province_too(app, tmp_path):
    publish(tmp_path)
    learner(make.team())
    session.commit()
    write_people(wanted("csv", level="nation"), tmp_path / "t.csv")
    head, row = read_csv(tmp_path / "t.csv")
    told = dict(zip(head, row, strict=True))
    assert (told["Xã, phường"], told["Tỉnh, thành phố"]) == ("Xã Hưng Hà", "Tỉnh Hưng Yên")


@every_database
def test_a_job_writes_the_file_and_says_how_far_it_is(app, tmp_path):
    publish(tmp_path / "courses")
    learner(make.team())
    session.commit()
    arguments = {"export": wanted("csv").as_arguments(), "folder": str(tmp_path / "files"), "total": 1}
    with transaction():
        job_id = submit_job(KIND, arguments, owner_id=None, now=NOON)
    done = job_of(job_id)
    assert (done.state, done.progress, done.total) == ("done", 1, 1)
    assert read_csv(tmp_path / "files" / done.result["file"])[1][0] == "Nguyễn Thị Hạnh"
    assert wanted("csv").is_of(done.arguments)
    assert not wanted("xlsx").is_of(done.arguments)


@pytest.mark.weasyprint
def test_a_paper_list_leaves_number_and_date_to_the_registry(app, tmp_path):
    course = publish(tmp_path)
    team = make.team("Tổ công nghệ số thôn Đông Hải")
    for name in ("Vi Văn Thặng", "Y Blŏ Niê", "Đặng Hữu Mẫn"):
        learner(team, name)
    session.commit()
    unit = unit_by_key(make.HUNG_HA, NOON.date())
    people = people_on_paper(unit, course.team_edition, Filters())
    words = pdf_text(official_pdf(people, unit, course, course.team_edition, Filters(), today=NOON.date()))
    for text in ("UBND XÃ HƯNG HÀ", "TỈNH HƯNG YÊN", "Vi Văn Thặng", "Y Blŏ Niê", "Đặng Hữu Mẫn"):
        assert text in words
    assert "tính đến ngày 24 tháng 11 năm 2026" in " ".join(words.split())
    assert "Tổng cộng: 03 người./." in words
    assert "Số:" in words
    assert "0/2" in words


def test_paper_is_for_a_commune(app, tmp_path):
    course = publish(tmp_path)
    with pytest.raises(NotOnPaper):
        people_on_paper(unit_by_key("33", NOON.date()), course.team_edition, Filters())
