"""Enrolling and placing many people at once: one import, or a course newly assigned to teams."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from lms.foundation.db import session, upsert
from lms.study.models import Enrolment
from lms.study.queries import enrolments
from lms.study.tallies import recount

_CHUNK = 5_000  # people held in memory at a time


Touched = defaultdict[int, set[int]]
"""Edition → communes whose sums are to be counted anew."""


def enrol_members(person_ids: Sequence[int] | None, now: datetime, touched: Touched | None = None) -> None:
    """Enrol people with a current home membership in every edition assigned to teams (all people: None).

    Enrolments there were are placed where the person counts now. The communes touched, here or before, are
    counted anew, once, at the end: nobody's enrolment may be waited for any more after that.
    """
    editions = enrolments.team_edition_ids()
    touched = touched if touched is not None else defaultdict(set)
    for chunk in _chunks(enrolments.people_with_a_home() if person_ids is None else sorted(person_ids)):
        if person_ids is not None:  # Their memberships have just changed.
            enrolments.hold_people(chunk)
        places = enrolments.home_places(chunk)
        _move(chunk, places, touched)
        for edition_id in editions:
            new = set(places) - enrolments.enrolled_in(edition_id, chunk)
            _enrol(new, edition_id, places, now)
            touched[edition_id] |= {places[person_id][1] for person_id in new}
    for edition_id, communes in sorted(touched.items()):
        recount(edition_id, communes)


def _chunks(person_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(person_ids), _CHUNK):
        yield person_ids[start : start + _CHUNK]


def _move(person_ids: Collection[int], places: Mapping[int, enrolments.Place], touched: Touched) -> None:
    """Bring the places of existing enrolments up to date."""
    for enrolment in enrolments.misplaced(person_ids, places):
        before = enrolment.commune_id
        place_in(enrolment, places.get(enrolment.person_id))
        touched[enrolment.edition_id] |= {one for one in (before, enrolment.commune_id) if one is not None}
    session.flush()


def place_in(enrolment: Enrolment, place: enrolments.Place | None) -> None:
    """Let the enrolment count there, or nowhere."""
    enrolment.counts = place is not None
    enrolment.team_id, enrolment.commune_id, enrolment.province_id = place or enrolments.NOWHERE


def _enrol(
    person_ids: Collection[int], edition_id: int, places: Mapping[int, enrolments.Place], now: datetime
) -> None:
    """Somebody who enrolled just now, by opening the course, is no reason to refuse the others."""
    if not person_ids:
        return
    facts = enrolments.learner_facts(person_ids)
    session.execute(
        upsert(Enrolment).on_conflict_do_nothing(),
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
