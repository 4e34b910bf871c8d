"""Item analysis: what is counted of first attempts, how far, and which revisions mean the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import lms.foundation.db

revision = "item_analysis"
down_revision = "first_floors"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "quiz_tally",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "sums", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("first_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.Column("last_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_tally_quiz_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_tally_unit_id")),
        sa.PrimaryKeyConstraint("quiz_id", "unit_id", name=op.f("pk_quiz_tally")),
    )
    op.create_table(
        "tally_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_mark")),
    )
    op.create_table(
        "tally_later",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_tally_later_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_tally_later")),
    )
    op.create_table(
        "same_meaning",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("as_revision_id", sa.Integer(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("revision_id > as_revision_id", name=op.f("ck_same_meaning_newer_as_older")),
        sa.ForeignKeyConstraint(
            ["as_revision_id"], ["question_revision.id"], name=op.f("fk_same_meaning_as_revision_id")
        ),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_same_meaning_marked_by")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revision.id"], name=op.f("fk_same_meaning_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_same_meaning")),
    )


def downgrade():
    for table in ("same_meaning", "tally_later", "tally_mark", "quiz_tally"):
        op.drop_table(table)
