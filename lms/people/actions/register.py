"""Rows of a roster held against the register: who is known, whose number is another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.foundation.text import fold
from lms.people.queries import imports as queries
from lms.people.queries.imports import ReadyRow, Registered
from lms.people.roster.rows import SKIP, Understood, compared, outcome_of, understand
from lms.people.rules import title_of_team
from lms.units.queries import UnitView


@dataclass(frozen=True)
class Candidate:
    """A row to be judged: its sheet, its texts by field (None for a row about nobody), the village above."""

    sheet: str
    fields: dict[str, str] | None
    group: str


@dataclass(frozen=True)
class Judged:
    """What became of it; `known` is the person of the register whom it means."""

    row: Understood
    known: Registered | None = None
    team_title: str = ""
    team_key: str = ""  # the title as teams are found by it


@dataclass(frozen=True)
class Register:
    """What the register holds that this file could touch."""

    by_phone: dict[str, Registered]
    by_name: dict[str, list[Registered]]
    teams: dict[str, int]


# What only the register can say of a row that may be written; it is asked again before writing.
_OF_THE_REGISTER = frozenset({"phone.added", "role.kept", "team.also_in_another"})


def judge(candidates: Sequence[Candidate], unit: UnitView, today: date) -> list[Judged]:
    """Every row, understood by itself, beside the other rows, and before the register, in this order."""
    rows = [
        Understood(SKIP) if one.fields is None else understand(one.fields, one.group, unit.name, today)
        for one in candidates
    ]
    return recognise(compared([(one.sheet, row) for one, row in zip(candidates, rows, strict=True)]), unit)


def recognise(rows: Sequence[Understood], unit: UnitView) -> list[Judged]:
    """Rows held against the register as it is now."""
    register = Register(
        queries.registered_by_phone({row.values["phone"] for row in rows if row.values.get("phone")}),
        queries.registered_in(unit.id),
        queries.teams_at(unit.id),
    )
    return [_recognised(row, unit, register) for row in rows]


def before_register(row: ReadyRow) -> Understood:
    """A staged row that may be written, as it was understood before the register was asked."""
    issues = tuple((code, at) for code, at in row.issues if code not in _OF_THE_REGISTER)
    is_confirmed = bool(row.normalised.get("confirmed"))
    return Understood(outcome_of(issues, confirmed=is_confirmed), row.normalised, issues)


def _recognised(row: Understood, unit: UnitView, register: Register) -> Judged:
    if not row.counts:
        return Judged(row)
    title = row.values.get("team") or title_of_team(row.values.get("village") or "", unit.full_name)
    key = " " + fold(title)
    team_id = register.teams.get(key)
    row, known = _found(row, register, team_id)
    if known is not None:
        row = _beside(row, known, team_id)
    return Judged(row, known, title, key)


def _found(row: Understood, register: Register, team_id: int | None) -> tuple[Understood, Registered | None]:
    """Who it is: by number and name; else, in the same team, by name and what is known of the birth."""
    values = row.values
    folded = " " + fold(values["full_name"])
    owner = register.by_phone.get(values.get("phone") or "")
    if owner is not None:
        if owner.folded == folded:
            return row, owner
        return row.with_issue("phone.shared_with_other_person", "phone"), None
    alike = [
        one
        for one in register.by_name.get(folded, ())
        if team_id in one.roles and _births_agree(one, values) and not (one.phone and values.get("phone"))
    ]
    if len(alike) > 1:
        return row.with_issue("duplicate.several_alike", "name"), None
    if not alike:
        return row, None
    if values.get("phone"):
        row = row.with_issue("phone.added", "phone")
    return row, alike[0]


def _births_agree(one: Registered, values: dict[str, Any]) -> bool:
    """Equal as far as both are known."""
    if one.birth is None or not values.get("birth"):
        return True
    born = date.fromisoformat(values["birth"])
    precisions = {one.birth_precision, values.get("birth_precision")}
    if "year" in precisions:
        return one.birth.year == born.year
    if "month" in precisions:
        return (one.birth.year, one.birth.month) == (born.year, born.month)
    return one.birth == born


def _beside(row: Understood, known: Registered, team_id: int | None) -> Understood:
    """What the register keeps against the roster: another role, another home team."""
    if team_id is not None and team_id in known.roles:
        return row if known.roles[team_id] == row.values["role"] else row.with_issue("role.kept", "role")
    return row.with_issue("team.also_in_another", "team") if known.roles else row
