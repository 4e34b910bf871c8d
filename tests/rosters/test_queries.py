"""Lists and sums: in order, complete, and the same whichever way they are asked."""

import pytest

from lms.foundation.db import session
from lms.people.actions.persons import change_role, choose_home, join_team
from lms.rosters.queries import (
    Order,
    Place,
    all_people,
    closed_units,
    commune_names,
    count_people,
    official_facts,
    people_page,
    sums_by_commune,
    sums_by_province,
    sums_of_commune,
    teams_of,
    totals,
)
from lms.rosters.rules import Filters, added, known_count
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish, study
from tests.times import NOON

pytestmark = every_database

IN_ORDER = [
    *("Nguyễn Văn An", "Trần Thị An", "Nguyễn Dũng Anh", "Nguyễn Duy Anh", "Nguyễn Đức Anh", "Phạm Ngọc Ánh"),
    *("Lê Hoài Ân", "Bùi Thị Bảy", "Đỗ Văn Bền", "Vũ Thị Dung", "Đặng Tiến Dũng", "Nguyễn Thị Đào"),
    *("Phan Văn Đức", "Ngô Thị Hà", "Lý Thị Hạ", "Cao Thị Lan", "Đinh Văn Lâm", "Y Blum Niê", "Mai Thị Út"),
    "Nguyễn Thị Ước",
]
EVERYBODY, BY_NAME = Filters(), Order()
HUNG_HA = make.HUNG_HA


@pytest.fixture
def edition_id(app, tmp_path):
    return publish(tmp_path).team_edition.id


def place(code: str = HUNG_HA, level: str = "commune") -> Place:
    return Place(level, make.unit_id(code))


def names(edition_id: int, where: Place, filters: Filters = EVERYBODY, order: Order = BY_NAME) -> list[str]:
    return [one.full_name for one in all_people(edition_id, where, filters, order)]


def test_people_stand_in_vietnamese_order(edition_id):
    team = make.team()
    for name in sorted(IN_ORDER):
        learner(team, name)
    session.commit()
    assert names(edition_id, place()) == IN_ORDER
    assert names(edition_id, place(), order=Order("-name")) == IN_ORDER[::-1]
    assert names(edition_id, place("33", "province")) == names(edition_id, Place("nation")) == IN_ORDER


@pytest.mark.parametrize("sort", ["name", "-name", "done", "-done", "active", "-active"])
@pytest.mark.parametrize("by_team", [False, True])
def test_pages_show_everybody_once_forwards_and_backwards(edition_id, sort, by_team):
    for title in ("Tổ B", "Tổ A"):
        team = make.team(title)
        for number in range(5):
            person = learner(team, f"Người {'ABCDE'[number]}")
            if number % 2:
                study(person, "dau", "learning" if number == 1 else "done")
    session.commit()
    order = Order(sort, by_team=by_team)
    expected = [one.enrolment_id for one in people_page(edition_id, place(), Filters(), order).rows]
    assert len(expected) == len(set(expected)) == 10
    seen, after = [], None
    while True:
        page = people_page(edition_id, place(), Filters(), order, after=after, limit=3)
        assert page.has_before == bool(seen)
        seen += [one.enrolment_id for one in page.rows]
        if not page.has_after:
            break
        after = seen[-1]
    assert seen == expected
    before = people_page(edition_id, place(), Filters(), order, before=expected[4], limit=3)
    assert [one.enrolment_id for one in before.rows] == expected[1:4]
    assert before.has_before
    assert before.has_after


@pytest.mark.parametrize("order", [Order(), Order("-active"), Order("done", by_team=True)])
def test_a_file_goes_on_where_somebody_has_moved_away_meanwhile(edition_id, monkeypatch, order):
    monkeypatch.setattr("lms.rosters.queries.people._CHUNK", 2)
    here, there = make.team(), make.team(unit="12472")
    for name in ("Lê An", "Lê Bền", "Lê Cúc", "Lê Dung", "Lê Đào"):
        learner(here, name)
    session.commit()
    written = []
    for one in all_people(edition_id, place(), Filters(), order):
        written.append(one.full_name)
        if len(written) == 2:  # the last of a piece
            join_team(one.person_id, there.id, actor_id=None, now=NOON)
            choose_home(one.person_id, there.id, actor_id=None, now=NOON)
            session.commit()
    assert written == ["Lê An", "Lê Bền", "Lê Cúc", "Lê Dung", "Lê Đào"]


def test_teams_stay_together_in_the_order_of_their_names(edition_id):
    second, first = make.team("Tổ thôn 10"), make.team("Tổ thôn 2")
    learner(second, "Lê An")
    learner(first, "Lê Bền")
    session.commit()
    rows = people_page(edition_id, place(), Filters(), Order(by_team=True)).rows
    assert [one.team_title for one in rows] == ["Tổ thôn 2", "Tổ thôn 10"]
    assert [title for _, title in teams_of(edition_id, place())] == ["Tổ thôn 2", "Tổ thôn 10"]


def test_a_page_after_somebody_elsewhere_begins_at_the_beginning(edition_id):
    here = learner(make.team(), "Lê An")
    there = learner(make.team(unit="12472"), "Bùi Ân")
    session.commit()
    elsewhere = people_page(edition_id, place("12472"), Filters(), Order()).rows[0].enrolment_id
    for number in (elsewhere, 2**31 - 1, 0):
        page = people_page(edition_id, place(), Filters(), Order(), after=number)
        assert [one.person_id for one in page.rows] == [here.id]
        assert not page.has_before
    assert there.id != here.id


@pytest.mark.parametrize("typed", ["hạnh", "hanh", "HẠNH", "thi ha", "Thị Hạnh", "nguyen", "  hanh  "])
def test_a_name_is_found_by_the_beginning_of_any_word(edition_id, typed):
    team = make.team()
    learner(team, "Nguyễn Thị Hạnh")
    learner(team, "Trần Văn Khánh")
    session.commit()
    assert names(edition_id, place(), Filters(name=typed)) == ["Nguyễn Thị Hạnh"]


@pytest.mark.parametrize("typed", ["anh", "%", "_", "' OR 1=1 --", "\\", "👩‍🌾", "ạ" * 80, "\u202ehnạh"])
def test_strange_texts_find_nobody_and_break_nothing(edition_id, typed):
    learner(make.team(), "Trần Văn Khánh")
    session.commit()
    found = names(edition_id, place(), Filters(name=typed))
    assert found == ([] if any(char.isalnum() for char in typed) else ["Trần Văn Khánh"])


def test_every_filter_finds_whom_it_says_and_the_sums_agree(edition_id):
    team, other = make.team("Tổ một"), make.team("Tổ hai")
    done = learner(team, "Lê Đạt", role="leader", comes_in=True)
    failed = learner(team, "Lê Trượt", comes_in=True)
    unread = learner(team, "Lê Vội", comes_in=True)
    begun = learner(other, "Lê Dở", comes_in=True)
    idle = learner(other, "Lê Nghỉ", role="deputy")
    study(done, "dau")
    study(done, "cuoi")
    study(failed, "dau", "failed", 40)
    study(unread, "dau", "passed", 80)
    study(begun, "dau", "learning")
    modules = {one.slug: one for one in _modules()}
    dau = {"module_id": modules["dau"].id, "module_bit": modules["dau"].bit}
    expected = {
        Filters(state="done"): [done],
        Filters(state="open"): [failed, unread, begun, idle],
        Filters(**dau, state="done"): [done],
        Filters(**dau, state="open"): [failed, unread, begun, idle],
        Filters(**dau, state="passed"): [unread],
        Filters(**dau, state="failed"): [failed],
        Filters(**dau, state="learning"): [begun],
        Filters(**dau, state="none"): [idle],
        Filters(active="yes"): [done, failed, unread, begun],
        Filters(active="no"): [idle],
        Filters(role="leader"): [done],
        Filters(role="deputy"): [idle],
        Filters(team_id=other.id): [begun, idle],
        Filters(team_id=other.id, active="yes", name="le"): [begun],
    }
    sums = sums_of_commune(edition_id, make.unit_id(), dau["module_id"])
    for filters, people in expected.items():
        assert sorted(names(edition_id, place(), filters)) == sorted(one.full_name for one in people), filters
        assert count_people(edition_id, place(), filters) == len(people)
        assert totals(edition_id, place(), filters, {}).enrolled == len(people)
        assert known_count(sums, filters) in (None, len(people)), filters


def _modules():
    from lms.catalogue.queries import course_outline

    return course_outline("khoa-thu").modules


def test_a_row_tells_everything_of_a_person(edition_id):
    person = learner(make.team(), "K'Brôi", role="secretary", comes_in=True)
    study(person, "dau", percent=90)
    study(person, "cuoi", "failed", 60)
    row = people_page(edition_id, place(), Filters(), Order()).rows[0]
    marks = {module.slug: row.marks[module.id] for module in _modules()}
    assert (row.full_name, row.role, row.done_count) == ("K'Brôi", "secretary", 1)
    assert row.is_activated
    assert marks["dau"] == ("done", 90)
    assert marks["cuoi"] == ("failed", 60)


def test_sums_are_of_distinct_people_at_every_level(edition_id):
    here, there = make.team(), make.team(unit="12472")
    person = learner(here, "Lê An", comes_in=True)
    learner(here, "Lê Bền")
    learner(there, "Lê Cúc")
    learner(make.team(unit="00004"), "Lê Dung")
    join_team(person.id, there.id, actor_id=None, now=NOON)  # a second team counts nobody twice
    study(person, "dau")
    by_province = sums_by_province(edition_id)
    by_commune = sums_by_commune(edition_id, make.unit_id("33"))
    assert added(by_province.values()).enrolled == count_people(edition_id, Place("nation"), Filters()) == 4
    assert added(by_commune.values()) == by_province[make.unit_id("33")]
    assert by_commune[make.unit_id()] == sums_of_commune(edition_id, make.unit_id())
    bits = {module.id: module.bit for module in _modules()}
    true = totals(edition_id, place(), Filters(), bits)
    kept = by_commune[make.unit_id()]
    assert (true.teams, true.enrolled, true.activated, true.completed) == (1, 2, 1, 0)
    assert {key: count for key, count in true.done.items() if count} == kept.done
    assert differences() == []


def test_whoever_moves_is_counted_where_the_home_is(edition_id):
    here, there = make.team(), make.team(unit="12472")
    person = learner(here, "Lê An")
    session.commit()
    join_team(person.id, there.id, actor_id=None, now=NOON)
    choose_home(person.id, there.id, actor_id=None, now=NOON)
    change_role(person.id, there.id, "leader", actor_id=None, now=NOON)
    session.commit()
    assert names(edition_id, place()) == []
    assert [one.role for one in all_people(edition_id, place("12472"), Filters(), Order())] == ["leader"]
    sums = sums_by_commune(edition_id, make.unit_id("33"))
    assert sums[make.unit_id("12472")].teams == 1
    assert make.unit_id() not in sums
    assert differences() == []


def test_communes_are_named_with_their_provinces(edition_id):
    learner(make.team(), "Lê An")
    session.commit()
    expected = {make.unit_id(): ("Xã Hưng Hà", "Tỉnh Hưng Yên")}
    assert commune_names(edition_id) == commune_names(edition_id, commune_ids=expected) == expected
    assert commune_names(edition_id, province_id=make.unit_id("33")) == expected
    assert commune_names(edition_id, province_id=make.unit_id("01")) == {}
    assert commune_names(edition_id, commune_ids=[]) == {}
    assert closed_units([make.unit_id()]) == {}


def test_paper_tells_the_year_of_birth(edition_id):
    from datetime import date

    person = learner(make.team(), "Lê An")
    person.birth, person.birth_precision = date(1975, 3, 2), "day"
    session.commit()
    assert official_facts([person.id], "khoa-thu", "member") == {person.id: ("1975", "")}


@pytest.mark.parametrize("size", [1, 50])
def test_a_list_costs_the_same_at_any_size(edition_id, count_queries, size):
    team = make.team()
    for number in range(size):
        learner(team, f"Người {number}")
    session.commit()
    commune, province = place(), make.unit_id("33")
    assert count_queries(lambda: people_page(edition_id, commune, Filters(), Order(by_team=True))) == 1
    assert count_queries(lambda: sums_by_commune(edition_id, province)) == 2
    assert count_queries(lambda: sums_by_province(edition_id)) == 2
