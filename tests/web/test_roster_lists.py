"""What every level of a roster shows: its files hold the same, and many people cost no more than one."""

import re

import pytest

from lms.foundation.db import session
from lms.people.actions.persons import choose_home, join_team
from lms.rosters.queries import Order, Place, people_page
from lms.rosters.rules import Filters
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish, study
from tests.times import NOON
from tests.web.rostering import DIVIDED, names_on, old_team, page, rows_of, sheet_of

pytestmark = every_database
PEOPLE = [
    "/rosters/12586",
    "/rosters/12586?sort=-name",
    "/rosters/12586?sort=-done",
    "/rosters/12586?sort=active",
    "/rosters/12586?q=hanh",
    "/rosters/12586?q=HẠNH",
    "/rosters/12586?active=no&role=leader",
    "/rosters/12586?module=dau&state=done",
    "/rosters/12586?module=dau&state=none&sort=-name",
    "/rosters/33?view=people",
    "/rosters/33?view=people&sort=-name",
    "/rosters/33?view=people&q=nguyen",
    "/rosters/vn?view=people",
    "/rosters/vn?view=people&state=open",
    "/rosters/vn?view=people&active=yes",
]
UNITS = ["/rosters/vn", "/rosters/33?sort=-enrolled", "/rosters/33?module=dau&state=failed"]
LISTS = [
    "/rosters/vn",
    "/rosters/33",
    "/rosters/33?module=dau&state=failed",
    "/rosters/12586",
    "/rosters/12586?q=nguoi",
    "/rosters/12586?module=dau&state=open&sort=-done",
    "/rosters/33?view=people",
    "/rosters/33?view=people&q=nguoi&role=member",
    "/rosters/vn?view=people",
    "/rosters/vn?view=people&active=no",
    "/teams/{team}",
    "/people?unit=12586",
    "/people?q=nguoi+cu",
]


@pytest.fixture
def course(app, tmp_path):
    return publish(tmp_path)


@pytest.fixture
def people(course):
    """Three teams in two communes, everybody at another point."""
    done = learner(make.team("Tổ một"), "Nguyễn Thị Hạnh", comes_in=True)
    study(done, "dau")
    study(done, "cuoi")
    second = make.team("Tổ hai")
    study(learner(second, "Trần Văn Hành", comes_in=True), "dau", "failed", 40)
    learner(second, "Nguyễn Đức Anh", role="leader")
    study(learner(make.team("Tổ xa", unit="12472"), "Lê Hoài Ân", comes_in=True), "dau", "passed", 80)
    session.commit()


def as_file(address: str, form: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.{form}{mark}{query}"


@pytest.mark.parametrize("address", PEOPLE)
def test_files_of_people_hold_what_the_page_shows(client, enter, people, address):
    enter("manager", "vn")
    shown = names_on(page(client, address))
    rows = rows_of(client, as_file(address, "csv"))
    assert shown == [row[0] for row in rows[1:]] != []
    assert rows == sheet_of(client, as_file(address, "xlsx"))


@pytest.mark.parametrize("address", UNITS)
def test_files_of_units_hold_what_the_page_shows(client, enter, people, address):
    enter("viewer", "vn")
    table = re.findall(r"<tr>.*?</tr>", page(client, address), re.DOTALL)
    shown = [re.findall(r'<td class="numeric-cell">([\d.]+)</td>', line) for line in table]
    head, *rows = rows_of(client, as_file(address, "csv"))
    counted = {"Xã, phường", "Tổ", "Thành viên", *head[-2:]}
    told = [[cell for cell, word in zip(row, head, strict=True) if word in counted] for row in rows]
    assert told == [[number.replace(".", "") for number in line] for line in shown if line]
    assert [head, *rows] == sheet_of(client, as_file(address, "xlsx"))


def test_a_page_after_somebody_who_moved_away_begins_at_the_beginning(client, enter, course):
    enter("viewer", "33")
    here, there = make.team(), make.team("Tổ xa", unit="12472")
    goes = learner(here, "Lê An")
    learner(here, "Lê Bền")
    session.commit()
    commune = Place("commune", make.unit_id())
    first = people_page(course.team_edition.id, commune, Filters(), Order()).rows[0]
    address = f"/rosters/12586?after={first.enrolment_id}"
    assert names_on(page(client, address)) == ["Lê Bền"]
    join_team(goes.id, there.id, actor_id=None, now=NOON)
    choose_home(goes.id, there.id, actor_id=None, now=NOON)
    session.commit()
    html = page(client, address)
    assert names_on(html) == ["Lê Bền"]
    assert 'rel="prev"' not in html


def test_the_last_page_may_be_full(course):
    team = make.team()
    for name in ("Lê An", "Lê Bền", "Lê Cúc", "Lê Dung"):
        learner(team, name)
    session.commit()
    asked = (course.team_edition.id, Place("team", team.id), Filters(), Order())
    first = people_page(*asked, limit=2)
    last = people_page(*asked, after=first.rows[-1].enrolment_id, limit=2)
    assert [one.full_name for one in last.rows] == ["Lê Cúc", "Lê Dung"]
    assert (first.has_after, last.has_before, last.has_after) == (True, True, False)
    assert people_page(*asked, after=last.rows[-1].enrolment_id, limit=2).rows == []


@pytest.mark.parametrize("address", LISTS)
def test_many_people_cost_no_more_than_one(course, client, enter, count_queries, address):
    enter("viewer", "vn")
    team = make.team("Tổ một")
    study(learner(team, "Người Một"), "dau", "failed", 40)
    learner(old_team(DIVIDED), "Người Cũ")
    session.commit()
    at = address.format(team=team.id)
    page(client, at)
    few = count_queries(lambda: page(client, at))
    for number in range(25):
        learner(team, f"Người {number}", role="deputy" if number % 5 else "member")
        learner(make.team(f"Tổ {number}", unit=("12586", "12472")[number % 2]), f"Người {number}")
    for code in ("11986", "11992", "12643"):
        learner(old_team(code), "Người Cũ")
    session.commit()
    assert count_queries(lambda: page(client, at)) == few
