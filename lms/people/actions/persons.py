"""Persons and teams: written down, named, joined and left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from lms.foundation import audit, codes
from lms.foundation.clock import local_date
from lms.foundation.db import session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.foundation.text import clean, collate, collate_words, fold
from lms.people.events import PersonJoinedTeam, PersonLeftTeam, PersonMoved, PersonRenamed
from lms.people.models import Membership, Person, Team
from lms.people.queries import (
    current_memberships,
    person_id_by_phone,
    person_of,
    team_of,
    used_member_codes,
)
from lms.people.rules import TITLE_MOST, checked_name


class PhoneTaken(Conflict):
    """One phone, one login."""

    message = N_("Số điện thoại này đã là của một người khác trong sổ.")


class AlreadyMember(Conflict):
    """One current membership a team."""

    message = N_("Người này đang là thành viên của tổ.")


class NotAMember(Conflict):
    """Nothing to end."""

    message = N_("Người này không còn là thành viên của tổ.")


class BadTitle(Invalid):
    """A team needs a name of its own."""

    message = N_("Tên tổ cần có chữ, và không dài quá 200 ký tự.")


def create_person(
    full_name: str,
    *,
    phone: str | None = None,
    birth: tuple[date, str] | None = None,
    sex: str | None = None,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Write a person down; `phone` in E.164, `birth` with its precision. Raises BadName, PhoneTaken."""
    if phone is not None and person_id_by_phone(phone) is not None:
        raise PhoneTaken
    values = person_values(checked_name(full_name), now) | {
        "member_code": new_member_codes(1)[0],
        "phone": phone,
        "birth": birth[0] if birth else None,
        "birth_precision": birth[1] if birth else None,
        "sex": sex,
    }
    person_id = session.scalars(insert(Person).returning(Person.id), [values]).one()
    audit.record(
        "create_person",
        ("person", person_id),
        actor_id=actor_id,
        at=now,
        changes={"full_name": (None, values["full_name"]), "phone": (None, phone)},
    )
    return person_id


def person_values(full_name: str, now: datetime) -> dict[str, Any]:
    """The columns that follow from a cleaned name."""
    return {
        "full_name": full_name,
        "folded": " " + fold(full_name),
        "sort_key": collate(full_name),
        "created_at": now,
    }


def new_member_codes(count: int) -> list[str]:
    """So many member codes that nobody has."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {codes.new_member_code() for _ in range(count - len(free))}
        free |= drawn - used_member_codes(drawn)
    return [*free]


def amend_person(
    person_id: int, values: dict[str, Any], *, reason: str | None, actor_id: int | None, now: datetime
) -> None:
    """Correct what is written about a person; `values` holds columns of Person, a name as it was typed.

    Sessions and teams stay as they are. Raises BadName, PhoneTaken, NoSuchPerson.
    """
    before = person_of(person_id)
    if "full_name" in values:
        values = values | person_values(checked_name(values["full_name"]), before.created_at)
    changed = {key: value for key, value in values.items() if value != getattr(before, key, value)}
    if not changed:
        return
    if changed.get("phone") is not None and person_id_by_phone(changed["phone"]) is not None:
        raise PhoneTaken
    session.execute(
        update(Person).where(Person.id == person_id).values(values | {"version": Person.version + 1})
    )
    audit.record(
        "amend_person",
        ("person", person_id),
        actor_id=actor_id,
        at=now,
        changes={key: (getattr(before, key), value) for key, value in changed.items()},
        reason=reason,
    )
    if "full_name" in changed:
        announce(PersonRenamed(person_id, values["full_name"], now))


def create_team(
    unit_id: int, title: str, *, village: str | None = None, actor_id: int | None, now: datetime
) -> int:
    """Found a team at a unit under its own title. Raises BadTitle."""
    values = team_values(unit_id, title, village, now)
    team_id = session.scalars(insert(Team).returning(Team.id), [values]).one()
    audit.record(
        "create_team",
        ("team", team_id),
        actor_id=actor_id,
        at=now,
        changes={"title": (None, values["title"])},
    )
    return team_id


def team_values(unit_id: int, title: str, village: str | None, now: datetime) -> dict[str, Any]:
    """The columns of a new team. Raises BadTitle."""
    title = clean(title)
    if not title or len(title) > TITLE_MOST:
        raise BadTitle
    return {
        "unit_id": unit_id,
        "title": title,
        "village": clean(village) if village else None,
        "folded": " " + fold(title),
        "sort_key": collate_words(title),
        "founded_on": local_date(now),
    }


def join_team(
    person_id: int, team_id: int, *, role: str = "member", actor_id: int | None, now: datetime
) -> int:
    """Begin a membership today; the first current one is the home membership. Raises AlreadyMember."""
    current = current_memberships(person_id)
    if any(membership.team_id == team_id for membership in current):
        raise AlreadyMember
    membership = Membership(
        person_id=person_id,
        team_id=team_id,
        role=role,
        is_home=not any(one.is_home for one in current),
        started_on=local_date(now),
        recorded_unit_id=team_of(team_id).unit_id,
    )
    session.add(membership)
    session.flush()
    audit.record(
        "join_team",
        ("person", person_id),
        actor_id=actor_id,
        at=now,
        changes={"team": (None, team_id), "role": (None, role)},
    )
    announce(PersonJoinedTeam(person_id, team_id, now))
    return membership.id


def leave_team(person_id: int, team_id: int, *, actor_id: int | None, now: datetime) -> None:
    """End the membership today; another current one becomes the home. Raises NotAMember."""
    current = current_memberships(person_id)
    ending = next((one for one in current if one.team_id == team_id), None)
    if ending is None:
        raise NotAMember
    session.execute(
        update(Membership).where(Membership.id == ending.id).values(ended_on=local_date(now), is_home=False)
    )
    audit.record(
        "leave_team", ("person", person_id), actor_id=actor_id, at=now, changes={"team": (team_id, None)}
    )
    announce(PersonLeftTeam(person_id, team_id, now))
    if ending.is_home:
        remaining = next((one for one in current if one.id != ending.id), None)
        _settle_home(person_id, remaining.id if remaining else None)
        announce(PersonMoved(person_id, remaining.team_id if remaining else None, now))


def choose_home(person_id: int, team_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let another of the current memberships be the one that rosters count. Raises NotAMember."""
    chosen = next((one for one in current_memberships(person_id) if one.team_id == team_id), None)
    if chosen is None:
        raise NotAMember
    if chosen.is_home:
        return
    _settle_home(person_id, chosen.id)
    audit.record(
        "choose_home", ("person", person_id), actor_id=actor_id, at=now, changes={"home": (None, team_id)}
    )
    announce(PersonMoved(person_id, team_id, now))


def change_role(person_id: int, team_id: int, role: str, *, actor_id: int | None, now: datetime) -> None:
    """Another role in the same team from today on: the present membership ends, a new one begins."""
    present = next((one for one in current_memberships(person_id) if one.team_id == team_id), None)
    if present is None:
        raise NotAMember
    if present.role == role:
        return
    today = local_date(now)
    session.execute(update(Membership).where(Membership.id == present.id).values(ended_on=today))
    session.add(
        Membership(
            person_id=person_id,
            team_id=team_id,
            role=role,
            is_home=present.is_home,
            started_on=today,
            recorded_unit_id=present.recorded_unit_id,
            successor_unit_id=present.successor_unit_id,
        )
    )
    session.flush()
    audit.record(
        "change_role",
        ("person", person_id),
        actor_id=actor_id,
        at=now,
        changes={"role": (present.role, role)},
    )


def _settle_home(person_id: int, membership_id: int | None) -> None:
    """Make one current membership the home; the index allows one at a time."""
    session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.ended_on.is_(None))
        .values(is_home=False)
    )
    if membership_id is not None:
        session.execute(update(Membership).where(Membership.id == membership_id).values(is_home=True))
    session.execute(update(Person).where(Person.id == person_id).values(version=Person.version + 1))
