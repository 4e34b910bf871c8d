"""A million first attempts counted by the item analysis, on SQLite and on PostgreSQL, and what comes after.

`BENCH_ATTEMPTS=100000` makes it shorter. Every paper has ten of twenty questions, drawn for it.
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select, text

from bench.figures import Figure
from bench.site import Site, make_site
from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.people.models import Membership, Person, Team
from lms.quiz.analysis import queries
from lms.quiz.analysis.figures import quiz_figures
from lms.quiz.jobs import submit_analysis
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep, Quiz
from lms.quiz.queries import questions_of
from lms.units.models import Unit, UnitVersion
from tests import make, postgres

ATTEMPTS = int(os.environ.get("BENCH_ATTEMPTS", "1000000"))
QUIZZES, BANK, LENGTH = 12, 20, 10
PEOPLE = 1_000  # who sit all quizzes in one block
BLOCK = QUIZZES * PEOPLE  # attempts
MILLION = 1_000_000
COPIES = (
    """INSERT INTO person (id, full_name, folded, sort_key, member_code, created_at, version)
       SELECT id + :people, full_name, folded, sort_key, member_code || :mark, created_at, version
       FROM person WHERE id BETWEEN :first AND :last""",
    """INSERT INTO membership (person_id, team_id, role, is_home, started_on, recorded_unit_id)
       SELECT person_id + :people, team_id, role, is_home, started_on, recorded_unit_id
       FROM membership WHERE person_id BETWEEN :first AND :last""",
    """INSERT INTO attempt (id, person_id, quiz_id, quiz_revision_id, variant, number, seed,
                            started_at, closed_at, step, points, possible, percent, passed)
       SELECT id + :attempts, person_id + :people, quiz_id, quiz_revision_id, variant, number, seed,
              started_at, closed_at, step, points, possible, percent, passed
       FROM attempt WHERE id BETWEEN :first_attempt AND :last_attempt""",
    """INSERT INTO attempt_answer (attempt_id, position, question_revision_id, options, answer, unsure, share)
       SELECT attempt_id + :attempts, position, question_revision_id, options, answer, unsure, share
       FROM attempt_answer WHERE attempt_id BETWEEN :first_attempt AND :last_attempt""",
    """INSERT INTO attempt_step (attempt_id, number, kind, position, at)
       SELECT attempt_id + :attempts, number, kind, position, at
       FROM attempt_step WHERE attempt_id BETWEEN :first_attempt AND :last_attempt""",
)


def figures(site: Site) -> Iterator[Figure]:
    """The given site is SQLite's; a second one is made on a throwaway PostgreSQL."""
    yield from analysis(site, "SQLite")
    with tempfile.TemporaryDirectory() as folder, postgres.throwaway_cluster() as cluster:
        second = make_site(Path(folder), cluster.create("analysis"))
        yield from analysis(second, "PostgreSQL")
        with second.app.app_context():
            db.engine.dispose()


def analysis(site: Site, database: str) -> Iterator[Figure]:
    """Invent the attempts, count all of them, then a few more; and the figures of one quiz as a page asks."""
    with site.app.app_context():
        country = _Country(Random(1), clock.now() - timedelta(days=1))
        country.grow_to(ATTEMPTS)
        if database == "PostgreSQL":
            session.execute(text("ANALYZE"))
            session.commit()
        before = _memory()
        took, computed = _count()
        counted = session.scalar(select(func.count()).select_from(Attempt)) or 0
        what = f"{database}: a million attempts counted at first, from {counted:,} measured"
        yield Figure(what, took * MILLION / counted, "s", 60)
        yield Figure(
            f"{database}: of which the process itself computed", computed * MILLION / counted, "s CPU"
        )
        yield Figure(f"{database}: memory the counting added to the process", _memory() - before, "MB", 150)
        country.grow_to(counted + BLOCK)
        yield Figure(f"{database}: {BLOCK:,} attempts more, counted on top", _count()[0], "s", 5)
        yield Figure(
            f"{database}: a quiz's figures from its sums", 1000 * _read(country.quiz_ids[0]), "ms", 50
        )


def _count() -> tuple[float, float]:
    """Seconds of one run of the job, which here is done at once: by the clock, and computing."""
    began, computed = time.perf_counter(), time.process_time()
    with transaction():
        submit_analysis(None, clock.now())
    return time.perf_counter() - began, time.process_time() - computed


def _read(quiz_id: int) -> float:
    unit_id = session.scalar(select(Unit.id).where(Unit.level == "nation"))
    began = time.perf_counter()
    tally = queries.tally_of(quiz_id, unit_id or 0)
    assert tally is not None
    assert quiz_figures(tally.sums, dict.fromkeys(tally.sums.items, 1), 80) is not None
    return time.perf_counter() - began


def _memory() -> float:
    """Megabytes that the process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _Country:
    """Writes attempts in blocks: the first made of rows, each other a copy of it by the database itself."""

    def __init__(self, chance: Random, began: datetime) -> None:
        self._chance, self._began = chance, began
        with transaction():
            self.quiz_ids = [
                make.quiz(questions=BANK, settings={"draw": {"": LENGTH}}) for _ in range(QUIZZES)
            ]
            self._people = 1 + (session.scalar(select(func.max(Person.id))) or 0)
            self._attempts = 1 + (session.scalar(select(func.max(Attempt.id))) or 0)
            self._write_people(_teams())
            for place, quiz_id in enumerate(self.quiz_ids):
                self._write_attempts(quiz_id, self._attempts + place * PEOPLE)
        self._blocks = 1

    def grow_to(self, attempts: int) -> None:
        """Add blocks until there are so many attempts at least."""
        while self._blocks * BLOCK < attempts:
            ends = {
                "people": self._blocks * PEOPLE,
                "attempts": self._blocks * BLOCK,
                "mark": f"-{self._blocks}",
                "first": self._people,
                "last": self._people + PEOPLE - 1,
                "first_attempt": self._attempts,
                "last_attempt": self._attempts + BLOCK - 1,
            }
            with transaction():
                for statement in COPIES:
                    session.execute(text(statement), ends)
            self._blocks += 1

    def _write_people(self, teams: Sequence[Team]) -> None:
        people, memberships = [], []
        for place in range(PEOPLE):
            id_, team = self._people + place, teams[place % len(teams)]
            people.append(
                {
                    "id": id_,
                    "full_name": "Người",
                    "folded": " nguoi",
                    "sort_key": "",
                    "member_code": f"B{id_}",
                }
                | {"created_at": self._began}
            )
            memberships.append(
                {"person_id": id_, "team_id": team.id, "recorded_unit_id": team.unit_id}
                | {"started_on": self._began.date()}
            )
        session.execute(insert(Person), people)
        session.execute(insert(Membership), memberships)

    def _write_attempts(self, quiz_id: int, first_id: int) -> None:
        """A sitting of everybody at one quiz."""
        revision_ids, _ = queries.present_settings(quiz_id)
        questions, revision_id = questions_of(revision_ids), session.get_one(Quiz, quiz_id).revision_id
        attempts, answers, steps = [], [], []
        for place in range(PEOPLE):
            id_ = first_id + place
            paper = self._chance.sample(revision_ids, LENGTH)
            shares = self._shares()
            attempts.append(
                {
                    "id": id_,
                    "person_id": self._people + place,
                    "quiz_id": quiz_id,
                    "variant": "all",
                    "seed": 1,
                }
                | {
                    "quiz_revision_id": revision_id,
                    "number": 1,
                    "started_at": self._began,
                    "step": LENGTH + 3,
                }
                | {"closed_at": self._began + timedelta(hours=1), "points": sum(shares), "possible": LENGTH}
                | {"percent": 10 * sum(shares), "passed": sum(shares) >= 8}
            )
            for position, (asked, share) in enumerate(zip(paper, shares, strict=True), 1):
                options = questions[asked].option_ids
                chosen = {"chosen": [options[0] if share else self._chance.choice(options[1:])]}
                answers.append(
                    {"attempt_id": id_, "position": position, "question_revision_id": asked}
                    | {"options": list(options), "answer": chosen, "unsure": False, "share": share}
                )
            steps += self._steps(id_)
        for table, rows in ((Attempt, attempts), (AttemptAnswer, answers), (AttemptStep, steps)):
            session.execute(insert(table), rows)

    def _shares(self) -> list[float]:
        """Who is able is right more often."""
        ability = self._chance.gauss(0.6, 1)
        return [float(ability + self._chance.gauss(0, 1) > 0) for _ in range(LENGTH)]

    def _steps(self, id_: int) -> list[dict[str, object]]:
        at, end = self._began, self._began + timedelta(hours=1)
        steps = [_step(id_, 1, "started", None, at)]
        for position in range(1, LENGTH + 1):
            at += timedelta(seconds=self._chance.lognormvariate(3, 0.5))
            steps.append(_step(id_, 1 + position, "saved", position, at))
        return [
            *steps,
            _step(id_, LENGTH + 2, "submitted", None, end),
            _step(id_, LENGTH + 3, "graded", None, end),
        ]


def _step(attempt_id: int, number: int, kind: str, position: int | None, at: datetime) -> dict[str, object]:
    return {"attempt_id": attempt_id, "number": number, "kind": kind, "position": position, "at": at}


def _teams() -> list[Team]:
    """A team in every fortieth commune of the country."""
    communes = session.scalars(
        select(UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(Unit.level == "commune", UnitVersion.scheme == "2-tier", UnitVersion.valid_to.is_(None))
        .order_by(UnitVersion.unit_id)
    ).all()[::40]
    teams = [Team(unit_id=one, title="Tổ", folded=" to", sort_key="") for one in communes]
    session.add_all(teams)
    session.flush()
    return teams
