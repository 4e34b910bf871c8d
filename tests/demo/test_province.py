"""The demo province: small, real in its deeds, with an account of every role."""

import pytest
from sqlalchemy import func, select

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.certificates.queries import certificates_of
from lms.demo.cast import DONE, HALF_WAY, NEW, OFFICERS, OFFICERS_PHRASE, PIN, TEAMS, WAITING
from lms.demo.province import DemoRefused, make_demo_province, refuse_in_production
from lms.demo.queries import demo_accounts, waiting_account
from lms.foundation.db import session, transaction
from lms.people.models import Grant, Person, Team
from lms.people.queries import account_by_phone, person_id_by_phone, person_of, slip_by_code
from lms.people.secrets import Owner, check_passphrase, check_pin, is_secret_of
from lms.people.slips import SlipKeys
from lms.study.models import Enrolment, ModuleProgress
from lms.study.pages import course_page
from lms.study.rules import Step
from lms.study.tallies import differences
from tests import make
from tests.conftest import every_database
from tests.courses import courses_of_the_repository
from tests.times import NOON

KEYS = SlipKeys(("a secret of the tests, long enough to count",))


@pytest.fixture
def province(app, tmp_path):
    for course in courses_of_the_repository():
        with transaction():
            publish_course(course, Shelf(tmp_path), NOON)
    with transaction():
        assert make_demo_province(KEYS, NOON)


@every_database
def test_the_province_is_whole_and_its_sums_are_true(province):
    assert session.scalar(select(func.count(Team.id))) == len(TEAMS)
    assert session.scalar(select(func.count(Person.id))) == len(OFFICERS) + sum(
        len(team.members) for team in TEAMS
    )
    assert set(session.scalars(select(ModuleProgress.state))) == {"learning", "failed", "passed", "done"}
    assert differences() == []


def test_there_is_an_account_of_every_role_and_it_lets_in(province):
    assert set(session.scalars(select(Grant.role))) == {
        *("administrator", "viewer", "manager", "instructor", "reviewer")
    }
    roles = [account.role for account in demo_accounts()]
    assert roles[0] == "Quản trị viên"
    assert roles[-4:] == ["Tổ trưởng", "Thành viên mới vào", "Thành viên đang học", "Thành viên đã xong"]

    for account in demo_accounts():
        held = account_by_phone("+84" + account.who.replace(" ", "")[1:])
        assert is_secret_of(held.secret_hash, account.secret), account.name
        assert held.holds_grant == account.is_officer


def test_the_slip_told_opens_the_account_that_waits(province):
    waiting = waiting_account(KEYS)
    slip = slip_by_code(KEYS.code_hmacs(waiting.secret))
    assert slip.person_id == person_id_by_phone(WAITING.phone)
    assert slip.opens(NOON)
    assert waiting.who == person_of(slip.person_id).member_code


def test_members_are_new_half_way_and_done(province):
    found = {one: session.get(Person, person_id_by_phone(one.phone)) for one in (NEW, HALF_WAY, DONE)}
    begun = {
        one: session.scalar(
            select(func.count())
            .select_from(ModuleProgress)
            .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
            .where(Enrolment.person_id == person.id)
        )
        for one, person in found.items()
    }
    assert begun[NEW] == 0
    assert begun[HALF_WAY] == 2
    assert certificates_of(found[DONE].id)


def test_nobody_learns_after_today(province):
    assert session.scalar(select(func.max(ModuleProgress.updated_at))) < NOON
    assert session.scalar(select(func.max(Enrolment.completed_at))) < NOON


def test_whoever_is_half_way_has_the_quiz_of_the_first_module_left(province):
    person_id, course = person_id_by_phone(HALF_WAY.phone), course_outline("ky-nang-so")
    edition, module = course.team_edition, course.module("trinh-duyet-an-toan")
    page = course_page(person_id, course, edition)
    assert page.step == Step("quiz", module.slug)
    assert page.read_of(module) == len(module.counted_lessons_of(edition.key))
    assert page.state.modules[module.id].state == "learning"


def test_the_secrets_are_such_as_the_site_would_take():
    check_pin(PIN, Owner("Nguyễn Thị Hạnh", "TV-0000-0000", HALF_WAY.phone, None))
    check_passphrase(OFFICERS_PHRASE, Owner("Lê Minh Tuấn", "TV-0000-0000", None, None))


@every_database
def test_a_site_that_knows_somebody_is_left_alone(app):
    make.person()
    session.commit()
    with transaction():
        assert not make_demo_province(KEYS, NOON)
    assert session.scalar(select(func.count(Person.id))) == 1
    assert demo_accounts() == []


def test_it_is_made_without_courses_too(app):
    with transaction():
        assert make_demo_province(KEYS, NOON)
    assert demo_accounts()


def test_a_real_site_refuses_invented_people():
    refuse_in_production(False)
    with pytest.raises(DemoRefused):
        refuse_in_production(True)
