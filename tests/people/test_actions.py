"""What is done to persons, teams, grants and slips, on the database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.foundation.audit import AuditEntry
from lms.foundation.db import session
from lms.people.actions.accounts import SlipSpent, activate_account
from lms.people.actions.grants import AlreadyGranted, GrantNeedsUnit, grant_role, revoke_grant
from lms.people.actions.persons import (
    AlreadyMember,
    NotAMember,
    PhoneTaken,
    amend_person,
    change_role,
    choose_home,
    create_person,
    create_team,
    join_team,
    leave_team,
)
from lms.people.actions.slips import NotForOfficers, issue_slip, issue_slips
from lms.people.events import PersonJoinedTeam, PersonLeftTeam, PersonMoved, PersonRenamed
from lms.people.models import Membership, Person, Slip
from lms.people.permissions import Action
from lms.people.queries import current_memberships, person_of, scope_of, slip_for
from lms.people.rules import BadName
from lms.people.slips import SlipKeys
from tests import make
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database
KEYS = SlipKeys(("a secret",))


@pytest.fixture
def told(monkeypatch):
    """The events that are announced."""
    heard: list[object] = []
    monkeypatch.setattr("lms.people.actions.persons.announce", heard.append)
    return heard


def create(name: str = "Lò Thị Mai", **facts: object) -> int:
    return create_person(name, actor_id=None, now=NOON, **facts)


def test_a_person_is_written_down_and_the_log_says_so(app):
    person_id = create(" Lò  Thị Mai\u200b", phone="+84912345678")
    found = person_of(person_id)
    assert (found.full_name, found.phone) == ("Lò Thị Mai", "+84912345678")
    assert found.member_code.startswith("TV-")
    assert session.scalars(select(AuditEntry.action)).all() == ["create_person"]


def test_one_number_is_one_persons(app):
    create(phone="+84912345678")
    with pytest.raises(PhoneTaken):
        create("Bùi Văn Lợi", phone="+84912345678")
    other = create("Bùi Văn Lợi")
    with pytest.raises(PhoneTaken):
        amend_person(other, {"phone": "+84912345678"}, reason=None, actor_id=None, now=NOON)


@pytest.mark.parametrize("name", ["", " ", "\x00", "1234", "🙂", "Ư" * 121])
def test_a_name_has_letters_and_an_end(app, name):
    with pytest.raises(BadName):
        create(name)
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_new_spelling_is_searched_and_sorted_anew_and_told(app, told):
    person_id = create()
    amend_person(person_id, {"full_name": "Lò Thị Ánh"}, reason="căn cước", actor_id=None, now=NOON)
    person = session.get_one(Person, person_id)
    session.refresh(person)
    assert (person.folded, person.version) == (" lo thi anh", 2)
    assert told == [PersonRenamed(person_id, "Lò Thị Ánh", NOON)]
    amend_person(person_id, {"full_name": "Lò Thị Ánh"}, reason=None, actor_id=None, now=NOON)
    assert len(told) == 1


def test_the_first_team_is_the_home_and_the_next_is_not(app, told):
    person_id = create()
    first = create_team(make.unit_id(), "Tổ thôn An Thái", actor_id=None, now=NOON)
    second = create_team(make.unit_id(), "Tổ thôn Đông Hải", actor_id=None, now=NOON)
    for team_id in (first, second):
        join_team(person_id, team_id, actor_id=None, now=NOON)
    assert [(one.team_id, one.is_home) for one in current_memberships(person_id)] == [
        (first, True),
        (second, False),
    ]
    with pytest.raises(AlreadyMember):
        join_team(person_id, first, actor_id=None, now=NOON)
    assert told == [PersonJoinedTeam(person_id, first, NOON), PersonJoinedTeam(person_id, second, NOON)]
    choose_home(person_id, second, actor_id=None, now=NOON)
    assert told[-1] == PersonMoved(person_id, second, NOON)
    leave_team(person_id, second, actor_id=None, now=NOON)
    assert told[-2:] == [PersonLeftTeam(person_id, second, NOON), PersonMoved(person_id, first, NOON)]
    leave_team(person_id, first, actor_id=None, now=NOON)
    assert told[-1] == PersonMoved(person_id, None, NOON)
    with pytest.raises(NotAMember):
        leave_team(person_id, first, actor_id=None, now=NOON)


def test_another_role_ends_the_membership_and_begins_one(app):
    team = make.team()
    person = make.member(team)
    change_role(person.id, team.id, "deputy", actor_id=None, now=NOON)
    rows = session.execute(
        select(Membership.role, Membership.ended_on, Membership.is_home)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    ).all()
    assert [(role, ended is None) for role, ended, _ in rows] == [("member", False), ("deputy", True)]
    assert rows[1].is_home


def test_slips_pass_over_who_holds_a_grant(app):
    team = make.team()
    plain, officer = make.member(team), make.member(team)
    make.grant(officer, "viewer", unit="33")
    assert issue_slips([plain.id, officer.id, plain.id], KEYS, issued_by=None, now=NOON) == 1
    with pytest.raises(NotForOfficers):
        issue_slip(officer.id, KEYS, issued_by=None, now=NOON)


def test_a_person_has_one_open_slip(app):
    person = make.person()
    for _ in range(3):
        issue_slip(person.id, KEYS, issued_by=None, now=NOON)
    open_slips = select(func.count()).where(Slip.used_at.is_(None), Slip.revoked_at.is_(None))
    assert session.scalar(open_slips) == 1
    assert slip_for(person.id).opens(NOON + timedelta(days=59))
    assert not slip_for(person.id).opens(NOON + timedelta(days=60))


def test_a_slip_is_spent_once_whoever_comes_second(app):
    person = make.person()
    issue_slip(person.id, KEYS, issued_by=None, now=NOON)
    slip_id = slip_for(person.id).id
    assert activate_account(slip_id, make.PIN_HASH, "pin", NOON) == (person.id, 1)
    with pytest.raises(SlipSpent):
        activate_account(slip_id, make.PIN_HASH, "pin", NOON)
    issue_slip(person.id, KEYS, issued_by=None, now=NOON)
    assert activate_account(slip_for(person.id).id, make.PIN_HASH, "pin", NOON) == (person.id, 2)


def test_a_grant_ends_the_slips_of_a_team_and_stands_at_a_unit(app):
    person = make.person()
    make.account(person)
    issue_slip(person.id, KEYS, issued_by=None, now=NOON)
    with pytest.raises(GrantNeedsUnit):
        grant_role(person.id, "manager", granted_by=None, now=NOON)
    with pytest.raises(GrantNeedsUnit):
        grant_role(person.id, "administrator", unit_id=make.unit_id("33"), granted_by=None, now=NOON)
    grant_id = grant_role(person.id, "manager", unit_id=make.unit_id("33"), granted_by=None, now=NOON)
    with pytest.raises(AlreadyGranted):
        grant_role(person.id, "manager", unit_id=make.unit_id("33"), granted_by=None, now=NOON)
    assert slip_for(person.id) is None
    assert not scope_of(person.id, Action.MANAGE_PEOPLE)
    make.grant(person, "viewer", unit="33")  # sets a passphrase on the account
    assert scope_of(person.id, Action.MANAGE_PEOPLE)
    revoke_grant(person.id, grant_id, revoked_by=None, now=NOON)
    assert not scope_of(person.id, Action.MANAGE_PEOPLE)
