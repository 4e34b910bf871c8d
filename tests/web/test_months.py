"""The topic of the month: on the first page of whoever may read it, and its guide."""

import pytest

from lms.foundation.db import transaction
from lms.people.actions.persons import join_team
from tests import make
from tests.courses import MODULE
from tests.study.deeds import enrolled_member, finish
from tests.times import NOON

COURSE = "/courses/khoa-thu"
CALENDAR = """
| Tháng | Chuyên đề |
| --- | --- |
| 2026-11 | cuoi |
| 2026-12 | dau |
| 2027-01 | nhap |
| 2027-02 | khoa-khac/mot |

## 2026-11

Mang theo **phiếu** của tổ. [Vào bài](02-cuoi/01-mot.md)
"""
FILES = {"calendar.md": CALENDAR, "03-nhap/module.md": MODULE.format(slug="nhap")}


@pytest.fixture
def course(app, tmp_path, monkeypatch):
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)  # in November
    return make.course(tmp_path, FILES)


def test_the_topic_of_the_month_is_pinned_to_the_first_page(course, client):
    make.signed_in(client, enrolled_member())
    page = client.get("/").text
    assert "Chuyên đề của tháng 11/2026" in page
    assert f'href="{COURSE}/cuoi">Vào chuyên đề 2' in page
    assert f'href="{COURSE}/calendar/2026-11"' in page
    assert "0 trên 1 người đã đạt" in page


def test_it_tells_how_far_the_team_is(course, client):
    with transaction():
        team = make.team().id
        members = [make.person().id for _ in range(3)]
        for person_id in members:
            join_team(person_id, team, actor_id=None, now=NOON)
    make.signed_in(client, members[0])
    assert "0 trên 3 người đã đạt" in client.get("/").text
    finish(members[1], course, "cuoi")
    assert "1 trên 3 người đã đạt" in client.get("/").text


def test_whoever_is_in_no_team_sees_the_topic_without_one(course, client):
    with transaction():
        person_id = make.person().id
    make.signed_in(client, person_id)
    page = client.get("/").text
    assert "Chuyên đề của tháng 11/2026" in page
    assert "người đã đạt" not in page


@pytest.mark.parametrize("month", ["| 2026-10 | cuoi |", "| 2026-11 | nhap |", "| 2026-11 | khoa-khac/mot |"])
def test_another_month_a_draft_and_another_course_pin_nothing(app, client, tmp_path, monkeypatch, month):
    monkeypatch.setattr("lms.foundation.clock.now", lambda: NOON)
    make.course(tmp_path, FILES | {"calendar.md": f"| Tháng | Chuyên đề |\n| --- | --- |\n{month}\n"})
    make.signed_in(client, enrolled_member())
    assert "Chuyên đề của tháng" not in client.get("/").text


def test_the_guide_stands_above_the_whole_calendar(course, client):
    page = client.get(f"{COURSE}/calendar/2026-11").text
    assert "<h1>Chuyên đề cuoi</h1>" in page
    assert "Mang theo <strong>phiếu</strong> của tổ" in page
    assert f'href="{COURSE}/cuoi/mot"' in page
    for month, title in (("12/2026", "Chuyên đề dau"), ("01/2027", "Chuyên đề nhap"), ("02/2027", "mot")):
        assert f'{title}</span> <span class="small muted">{month}' in page


def test_a_month_without_a_guide_says_so(course, client):
    page = client.get(f"{COURSE}/calendar/2027-01").text
    assert "đang được viết" in page
    assert "Vào chuyên đề" not in page


@pytest.mark.parametrize("month", ["2026-10", "2026-13", "x"])
def test_a_month_that_is_not_in_the_calendar_is_not_there(course, client, month):
    assert client.get(f"{COURSE}/calendar/{month}").status_code in (400, 404)


def test_the_topic_costs_one_read_more(course, client, count_queries):
    make.signed_in(client, enrolled_member())
    client.get("/")
    assert count_queries(lambda: client.get("/")) == 11
