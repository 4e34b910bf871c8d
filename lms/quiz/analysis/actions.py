"""Every change of the item analysis: sums are added to, revisions marked as of one meaning."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update

from lms.foundation.db import lock_against_writers, session
from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.quiz.analysis import queries
from lms.quiz.analysis.counting import Place, Tally, options_to_choose
from lms.quiz.analysis.queries import Mark
from lms.quiz.analysis.sums import VERSION
from lms.quiz.models import QuizTally, SameMeaning, TallyLater, TallyMark
from lms.quiz.question import Question

_AT_ONCE = 500  # ids in one statement


class NotTheSame(Invalid):
    """Answers of the two cannot be told to be the same ones."""

    message = N_(
        "Hai bản của câu hỏi khác kiểu, khác số đáp án hoặc khác đáp án đúng, nên không gộp số liệu được."
    )


@dataclass(frozen=True)
class Stretch:
    """What a counting went through: up to which attempt; still open ones, and those it had waited for."""

    since: Mark | None  # where it began; None: with the first attempt
    upto: int
    later: Sequence[int]
    no_longer: Sequence[int]


def keep_tallies(tallies: Mapping[Place, Tally], stretch: Stretch, nation_id: int, now: datetime) -> bool:
    """Add these sums to the kept ones; False, and nothing is kept, if somebody else counted meanwhile.

    Without a beginning whatever was kept gives way.
    """
    lock_against_writers(TallyMark)
    if queries.mark() != stretch.since and stretch.since is not None:
        return False
    if stretch.since is None:
        for table in (QuizTally, TallyLater, TallyMark):
            session.execute(delete(table))
        session.add(TallyMark(id=1, attempt_id=stretch.upto, version=VERSION, counted_at=now))
    else:
        session.execute(update(TallyMark).values(attempt_id=stretch.upto, counted_at=now))
    by_quiz: defaultdict[int, dict[int, Tally]] = defaultdict(dict)
    for (quiz_id, province_id), tally in tallies.items():
        if province_id is not None:
            by_quiz[quiz_id][province_id] = tally
        nation = by_quiz[quiz_id].setdefault(nation_id, Tally())
        nation.sums.add(tally.sums)
        nation.saw(tally.first_at, tally.last_at)
    for quiz_id, of_units in by_quiz.items():
        _keep(quiz_id, of_units)
    _wait_for(stretch)
    return True


def _keep(quiz_id: int, of_units: Mapping[int, Tally]) -> None:
    rows = {row.unit_id: row for row in queries.tally_rows(quiz_id)}
    for unit_id, tally in of_units.items():
        if tally.first_at is None or tally.last_at is None:
            continue  # Nothing but pairs, which are counted with the country.
        row = rows.get(unit_id)
        if row is None:
            kept = tally.sums.as_json()
            session.add(
                QuizTally(
                    quiz_id=quiz_id,
                    unit_id=unit_id,
                    sums=kept,
                    first_at=tally.first_at,
                    last_at=tally.last_at,
                )
            )
            continue
        sums = queries.sums_of(row)
        sums.add(tally.sums)
        row.sums = sums.as_json()
        row.first_at, row.last_at = min(row.first_at, tally.first_at), max(row.last_at, tally.last_at)
    session.flush()


def _wait_for(stretch: Stretch) -> None:
    for at in range(0, len(stretch.no_longer), _AT_ONCE):
        ids = stretch.no_longer[at : at + _AT_ONCE]
        session.execute(delete(TallyLater).where(TallyLater.attempt_id.in_(ids)))
    if stretch.later:
        session.execute(insert(TallyLater), [{"attempt_id": id_} for id_ in stretch.later])


def mark_same_meaning(
    revision_id: int, questions: Mapping[int, Question], actor_id: int, now: datetime
) -> None:
    """Say that a revision asks the same as the one before it: their answers are counted together.

    `questions` are the two. Raises NotTheSame where their answers do not go together by place.
    """
    before = queries.revision_before(revision_id)
    if before is None or not goes_together(questions[before], questions[revision_id]):
        raise NotTheSame
    session.add(
        SameMeaning(revision_id=revision_id, as_revision_id=before, marked_by=actor_id, marked_at=now)
    )
    session.flush()


def unmark_same_meaning(revision_id: int) -> None:
    """Take that back; what was never said needs no taking back."""
    session.execute(delete(SameMeaning).where(SameMeaning.revision_id == revision_id))


def goes_together(old: Question, new: Question) -> bool:
    """Whether two revisions are of one kind, worth the same, with as many options, the same places right.

    Where options are not simply chosen, the right answer has to be the very same.
    """
    if old.kind != new.kind or old.points != new.points:
        return False
    if not options_to_choose(old):
        return old.model_answer() == new.model_answer()
    return _places(old) == _places(new)


def _places(question: Question) -> list[bool]:
    right = question.model_answer()["chosen"]
    return [option in right for option in question.option_ids]
