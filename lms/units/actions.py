"""Every change of the map: the seeds are loaded, again and again if need be."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update

from lms.foundation.db import session
from lms.foundation.errors import Invalid
from lms.foundation.text import collate_words, fold, nfc
from lms.units.models import Unit, UnitData, UnitEvent, UnitLink, UnitVersion
from lms.units.queries import Key, all_links, all_versions, events_by_key, unit_ids_by_key
from lms.units.rules import full_name

SEEDS = Path(__file__).parent / "seeds"
NATION: Key = ("2-tier", "nation", "vn")
_VERSION_COLUMNS = ("type", "name", "valid_from", "valid_to", "act", "parent_id")


class BadSeeds(Invalid):
    """The folder's files do not fit together."""

    message = "%(problem)s"


@dataclass
class LoadReport:
    """What a load changed, in words a person can check; all empty when nothing did."""

    data_version: str
    added: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    links: int = 0


@dataclass(frozen=True)
class _Row:
    """One version as the seeds have it."""

    key: Key
    parent: Key | None
    type: str
    name: str
    valid_from: date
    valid_to: date | None
    act: str | None


def load_units(folder: Path, *, now: datetime) -> LoadReport:
    """Bring the map to the state of the seeds in `folder`; loading the same again changes nothing.

    Units keep their ids; versions are added or closed; a unit that the seeds no longer name stays as it is.
    Raises BadSeeds, FileNotFoundError.
    """
    report = LoadReport((folder / "data_version").read_text().strip())
    versions = defaultdict(list)
    for row in _read_versions(folder):
        versions[row.key].append(row)
    ids = _ids_for(versions)
    _write_versions(versions, ids, report)
    _write_links(folder, ids, report)
    session.execute(delete(UnitData))
    session.execute(insert(UnitData).values(data_version=report.data_version, loaded_at=now))
    return report


def _read_versions(folder: Path) -> Iterator[_Row]:
    yield _Row(NATION, None, "", "Việt Nam", date(1900, 1, 1), None, None)
    for name in ("units.csv", "legacy_units.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                above = (line["parent_level"], line["parent_code"])
                yield _Row(
                    key=(line["scheme"], line["level"], line["code"]),
                    parent=NATION if above[0] == "nation" else (line["scheme"], *above),
                    type=nfc(line["type"]),
                    name=nfc(line["name"]),
                    valid_from=date.fromisoformat(line["valid_from"]),
                    valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
                    act=line["act"] or None,
                )


def _ids_for(versions: dict[Key, list[_Row]]) -> dict[Key, int]:
    ids = unit_ids_by_key()
    new = [key for key in versions if key not in ids]
    if new:
        made = session.scalars(
            insert(Unit).returning(Unit.id, sort_by_parameter_order=True), [{"level": key[1]} for key in new]
        )
        ids.update(zip(new, made, strict=True))
    return ids


def _write_versions(versions: dict[Key, list[_Row]], ids: dict[Key, int], report: LoadReport) -> None:
    stored = all_versions()
    added, changed = [], []
    for key, rows in versions.items():
        before = {version.valid_from: version for version in stored.get(ids[key], ())}
        for earlier, row in zip([None, *rows], rows, strict=False):
            values = _values(row, ids)
            old = before.get(row.valid_from)
            if old is None:
                added.append(values)
                _note(report, row, earlier, is_new_unit=not before)
            elif any(getattr(old, name) != values[name] for name in _VERSION_COLUMNS):
                changed.append(values | {"id": old.id})
                if row.valid_to is not None and row is rows[-1]:
                    report.closed.append(full_name(row.type, row.name))
    if added:
        session.execute(insert(UnitVersion), added)
    if changed:
        session.execute(update(UnitVersion), changed)


def _values(row: _Row, ids: dict[Key, int]) -> dict[str, object]:
    if row.parent is not None and row.parent not in ids:
        raise BadSeeds(problem=f"{row.key}: no unit {row.parent}")
    return {
        "unit_id": ids[row.key],
        "scheme": row.key[0],
        "code": row.key[2],
        "name": row.name,
        "type": row.type,
        "parent_id": ids[row.parent] if row.parent else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "act": row.act,
        "folded": " " + fold(row.name),
        "sort_key": collate_words(row.name),
    }


def _note(report: LoadReport, row: _Row, earlier: _Row | None, *, is_new_unit: bool) -> None:
    name = full_name(row.type, row.name)
    if earlier is None or is_new_unit:
        if earlier is None:
            report.added.append(name)
    elif row.type != earlier.type:
        report.retyped.append(name)
    elif row.name != earlier.name:
        report.renamed.append(f"{full_name(earlier.type, earlier.name)} → {name}")


def _write_links(folder: Path, ids: dict[Key, int], report: LoadReport) -> None:
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    events = _events_for(lines)
    stored = all_links()
    new = [
        {"event_id": event_id, "from_unit_id": from_id, "to_unit_id": to_id, "partial": partial}
        for event_id, from_id, to_id, partial in (_link(line, events, ids) for line in lines)
        if (event_id, from_id, to_id) not in stored
    ]
    if new:
        session.execute(insert(UnitLink), new)
    report.links = len(new)


def _link(line: dict[str, str], events: dict[str, int], ids: dict[Key, int]) -> tuple[int, int, int, bool]:
    partial = line["partial"] == "yes"
    from_key = ("3-tier", line["from_level"], line["from_code"])
    to_key = ("2-tier", line["to_level"], line["to_code"])
    if from_key not in ids or to_key not in ids:
        raise BadSeeds(problem=f"links.csv: {from_key} → {to_key}: no such unit")
    return events[_event_key(line)], ids[from_key], ids[to_key], partial


def _event_key(line: dict[str, str]) -> str:
    return f"{line['act']} {'split' if line['partial'] == 'yes' else 'merge'}"


def _events_for(lines: list[dict[str, str]]) -> dict[str, int]:
    events = events_by_key()
    wanted = {_event_key(line): line for line in lines}
    new: list[dict[str, Any]] = [
        {"key": key, "on": date.fromisoformat(line["on"]), "kind": key.rpartition(" ")[2], "act": line["act"]}
        for key, line in wanted.items()
        if key not in events
    ]
    if new:
        made = session.scalars(insert(UnitEvent).returning(UnitEvent.id, sort_by_parameter_order=True), new)
        events.update(zip((row["key"] for row in new), made, strict=True))
    return events
