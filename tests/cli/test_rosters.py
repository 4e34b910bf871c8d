"""`flask rosters` as it is typed."""

import csv

import openpyxl
import pytest
from sqlalchemy import select

from lms.foundation.audit import AuditEntry
from lms.foundation.db import session
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish


@pytest.fixture
def run(app, tmp_path):
    publish(tmp_path / "courses")
    learner(make.team(), "Lê An")
    session.commit()

    def run(*args: str):
        return app.test_cli_runner().invoke(args=["rosters", "export", *args])

    return run


@every_database
def test_a_unit_is_exported_and_the_deed_is_logged(run, tmp_path):
    file = tmp_path / "hung-yen.csv"
    done = run("33", "--out", str(file))
    assert done.exit_code == 0, done.output
    assert "Đã ghi 1 người" in done.output
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines))[1][0] == "Lê An"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_roster")).one()
    assert (entry.actor_id, entry.reason) == (None, "flask rosters: csv, 1 people")


def test_a_spreadsheet_and_another_edition(run, tmp_path):
    file = tmp_path / "vn.xlsx"
    done = run("vn", "--format", "xlsx", "--edition", "citizen", "--out", str(file))
    assert "Đã ghi 0 người" in done.output
    assert openpyxl.load_workbook(file).sheetnames == ["Danh sách", "Về bảng này"]


@pytest.mark.parametrize(
    "args", [("99",), ("33", "--course", "khac"), ("33", "--edition", "khac"), ("33", "--format", "pdf")]
)
def test_what_is_not_there_is_told_in_one_line(run, tmp_path, args):
    done = run(*args, "--out", str(tmp_path / "x"))
    assert done.exit_code == 1
    assert done.output.startswith("✗ ")
    assert not (tmp_path / "x").exists()
