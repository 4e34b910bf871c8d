"""The demo province: small, real in its deeds, with an account of every role."""

import pytest
from sqlalchemy import func, select

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.certificates.queries import certificates_of
from lms.demo.cast import MEMBER, OFFICERS, TEAMS, WAITING
from lms.demo.province import (
    OFFICERS_PHRASE,
    PIN,
    DemoAccount,
    DemoRefused,
    demo_accounts,
    make_demo_province,
    refuse_in_production,
)
from lms.foundation.clock import local_date
from lms.foundation.db import session, transaction
from lms.people.models import Grant, Person, Team
from lms.people.queries import account_by_phone, person_id_by_phone, person_of, slip_by_code
from lms.people.secrets import Owner, check_passphrase, check_pin, is_secret_of
from lms.people.slips import SlipKeys
from lms.study.models import ModuleProgress
from lms.study.tallies import differences
from tests import make
from tests.conftest import ROOT, every_database
from tests.times import NOON

KEYS = SlipKeys(("a secret of the tests, long enough to count",))


@pytest.fixture
def province(app, tmp_path):
    courses, _problems = read_courses(ROOT / "courses")
    for course in courses:
        with transaction():
            publish_course(course, Shelf(tmp_path), NOON)
    with transaction():
        assert make_demo_province(KEYS, NOON)


def accounts() -> list[DemoAccount]:
    return demo_accounts(KEYS, local_date(NOON))


@every_database
def test_the_province_is_whole_and_its_sums_are_true(province):
    assert session.scalar(select(func.count(Team.id))) == len(TEAMS)
    assert session.scalar(select(func.count(Person.id))) == len(OFFICERS) + sum(
        len(team.members) for team in TEAMS
    )
    assert set(session.scalars(select(ModuleProgress.state))) == {"learning", "failed", "passed", "done"}
    assert differences() == []


def test_there_is_an_account_of_every_role(province):
    assert set(session.scalars(select(Grant.role))) == {
        *("administrator", "viewer", "manager", "instructor", "reviewer")
    }
    roles = [account.role for account in accounts()]
    assert roles[0] == "Quản trị viên"
    assert roles[-3:] == ["Tổ trưởng", "Thành viên", "Thành viên chưa kích hoạt: mã trên phiếu"]


def test_the_accounts_told_are_let_in(province):
    for account in accounts()[:-1]:
        phone = "+84" + account.signs_in_with.replace(" ", "")[1:]
        assert is_secret_of(account_by_phone(phone).secret_hash, account.secret), account.name


def test_the_slip_told_opens_the_account_that_waits(province):
    waiting = accounts()[-1]
    slip = slip_by_code(KEYS.code_hmacs(waiting.secret))
    assert slip.person_id == person_id_by_phone(WAITING.phone)
    assert slip.opens(NOON)
    assert waiting.signs_in_with == person_of(slip.person_id).member_code


def test_a_member_holds_a_certificate(province):
    assert certificates_of(person_id_by_phone(MEMBER.phone))


def test_the_secrets_are_such_as_the_site_would_take():
    check_pin(PIN, Owner("Nguyễn Thị Hạnh", "TV-0000-0000", MEMBER.phone, None))
    check_passphrase(OFFICERS_PHRASE, Owner("Lê Minh Tuấn", "TV-0000-0000", None, None))


@every_database
def test_a_site_that_knows_somebody_is_left_alone(app):
    make.person()
    session.commit()
    with transaction():
        assert not make_demo_province(KEYS, NOON)
    assert session.scalar(select(func.count(Person.id))) == 1
    assert accounts() == []


def test_it_is_made_without_courses_too(app):
    with transaction():
        assert make_demo_province(KEYS, NOON)
    assert accounts()


def test_a_real_site_refuses_invented_people():
    refuse_in_production(False)
    with pytest.raises(DemoRefused):
        refuse_in_production(True)
