"""The audit log tells who did what, and lets what it knows of a person be erased."""

from flask import Flask
from sqlalchemy import delete, select

from lms.foundation import audit
from lms.foundation.audit import AuditEntry, AuditValue
from lms.foundation.db import session, transaction
from tests.conftest import every_database
from tests.times import NOON

pytestmark = every_database


def rename() -> None:
    with transaction():
        audit.record(
            "amend_person",
            ("person", 7),
            actor_id=3,
            at=NOON,
            changes={"phone": (None, "+84912345678"), "full_name": ("Nguyễn Văn An", "Nguyễn Văn Ân")},
            reason="theo căn cước",
        )


def test_an_entry_names_who_when_what_and_why(app: Flask):
    rename()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.at, entry.action, entry.reason) == (
        3,
        NOON,
        "amend_person",
        "theo căn cước",
    )
    assert (entry.subject_kind, entry.subject_id) == ("person", 7)


def test_an_entry_names_fields_and_no_value_of_them(app: Flask):
    rename()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.fields == ["full_name", "phone"]
    own = " ".join(str(getattr(entry, column.key)) for column in AuditEntry.__table__.columns)
    assert "Ân" not in own
    assert "912345678" not in own


def test_values_lie_apart_and_nothing_stays_nothing(app: Flask):
    rename()
    values = session.execute(select(AuditValue.field, AuditValue.before, AuditValue.after)).all()
    assert sorted(map(tuple, values)) == [
        ("full_name", "Nguyễn Văn An", "Nguyễn Văn Ân"),
        ("phone", None, "+84912345678"),
    ]


def test_erasing_the_values_leaves_the_deed(app: Flask):
    rename()
    with transaction():
        session.execute(delete(AuditValue))
    assert session.scalars(select(AuditEntry)).one().fields == ["full_name", "phone"]


def test_a_deed_without_changes_is_noted_too(app: Flask):
    with transaction():
        audit.record("show_phone", ("person", 7), actor_id=3, at=NOON)
    assert session.scalars(select(AuditEntry)).one().fields == []
