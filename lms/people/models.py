"""Tables of persons, what they belong to, what they may do and how they come in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base, SortKey


class Person(Base):
    """A human being. Known by a surrogate id; name, phone and unit may change."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("birth_precision IN ('day', 'month', 'year')", name="birth_precision_known"),
        CheckConstraint("(birth IS NULL) = (birth_precision IS NULL)", name="birth_has_precision"),
        CheckConstraint("sex IN ('female', 'male')", name="sex_known"),
        Index("ix_person_sort_key", "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    folded: Mapped[str]  # ' ' + text.fold(full_name): a prefix of any word is found by ' ' + query.
    sort_key: Mapped[SortKey]  # text.collate(full_name)
    member_code: Mapped[str] = mapped_column(unique=True)  # TV-XXXX-XXXX
    phone: Mapped[str | None] = mapped_column(unique=True)  # E.164; the one this person signs in with
    contact_phone: Mapped[str | None]  # a second number or a landline: never a login
    birth: Mapped[date | None]  # the first day of what is known; read it with birth_precision
    birth_precision: Mapped[str | None]
    sex: Mapped[str | None]
    occupation: Mapped[str | None]  # job or mass organisation, as the roster says
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # rises with every change a page could show (ETag)


class Account(Base):
    """How a person comes in. Exists from the first activation on."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("secret_kind IN ('pin', 'passphrase')", name="secret_kind_known"),
        CheckConstraint("text_size BETWEEN 0 AND 3", name="text_size_known"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_hash: Mapped[str]  # Argon2id
    secret_kind: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=1)  # rises to end every session of the account
    locale: Mapped[str] = mapped_column(default="vi")
    text_size: Mapped[int] = mapped_column(default=0)
    activated_at: Mapped[datetime]
    last_seen_on: Mapped[date | None]


class NoticeAcceptance(Base):
    """That a person was told what is stored and why: which version, which words, when."""

    __tablename__ = "notice_acceptance"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[str]
    text_hash: Mapped[str]
    accepted_at: Mapped[datetime]


class Team(Base):
    """A community digital technology team, at a commune, with its own title."""

    __tablename__ = "team"
    __table_args__ = (Index("ix_team_unit_id", "unit_id", "sort_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # as recorded
    successor_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # chosen, if unit was split
    title: Mapped[str]
    village: Mapped[str | None]
    folded: Mapped[str]
    sort_key: Mapped[SortKey]
    founded_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]


class Membership(Base):
    """A person in a team, from a day to a day, with a role. History is added to, never rewritten."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role IN ('leader', 'deputy', 'secretary', 'member')", name="role_known"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        Index(
            "uq_membership_current",
            "person_id",
            "team_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(
            "uq_membership_home",
            "person_id",
            unique=True,
            sqlite_where=text("is_home AND ended_on IS NULL"),
            postgresql_where=text("is_home AND ended_on IS NULL"),
        ),
        Index("ix_membership_team_id", "team_id", "ended_on"),
        Index("ix_membership_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(default="member")
    is_home: Mapped[bool] = mapped_column(default=True)  # the team whose roster counts the person
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the unit of that day
    recorded_unit_text: Mapped[str | None]  # as it was printed in the roster
    successor_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # chosen after a split
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Grant(Base):
    """A right beyond learning: at a unit, on a course, or on the site."""

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('viewer', 'manager', 'instructor', 'reviewer', 'administrator')", name="role_known"
        ),
        CheckConstraint(
            "(role IN ('viewer', 'manager')) = (unit_id IS NOT NULL)", name="officers_have_a_unit"
        ),
        Index("ix_access_grant_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]  # viewer and manager: an officer who may look, or also change
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    course_slug: Mapped[str | None]  # instructor, reviewer: one course; empty means all
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class Slip(Base):
    """An activation slip. Its token and code are never stored: only their keyed hashes.

    Both are derived from `nonce` and the site's secret, so that a sheet can be printed again
    while the slip is valid, and a stolen database opens no account.
    """

    __tablename__ = "slip"
    __table_args__ = (
        Index(
            "uq_slip_open",
            "person_id",
            unique=True,
            sqlite_where=text("used_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    nonce: Mapped[str]
    token_hmac: Mapped[str] = mapped_column(unique=True)
    code_hmac: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_officer: Mapped[bool]  # issued from above: the only kind that opens an account holding a grant
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInThrottle(Base):
    """Failures in the present window, per account or for the whole site; never per address."""

    __tablename__ = "sign_in_throttle"
    __table_args__ = (Index("ix_sign_in_throttle_window_start", "window_start"),)

    key: Mapped[str] = mapped_column(primary_key=True)  # whom it holds back (people.throttle)
    window_start: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)


class ImportBatch(Base):
    """A roster file on its way in: kept until it is committed or thrown away."""

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint("state IN ('staged', 'committed', 'discarded')", name="state_known"),
        Index("ix_import_batch_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # whose roster the officer says it is
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    layout: Mapped[dict[str, Any]]  # sheets, header rows and columns as read or corrected
    state: Mapped[str] = mapped_column(default="staged")
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    committed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]  # once committed: how many persons, memberships, teams were new


class ImportRow(Base):
    """One row of the file: raw cells as they stood, what was understood, and what became of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "sheet", "row"),
        CheckConstraint("outcome IN ('accept', 'warn', 'review', 'reject', 'skip')", name="outcome_known"),
        Index("ix_import_row_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    sheet: Mapped[str]
    row: Mapped[int]  # 1-based, as the spreadsheet shows it
    cells: Mapped[list[Any]]
    mended: Mapped[dict[str, Any]]  # field → text typed by the officer in place of the cell
    outcome: Mapped[str]
    normalised: Mapped[dict[str, Any]]
    issues: Mapped[list[Any]]  # [{code, field, detail}]
    left_out: Mapped[bool] = mapped_column(default=False)  # the officer unticked the row
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # known before, or made of the row
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
