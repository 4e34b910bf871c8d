"""Facts about attempts that upper rooms react to, in the transaction of the deed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttemptStarted:
    """A person sat down to a quiz and was given a paper."""

    person_id: int
    quiz_id: int
    variant: str
    attempt_id: int
    at: datetime


@dataclass(frozen=True)
class QuizPassed:
    """An attempt was closed with enough points."""

    person_id: int
    quiz_id: int
    variant: str
    attempt_id: int
    points: float
    possible: float
    percent: float
    at: datetime


@dataclass(frozen=True)
class QuizFailed:
    """An attempt was closed without enough points."""

    person_id: int
    quiz_id: int
    variant: str
    attempt_id: int
    points: float
    possible: float
    percent: float
    at: datetime


@dataclass(frozen=True)
class ResultRegraded:
    """A closed attempt's points were counted anew and are others now; a pass was not lost by it."""

    person_id: int
    quiz_id: int
    variant: str
    attempt_id: int
    at: datetime


@dataclass(frozen=True)
class PassWithdrawn:
    """An officer took the pass of an attempt back."""

    person_id: int
    quiz_id: int
    variant: str
    attempt_id: int
    reason: str
    actor_id: int
    at: datetime
