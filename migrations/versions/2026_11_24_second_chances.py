"""Second chances: answers graded anew by a mended key, and extensions of a quiz's limits for one person."""

import sqlalchemy as sa
from alembic import op

import lms.foundation.db

revision = "second_chances"
down_revision = "item_analysis"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=False),
        sa.Column("ordered_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.Column("finished_at", lms.foundation.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_regrade_question_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revision.id"], name=op.f("fk_regrade_revision_id")
        ),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_regrade_ordered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    op.create_table(
        "regraded_attempt",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points_before", sa.Double(), nullable=False),
        sa.Column("points_after", sa.Double(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.Column("is_pass_kept", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("seen_at", lms.foundation.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_regraded_attempt_regrade_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regraded_attempt_attempt_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_regraded_attempt_person_id")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regraded_attempt")),
    )
    op.create_index("ix_regraded_attempt_person_id", "regraded_attempt", ["person_id", "seen_at"])
    op.create_table(
        "quiz_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skips_wait", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", lms.foundation.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("attempts >= 0 AND minutes >= 0", name=op.f("ck_quiz_extension_gives")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiz_extension_person_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_extension_quiz_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_quiz_extension_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_extension")),
    )
    op.create_index("ix_quiz_extension_person_id", "quiz_extension", ["person_id", "quiz_id"])
    with op.batch_alter_table("attempt_answer") as table:
        table.add_column(sa.Column("regrade_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_attempt_answer_regrade_id"), "regrade", ["regrade_id"], ["id"])


def downgrade():
    with op.batch_alter_table("attempt_answer") as table:
        table.drop_constraint(op.f("fk_attempt_answer_regrade_id"), type_="foreignkey")
        table.drop_column("regrade_id")
    for table_name in ("quiz_extension", "regraded_attempt", "regrade"):
        op.drop_table(table_name)
