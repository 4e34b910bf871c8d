"""Every change of the map: the seeds are loaded, again and again if need be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update

from lms.foundation.db import session
from lms.foundation.text import collate_words, fold
from lms.units.models import Unit, UnitData, UnitEvent, UnitLink, UnitVersion
from lms.units.queries import all_links, all_versions, events_by_key, unit_ids_by_key
from lms.units.source import Key, LinkRow, Seeds, VersionRow, read_seeds

SEEDS = Path(__file__).parent / "seeds"  # the ones that come with the release
_COMPARED = ("type", "name", "valid_to", "act", "parent_id")


@dataclass
class LoadReport:
    """What a load changed, in words a person can check; all empty when nothing did."""

    data_version: str
    added: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    links_added: int = 0
    links_removed: int = 0


def load_units(folder: Path, *, now: datetime) -> LoadReport:
    """Bring the map to the state of the seeds in `folder`; loading the same again changes nothing.

    Units keep their ids; versions are added or corrected; what the seeds do not name stays as it is.
    Raises BadSeeds before anything is written.
    """
    seeds = read_seeds(folder)
    report = LoadReport(seeds.data_version)
    ids = _ids_for(seeds)
    _write_versions(seeds, ids, report)
    _write_links(seeds.links, ids, report)
    session.execute(delete(UnitData))
    session.execute(insert(UnitData).values(data_version=seeds.data_version, loaded_at=now))
    return report


def _ids_for(seeds: Seeds) -> dict[Key, int]:
    ids = unit_ids_by_key()
    new = sorted((key for key in seeds.versions if key not in ids), key=_level)
    if new:
        insertion = insert(Unit).returning(Unit.level, Unit.id)
        made: Iterable[Any] = session.execute(insertion, [{"level": key[1]} for key in new])
        # Rows come back in any order; within a level any id will do for any unit.
        ids.update(zip(new, (row.id for row in sorted(made, key=lambda row: row.level)), strict=True))
    return ids


def _level(key: Key) -> str:
    return key[1]


def _write_versions(seeds: Seeds, ids: dict[Key, int], report: LoadReport) -> None:
    stored = all_versions()
    added, changed = [], []
    for key, rows in seeds.versions.items():
        before = {version.valid_from: version for version in stored.get(ids[key], ())}
        for row in rows:
            values = _values(row, ids)
            old = before.get(row.valid_from)
            if old is None:
                added.append(values)
            elif any(getattr(old, name) != values[name] for name in _COMPARED):
                changed.append(values | {"id": old.id})
        _report(report, rows, stored.get(ids[key], []))
    if added:
        session.execute(insert(UnitVersion), added)
    if changed:
        session.execute(update(UnitVersion), changed)


def _values(row: VersionRow, ids: dict[Key, int]) -> dict[str, object]:
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


def _report(report: LoadReport, rows: list[VersionRow], stored: list[Any]) -> None:
    """Say what is new about one unit, comparing its last version with the last one stored."""
    last = rows[-1]
    if not stored:
        report.added.append(last.full_name)
        return
    known = max(stored, key=lambda version: version.valid_from)
    if known.name != last.name:
        report.renamed.append(f"{known.name} → {last.full_name}")
    if known.type != last.type:
        report.retyped.append(last.full_name)
    if known.valid_to is None and last.valid_to is not None:
        report.closed.append(last.full_name)


def _write_links(links: list[LinkRow], ids: dict[Key, int], report: LoadReport) -> None:
    """For every unit that the seeds say left, exactly the links that they give it."""
    events = _events_for(links)
    wanted = {
        (events[_event_key(link)], ids[link.old], ids[link.new]): {"partial": link.partial} for link in links
    }
    leaving = {old_id for _, old_id, _ in wanted}
    stored = {key: link_id for key, link_id in all_links().items() if key[1] in leaving}
    removed = [link_id for key, link_id in stored.items() if key not in wanted]
    added = [
        {"event_id": event_id, "from_unit_id": old_id, "to_unit_id": new_id, **values}
        for (event_id, old_id, new_id), values in wanted.items()
        if (event_id, old_id, new_id) not in stored
    ]
    if removed:
        session.execute(delete(UnitLink).where(UnitLink.id.in_(removed)))
    if added:
        session.execute(insert(UnitLink), added)
    report.links_added, report.links_removed = len(added), len(removed)


def _event_key(link: LinkRow) -> str:
    return f"{link.act} {_kind(link)}"


def _kind(link: LinkRow) -> str:
    return "split" if link.partial else "merge"


def _events_for(links: list[LinkRow]) -> dict[str, int]:
    events = events_by_key()
    wanted = {_event_key(link): link for link in links}
    new: list[dict[str, Any]] = [
        {"key": key, "on": link.on, "kind": _kind(link), "act": link.act}
        for key, link in wanted.items()
        if key not in events
    ]
    if new:
        made = session.scalars(insert(UnitEvent).returning(UnitEvent.id, sort_by_parameter_order=True), new)
        events.update(zip((row["key"] for row in new), made, strict=True))
    return events
