"""An import on the database: nothing twice, nothing lost, nobody removed."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from lms.foundation.db import session, transaction
from lms.people.actions.imports import (
    ImportClosed,
    ImportReport,
    NoTable,
    commit_import,
    discard_import,
    mend_rows,
    stage_roster,
)
from lms.people.models import Membership, Person, Team
from lms.people.queries.imports import count_rows, rows_of
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.people.test_roster import EXPECTED, SAMPLE
from tests.times import NOON

pytestmark = every_database
HEADER = ("Họ và tên", "Năm sinh", "Số điện thoại", "Thôn", "Vai trò")


def stage(content: bytes = SAMPLE.read_bytes()) -> int:
    with transaction():
        return stage_roster(content, "danh-sach.xlsx", make.unit_id(), actor_id=None, now=NOON)


def commit(batch_id: int) -> ImportReport:
    with transaction():
        return commit_import(batch_id, actor_id=None, now=NOON)


def sheet(tmp_path: Path, *rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(tmp_path / "sheet.xlsx")
    return (tmp_path / "sheet.xlsx").read_bytes()


def count(table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_the_sample_is_staged_as_expected(app):
    counts = count_rows(stage()).by_outcome
    wanted = {key: value for key, value in EXPECTED["counts"].items() if value and key != "data_rows"}
    assert counts == wanted


def test_accepted_and_warned_rows_are_written_in_teams_of_their_villages(app):
    assert commit(stage()) == ImportReport(people=23, teams=3, memberships=23)
    titles = set(session.scalars(select(Team.title)))
    assert "Tổ công nghệ số cộng đồng tổ dân phố Mẫu Ba" in titles
    leaders = session.scalars(
        select(Person.full_name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == "leader")
        .order_by(Person.sort_key)
    ).all()
    assert leaders == ["Hồ Mỹ Anh", "Ngô Thanh Bền", "Đinh Minh Phúc"]


def test_the_same_file_again_writes_nothing(app):
    commit(stage())
    assert commit(stage()) == ImportReport(people=0, teams=0, memberships=0)
    assert count(Person) == 23


def test_a_mended_row_is_written_too(app):
    batch = stage()
    row = next(row for row in rows_of(batch) if row.outcome == "review")
    with transaction():
        mend_rows(batch, {row.id: {"sex": "Nam"}}, {}, now=NOON)
    assert count_rows(batch).by_outcome["accept"] == 22
    assert commit(batch).people == 24


def test_a_row_left_out_is_not_written(app):
    batch = stage()
    row = next(row for row in rows_of(batch) if row.outcome == "accept")
    with transaction():
        mend_rows(batch, {}, {row.id: True}, now=NOON)
    assert commit(batch).people == 22


def test_a_phone_of_somebody_else_waits_for_an_officer(app, tmp_path):
    with transaction():
        make.person("Trần Văn Khác", phone="+84912345678")
    batch = stage(sheet(tmp_path, ("Nguyễn Thị Hạnh", 1980, "0912345678", "Thôn Một", "")))
    [row] = [row for row in rows_of(batch) if row.outcome != "skip"]
    assert (row.outcome, row.issues[-1][0]) == ("review", "phone.shared_with_other_person")
    assert commit(batch).people == 0


def test_one_phone_and_two_names_in_a_file_keep_one(app, tmp_path):
    batch = stage(
        sheet(
            tmp_path,
            ("Nguyễn Thị Hạnh", 1980, "0912345678", "Thôn Một", ""),
            ("Trần Văn Bền", 1970, "0912345678", "Thôn Một", ""),
        )
    )
    assert commit(batch).people == 1


def test_whoever_is_absent_from_the_file_stays(app, tmp_path):
    commit(stage())
    commit(stage(sheet(tmp_path, ("Lê Thị Mới", 1990, "0987654321", "Thôn Mẫu Một", ""))))
    assert count(Person) == 24
    assert session.scalar(select(func.count()).where(Membership.ended_on.is_not(None))) == 0


def test_a_closed_import_changes_no_more(app):
    batch = stage()
    with transaction():
        discard_import(batch)
    with pytest.raises(ImportClosed):
        commit(batch)
    assert count(Person) == 0


def test_a_sheet_without_a_name_column_is_refused(app, tmp_path):
    book = Workbook()
    book.active.append(("Cột một", "Cột hai"))
    book.save(tmp_path / "none.xlsx")
    with pytest.raises(NoTable):
        stage((tmp_path / "none.xlsx").read_bytes())


def test_sums_hold_after_an_import(app):
    commit(stage())
    assert differences() == []
