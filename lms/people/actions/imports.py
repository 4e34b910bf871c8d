"""A roster comes in: staged with its raw cells, mended, then written in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from lms.foundation import audit
from lms.foundation.clock import local_date
from lms.foundation.db import Base, session
from lms.foundation.errors import Conflict, Invalid
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.people.actions.persons import amend_person, new_member_codes, person_values, team_values
from lms.people.actions.register import Candidate, Judged, before_register, judge, recognise
from lms.people.events import PeopleJoined
from lms.people.models import ImportBatch, ImportRow, Team
from lms.people.queries import imports as queries
from lms.people.queries.imports import ReadyRow, RowView
from lms.people.roster.layout import LaidRow, decision_day, find_layout, lay_out
from lms.people.roster.reading import read_workbook
from lms.people.roster.rows import ACCEPT, WARN
from lms.units.queries import UnitView, unit_by_id


class NoTable(Invalid):
    """No sheet has a header with a name column."""

    message = N_(
        "Không tìm thấy bảng nào có cột “Họ và tên” và ít nhất một cột nữa. Xem lại dòng tiêu đề của bảng."
    )


class ImportClosed(Conflict):
    """Committed or thrown away: nothing more can be changed."""

    message = N_("Lần nhập này đã ghi hoặc đã bỏ rồi.")


# Tables rather than classes where thousands of rows are written: the ORM's care for each costs as much again.
_TABLES = Base.metadata.tables
_ROWS = _TABLES["import_row"]


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
    sheets = [sheet for sheet in read_workbook(content) if not sheet.is_hidden]
    tables = [(sheet, layout) for sheet in sheets if (layout := find_layout(sheet))]
    if not tables:
        raise NoTable
    day = next((day for sheet, layout in tables if (day := decision_day(sheet, layout))), None)
    batch = ImportBatch(
        unit_id=unit_id,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        layout={
            "sheets": [asdict(layout) for _, layout in tables],
            "left_aside": [sheet.name for sheet in sheets if find_layout(sheet) is None],
            "day": day.isoformat() if day else None,
        },
        uploaded_at=now,
        uploaded_by=actor_id,
    )
    session.add(batch)
    session.flush()
    laid = [(sheet, row) for sheet, layout in tables for row in lay_out(sheet, layout)]
    candidates = [Candidate(sheet.name, row.fields, row.group) for sheet, row in laid]
    judged = judge(candidates, unit_by_id(unit_id, today), today)
    rows = [_staged(batch.id, sheet.name, row, one) for (sheet, row), one in zip(laid, judged, strict=True)]
    session.execute(insert(_ROWS), rows)
    return batch.id


def _staged(batch_id: int, sheet: str, laid: LaidRow, judged: Judged) -> dict[str, Any]:
    return _verdict(judged, laid.group, laid.why) | {
        "batch_id": batch_id,
        "sheet": sheet,
        "row": laid.row,
        "cells": laid.texts,
        "mended": {},
        "left_out": False,
    }


def _verdict(judged: Judged, group: str, why: str) -> dict[str, Any]:
    """The columns of a row that follow from judging it."""
    return {
        "outcome": judged.row.outcome,
        "normalised": judged.row.values | {"group": group, "why": why},
        "issues": [list(issue) for issue in judged.row.issues],
        "person_id": judged.known.person_id if judged.known else None,
    }


def mend_rows(
    batch_id: int,
    texts: Mapping[int, Mapping[str, str]],
    left_out: Mapping[int, bool],
    *,
    now: datetime,
) -> None:
    """Take what the officer typed in place of cells and which rows are left out, and judge the file anew.

    `texts` holds fields by row id (name, birth, sex, phone, confirmed, …); an empty text empties the cell.
    Rows of another import are passed over. Raises NoSuchImport, ImportClosed.
    """
    batch = _open(batch_id)
    rows = queries.rows_by_id(batch_id, texts.keys() | left_out.keys())
    changed = [
        {
            "id": row.id,
            "mended": row.mended | dict(texts.get(row.id, {})),
            "left_out": left_out.get(row.id, row.left_out),
        }
        for row in rows
        if row.id in texts or left_out.get(row.id, row.left_out) != row.left_out
    ]
    if changed:
        session.execute(update(ImportRow), changed)
        _judge_again(batch, now)


def _judge_again(batch: ImportBatch, now: datetime) -> None:
    """Every row as it is to be understood now; what changed is stored."""
    today = local_date(now)
    rows = queries.rows_of(batch.id)
    columns = {one["sheet"]: one["columns"] for one in batch.layout["sheets"]}
    candidates = [Candidate(row.sheet, row_fields(row, columns), row.normalised["group"]) for row in rows]
    _store(rows, judge(candidates, unit_by_id(batch.unit_id, today), today))


def _store(rows: Sequence[RowView | ReadyRow], judged: Sequence[Judged]) -> None:
    """Keep the verdicts that differ from those that are stored."""
    changed = [
        {"id": row.id} | _verdict(one, row.normalised["group"], row.normalised["why"])
        for row, one in zip(rows, judged, strict=True)
        if (row.outcome, row.issues) != (one.row.outcome, [list(issue) for issue in one.row.issues])
        or row.mended
    ]
    if changed:
        session.execute(update(ImportRow), changed)


def row_fields(row: RowView, columns: Mapping[str, Mapping[str, int]]) -> dict[str, str] | None:
    """The texts of a staged row by field, as mended; None for a row that is about nobody."""
    if row.normalised["why"]:
        return None
    cells = row.cells
    fields = {field: cells[place] for field, place in columns[row.sheet].items() if place < len(cells)}
    if "name" not in fields:
        fields["name"] = f"{fields.get('family', '')} {fields.get('given', '')}".strip()
    if "birth" in row.mended and "birth_male" in fields:
        # The sex stays told by the column that was filled.
        column = "birth_female" if fields["birth_female"] and not fields["birth_male"] else "birth_male"
        return fields | row.mended | {column: row.mended["birth"], "birth": ""}
    return fields | row.mended


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

    The register is asked once more, for it may have changed since the preview: what waits for an officer now
    stays behind. The same rows again write nothing; whoever is absent from the file stays as they are.
    Raises NoSuchImport, ImportClosed.
    """
    batch = _open(batch_id)
    unit = unit_by_id(batch.unit_id, local_date(now))
    rows = queries.rows_to_write(batch_id)
    judged = recognise([before_register(row) for row in rows], unit)
    _store(rows, judged)
    ready = [(row, one) for row, one in zip(rows, judged, strict=True) if one.row.outcome in (ACCEPT, WARN)]
    people, created = _people_for(ready, actor_id=actor_id, now=now)
    teams, founded = _teams_for([one for _, one in ready], unit, now)
    joined = _join(ready, people, teams, unit, batch, local_date(now))
    report = ImportReport(created, founded, len(joined))
    batch.state, batch.committed_at, batch.result = "committed", now, asdict(report)
    session.flush()
    if ready:
        session.execute(_MEANS, [{"row_id": row.id, "means": people[row.id]} for row, _ in ready])
    audit.record(
        "import_roster",
        ("import_batch", batch_id),
        actor_id=actor_id,
        at=now,
        changes={name: (0, count) for name, count in asdict(report).items()},
    )
    if joined:
        announce(PeopleJoined(tuple(sorted(joined)), now))
    return report


_MEANS = update(_ROWS).where(_ROWS.c.id == bindparam("row_id")).values(person_id=bindparam("means"))
Ready = Sequence[tuple[ReadyRow, Judged]]


def _people_for(ready: Ready, *, actor_id: int | None, now: datetime) -> tuple[dict[int, int], int]:
    """Person by row id, and how many were new; somebody known without a number is given the roster's."""
    people = {row.id: one.known.person_id for row, one in ready if one.known}
    fresh = [(row, one) for row, one in ready if not one.known]
    if fresh:
        member_codes = new_member_codes(len(fresh))
        values = [
            _person(one.row.values, now) | {"member_code": code}
            for (_, one), code in zip(fresh, member_codes, strict=True)
        ]
        # Plain executemany, then one read: RETURNING would send SQLite a statement a person.
        session.execute(insert(_TABLES["person"]), values)
        made = queries.person_ids(member_codes)
        people |= {row.id: made[code] for (row, _), code in zip(fresh, member_codes, strict=True)}
    for row, one in ready:
        if any(code == "phone.added" for code, _ in one.row.issues):
            phone = {"phone": one.row.values["phone"]}
            amend_person(people[row.id], phone, reason=None, actor_id=actor_id, now=now)
    return people, len(fresh)


def _person(facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return person_values(facts["full_name"], now) | {
        "phone": facts["phone"],
        "contact_phone": facts.get("contact_phone"),
        "birth": date.fromisoformat(facts["birth"]) if facts.get("birth") else None,
        "birth_precision": facts.get("birth_precision"),
        "sex": facts.get("sex"),
        "occupation": facts.get("organisation"),
        "note": facts.get("note"),
    }


def _teams_for(judged: Sequence[Judged], unit: UnitView, now: datetime) -> tuple[dict[str, int], int]:
    """Team by folded title, and how many were founded."""
    teams = queries.teams_at(unit.id)
    wanted = {one.team_key: one for one in judged}
    new = {key: one for key, one in wanted.items() if key not in teams}
    if new:
        values = [
            team_values(unit.id, one.team_title, one.row.values.get("village"), now) for one in new.values()
        ]
        session.execute(insert(Team), values)
        teams = queries.teams_at(unit.id)
    return teams, len(new)


def _join(
    ready: Ready,
    people: Mapping[int, int],
    teams: Mapping[str, int],
    unit: UnitView,
    batch: ImportBatch,
    today: date,
) -> set[int]:
    """Begin the memberships that are not there yet; returns the persons who joined."""
    named = date.fromisoformat(batch.layout["day"]) if batch.layout.get("day") else today
    joined: set[int] = set()
    values = []
    for row, one in ready:
        person_id, team_id = people[row.id], teams[one.team_key]
        if one.known and team_id in one.known.roles:
            continue
        values.append(
            {
                "person_id": person_id,
                "team_id": team_id,
                "role": one.row.values["role"],
                "is_home": not (one.known and one.known.has_home),
                "started_on": min(named, today),
                "recorded_unit_id": unit.id,
                "recorded_unit_text": unit.full_name,
                "import_batch_id": batch.id,
            }
        )
        joined.add(person_id)
    if values:
        session.execute(insert(_TABLES["membership"]), values)
    return joined
