"""`flask people` as somebody types it."""

import json

import pytest
from sqlalchemy import func, select

from lms.foundation.db import session
from lms.people.models import Grant, Membership, Person, Team
from lms.people.queries import slip_for
from tests import make
from tests.conftest import every_database
from tests.papers import pdf_text
from tests.people.test_roster import SAMPLE


@pytest.fixture
def run(app):
    """Type a command; gives its exit code and what it said."""

    def typed(*words: object):
        result = app.test_cli_runner().invoke(args=["people", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return typed


@every_database
def test_a_roster_is_looked_at_and_then_written(run):
    code, said = run("import", SAMPLE, "--unit", make.HUNG_HA)
    assert code == 0
    assert "dòng 15: review: Cả hai cột" in said
    assert "Chưa ghi gì" in said
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    code, said = run("import", SAMPLE, "--unit", make.HUNG_HA, "--commit", "--json")
    assert code == 0
    assert json.loads(said)["written"] == {"people": 23, "teams": 3, "memberships": 23}


@pytest.mark.parametrize(
    ("unit", "words"), [("33", "mã xã"), ("99999", "Không có đơn vị"), ("x", "Không có đơn vị")]
)
def test_a_roster_is_some_communes(run, unit, words):
    code, said = run("import", SAMPLE, "--unit", unit)
    assert code == 1
    assert words in said


def test_a_file_that_is_no_roster_is_refused_in_one_line(run, tmp_path):
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(b"%PDF-1.7")
    code, said = run("import", file, "--unit", make.HUNG_HA)
    assert (code, said.count("\n")) == (1, 1)
    assert "PDF" in said


@every_database
def test_a_person_is_written_down_with_a_team(run):
    code, said = run(
        "create", "Lò Thị Mai", "--phone", "0912 345 678", "--unit", make.HUNG_HA, "--team", "Tổ An Thái"
    )
    assert (code, said[:3]) == (0, "TV-")
    run("create", "Bùi Văn Lợi", "--unit", make.HUNG_HA, "--team", "Tổ An Thái")
    assert session.scalar(select(func.count()).select_from(Team)) == 1
    assert session.scalar(select(func.count()).select_from(Membership)) == 2
    code, said = run("create", "Ai Đó", "--phone", "0912 345 67")
    assert (code, "mới có 9 chữ số" in said) == (1, True)
    code, said = run("create", "Ai Đó", "--phone", "0912345678")
    assert (code, "của một người khác" in said) == (1, True)


def test_a_grant_comes_with_a_way_to_set_a_passphrase(run, app):
    member_code = run("create", "Lê Minh Tuấn", "--phone", "0913000245")[1].strip()
    code, said = run("grant", member_code, "manager", "--unit", "33")
    assert code == 0
    token = said.strip().rpartition("/")[2]
    assert app.test_client().get(f"/activate/{token}").status_code == 200
    code, said = run("grant", "0913000245", "manager", "--unit", "33")
    assert (code, "đã có quyền đó" in said) == (1, True)
    code, said = run("grant", "0913000245", "administrator", "--unit", "33")
    assert (code, "gắn với một đơn vị" in said) == (1, True)
    code, said = run("grant", "0999999999", "administrator")
    assert (code, "Không có ai" in said) == (1, True)
    assert session.scalar(select(func.count()).select_from(Grant)) == 1


@pytest.mark.weasyprint
def test_slips_are_printed_to_a_file(run, tmp_path):
    team = make.team()
    hanh, come = make.member(team, "Nguyễn Thị Hạnh"), make.member(team, "Đỗ Thị Ưng")
    make.account(come)
    session.commit()
    out = tmp_path / "phieu.pdf"
    code, said = run("slips", "--team", team.id, "--out", out)
    assert (code, "1 phiếu" in said) == (0, True)
    assert "Nguyễn Thị Hạnh" in pdf_text(out.read_bytes())
    first = slip_for(hanh.id).id
    run("slips", "--team", team.id, "--out", out)
    assert slip_for(hanh.id).id == first
    code, said = run("slips", "--person", come.member_code, "--out", out)
    assert (code, "1 phiếu" in said) == (0, True)
    assert run("slips")[0] == 2
    assert run("slips", "--team", 999_999)[0] == 1
