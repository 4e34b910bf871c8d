"""Tables of what learners did: the truth row by row, and the sums kept beside it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base, SortKey


class Enrolment(Base):
    """A person in an edition. Caches the completed modules and where the person counts today."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "edition_id"),
        CheckConstraint("origin IN ('membership', 'self')", name="origin_known"),
        # One index per level of the roster: each page is a range of one of them, in Vietnamese order.
        Index("ix_enrolment_nation", "edition_id", "sort_key", "id"),
        Index("ix_enrolment_province", "edition_id", "province_id", "sort_key", "id"),
        Index("ix_enrolment_commune", "edition_id", "commune_id", "sort_key", "id"),
        Index("ix_enrolment_team", "team_id", "edition_id", "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    origin: Mapped[str]
    enrolled_at: Mapped[datetime]
    # Of the person's home membership; empty for one without.
    province_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    sort_key: Mapped[SortKey]  # the person's, copied so that one index serves filter and order
    is_activated: Mapped[bool] = mapped_column(default=False)  # the person has an account
    counts: Mapped[bool] = mapped_column(default=True)  # on the roster: a current home membership
    mask: Mapped[int] = mapped_column(BigInteger, default=0)  # bits of completed modules
    done_count: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None]
    last_active_on: Mapped[date | None]


class ModuleProgress(Base):
    """Where an enrolment stands in a module. The truth that every count is made of."""

    __tablename__ = "module_progress"
    __table_args__ = (
        CheckConstraint("state IN ('learning', 'failed', 'passed', 'done')", name="state_known"),
        CheckConstraint("(state = 'done') = (completed_at IS NOT NULL)", name="completed_when_done"),
        CheckConstraint("best_percent IS NULL OR best_percent BETWEEN 0 AND 100", name="percent_in_range"),
        Index("ix_module_progress_module_id", "module_id", "completed_at"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    # learning: begun; failed: tried and not passed; passed: passed, lessons unread; done: complete.
    state: Mapped[str]
    lessons_read: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    best_percent: Mapped[float | None]
    best_points: Mapped[str | None]  # '9/10', as a roster shows it
    passed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    module_revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))  # last worked on
    recorded_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # of that day
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class LessonRead(Base):
    """That a person said a lesson is read, and on which revision. Shared by the editions."""

    __tablename__ = "lesson_read"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    lesson_revision_id: Mapped[int] = mapped_column(ForeignKey("lesson_revision.id"))
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime]


class CheckAnswer(Base):
    """A question answered within a lesson: not graded, kept for the review. The latest answer stands."""

    __tablename__ = "check_answer"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    check_id: Mapped[str] = mapped_column(primary_key=True)
    question_revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    answer: Mapped[dict[str, Any]]
    share: Mapped[float]
    answered_at: Mapped[datetime]


class StudyPosition(Base):
    """Where a person was last in a course: "Học tiếp" leads there on any device."""

    __tablename__ = "study_position"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    section: Mapped[str] = mapped_column(default="")  # the anchor of the heading being read
    at: Mapped[datetime]


class StudyDay(Base):
    """That a person studied on a day (Vietnam's calendar): the drops of the week."""

    __tablename__ = "study_day"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class Completion(Base):
    """That a course was completed: rule and evidence of that moment. No later edit changes it."""

    __tablename__ = "completion"
    __table_args__ = (
        CheckConstraint("(granted_by IS NULL) = (reason IS NULL)", name="manual_has_a_reason"),
        Index(
            "uq_completion_valid",
            "enrolment_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    completed_at: Mapped[datetime]
    rule: Mapped[dict[str, Any]]
    evidence: Mapped[dict[str, Any]]  # module slug → {revision, percent, completed_at}
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
    undone_at: Mapped[datetime | None]


class CommuneRollup(Base):
    """Sums over the enrolments that count in a commune, for one edition. Kept in every transaction."""

    __tablename__ = "commune_rollup"
    __table_args__ = (Index("ix_commune_rollup_edition_id", "edition_id", "province_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    teams: Mapped[int] = mapped_column(default=0)  # teams with somebody who counts
    enrolled: Mapped[int] = mapped_column(default=0)
    activated: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)


class ModuleRollup(Base):
    """The same per module: how many of a commune's enrolments stand in each state."""

    __tablename__ = "module_rollup"
    # With what the nation's roster adds up, which so is read from the index alone.
    __table_args__ = (Index("ix_module_rollup_edition_id", "edition_id", "province_id", "module_id", "done"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    learning: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
