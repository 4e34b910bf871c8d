"""A row understood: what it says of a person, and what becomes of it beside the other rows."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.foundation.text import fold
from lms.people.roster.cells import (
    Reading,
    read_birth,
    read_name,
    read_phones,
    read_role,
    read_sex,
    says_gone,
)
from lms.people.roster.words import CONFIRMABLE, REJECTING, REVIEWED

ACCEPT, WARN, REVIEW, REJECT, SKIP = OUTCOMES = ("accept", "warn", "review", "reject", "skip")
_UNIT_TYPES = ("xa", "phuong", "dac khu", "thi tran", "x", "p", "tt")
_SAYING_THE_SAME = ("full_name", "birth", "phone", "village", "team", "role")


@dataclass(frozen=True)
class Understood:
    """What became of a row so far: outcome, values by field (JSON), issues as (code, field)."""

    outcome: str
    values: dict[str, Any] = field(default_factory=dict)
    issues: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the row is about a person who may be written."""
        return self.outcome not in (SKIP, REJECT)

    def with_issue(self, code: str, at: str) -> "Understood":
        """The row with one more issue, and the outcome that follows."""
        issues = (*self.issues, (code, at))
        return Understood(
            outcome_of(issues, confirmed=bool(self.values.get("confirmed"))), self.values, issues
        )


def understand(fields: dict[str, str], group: str, commune_name: str, today: date) -> Understood:
    """The person a row describes; `commune_name` is the bare name of the commune the roster is of,
    `group` the village named above the row, `fields["confirmed"]` what an officer said yes to.
    """
    reading = Reading()
    read_name(reading, fields.get("name", ""))
    read_birth(reading, fields, today)
    read_sex(reading, fields.get("sex", ""))
    read_role(reading, fields.get("role", ""))
    read_phones(reading, fields.get("phone", ""))
    if fields.get("sex") and reading.values.get("sex"):
        reading.issues = [issue for issue in reading.issues if issue[0] != "gender.both_columns_filled"]
    if code := _commune_issue(fields, commune_name):
        reading.note(code, "commune")
    notes = [str(text) for text in (reading.values.get("note"), fields.get("note")) if text]
    if any(says_gone(note) for note in notes):
        reading.note("person.maybe_left", "note")
    values = reading.values | {
        "organisation": fields.get("organisation") or None,
        "village": fields.get("village") or group or None,
        "team": fields.get("team") or None,
        "note": "; ".join(notes) or None,
        "confirmed": bool(fields.get("confirmed")),
    }
    outcome = outcome_of(reading.issues, confirmed=bool(fields.get("confirmed")))
    return Understood(outcome, _as_json(values), tuple(reading.issues))


def outcome_of(issues: Iterable[tuple[str, str]], *, confirmed: bool = False) -> str:
    """The gravest outcome that any issue asks for; what an officer confirmed is only told."""
    codes = {code for code, _ in issues}
    if codes & REJECTING:
        return REJECT
    if codes & (REVIEWED - CONFIRMABLE if confirmed else REVIEWED):
        return REVIEW
    return WARN if codes else ACCEPT


def compared(rows: Sequence[tuple[str, Understood]]) -> list[Understood]:
    """Rows of a whole file held against those before them; each comes with the name of its sheet."""
    seen = _Seen()
    return [seen.judged(sheet, row) if row.counts else row for sheet, row in rows]


class _Seen:
    """What the rows so far have said."""

    def __init__(self) -> None:
        self.rows: set[tuple[object, ...]] = set()
        self.phones: dict[str, str] = {}
        self.nameless: set[tuple[object, ...]] = set()
        self.names: dict[str, tuple[object, object]] = {}
        self.led: set[str] = set()

    def judged(self, sheet: str, row: Understood) -> Understood:
        said = (sheet, *(row.values.get(name) for name in _SAYING_THE_SAME))
        if said in self.rows:
            return row.with_issue("duplicate.exact_row", "name")
        self.rows.add(said)
        row = self._by_phone(row) if row.values.get("phone") else self._by_name(row)
        return self._as_leader(self._as_namesake(row))

    def _by_phone(self, row: Understood) -> Understood:
        """The first row with a number has it; one that waits for an officer takes it from nobody."""
        phone, name = row.values["phone"], row.values["full_name"]
        owner = self.phones.get(phone)
        if owner is None:
            if row.outcome != REVIEW:
                self.phones[phone] = name
            return row
        if fold(owner) != fold(name):
            return row.with_issue("phone.shared_with_other_person", "phone")
        return row.with_issue(
            "duplicate.same_phone_same_name" if owner == name else "duplicate.same_phone_same_folded_name",
            "phone",
        )

    def _by_name(self, row: Understood) -> Understood:
        person = (fold(row.values["full_name"]), row.values.get("birth"), _team(row))
        if person in self.nameless:
            return row.with_issue("duplicate.same_person", "name")
        self.nameless.add(person)
        return row

    def _as_namesake(self, row: Understood) -> Understood:
        about = (row.values.get("phone"), row.values.get("birth"))
        is_another = self.names.setdefault(row.values["full_name"], about) != about
        if not is_another or row.outcome == REVIEW:
            return row
        return row.with_issue("duplicate.same_name_different_person", "name")

    def _as_leader(self, row: Understood) -> Understood:
        if row.values.get("role") != "leader":
            return row
        if _team(row) in self.led:
            return row.with_issue("role.second_leader_in_team", "role")
        self.led.add(_team(row))
        return row


def _team(row: Understood) -> str:
    return fold(row.values.get("team") or row.values.get("village") or "")


def _commune_issue(fields: dict[str, str], commune_name: str) -> str:
    """What the row's own commune says against the one that was chosen; old names wait for an officer."""
    printed = fields.get("commune")
    if printed is None:
        return ""
    if not printed:
        return "unit.commune_missing"
    if fields.get("district"):
        return "unit.old_scheme"
    return "" if _bare(printed) == _bare(commune_name) else "unit.not_found"


def _bare(name: str) -> tuple[str, tuple[str, ...]]:
    """A unit's name for comparing: without its type, Hòa as Hoà, but Minh Quân never as Minh Quán."""
    words = fold(name).split()
    for length in (2, 1):
        if len(words) > length and " ".join(words[:length]) in _UNIT_TYPES:
            words = words[length:]
            break
    last = " ".join(name.split()[-len(words) :]).lower()
    marks = sorted(char for char in unicodedata.normalize("NFD", last) if unicodedata.category(char) == "Mn")
    return " ".join(words), tuple(marks)


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
