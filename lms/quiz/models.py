"""Tables of the quiz engine: immutable question revisions, papers, steps. No course in sight."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Base

# No answer is NULL, not the JSON word for it: statistics count by it.
NoneIsNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Quiz(Base):
    """A bank of questions with settings; its identity outlives every edit."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("quiz_revision.id", use_alter=True)
    )  # what a new attempt gets


class QuizRevision(Base):
    """Settings and the list of question revisions as published at one moment. Never edited."""

    __tablename__ = "quiz_revision"
    __table_args__ = (UniqueConstraint("quiz_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    hash: Mapped[str]
    settings: Mapped[dict[str, Any]]  # draw, pass, minutes, attempts, wait, shuffle, show
    entries: Mapped[list[Any]]  # [{revision, level, objective, editions, fixed}] in the order of the file
    published_at: Mapped[datetime]


class Question(Base):
    """A question's identity: its id in the bank, for ever."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("quiz_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    slug: Mapped[str]


class QuestionRevision(Base):
    """What a question was when somebody was asked it. Stem, answers, key and points are never edited.

    What else belongs to it (hints, feedback, explanation, addresses of pictures) may be mended.
    """

    __tablename__ = "question_revision"
    __table_args__ = (UniqueConstraint("question_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    hash: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]  # Question.to_body()
    published_at: Mapped[datetime]
    edited_at: Mapped[datetime]  # when the body last changed: what was kept of an older one is read anew


class Attempt(Base):
    """One sitting: the paper it was given and, when closed, its result."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "quiz_id", "variant", "number"),
        CheckConstraint("(closed_at IS NULL) = (percent IS NULL)", name="scored_when_closed"),
        Index(
            "uq_attempt_open",
            "person_id",
            "quiz_id",
            "variant",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_attempt_quiz_id", "quiz_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    quiz_revision_id: Mapped[int] = mapped_column(ForeignKey("quiz_revision.id"))
    variant: Mapped[str]  # which questions may be drawn; the door says it (an edition's key)
    number: Mapped[int]  # 1, 2, 3 … per person, quiz and variant
    seed: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # where the quiz has a time limit
    closed_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=1)  # the last step's number: a tab that saw less is stale
    points: Mapped[float | None]
    possible: Mapped[float]
    percent: Mapped[float | None]
    passed: Mapped[bool | None]


class AttemptAnswer(Base):
    """One question of the paper, in its place, with the last answer: the row statistics read."""

    __tablename__ = "attempt_answer"
    __table_args__ = (
        Index("ix_attempt_answer_question_revision_id", "question_revision_id"),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", name="share_is_a_share"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # 1-based
    question_revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    options: Mapped[list[Any]]  # the order in which this paper shows the options
    answer: Mapped[dict[str, Any] | None] = mapped_column(NoneIsNull)
    unsure: Mapped[bool] = mapped_column(default=False)
    share: Mapped[float | None]  # of the question's points, once graded
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey("regrade.id"))  # whose key counts instead


class AttemptStep(Base):
    """What happened, appended and never edited: started, saved, submitted, graded, expired, regraded."""

    __tablename__ = "attempt_step"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('started', 'saved', 'submitted', 'expired', 'graded', 'regraded')", name="kind_known"
        ),
        UniqueConstraint("attempt_id", "client_key"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    position: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(NoneIsNull)  # NULL in a save: taken back
    reason: Mapped[str | None]
    client_key: Mapped[str | None]  # the browser's name for a save; NULL of a page without script
    at: Mapped[datetime]


class Regrade(Base):
    """That answers to a question count by another key than that of the revision that was asked."""

    __tablename__ = "regrade"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_revision.id")
    )  # whose key counts; NULL: the question was faulty, everybody earns its points
    reason: Mapped[str]
    ordered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ordered_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RegradedAttempt(Base):
    """A closed attempt whose result a regrade changed: before and after, and whether its learner saw it."""

    __tablename__ = "regraded_attempt"
    __table_args__ = (Index("ix_regraded_attempt_person_id", "person_id", "seen_at"),)

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]  # of the question in the paper
    points_before: Mapped[float]
    points_after: Mapped[float]
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]
    is_pass_kept: Mapped[bool]  # passed, although the points are now too few
    withdrawn_reason: Mapped[str | None]  # why an officer took that pass back
    seen_at: Mapped[datetime | None]


class QuizExtension(Base):
    """More attempts, more time or no pause for one person at one quiz, and why. What was given adds up."""

    __tablename__ = "quiz_extension"
    __table_args__ = (
        Index("ix_quiz_extension_person_id", "person_id", "quiz_id"),
        CheckConstraint("attempts >= 0 AND minutes >= 0", name="gives"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    attempts: Mapped[int]  # more than the quiz allows
    minutes: Mapped[int]  # more for every attempt that is not closed yet
    skips_wait: Mapped[bool]  # the pause that ran when it was given need not be waited for
    reason: Mapped[str]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]


class QuizTally(Base):
    """What was counted of a quiz's first attempts, among the people of a province or of the nation."""

    __tablename__ = "quiz_tally"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    sums: Mapped[dict[str, Any]]  # analysis.sums: they only grow
    first_at: Mapped[datetime]  # when the first and the last of these attempts were closed
    last_at: Mapped[datetime]


class TallyMark(Base):
    """How far attempts are counted: all up to this one, but for those in `tally_later`. One row."""

    __tablename__ = "tally_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int]
    version: Mapped[int]  # of the sums; those of another one are counted anew
    counted_at: Mapped[datetime]


class TallyLater(Base):
    """A first attempt that was still open when the counting passed it."""

    __tablename__ = "tally_later"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)


class SameMeaning(Base):
    """That an editor says a revision asks the same as another, in mended words: statistics join them."""

    __tablename__ = "same_meaning"
    __table_args__ = (CheckConstraint("revision_id > as_revision_id", name="newer_as_older"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"), primary_key=True)
    as_revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]
