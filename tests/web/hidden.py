"""A commune with everything in it that nobody elsewhere may see, and the words by which a leak is known."""

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import course_outline, quiz_place
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.certificates.queries import certificates_of
from lms.foundation.db import session, transaction
from lms.foundation.jobs import Job
from lms.people.actions.imports import stage_roster
from lms.people.actions.slips import issue_slips
from lms.people.models import Person
from lms.people.phones import masked_phone, spoken_phone
from lms.people.queries import slip_for
from lms.people.slips import SlipKeys
from lms.quiz.actions import start_attempt
from lms.study.actions import mark_read, record_result
from tests import make
from tests.courses import small_course, write
from tests.study.deeds import answer_checks
from tests.times import NOON

COURSE = "khoa-thu"
TEAM = "Tổ công nghệ số thôn Cồn Kín"
LEARNER, WAITING, MANAGER = "Trịnh Thị Ngọc Quyên", "Lò Văn Sáng", "Phạm Thị Nguyệt Ánh"
ROSTER = "STT,Họ và tên,Số điện thoại\n1,Giàng A Phử,0987333444\n2,Hờ Thị Pàng,0987333445\n"
ROSTER_NAMES = ("Giàng A Phử", "Hờ Thị Pàng", "0987333444", "0987 333 444")
FILE_NAME = "danh-sach-con-kin.csv"
EXPORT = "lo-1.csv"


@dataclass(frozen=True)
class Hidden:
    """Ids of real things of one commune, by the name that addresses give them, and what they say."""

    values: dict[str, object] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    learner_id: int = 0
    manager_id: int = 0

    def shown_in(self, text: str) -> list[str]:
        """Which of the hidden words stand in a text; markup's own escapes are read."""
        plain = text.replace("&#39;", "'").replace("\xa0", " ")
        return sorted(word for word in self.words if word in plain)


def hide(app: Flask, folder: Path) -> Hidden:
    """Make the commune: a team, a learner with an attempt and a certificate, a slip, an import, an export."""
    _publish(folder)
    team = make.team(TEAM)
    learner = make.member(team, LEARNER, phone="+84987111222")
    waiting = make.member(team, WAITING, phone="+84987111223")
    manager = make.person(MANAGER, phone="+84987111224")
    make.account(manager)
    make.account(learner)
    make.grant(manager, "manager", unit=make.HUNG_HA)
    session.commit()
    words = {TEAM, FILE_NAME, EXPORT, *ROSTER_NAMES, *_words_of(learner, waiting, manager)}
    token, code = _slip(app, waiting)
    certificate = _certificate(learner.id)
    with transaction():
        batch_id = stage_roster(ROSTER.encode(), FILE_NAME, make.unit_id(), actor_id=manager.id, now=NOON)
    values = {
        "person_id": waiting.id,
        "team_id": team.id,
        "batch_id": batch_id,
        "job_id": _export(app, manager.id),
        "attempt_id": _attempt(learner.id),
        "code": certificate,
        "token": token,
        "key": make.HUNG_HA,
        "form": "csv",
        "course": COURSE,
        "module": "dau",
        "lesson": "mot",
        "month": "2026-11",
        "check_id": "hoi-nhanh",
        "slug": "mot-cong-mot",
        "name": "hinh.svg",
    }
    return Hidden(values, words | {token, code, certificate}, learner.id, manager.id)


def _publish(folder: Path) -> None:
    calendar = {"calendar.md": "| Tháng | Chuyên đề |\n| --- | --- |\n| 2026-11 | cuoi |\n"}
    course, problems = read_course(write(small_course(folder), calendar))
    assert problems == []
    with transaction():
        publish_course(course, Shelf(folder / "media"), NOON)


def _words_of(*people: Person) -> set[str]:
    return {
        word
        for one in people
        for word in (
            one.full_name,
            one.member_code,
            one.phone,
            "0" + one.phone.removeprefix("+84"),
            spoken_phone(one.phone),
            masked_phone(one.phone),
        )
    }


def _slip(app: Flask, owner: Person) -> tuple[str, str]:
    keys = SlipKeys((app.config["SECRET_KEY"],))
    with transaction():
        issue_slips([owner.id], keys, issued_by=None, now=NOON)
    slip = slip_for(owner.id)
    secret = keys.secret_of(slip.nonce, slip.token_hmac)
    return secret.token, secret.spoken_code


def _certificate(person_id: int) -> str:
    """The code of what completing the course earned."""
    course = course_outline(COURSE)
    edition = course.team_edition
    with transaction():
        for module in course.modules:
            for lesson in module.lessons:
                answer_checks(person_id, lesson)
                mark_read(
                    person_id, course, edition, lesson=lesson, opened_at=NOON, now=NOON, is_hurried=True
                )
            record_result(
                person_id, course, edition, module, percent=90, points="9/10", is_passed=True, now=NOON
            )
    return certificates_of(person_id)[0].code


def _attempt(person_id: int) -> int:
    with transaction():
        return start_attempt(person_id, quiz_place(COURSE, "dau").quiz_id, "member", NOON)


def _export(app: Flask, owner_id: int) -> int:
    folder = app.extensions["settings"].data_folder / "exports"
    folder.mkdir(exist_ok=True)
    (folder / EXPORT).write_text(f"Họ tên\n{LEARNER}\n")
    with transaction():
        job = Job(
            kind="rosters.export",
            owner_id=owner_id,
            arguments={},
            state="done",
            result={"file": EXPORT, "rows": 1},
            created_at=NOON,
            finished_at=NOON,
        )
        session.add(job)
        session.flush()
        return job.id


def neighbours() -> dict[str, int]:
    """People with every right there is, next door and far away: person ids by what they are."""
    next_door, away = make.team("Tổ công nghệ số thôn Bên Cạnh"), make.team("Tổ nơi xa", unit="04252")
    people = {
        "learner elsewhere": make.member(away, "Người Xa Một"),
        "learner next door": make.member(next_door, "Người Gần Một"),
        "leader of another team": make.member(next_door, "Người Gần Hai", role="leader"),
        "officer of another commune": make.person("Cán Bộ Xã Khác"),
        "officer of another province": make.person("Cán Bộ Tỉnh Khác"),
        "instructor of another course": make.person("Người Soạn Bài"),
    }
    make.grant(people["officer of another commune"], "manager", unit="12595")
    make.grant(people["officer of another province"], "manager", unit="04")
    make.grant(people["instructor of another course"], "instructor", course="khoa-khac")
    session.commit()
    return {who: person.id for who, person in people.items()}
