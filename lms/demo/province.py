"""A small province to look around in: three communes, six teams, and an account of every role."""

from datetime import date, datetime, timedelta

from lms.catalogue.outline import CourseOutline
from lms.catalogue.queries import course_outlines
from lms.demo.cast import OFFICERS, OFFICERS_PHRASE, PIN, TEAMS, Member, Officer, Team
from lms.demo.deeds import read_lessons, sit_quiz
from lms.demo.queries import knows_anybody
from lms.foundation import clock
from lms.foundation.errors import Forbidden
from lms.foundation.i18n import N_
from lms.people.actions.accounts import accept_notice, activate_account
from lms.people.actions.grants import grant_role
from lms.people.actions.persons import amend_person, create_person, create_team, join_team
from lms.people.actions.slips import issue_officer_slip, issue_slips
from lms.people.queries import slip_for
from lms.people.secrets import PASSPHRASE, hash_secret
from lms.people.secrets import PIN as PIN_KIND
from lms.people.slips import SlipKeys
from lms.units.queries import unit_by_key

BEGAN = timedelta(days=60)  # ago: when the teams were founded
_PACE = timedelta(days=4)  # a module: twelve of them are done by today


class DemoRefused(Forbidden):
    """Invented people have known secrets."""

    message = N_(
        "Trang thật không nhận người mẫu. Muốn xem thử, chạy một trang riêng với LMS_ENV=development."
    )


def refuse_in_production(is_production: bool) -> None:
    """Raise DemoRefused on a real site."""
    if is_production:
        raise DemoRefused


def make_demo_province(keys: SlipKeys, now: datetime) -> bool:
    """Make it in the caller's transaction, on a site that knows nobody yet; whether it was made."""
    if knows_anybody():
        return False
    phrase_hash, pin_hash = hash_secret(OFFICERS_PHRASE), hash_secret(PIN)
    administrator: int | None = None
    for officer in OFFICERS:
        person_id = _appoint(officer, administrator, keys, phrase_hash, now=now)
        administrator = administrator or person_id
    for number, team in enumerate(TEAMS):
        _found(team, administrator, keys, pin_hash, began=now - BEGAN + timedelta(hours=number), now=now)
    return True


def _appoint(officer: Officer, by: int | None, keys: SlipKeys, phrase_hash: str, *, now: datetime) -> int:
    at = now - BEGAN
    person_id = create_person(officer.name, phone=officer.phone, actor_id=by, now=at)
    today = clock.local_date(now)
    unit_id = unit_by_key(officer.where, today).id if officer.where else None
    grant_role(person_id, officer.grant, unit_id=unit_id, granted_by=by, now=at)
    issue_officer_slip(person_id, keys, issued_by=by, now=at)
    _come_in(person_id, phrase_hash, PASSPHRASE, at)
    return person_id


def _come_in(person_id: int, secret_hash: str, kind: str, at: datetime) -> None:
    slip = slip_for(person_id)
    assert slip is not None  # noqa: S101 (it was issued just now)
    activate_account(slip.id, secret_hash, kind, at)
    accept_notice(person_id, at)


def _found(
    team: Team, by: int | None, keys: SlipKeys, pin_hash: str, *, began: datetime, now: datetime
) -> None:
    unit_id = unit_by_key(team.unit, clock.local_date(now)).id
    title = f"Tổ công nghệ số {team.village}"
    team_id = create_team(unit_id, title, village=team.village, actor_id=by, now=began)
    for place, member in enumerate(team.members):
        birth = (date(member.born, 1, 1), "year")
        person_id = create_person(
            member.name, phone=member.phone or None, birth=birth, sex=member.sex, actor_id=by, now=began
        )
        amend_person(person_id, {"occupation": member.occupation}, reason=None, actor_id=by, now=began)
        join_team(person_id, team_id, role=member.role, actor_id=by, now=began)
        if member.has_come_in:
            at = began + timedelta(days=2 + place)
            issue_slips([person_id], keys, issued_by=by, now=at)
            _come_in(person_id, pin_hash, PIN_KIND, at)
            _study(person_id, member, at)
        else:
            issue_slips([person_id], keys, issued_by=by, now=now)


def _study(person_id: int, member: Member, at: datetime) -> None:
    """First the course that shows how to learn here, then the one of teams, module by module."""
    first, main = _courses()
    if first is not None and first.public_edition and member.phone and (member.done or member.then):
        for module in first.modules_of(first.public_edition.key):
            read_lessons(person_id, first, first.public_edition, module, at)
            sit_quiz(person_id, first.public_edition, module, 1.0, at + timedelta(hours=1))
    if main is None or main.team_edition is None:
        return
    edition, modules = main.team_edition, main.modules_of(main.team_edition.key)
    for number, module in enumerate(modules[: member.done], 1):
        day = at + _PACE * number
        read_lessons(person_id, main, edition, module, day)
        sit_quiz(person_id, edition, module, 0.9, day + timedelta(hours=1))
    if member.then and len(modules) > member.done:
        module, day = modules[member.done], at + _PACE * (member.done + 1)
        read_lessons(person_id, main, edition, module, day, most=99 if member.then == "ready" else 2)
        if member.then in ("failed", "passed"):
            sit_quiz(person_id, edition, module, 0.8 if member.then == "passed" else 0.6, day)


def _courses() -> tuple[CourseOutline | None, CourseOutline | None]:
    """The shortest public course with a certificate, to begin with, and the course assigned to teams."""
    outlines = course_outlines()
    main = next((one for one in outlines if one.team_edition), None)
    public = [
        one for one in outlines if one is not main and one.settings["certificate"] and one.public_edition
    ]
    first = min(public, key=lambda one: sum(len(module.lessons) for module in one.modules), default=None)
    return first, main
