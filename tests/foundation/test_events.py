"""A fact announced below is acted on above, in the same transaction."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.foundation.audit import AuditEntry
from lms.foundation.db import session, transaction
from lms.foundation.events import announce, reacts_to
from tests.times import NOON


@dataclass(frozen=True)
class Happened:
    what: str


@dataclass(frozen=True)
class HappenedBelow(Happened):
    pass


heard: list[tuple[str, str]] = []


@reacts_to(Happened)
def first(event: Happened) -> None:
    heard.append(("first", event.what))


@reacts_to(Happened)
def second(event: Happened) -> None:
    heard.append(("second", event.what))


@pytest.fixture(autouse=True)
def nothing_heard_yet() -> None:
    heard.clear()


def test_every_reaction_hears_in_the_order_of_registering():
    announce(Happened("rain"))
    assert heard == [("first", "rain"), ("second", "rain")]


def test_registering_twice_reacts_once():
    reacts_to(Happened)(first)
    announce(Happened("rain"))
    assert heard.count(("first", "rain")) == 1


def test_only_exactly_this_event_is_heard():
    announce(HappenedBelow("rain"))
    assert heard == []


@dataclass(frozen=True)
class Doomed:
    pass


@reacts_to(Doomed)
def write_and_fail(_event: Doomed) -> None:
    session.add(AuditEntry(at=NOON, action="reaction", subject_kind="job", fields=[]))
    session.flush()
    raise ValueError("the reaction fails")


def do() -> None:
    with transaction():
        session.add(AuditEntry(at=NOON, action="deed", subject_kind="job", fields=[]))
        announce(Doomed())


def test_a_failing_reaction_undoes_the_deed(app: Flask):
    with pytest.raises(ValueError, match="reaction fails"):
        do()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
