"""Publishing questions: identities last, revisions are immutable, a quiz revision names what may be drawn."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lms.foundation.db import session
from lms.quiz import queries
from lms.quiz.models import Question as QuestionRow
from lms.quiz.models import QuestionRevision, Quiz, QuizRevision
from lms.quiz.question import Question

Named = tuple[Question, tuple[str, ...]]
"""A question, and the ids it had before."""


def publish_quiz(
    quiz_id: int | None, questions: Sequence[Named], settings: dict[str, Any] | None, now: datetime
) -> tuple[int, bool]:
    """Make this what a new attempt gets; returns the quiz's id and whether anything is new.

    A new bank is made for `quiz_id` None; `settings` None leaves it without a quiz to take (a draft).
    """
    quiz = session.get_one(Quiz, quiz_id) if quiz_id is not None else Quiz()
    session.add(quiz)
    session.flush()
    revisions = publish_questions(quiz.id, questions, now)
    if settings is None:
        return quiz.id, False
    entries = [
        {
            "revision": revisions[question.id],
            "level": question.level,
            "objective": question.objective,
            "editions": list(question.editions),
            "fixed": question.fixed,
        }
        for question, _ in questions
    ]
    hash_ = _hash([settings, entries])
    revision = queries.quiz_revision(quiz.id, hash_)
    if revision is None:
        revision = QuizRevision(
            quiz_id=quiz.id, hash=hash_, settings=settings, entries=entries, published_at=now
        )
        session.add(revision)
        session.flush()
    is_new = quiz.revision_id != revision.id
    quiz.revision_id = revision.id
    return quiz.id, is_new


def publish_questions(quiz_id: int, questions: Sequence[Named], now: datetime) -> dict[str, int]:
    """Keep these questions in the bank, without asking them in the quiz; id → revision id.

    The same stem, answers, key and points are the same revision: what may differ (hints, feedback,
    explanation, addresses of pictures) is brought up to date in it.
    """
    bank = queries.bank_of(quiz_id)
    return {
        question.id: _revision(_identity(bank, quiz_id, question.id, was), question, now)
        for question, was in questions
    }


def _identity(bank: dict[str, QuestionRow], quiz_id: int, slug: str, was: Sequence[str]) -> QuestionRow:
    row = next((bank[name] for name in (slug, *was) if name in bank), None)
    if row is None:
        row = QuestionRow(quiz_id=quiz_id, slug=slug)
        session.add(row)
    row.slug = slug
    bank[slug] = row
    session.flush()
    return row


def _revision(row: QuestionRow, question: Question, now: datetime) -> int:
    revision = queries.question_revision(row.id, question.revision)
    body = question.to_body()
    if revision is None:
        revision = QuestionRevision(
            question_id=row.id,
            hash=question.revision,
            kind=question.kind,
            body=body,
            published_at=now,
            edited_at=now,
        )
        session.add(revision)
    elif revision.body != body:
        revision.body, revision.edited_at = body, now
    session.flush()
    return revision.id


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
