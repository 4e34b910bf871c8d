"""Factories: plain functions that make a true record, with only what matters spelled out."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.catalogue.actions import publish_course
from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation import codes
from lms.foundation.db import session, transaction
from lms.foundation.text import collate, collate_words, fold
from lms.people.models import Account, Grant, Membership, NoticeAcceptance, Person, Team
from lms.people.notice import NOTICE_VERSION
from lms.people.throttle import Limit
from lms.units.models import UnitVersion
from tests.courses import small_course, write
from tests.times import NOON

HUNG_HA = "12586"  # Xã Hưng Hà, tỉnh Hưng Yên
HUNG_YEN = "33"
PIN = "246813"
# Argon2id of PIN at the least cost: a test signs in without waiting. Made by
# PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN).
PIN_HASH = "$argon2id$v=19$m=8,t=1,p=1$7iJ4JOCaLxdD92vRbt8jtQ$KZ5RpFduK93NDIwCKAEyLSdddzcF+EoxCEtbIrRiLC0"
_numbers = count(1)


def unit_id(code: str = HUNG_HA) -> int:
    """A unit of today's scheme, by its code."""
    return session.scalars(
        select(UnitVersion.unit_id).where(
            UnitVersion.code == code, UnitVersion.scheme == "2-tier", UnitVersion.valid_to.is_(None)
        )
    ).one()


def person(full_name: str = "Nguyễn Thị Hạnh", *, phone: str | None = None, **fields: object) -> Person:
    made = Person(
        full_name=full_name,
        folded=" " + fold(full_name),
        sort_key=collate(full_name),
        member_code=codes.new_member_code(),
        phone=phone,
        created_at=NOON,
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def account(owner: Person, *, secret_hash: str = PIN_HASH, kind: str = "pin", at: datetime = NOON) -> Account:
    """An account in use, its notice accepted; that of somebody with a grant is kept by a passphrase."""
    if session.scalar(select(Grant.id).where(Grant.person_id == owner.id).limit(1)):
        kind = "passphrase"
    made = Account(person_id=owner.id, secret_hash=secret_hash, secret_kind=kind, activated_at=at)
    session.add(made)
    session.add(
        NoticeAcceptance(person_id=owner.id, version=NOTICE_VERSION, text_hash="of a test", accepted_at=at)
    )
    session.flush()
    return made


def team(title: str = "Tổ công nghệ số thôn Đông Hải", *, unit: str = HUNG_HA) -> Team:
    made = Team(
        unit_id=unit_id(unit),
        title=title,
        folded=" " + fold(title),
        sort_key=collate_words(title),
        founded_on=date(2025, 8, 1),
    )
    session.add(made)
    session.flush()
    return made


def member(
    of: Team, full_name: str = "Nguyễn Thị Hạnh", *, role: str = "member", phone: str | None = None
) -> Person:
    """A person whose home team this is."""
    made = person(full_name, phone=phone or f"+8491{next(_numbers):07d}")
    session.add(
        Membership(
            person_id=made.id,
            team_id=of.id,
            role=role,
            started_on=date(2025, 8, 1),
            recorded_unit_id=of.unit_id,
        )
    )
    session.flush()
    return made


def grant(to: Person, role: str, *, unit: str | None = None, course: str | None = None) -> Grant:
    """A right that may be used at once: an account there already is kept by a passphrase from now on."""
    place = unit_id(unit) if unit else None
    made = Grant(person_id=to.id, role=role, unit_id=place, course_slug=course, granted_at=NOON)
    session.add(made)
    session.execute(update(Account).where(Account.person_id == to.id).values(secret_kind="passphrase"))
    session.flush()
    return made


def quiz(
    *,
    questions: int = 5,
    settings: dict[str, object] | None = None,
    stem: str = "Câu số {n}?",
    explanation: str = "Vì sao câu {n}",
    editions: tuple[str, ...] = (),
    mistaken: Collection[int] = (),
    quiz_id: int | None = None,
    at: datetime = NOON,
) -> int:
    """A published quiz of single-choice questions `q1`… whose right answer is "Đúng n"; returns its id.

    The author has marked "Sai n" as right in the `mistaken` ones. With `quiz_id` that quiz is published anew.
    """
    from lms.foundation.markdown import Prose
    from lms.quiz.choice import Option
    from lms.quiz.publishing import publish_quiz
    from lms.quiz.types.single import Single

    asked = [
        Single(
            id=f"q{n}",
            stem=Prose.plain(stem.format(n=n)),
            options=(
                Option(f"Đúng {n}", right=n not in mistaken, feedback=Prose.plain(f"Khen câu {n}")),
                Option(f"Sai {n}", right=n in mistaken, feedback=Prose.plain(f"Sửa câu {n}")),
                Option(f"Khác {n}", right=False),
            ),
            explanation=Prose.plain(explanation.format(n=n)),
            level=("easy", "medium", "hard")[n % 3],
            editions=editions,
        )
        for n in range(1, questions + 1)
    ]
    plain = {"draw": {}, "pass": 80, "minutes": 0, "attempts": 0, "wait": 0}
    plain |= {"shuffle": "both", "show": "after-attempt"}
    quiz_id, _ = publish_quiz(quiz_id, [(one, ()) for one in asked], plain | (settings or {}), at)
    return quiz_id


def limit(failures: int, *, minutes: int) -> Limit:
    """A throttle that a test reaches."""
    return Limit(failures, timedelta(minutes=minutes))


def signed_in(client: FlaskClient, person_id: int) -> None:
    """Let the client be this person, who gets an account if there is none."""
    held = session.get(Account, person_id) or account(session.get_one(Person, person_id))
    session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = f"{person_id}:{held.epoch}"
        cookie["_fresh"] = True


def course(root: Path, changes: dict[str, str] | None = None, *, at: datetime = NOON) -> CourseOutline:
    """The course of tests.courses, written below `root` with these changes to its files, and published."""
    folder = write(small_course(root), changes or {})
    found, problems = read_course(folder)
    assert problems == []
    assert found is not None
    with transaction():
        publish_course(found, Shelf(root / "shelf"), at)
    return course_outline("khoa-thu")
