"""Scope: one definition, asked of one place or of many."""

import pytest
from sqlalchemy import func, select

from lms.foundation.db import session
from lms.people.models import Membership, Person, Team
from lms.people.permissions import Action, Scope
from lms.people.queries import (
    covers_person,
    covers_team,
    covers_unit,
    persons_within,
    scope_of,
    teams_within,
    units_inside,
)
from lms.units.models import UnitLink, UnitVersion
from lms.units.queries import path_of, present_places
from tests import make
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database
OTHER_COMMUNE = "12595"  # Xã Ngự Thiên, also in Hưng Yên
ELSEWHERE = "20194"  # Phường Hải Vân, Đà Nẵng


def officer(role: str, unit: str | None) -> int:
    made = make.person("Lê Minh Tuấn")
    make.account(made)
    make.grant(made, role, unit=unit)
    return made.id


def names(condition) -> set[str]:
    return set(session.scalars(select(Person.full_name).where(condition)))


def test_an_officer_of_a_commune_sees_its_teams_and_no_others(app):
    inside, outside = make.team(), make.team(unit=OTHER_COMMUNE)
    scope = scope_of(officer("viewer", make.HUNG_HA), Action.VIEW_ROSTER)
    assert covers_team(scope, inside.id)
    assert not covers_team(scope, outside.id)
    assert list(session.scalars(select(Team.id).where(teams_within(scope)))) == [inside.id]


def test_an_officer_of_a_province_sees_all_its_communes(app):
    inside, also, outside = make.team(), make.team(unit=OTHER_COMMUNE), make.team(unit=ELSEWHERE)
    scope = scope_of(officer("manager", "33"), Action.MANAGE_PEOPLE)
    assert set(session.scalars(select(Team.id).where(teams_within(scope)))) == {inside.id, also.id}
    assert covers_unit(scope, make.unit_id(OTHER_COMMUNE))
    assert not covers_unit(scope, make.unit_id(ELSEWHERE))
    assert not covers_team(scope, outside.id)


def test_people_recorded_under_a_merged_commune_belong_to_its_successor(app):
    old = session.scalars(
        select(UnitLink.from_unit_id).where(
            UnitLink.to_unit_id == make.unit_id(), UnitLink.partial.is_(False)
        )
    ).first()
    team = make.team()
    team.unit_id = old
    make.member(team, "Đỗ Thị Ưng")
    scope = scope_of(officer("viewer", make.HUNG_HA), Action.VIEW_ROSTER)
    assert covers_team(scope, team.id)
    assert names(persons_within(scope, Person.id)) == {"Đỗ Thị Ưng", "Lê Minh Tuấn"}
    assert not covers_team(scope_of(officer("viewer", OTHER_COMMUNE), Action.VIEW_ROSTER), team.id)


def a_divided_commune() -> tuple[int, int, int]:
    """A commune of Hưng Yên's old map, and the first two of those that it was divided among."""
    old, chosen, other = session.execute(
        select(UnitLink.from_unit_id, func.min(UnitLink.to_unit_id), func.max(UnitLink.to_unit_id))
        .join(UnitVersion, UnitVersion.unit_id == UnitLink.to_unit_id)
        .where(UnitLink.partial.is_(True), UnitVersion.parent_id == make.unit_id("33"))
        .group_by(UnitLink.from_unit_id)
        .order_by(UnitLink.from_unit_id)
        .limit(1)
    ).one()
    return old, chosen, other


def sees(scope: Scope, team: Team, person: Person) -> bool:
    """Both faces, which must say the same."""
    faces = {
        covers_team(scope, team.id),
        covers_person(scope, person.id),
        team.id in set(session.scalars(select(Team.id).where(teams_within(scope)))),
        person.full_name in names(persons_within(scope, Person.id)),
    }
    (answer,) = faces
    return answer


def test_people_of_a_divided_commune_are_the_provinces_until_a_successor_is_chosen(app):
    old, chosen, other = a_divided_commune()
    codes = dict(
        session.execute(
            select(UnitVersion.unit_id, UnitVersion.code).where(
                UnitVersion.unit_id.in_([chosen, other]), UnitVersion.valid_to.is_(None)
            )
        ).all()
    )
    team = make.team()
    team.unit_id = old
    person = make.member(team, "Bà Đợi")
    province, one, two = (
        scope_of(officer("viewer", code), Action.VIEW_ROSTER) for code in ("33", codes[chosen], codes[other])
    )
    assert [sees(scope, team, person) for scope in (province, one, two)] == [True, False, False]
    team.successor_unit_id = chosen
    session.flush()
    assert [sees(scope, team, person) for scope in (province, one, two)] == [True, True, False]


def test_one_person_of_a_divided_commune_can_be_placed_alone(app):
    old, chosen, other = a_divided_commune()
    team = make.team()
    team.unit_id = old
    placed, waiting = make.member(team, "Bà Đợi"), make.member(team, "Ông Chờ")
    held = session.scalars(select(Membership).where(Membership.person_id == placed.id)).one()
    held.successor_unit_id = other
    session.flush()
    for unit_id, sees_placed in ((chosen, False), (other, True)):
        scope = Scope(unit_ids=frozenset({unit_id}))
        assert (covers_person(scope, placed.id), covers_person(scope, waiting.id)) == (sees_placed, False)
        assert names(persons_within(scope, Person.id)) == ({"Bà Đợi"} if sees_placed else set())


def test_every_divided_commune_lies_in_the_scope_of_the_province_its_people_count_in(app):
    divided = set(session.scalars(select(UnitLink.from_unit_id).where(UnitLink.partial.is_(True))))
    places = present_places(divided)
    assert places.keys() == divided
    for province_id in {province for _, province in places.values()}:
        inside = units_inside(frozenset({province_id}))
        assert {one for one, (_, province) in places.items() if province == province_id} == divided & inside


@pytest.mark.parametrize("key", ["33", make.HUNG_HA])
def test_check_and_filter_agree_on_every_unit(app, key):
    root = make.unit_id(key)
    inside = units_inside(frozenset({root}))
    ids = set(session.scalars(select(UnitVersion.unit_id).where(UnitVersion.unit_id % 29 == 0)))
    sample = ids | set(sorted(inside)[:40])
    assert {one for one in sample if root in path_of(one)} == sample & inside


def test_administrators_and_officers_of_the_nation_see_everywhere(app):
    team = make.team(unit=ELSEWHERE)
    make.member(team, "Lò Thị Mai")
    for person_id in (officer("administrator", None), officer("viewer", "vn")):
        scope = scope_of(person_id, Action.VIEW_ROSTER)
        assert covers_team(scope, team.id)
        assert "Lò Thị Mai" in names(persons_within(scope, Person.id))
    assert not scope_of(officer("viewer", "vn"), Action.MANAGE_PEOPLE)


def test_a_leader_looks_after_the_own_team_alone(app):
    own, other = make.team(), make.team("Tổ thôn An Thái")
    leader = make.member(own, "Vũ Đình Khuê", role="leader")
    hanh, mai = make.member(own, "Nguyễn Thị Hạnh"), make.member(other, "Lò Thị Mai")
    scope = scope_of(leader.id, Action.HAND_OUT_SLIPS)
    assert covers_person(scope, hanh.id)
    assert not covers_person(scope, mai.id)
    assert names(persons_within(scope, Person.id)) == {"Vũ Đình Khuê", "Nguyễn Thị Hạnh"}
    assert not scope_of(hanh.id, Action.HAND_OUT_SLIPS)


def test_somebody_who_left_is_seen_where_they_were_last(app):
    team = make.team()
    gone, moved = make.member(team, "Bùi Văn Lợi"), make.member(team, "Lò Thị Mai")
    for membership in session.scalars(select(Membership)):
        membership.ended_on = NOON.date()
    session.flush()
    elsewhere = make.team(unit=ELSEWHERE)
    session.add(
        Membership(
            person_id=moved.id,
            team_id=elsewhere.id,
            started_on=NOON.date(),
            recorded_unit_id=elsewhere.unit_id,
        )
    )
    session.flush()
    scope = scope_of(officer("viewer", make.HUNG_HA), Action.VIEW_ROSTER)
    assert covers_person(scope, gone.id)
    assert not covers_person(scope, moved.id)
    assert "Lò Thị Mai" not in names(persons_within(scope, Person.id))


def test_a_grant_sleeps_until_a_passphrase_guards_it(app):
    made = make.person()
    make.grant(made, "manager", unit="33")
    account = make.account(made)
    assert scope_of(made.id, Action.MANAGE_PEOPLE)
    account.secret_kind = "pin"
    session.flush()
    assert not scope_of(made.id, Action.MANAGE_PEOPLE)
