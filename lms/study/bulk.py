"""Enrolling and placing many people at once: one import, or a course newly assigned to teams."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import insert, update

from lms.foundation.db import session
from lms.study import queries
from lms.study.models import Enrolment
from lms.study.tallies import recount

_CHUNK = 5_000  # people held in memory at a time


def enrol_members(person_ids: Sequence[int] | None, now: datetime) -> None:
    """Enrol people with a current home membership in every edition assigned to teams (all people: None).

    Enrolments there were are placed where the person counts now. The communes touched are counted anew,
    once, at the end.
    """
    editions = queries.team_edition_ids()
    touched: dict[int, set[int]] = defaultdict(set)
    for chunk in _chunks(queries.people_with_a_home() if person_ids is None else person_ids):
        places = queries.home_places(chunk)
        _move(chunk, places, touched)
        for edition_id in editions:
            new = set(places) - queries.enrolled_in(edition_id, chunk)
            _enrol(new, edition_id, places, now)
            touched[edition_id] |= {places[person_id][1] for person_id in new}
    for edition_id, communes in touched.items():
        recount(edition_id, communes)


def _chunks(person_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(person_ids), _CHUNK):
        yield person_ids[start : start + _CHUNK]


def _move(
    person_ids: Collection[int], places: dict[int, queries.Place], touched: dict[int, set[int]]
) -> None:
    """Bring the places of existing enrolments up to date."""
    changes = []
    for enrolment_id, person_id, edition_id, before in queries.placed_enrolments(person_ids):
        after = places.get(person_id)
        if before == (after or (None, None, None)):
            continue
        team_id, commune_id, province_id = after or (None, None, None)
        changes.append(
            {
                "id": enrolment_id,
                "counts": after is not None,
                "team_id": team_id,
                "commune_id": commune_id,
                "province_id": province_id,
            }
        )
        touched[edition_id] |= {commune for commune in (before[1], commune_id) if commune is not None}
    if changes:
        session.execute(update(Enrolment), changes)


def _enrol(
    person_ids: Collection[int], edition_id: int, places: dict[int, queries.Place], now: datetime
) -> None:
    if not person_ids:
        return
    facts = queries.learner_facts(person_ids)
    session.execute(
        insert(Enrolment),
        [
            {
                "person_id": person_id,
                "edition_id": edition_id,
                "origin": "membership",
                "enrolled_at": now,
                "team_id": places[person_id][0],
                "commune_id": places[person_id][1],
                "province_id": places[person_id][2],
                "sort_key": facts[person_id].sort_key,
                "is_activated": facts[person_id].is_activated,
            }
            for person_id in sorted(person_ids)
        ],
    )
