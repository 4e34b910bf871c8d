"""Facts about people that upper rooms react to, in the transaction of the deed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PersonJoinedTeam:
    """A membership began. A person's first current membership is the home membership."""

    person_id: int
    team_id: int
    at: datetime


@dataclass(frozen=True)
class PeopleJoined:
    """Memberships of all these persons began or ended by one import; said instead of an event a person."""

    person_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class PersonLeftTeam:
    """A membership ended. If it was the home one, PersonMoved follows."""

    person_id: int
    team_id: int
    at: datetime


@dataclass(frozen=True)
class PersonMoved:
    """The home membership is another one now; `team_id` is None where the person has no team left."""

    person_id: int
    team_id: int | None
    at: datetime


@dataclass(frozen=True)
class PersonRenamed:
    """The full name is spelled differently now."""

    person_id: int
    full_name: str
    at: datetime


@dataclass(frozen=True)
class AccountActivated:
    """A slip was used: the person has an account, or a new secret for it."""

    person_id: int
    at: datetime
