"""A life of a certificate: issued with the completion, corrected, revoked, expired, renewed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.certificates.actions import (
    NameMissing,
    NotCurrent,
    correct_certificate,
    issue_certificate,
    revoke_certificate,
)
from lms.certificates.queries import certificate_of, certificates_of, completed_courses_of
from lms.certificates.rules import ReasonMissing, Standing
from lms.foundation.db import transaction
from lms.study.actions import mark_read, record_result
from tests import make
from tests.conftest import every_database
from tests.courses import COURSE, small_course, write
from tests.study.deeds import answer_checks
from tests.times import NOON

pytestmark = every_database
DAY = timedelta(days=1)


def complete(tmp_path: Path, name: str, *, expires: str = "") -> int:
    """Let a member of a team complete the test course; returns the person's id."""
    folder = small_course(tmp_path, ("dau",))
    if expires:
        write(
            folder,
            {"course.md": COURSE.replace("template: certificate", f"template: certificate, {expires}")},
        )
    source, problems = read_course(folder)
    assert problems == []
    assert source is not None
    with transaction():
        publish_course(source, Shelf(tmp_path / "media"), NOON)
    with transaction():
        person_id = make.member(make.team(), name).id
    course = course_outline("khoa-thu")
    edition, module = course.edition("member"), course.modules[0]
    assert edition is not None
    with transaction():
        for lesson in module.lessons:
            answer_checks(person_id, lesson)
            mark_read(
                person_id, course, edition, lesson=lesson, opened_at=NOON, now=NOON + DAY, is_hurried=False
            )
        record_result(
            person_id, course, edition, module, percent=90, points="9/10", is_passed=True, now=NOON + DAY
        )
    return person_id


def test_it_comes_with_the_completion_and_says_the_facts_of_that_day(app, tmp_path):
    person_id = complete(tmp_path, "Y Blŏ Niê")
    [certificate] = certificates_of(person_id)
    facts = certificate.snapshot
    assert certificate.issued_on == date(2026, 11, 25)
    assert (facts["full_name"], facts["unit"]) == ("Y Blŏ Niê", "Xã Hưng Hà, tỉnh Hưng Yên")
    assert (facts["team"], facts["modules"], facts["percent"]) == ("Tổ công nghệ số thôn Đông Hải", 1, 90)
    assert certificate.code.startswith("LS-26-")


def test_whoever_has_one_keeps_it(app, tmp_path):
    person_id = complete(tmp_path, "Nguyễn Thị Hạnh")
    [completed] = completed_courses_of(person_id)
    with transaction():
        code = issue_certificate(completed.enrolment_id, NOON + 5 * DAY)
    assert [one.code for one in certificates_of(person_id)] == [code]


def test_an_expired_one_is_renewed_as_the_next_round(app, tmp_path):
    person_id = complete(tmp_path, "Nguyễn Thị Hạnh", expires="expires: 12 months")
    [first] = certificates_of(person_id)
    assert first.expires_on == date(2027, 11, 24)
    assert first.standing(date(2027, 11, 24)) is Standing.VALID
    assert first.standing(date(2027, 11, 25)) is Standing.EXPIRED
    [completed] = completed_courses_of(person_id)
    with transaction():
        issue_certificate(completed.enrolment_id, NOON + 400 * DAY)
    assert [one.round for one in certificates_of(person_id)] == [2, 1]


def test_a_corrected_one_leads_to_its_successor(app, tmp_path):
    person_id = complete(tmp_path, "Nguyễn Thị Hạn")
    [old] = certificates_of(person_id)
    with transaction():
        new = correct_certificate(old.code, "Nguyễn Thị Hạnh", "Thiếu chữ", actor_id=None, now=NOON + 2 * DAY)
    assert certificate_of(old.code).standing(old.issued_on) is Standing.CORRECTED
    assert certificate_of(old.code).successor_code == new
    [only] = certificates_of(person_id)
    assert (only.snapshot["full_name"], only.version, only.issued_on) == ("Nguyễn Thị Hạnh", 2, old.issued_on)


def test_a_revoked_one_is_not_issued_again_by_itself(app, tmp_path):
    person_id = complete(tmp_path, "Nguyễn Thị Hạnh")
    [old] = certificates_of(person_id)
    with transaction():
        revoke_certificate(old.code, "Làm bài hộ", actor_id=None, now=NOON + 2 * DAY)
    assert certificate_of(old.code).standing(old.issued_on) is Standing.REVOKED
    [completed] = completed_courses_of(person_id)
    with transaction():
        assert issue_certificate(completed.enrolment_id, NOON + 3 * DAY) is None


def test_revoking_and_correcting_want_a_reason_a_name_and_a_certificate_in_force(app, tmp_path):
    [one] = certificates_of(complete(tmp_path, "Nguyễn Thị Hạnh"))
    with pytest.raises(ReasonMissing), transaction():
        revoke_certificate(one.code, "  ", actor_id=None, now=NOON)
    with pytest.raises(NameMissing), transaction():
        correct_certificate(one.code, "", "Sai tên", actor_id=None, now=NOON)
    with transaction():
        revoke_certificate(one.code, "Cấp nhầm", actor_id=None, now=NOON)
    with pytest.raises(NotCurrent), transaction():
        revoke_certificate(one.code, "Lần nữa", actor_id=None, now=NOON)
