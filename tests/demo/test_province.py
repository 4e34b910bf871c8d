"""The demo province: small, real in its deeds, with an account of every role."""

import pytest
from sqlalchemy import func, select

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_courses
from lms.certificates.queries import certificates_of
from lms.demo.cast import MEMBER
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
from lms.people.phones import parse_phone
from lms.people.queries import account_by_phone, person_id_by_phone
from lms.people.secrets import check_passphrase, check_pin, is_secret_of
from lms.people.slips import SlipKeys
from lms.study.models import ModuleProgress
from lms.study.tallies import differences
from tests import make
from tests.conftest import ROOT, every_database
from tests.times import NOON

KEYS = SlipKeys(("a secret of the tests, long enough to count",))


@pytest.fixture
def made(app, tmp_path):
    courses, _problems = read_courses(ROOT / "courses")
    for course in courses:
        with transaction():
            publish_course(course, Shelf(tmp_path), NOON)
    with transaction():
        assert make_demo_province(KEYS, NOON)


def accounts() -> list[DemoAccount]:
    return demo_accounts(KEYS, local_date(NOON))


@every_database
def test_there_is_an_account_of_every_role(made):
    roles = " ".join(account.role for account in accounts())
    for role in ("Quản trị", "xem sổ", "quản lý", "soạn", "duyệt", "Tổ trưởng", "Thành viên", "chưa kích hoạt"):
        assert role in roles
    assert set(session.scalars(select(Grant.role))) == {
        *("administrator", "viewer", "manager", "instructor", "reviewer"),
    }
