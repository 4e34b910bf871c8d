"""The demo province behind a real server, with what a site meets only as the years pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, abort
from sqlalchemy import select, update

from config import settings_from
from lms.app import create_app
from lms.certificates.actions import correct_certificate, revoke_certificate
from lms.certificates.models import Certificate
from lms.certificates.queries import certificates_of
from lms.cli.serve import prepare
from lms.demo.cast import DONE, HALF_WAY, LEADER, OFFICERS, WAITING
from lms.foundation import clock
from lms.foundation.db import db, session, transaction
from lms.foundation.jobs import Job
from lms.people.actions.persons import create_person, create_team, join_team
from lms.people.queries import person_id_by_phone, slip_for
from lms.people.slips import SlipKeys
from lms.quiz.models import Attempt, AttemptAnswer, QuestionRevision, Regrade, RegradedAttempt
from lms.units.queries import unit_by_key
from lms.web.access import public
from tests.browser.serving import serving
from tests.conftest import ROOT, forget_what_ids_meant

LONG_NAME = "Hoàng Phủ Ngọc Tường Vi Khánh"
LONG_TITLE = "Tổ công nghệ số cộng đồng liên thôn Đông Hải – Lương Cụ Bắc"


@dataclass(frozen=True)
class Showcase:
    """A running site with a certificate and a job in every state; `/fails/<status>` fails so."""

    app: Flask
    address: str
    certificates: dict[str, str]  # codes by how they stand
    jobs: dict[str, int]  # the administrator's, by state
    slip_token: str  # of somebody who has not come in


@public
def fails(status: int) -> None:
    """A page on which something went wrong."""
    abort(status)


@contextmanager
def showcase(folder: Path) -> Iterator[Showcase]:
    """Make it in an empty folder; it runs for as long as the block lasts."""
    wanted = {
        "LMS_ENV": "development",
        "LMS_DATA": str(folder),
        "LMS_LOG_LEVEL": "ERROR",
        "LMS_SHORT_READING": "yes",
    }
    app = create_app(settings_from(wanted, ROOT))
    app.add_url_rule("/fails/<int:status>", view_func=fails)
    with app.app_context():
        prepare(app.extensions["settings"])
        now = clock.now()
        with transaction():
            _found_team_of_long_names(now)
            codes, jobs = _certificates(now), _jobs(now)
            _keep_a_pass(now)
        token = _slip_token(app.extensions["settings"].secret_key)
        session.remove()
        try:
            with serving(app) as address:
                yield Showcase(app, address, codes, jobs, token)
        finally:
            db.engine.dispose()
            forget_what_ids_meant()


def _found_team_of_long_names(now: datetime) -> None:
    commune = unit_by_key("12586", clock.local_date(now))
    team_id = create_team(commune.id, LONG_TITLE, actor_id=None, now=now)
    for name in (LONG_NAME, "Ngô Thị Ngọc Ẩn", "Nguyễn Lễ Ẫm"):
        join_team(create_person(name, actor_id=None, now=now), team_id, actor_id=None, now=now)


def _certificates(now: datetime) -> dict[str, str]:
    old, taken_back, over = (certificates_of(_known(one.phone))[0].code for one in (DONE, LEADER, HALF_WAY))
    valid = correct_certificate(old, LONG_NAME, "Sai họ tên", actor_id=None, now=now)
    revoke_certificate(taken_back, "Cấp nhầm người", actor_id=None, now=now)
    yesterday = clock.local_date(now) - timedelta(days=1)
    session.execute(update(Certificate).where(Certificate.code == over).values(expires_on=yesterday))
    return {"valid": valid, "corrected": old, "revoked": taken_back, "expired": over}


def _jobs(now: datetime) -> dict[str, int]:
    """As rows only: nobody works on them, so each stays as it is."""
    made = {
        state: Job(
            kind="rosters.export",
            owner_id=_known(OFFICERS[0].phone),
            arguments={"title": "Xuất danh sách toàn quốc (.csv)", "back": "/rosters/vn"},
            state=state,
            progress=progress,
            total=348_362,
            created_at=now,
            finished_at=now if state in ("done", "failed") else None,
        )
        for state, progress in (("waiting", 0), ("running", 124_000), ("done", 348_362), ("failed", 5_000))
    }
    session.add_all(made.values())
    session.flush()
    return {state: job.id for state, job in made.items()}


def _keep_a_pass(now: datetime) -> None:
    """As if a question's key had been mended after DONE had passed the quiz with it."""
    attempt = session.scalars(select(Attempt).where(Attempt.person_id == _known(DONE.phone)).limit(1)).one()
    revision_id, question_id = session.execute(
        select(QuestionRevision.id, QuestionRevision.question_id)
        .join(AttemptAnswer, AttemptAnswer.question_revision_id == QuestionRevision.id)
        .where(AttemptAnswer.attempt_id == attempt.id, AttemptAnswer.position == 1)
    ).one()
    author = _known(OFFICERS[4].phone)
    regrade = Regrade(
        question_id=question_id,
        revision_id=revision_id,
        reason="Đáp án cũ ghi nhầm.",
        ordered_by=author,
        ordered_at=now,
        finished_at=now,
    )
    session.add(regrade)
    session.flush()
    at_first = AttemptAnswer.attempt_id == attempt.id, AttemptAnswer.position == 1
    session.execute(update(AttemptAnswer).where(*at_first).values(regrade_id=regrade.id))
    session.add(
        RegradedAttempt(
            regrade_id=regrade.id,
            attempt_id=attempt.id,
            person_id=attempt.person_id,
            position=1,
            points_before=attempt.points,
            points_after=attempt.points - 1,
            passed_before=True,
            passed_after=True,
            is_pass_kept=True,
        )
    )


def _slip_token(key: str) -> str:
    slip = slip_for(_known(WAITING.phone))
    secret = slip and SlipKeys((key,)).secret_of(slip.nonce, slip.token_hmac)
    assert secret
    return secret.token


def _known(phone: str) -> int:
    person_id = person_id_by_phone(phone)
    assert person_id is not None
    return person_id
