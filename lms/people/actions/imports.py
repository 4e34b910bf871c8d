"""A roster comes in: staged with its raw cells, mended, then written in one transaction."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from lms.foundation import audit
from lms.foundation.clock import local_date
from lms.foundation.db import session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.foundation.text import fold
from lms.people.actions.persons import new_member_codes, person_values, team_values
from lms.people.events import PeopleJoined
from lms.people.models import ImportBatch, ImportRow, Membership, Person, Team
from lms.people.queries import imports as queries
from lms.people.roster.layout import LaidRow, Layout, as_text, decision_day, find_layout, lay_out
from lms.people.roster.reading import Sheet, read_workbook
from lms.people.roster.rows import (
    ACCEPT,
    REJECT,
    SKIP,
    WARN,
    Understood,
    same_rows_rejected,
    understand,
    with_issue,
)
from lms.units.queries import unit_by_id


class NoTable(Invalid):
    """No sheet has a header with a name column."""

    message = N_(
        "Không tìm thấy bảng nào có cột “Họ và tên” và ít nhất một cột nữa. Xem lại dòng tiêu đề của bảng."
    )


class ImportClosed(Conflict):
    """Committed or thrown away: nothing more can be changed."""

    message = N_("Lần nhập này đã ghi hoặc đã bỏ rồi.")


@dataclass(frozen=True)
class ImportReport:
    """What a commit wrote."""

    people: int
    teams: int
    memberships: int


def stage_roster(content: bytes, file_name: str, unit_id: int, *, actor_id: int | None, now: datetime) -> int:
    """Read a roster of the commune into the staging tables; returns the batch's id.

    Raises UnreadableRoster, NoTable.
    """
    today = local_date(now)
    unit = unit_by_id(unit_id, today)
    tables = [
        (sheet, layout)
        for sheet in read_workbook(content)
        if not sheet.is_hidden and (layout := find_layout(sheet))
    ]
    if not tables:
        raise NoTable
    days = [day for sheet, layout in tables if (day := decision_day(sheet, layout))]
    batch = ImportBatch(
        unit_id=unit_id,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        layout={"sheets": [_stored(layout) for _, layout in tables], "day": days[0] if days else None},
        uploaded_at=now,
        uploaded_by=actor_id,
    )
    session.add(batch)
    session.flush()
    rows: list[dict[str, Any]] = []
    for sheet, layout in tables:
        understood = [(row, understand(row, unit.name, today)) for row in lay_out(sheet, layout)]
        known = _recognised(same_rows_rejected(understood), unit_id)
        rows += [_staged(batch.id, sheet, laid, row) for laid, row in known]
    session.execute(insert(ImportRow), rows)
    return batch.id


def _stored(layout: Layout) -> dict[str, Any]:
    return {"sheet": layout.sheet, "header_rows": list(layout.header_rows), "columns": layout.columns}


def _staged(batch_id: int, sheet: Sheet, laid: LaidRow, row: Understood) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "sheet": sheet.name,
        "row": laid.row,
        "cells": [as_text(cell) for cell in sheet.rows[laid.row - 1]],
        "mended": {},
        "outcome": row.outcome,
        "normalised": row.values | {"group": laid.group, "why": laid.why},
        "issues": [list(issue) for issue in row.issues],
    }


def _recognised(rows: Iterable[tuple[LaidRow, Understood]], unit_id: int) -> list[tuple[LaidRow, Understood]]:
    """Rows held against the register and each other: who is known, whose number is another's."""
    listed = list(rows)
    owners = queries.known_by_phone({row.values["phone"] for _, row in listed if row.values.get("phone")})
    names = {phone: known.folded for phone, known in owners.items()}
    nameless = queries.known_by_name(unit_id)
    result = []
    for laid, row in listed:
        phone, folded = row.values.get("phone"), " " + fold(row.values.get("full_name", ""))
        if row.outcome not in (SKIP, REJECT):
            if phone and names.setdefault(phone, folded) != folded:
                row = with_issue(row, "phone.shared_with_other_person", "phone")  # noqa: PLW2901
            elif (phone and phone in owners) or (not phone and (folded, _birth(row.values)) in nameless):
                row = with_issue(row, "duplicate.same_phone_same_name", "name")  # noqa: PLW2901
        result.append((laid, row))
    return result


def _birth(values: dict[str, Any]) -> date | None:
    return date.fromisoformat(values["birth"]) if values.get("birth") else None


def mend_row(batch_id: int, row_id: int, texts: dict[str, str], *, now: datetime) -> None:
    """Take what the officer typed in place of cells, and understand the row anew.

    `texts` holds fields by name (name, birth, sex, role, phone, village, …); empty text empties the cell.
    Raises NoSuchImport, ImportClosed.
    """
    batch = _open(batch_id)
    row = queries.row_for_change(batch_id, row_id)
    columns = next(one["columns"] for one in batch.layout["sheets"] if one["sheet"] == row.sheet)
    fields = {field: row.cells[column] for field, column in columns.items() if column < len(row.cells)}
    row.mended = row.mended | texts
    fields |= row.mended
    if "birth" in row.mended:
        fields = {key: text for key, text in fields.items() if key not in ("birth_male", "birth_female")}
    unit = unit_by_id(batch.unit_id, local_date(now))
    laid = LaidRow(row.row, "person", "", fields, row.normalised.get("group", ""))
    [(_, understood)] = _recognised([(laid, understand(laid, unit.name, local_date(now)))], batch.unit_id)
    row.outcome = understood.outcome
    row.normalised = understood.values | {"group": laid.group, "why": ""}
    row.issues = [list(issue) for issue in understood.issues]
    session.flush()


def leave_out(batch_id: int, row_id: int, *, is_left_out: bool) -> None:
    """Keep a row from being written, or let it be again. Raises NoSuchImport, ImportClosed."""
    _open(batch_id)
    queries.row_for_change(batch_id, row_id).left_out = is_left_out
    session.flush()


def discard_import(batch_id: int) -> None:
    """Throw the staged rows away. Raises NoSuchImport, ImportClosed."""
    _open(batch_id).state = "discarded"
    session.flush()


def _open(batch_id: int) -> ImportBatch:
    batch = queries.batch_for_change(batch_id)
    if batch.state != "staged":
        raise ImportClosed
    return batch


def commit_import(batch_id: int, *, actor_id: int | None, now: datetime) -> ImportReport:
    """Write accepted and warned rows: persons, teams, memberships that are not there yet.

    The same rows again write nothing; whoever is absent from the file stays as they are.
    Raises NoSuchImport, ImportClosed.
    """
    batch = _open(batch_id)
    rows = [row for row in queries.rows_of(batch_id) if row.outcome in (ACCEPT, WARN) and not row.left_out]
    people, created = _people_for(rows, batch.unit_id, now)
    teams, founded = _teams_for(rows, batch.unit_id, now)
    joined = _join(rows, people, teams, batch, local_date(now))
    batch.state, batch.committed_at = "committed", now
    session.flush()
    report = ImportReport(created, founded, len(joined))
    audit.record(
        "import_roster",
        ("import_batch", batch_id),
        actor_id=actor_id,
        at=now,
        changes={name: (0, getattr(report, name)) for name in ("people", "teams", "memberships")},
    )
    if joined:
        announce(PeopleJoined(tuple(sorted(joined)), now))
    return report


def _people_for(rows: list[queries.RowView], unit_id: int, now: datetime) -> tuple[dict[int, int], int]:
    """Person by row id, and how many were new. One phone, or without one a name and birth, is one person."""
    owners = queries.known_by_phone({row.normalised["phone"] for row in rows if row.normalised["phone"]})
    nameless = queries.known_by_name(unit_id)
    known: dict[tuple[str | date | None, ...], int] = {
        **{("phone", phone): one.person_id for phone, one in owners.items()},
        **{("name", *key): person_id for key, person_id in nameless.items()},
    }
    fresh = {_identity(row): row for row in reversed(rows) if _identity(row) not in known}
    if fresh:
        member_codes = new_member_codes(len(fresh))
        values = [
            _person(row, now) | {"member_code": code}
            for row, code in zip(fresh.values(), member_codes, strict=True)
        ]
        made = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), values)
        known |= dict(zip(fresh, made, strict=True))
    return {row.id: known[_identity(row)] for row in rows}, len(fresh)


def _identity(row: queries.RowView) -> tuple[str | date | None, ...]:
    if row.normalised["phone"]:
        return ("phone", row.normalised["phone"])
    return ("name", " " + fold(row.normalised["full_name"]), _birth(row.normalised))


def _person(row: queries.RowView, now: datetime) -> dict[str, Any]:
    facts = row.normalised
    return person_values(facts["full_name"], now) | {
        "phone": facts["phone"],
        "contact_phone": facts.get("contact_phone"),
        "birth": _birth(facts),
        "birth_precision": facts.get("birth_precision"),
        "sex": facts.get("sex"),
        "occupation": facts.get("organisation"),
        "note": facts.get("note"),
    }


def _teams_for(rows: list[queries.RowView], unit_id: int, now: datetime) -> tuple[dict[str, int], int]:
    """Team by folded title, and how many were founded."""
    teams = queries.teams_at(unit_id)
    commune = unit_by_id(unit_id, local_date(now)).full_name
    wanted = {" " + fold(title): (title, row) for row in rows if (title := team_title(row, commune))}
    new = {key: value for key, value in wanted.items() if key not in teams}
    if new:
        values = [
            team_values(unit_id, title, row.normalised.get("village"), now) for title, row in new.values()
        ]
        made = session.scalars(insert(Team).returning(Team.id, sort_by_parameter_order=True), values)
        teams |= dict(zip(new, made, strict=True))
    return teams, len(new)


def team_title(row: queries.RowView, commune: str) -> str:
    """The team's own title where the file has one; else that of its village, or of the commune."""
    if row.normalised.get("team"):
        return str(row.normalised["team"])
    place = row.normalised.get("village") or commune
    return f"Tổ công nghệ số cộng đồng {place[:1].lower()}{place[1:]}"


def _join(
    rows: list[queries.RowView],
    people: dict[int, int],
    teams: dict[str, int],
    batch: ImportBatch,
    today: date,
) -> list[int]:
    """Begin the memberships that are not there yet; returns the persons who joined."""
    commune = unit_by_id(batch.unit_id, today).full_name
    pairs = queries.current_pairs(set(people.values()))
    at_home = queries.with_home(set(people.values()))
    started_on = _started_on(batch.layout.get("day"), today)
    values = []
    for row in rows:
        person_id, team_id = people[row.id], teams[" " + fold(team_title(row, commune))]
        if (person_id, team_id) in pairs:
            continue
        pairs.add((person_id, team_id))
        values.append(
            {
                "person_id": person_id,
                "team_id": team_id,
                "role": row.normalised["role"],
                "is_home": person_id not in at_home,
                "started_on": started_on,
                "recorded_unit_id": batch.unit_id,
                "recorded_unit_text": commune,
                "import_batch_id": batch.id,
            }
        )
        at_home.add(person_id)
    if values:
        session.execute(insert(Membership), values)
    return [int(value["person_id"]) for value in values]


def _started_on(day: list[int] | None, today: date) -> date:
    """The day of the decision that the file names, if it is a day and not to come; else today."""
    if day:
        try:
            named = date(day[2], day[1], day[0])
        except ValueError:
            return today
        return min(named, today)
    return today
