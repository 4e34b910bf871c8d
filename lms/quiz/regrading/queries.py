"""Every SELECT of a regrade: questions that were mended, the attempts it reaches, what it came to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from lms.foundation.db import one_of, rows_of, session
from lms.foundation.errors import NotFound
from lms.foundation.i18n import N_
from lms.quiz.models import (
    Attempt,
    AttemptAnswer,
    QuestionRevision,
    Quiz,
    QuizRevision,
    Regrade,
)
from lms.quiz.models import Question as QuestionRow
from lms.quiz.paper import can_mark, marking_of
from lms.quiz.queries import question_of, questions_of
from lms.quiz.question import Answer, Question
from lms.quiz.regrading.rules import Result, Verdict, verdict
from lms.quiz.rules import Settings

_NOBODYS = -1  # no revision has this number


class NoSuchQuestion(NotFound):
    """The quiz has no question of this name."""

    message = N_("Bài kiểm tra này không có câu hỏi ấy.")


@dataclass(frozen=True)
class AskedQuestion:
    """A question of a quiz: as it is asked today, if it is, and how many answers count by another key."""

    id: int
    slug: str
    number: int  # its place in the bank, 0 for one no longer asked
    revision_id: int | None  # of today
    question: Question  # of today, or as it was last
    revisions: tuple[int, ...]  # all of them, the latest first
    outdated: int  # answers that count by the key of another revision

    @property
    def earlier(self) -> tuple[int, ...]:
        """The revisions that are asked no more."""
        return tuple(one for one in self.revisions if one != self.revision_id)


@dataclass(frozen=True)
class Target:
    """What answers to a question shall count by: the key of a revision, or (None) they earn all points."""

    question_id: int
    revision_id: int | None


class Outdated(NamedTuple):
    """One answer that counts by another key than the target's, and the attempt it was given in."""

    attempt_id: int
    position: int
    revision_id: int
    answer: Answer | None
    share: float | None
    person_id: int
    quiz_id: int
    variant: str
    closed_at: datetime | None
    step: int
    points: float | None
    possible: float
    percent: float | None
    passed: bool | None
    settings: dict[str, Any]


@dataclass(frozen=True)
class Graded:
    """The same, graded by the target; no verdict on an attempt that is still open."""

    row: Outdated
    share: float
    verdict: Verdict | None
    is_markable: bool  # the answer can be graded by the target's key


def asked_questions(quiz_id: int) -> list[AskedQuestion]:
    """Every question the quiz ever asked: today's in the order of the file, then those no longer asked."""
    entries = session.scalar(
        select(QuizRevision.entries).join(Quiz, Quiz.revision_id == QuizRevision.id).where(Quiz.id == quiz_id)
    )
    present = {entry["revision"]: number for number, entry in enumerate(entries or [], 1)}
    revisions: dict[tuple[int, str], list[int]] = {}
    for question_id, slug, revision_id in session.execute(
        select(QuestionRow.id, QuestionRow.slug, QuestionRevision.id)
        .join(QuestionRevision, QuestionRevision.question_id == QuestionRow.id)
        .where(QuestionRow.quiz_id == quiz_id)
        .order_by(QuestionRow.id, QuestionRevision.id.desc())
    ):
        revisions.setdefault((question_id, slug), []).append(revision_id)
    counts = _outdated_counts(revisions.values(), present)
    questions = questions_of([ids[0] for ids in revisions.values()] + list(present))
    lines = [
        _asked(question_id, slug, ids, present, questions, counts)
        for (question_id, slug), ids in revisions.items()
        if any(one in present or counts.get(one) for one in ids)
    ]
    return sorted(lines, key=lambda line: (line.number == 0, line.number, line.id))


def _asked(
    question_id: int,
    slug: str,
    ids: list[int],
    present: dict[int, int],
    questions: dict[int, Question],
    counts: dict[int, int],
) -> AskedQuestion:
    today = next((one for one in ids if one in present), None)
    return AskedQuestion(
        id=question_id,
        slug=slug,
        number=present.get(today, 0) if today is not None else 0,
        revision_id=today,
        question=questions[today if today is not None else ids[0]],
        revisions=tuple(ids),
        outdated=sum(counts.get(one, 0) for one in ids),
    )


def _outdated_counts(revisions: Collection[list[int]], present: dict[int, int]) -> dict[int, int]:
    """How many answers to each revision count by a key that is not today's; given points are no key."""
    mended = [ids for ids in revisions if len(ids) > 1 or ids[0] not in present]
    today = {one: next((other for other in ids if other in present), None) for ids in mended for one in ids}
    by = (AttemptAnswer.question_revision_id, AttemptAnswer.regrade_id, Regrade.revision_id)
    counts: dict[int, int] = {}
    rows = session.execute(
        select(*by, func.count())
        .select_from(AttemptAnswer)
        .outerjoin(Regrade, Regrade.id == AttemptAnswer.regrade_id)
        .where(one_of(AttemptAnswer.question_revision_id, list(today)))
        .group_by(*by)
    )
    for revision_id, regrade_id, mended_id, count in rows:
        standing = mended_id if regrade_id is not None else revision_id
        if standing is not None and standing != today[revision_id]:
            counts[revision_id] = counts.get(revision_id, 0) + count
    return counts


def asked_question(quiz_id: int, slug: str) -> AskedQuestion:
    """One of them by its id in the text. Raises NoSuchQuestion."""
    found = next((one for one in asked_questions(quiz_id) if one.slug == slug), None)
    if found is None:
        raise NoSuchQuestion
    return found


def _counts_otherwise(target: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether an answer counts by another key than the target's, given points by that of nobody."""
    return or_(
        and_(AttemptAnswer.regrade_id.is_(None), AttemptAnswer.question_revision_id != target),
        and_(AttemptAnswer.regrade_id.is_not(None), func.coalesce(Regrade.revision_id, _NOBODYS) != target),
    )


_OUTDATED_IDS = (
    select(AttemptAnswer.attempt_id)
    .join(QuestionRevision, QuestionRevision.id == AttemptAnswer.question_revision_id)
    .outerjoin(Regrade, Regrade.id == AttemptAnswer.regrade_id)
    .where(
        QuestionRevision.question_id == bindparam("question_id"),
        _counts_otherwise(bindparam("target", type_=AttemptAnswer.attempt_id.type)),
    )
    .order_by(AttemptAnswer.attempt_id)
)


def outdated_ids(target: Target) -> list[int]:
    """The attempts in which the question counts by another key than the target's, in order."""
    wanted = _NOBODYS if target.revision_id is None else target.revision_id
    return [id_ for (id_,) in rows_of(_OUTDATED_IDS, question_id=target.question_id, target=wanted)]


def outdated(target: Target, attempt_ids: Collection[int], *, for_change: bool = False) -> list[Outdated]:
    """The question's answer in each of these attempts; `for_change` holds the attempts."""
    found = (
        select(
            AttemptAnswer.attempt_id,
            AttemptAnswer.position,
            AttemptAnswer.question_revision_id,
            AttemptAnswer.answer,
            AttemptAnswer.share,
            Attempt.person_id,
            Attempt.quiz_id,
            Attempt.variant,
            Attempt.closed_at,
            Attempt.step,
            Attempt.points,
            Attempt.possible,
            Attempt.percent,
            Attempt.passed,
            QuizRevision.settings,
        )
        .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
        .join(QuizRevision, QuizRevision.id == Attempt.quiz_revision_id)
        .join(QuestionRevision, QuestionRevision.id == AttemptAnswer.question_revision_id)
        .where(one_of(AttemptAnswer.attempt_id, attempt_ids))
        .where(QuestionRevision.question_id == target.question_id)
        .order_by(AttemptAnswer.attempt_id)
    )
    if for_change:
        found = found.with_for_update(of=Attempt)
    return [Outdated(*row) for row in session.execute(found)]


def graded(target: Target, rows: Sequence[Outdated]) -> list[Graded]:
    """These answers by the target's key. An answer it cannot grade keeps the share it has."""
    known = questions_of({row.revision_id for row in rows})
    mended = question_of(target.revision_id) if target.revision_id is not None else None
    shares = [_share(known[row.revision_id], mended, row) for row in rows]
    moved = [row for row, (share, _) in zip(rows, shares, strict=True) if share != row.share]
    papers = _papers([row.attempt_id for row in moved if row.closed_at is not None])
    return [
        Graded(row, share, _verdict(row, share, known, papers.get(row.attempt_id)), is_markable)
        for row, (share, is_markable) in zip(rows, shares, strict=True)
    ]


def _share(asked: Question, mended: Question | None, row: Outdated) -> tuple[float, bool]:
    if mended is None:
        return 1.0, True
    key = marking_of(asked, mended, row.answer)
    if key is asked and mended.key() != asked.key() and row.share is not None:
        return row.share, False
    return key.grade(row.answer), True


def _verdict(
    row: Outdated, share: float, known: dict[int, Question], others: list[tuple[int, float]] | None
) -> Verdict | None:
    if row.closed_at is None or row.points is None or row.percent is None:
        return None
    before = Result(row.points, row.percent, bool(row.passed))
    if others is None:
        return Verdict(before, before, is_pass_kept=False)
    points = sum(points for position, points in others if position != row.position)
    points += share * known[row.revision_id].points
    return verdict(before, points, row.possible, Settings.of(row.settings).pass_percent)


def _papers(attempt_ids: Collection[int]) -> dict[int, list[tuple[int, float]]]:
    """The points each question of these attempts earned, by position: a sum of rounded sums is not exact."""
    if not attempt_ids:
        return {}
    rows = session.execute(
        select(
            AttemptAnswer.attempt_id,
            AttemptAnswer.position,
            AttemptAnswer.question_revision_id,
            AttemptAnswer.share,
        ).where(one_of(AttemptAnswer.attempt_id, attempt_ids))
    ).all()
    known = questions_of({row.question_revision_id for row in rows})
    papers: dict[int, list[tuple[int, float]]] = {}
    for attempt_id, position, revision_id, share in rows:
        papers.setdefault(attempt_id, []).append((position, (share or 0.0) * known[revision_id].points))
    return papers


def target_of(regrade_id: int) -> tuple[Target, str]:
    """What a regrade wants, and why."""
    row = session.get_one(Regrade, regrade_id)
    return Target(row.question_id, row.revision_id), row.reason


def may_mark(question: AskedQuestion) -> bool:
    """Whether papers that asked an earlier revision can be graded by today's."""
    if question.revision_id is None:
        return False
    known = questions_of(question.revisions)
    return any(can_mark(known[one], known[question.revision_id]) for one in question.earlier)
