"""Pure rules of a quiz: which paper, which score, when the next attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor
from random import Random
from types import MappingProxyType
from typing import Any

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_

MOST_ATTEMPTS, MOST_MINUTES = 20, 24 * 60  # that one extension may give
ON_ITS_WAY = timedelta(seconds=30)  # after time ran out, for an answer that was being sent
NEVER_MET: Mapping[int, int] = MappingProxyType({})  # of somebody's first paper
GRACE = timedelta(minutes=2)  # the same for one that the phone noted in time and could not send


class ReasonMissing(Invalid):
    """Whoever changes a result, or what somebody may do, says why; the learner may read it."""

    message = N_("Ghi lý do: người học đọc được lý do này.")


class NothingGiven(Invalid):
    """An extension gives something, within reason."""

    message = N_("Chọn một điều: thêm lượt (nhiều nhất 20), thêm phút (nhiều nhất 1.440), hoặc bỏ chờ.")


@dataclass(frozen=True)
class Extension:
    """What one person was given beyond a quiz's limits, in all."""

    attempts: int = 0
    minutes: int = 0
    skips_wait_until: datetime | None = None  # a pause that began before then is over

    @property
    def is_reasonable(self) -> bool:
        """Whether it gives something, and no more than one deed may give."""
        gives = self.attempts or self.minutes or self.skips_wait_until
        return bool(gives) and 0 <= self.attempts <= MOST_ATTEMPTS and 0 <= self.minutes <= MOST_MINUTES


@dataclass(frozen=True)
class Settings:
    """quiz.md's front matter."""

    draw: Mapping[str, int]  # by level or objective; "" of all; empty: everything
    pass_percent: int
    minutes: int  # 0: no limit
    attempts: int  # 0: no limit
    wait: timedelta
    shuffle: str  # questions, answers, both, none
    show: str  # after-attempt, after-pass, never

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Settings":
        """From what a quiz revision keeps."""
        return cls(
            draw=stored["draw"],
            pass_percent=stored["pass"],
            minutes=stored["minutes"],
            attempts=stored["attempts"],
            wait=timedelta(seconds=stored["wait"]),
            shuffle=stored["shuffle"],
            show=stored["show"],
        )

    @property
    def is_limited(self) -> bool:
        """Whether there is anything to extend."""
        return bool(self.attempts or self.minutes or self.wait)

    def extended(self, extension: Extension, last_closed: datetime | None) -> "Settings":
        """The same for somebody with an extension; what has no limit gets none."""
        until = extension.skips_wait_until
        is_skipped = until is not None and last_closed is not None and last_closed <= until
        return replace(
            self,
            attempts=self.attempts + extension.attempts if self.attempts else 0,
            minutes=self.minutes + extension.minutes if self.minutes else 0,
            wait=timedelta(0) if is_skipped else self.wait,
        )


@dataclass(frozen=True)
class Entry:
    """A question as a paper may draw it."""

    revision_id: int
    level: str
    objective: str
    editions: tuple[str, ...]  # empty: all

    def suits(self, variant: str) -> bool:
        """Whether learners of this variant may be asked it."""
        return not self.editions or variant in self.editions


def draw_questions(
    entries: Sequence[Entry],
    settings: Settings,
    variant: str,
    seed: int,
    *,
    last_met: Mapping[int, int] = NEVER_MET,
) -> list[Entry]:
    """The questions of a paper: the counts asked for, by chance, in an order that the seed repeats.

    Where fewer suit than are asked for, all of those are taken. Of those that suit, chance decides among the
    ones not asked before, then among those asked the longest ago: `last_met` numbers, by revision, the papers
    of this person in which they last stood.
    """
    chance = Random(seed)  # noqa: S311 — a lottery, not a secret
    left = [entry for entry in entries if entry.suits(variant)]
    if not settings.draw:
        drawn = left
    else:
        drawn = []
        for group, count in settings.draw.items():
            pool = [entry for entry in left if group in ("", entry.level, entry.objective)]
            shuffled = chance.sample(pool, len(pool))
            drawn += sorted(shuffled, key=lambda entry: last_met.get(entry.revision_id, 0))[:count]
            taken = {entry.revision_id for entry in drawn}
            left = [entry for entry in left if entry.revision_id not in taken]
        place = {entry.revision_id: number for number, entry in enumerate(entries)}
        drawn.sort(key=lambda entry: place[entry.revision_id])
    if settings.shuffle in ("questions", "both"):
        chance.shuffle(drawn)
    return drawn


def paper_length(entries: Sequence[Entry], settings: Settings, variant: str) -> int:
    """How many questions a paper has."""
    return len(draw_questions(entries, settings, variant, seed=0))


def option_order(option_ids: Sequence[str], settings: Settings, seed: int, position: int) -> list[str]:
    """The options of the question at a position, shuffled if the quiz shuffles answers."""
    order = list(option_ids)
    if settings.shuffle in ("answers", "both"):
        Random(seed * 1009 + position).shuffle(order)  # noqa: S311
    return order


def percent_of(points: float, possible: float) -> float:
    """Points over points possible, 0..100; a paper without points is worth 0."""
    return round(100 * points / possible, 4) if possible else 0.0


def is_passed(percent: float, pass_percent: int) -> bool:
    """Whether the percent reaches the pass mark; a rounding error decides nothing."""
    return percent >= pass_percent - 1e-6


def whole_percent(percent: float) -> int:
    """The percent as it is told, rounded down: what is not enough must not look so."""
    return floor(percent + 1e-6)


def score_text(points: float, possible: float) -> str:
    """The points as they are told, rounded down to one decimal: "7,5/10"."""
    told = floor(10 * points + 1e-6) / 10
    return f"{told:g}/{possible:g}".replace(".", ",")


def due_at(started_at: datetime, minutes: int) -> datetime | None:
    """When time is up by the server's clock, or never."""
    return started_at + timedelta(minutes=minutes) if minutes else None


def is_too_late(due: datetime | None, now: datetime, tapped: datetime | None = None) -> bool:
    """Whether an answer that arrives now counts no more; `tapped` is when the phone says it was given.

    The server's clock decides: whatever a phone says moves the end by no more than GRACE. One that tells of a
    time still to come has a clock that was set, and tells nothing.
    """
    if due is None or now <= due:
        return False
    if tapped is None or tapped > now:
        return now > due + ON_ITS_WAY
    return tapped > due or now > due + GRACE


def is_out_of_time(due: datetime | None, now: datetime) -> bool:
    """Whether no answer can arrive any more, so that the paper may be closed."""
    return due is not None and now > due + GRACE


def attempts_left(settings: Settings, closed: int) -> int | None:
    """How many more attempts there may be; None is any number."""
    return max(0, settings.attempts - closed) if settings.attempts else None


def waits_until(settings: Settings, last_closed: datetime | None, now: datetime) -> datetime | None:
    """Until when the next attempt has to wait; nothing if it may start now."""
    if last_closed is None or now >= last_closed + settings.wait:
        return None
    return last_closed + settings.wait


def is_overtaken(client_key: str, other: str | None) -> bool:
    """Whether a save comes no later than the other, of the same tab; both are called "TAB:NUMBER".

    A save of several answers names its steps "TAB:NUMBER", "TAB:NUMBER.2" …
    """
    tab, _, number = client_key.partition(":")
    other_tab, _, other_number = (other or "").partition(":")
    return tab == other_tab and int(number) <= int(other_number.partition(".")[0])


def is_anothers(client_key: str, other: str | None) -> bool:
    """Whether the other save is of another tab, or of a page without script (None)."""
    return client_key.partition(":")[0] != (other or "").partition(":")[0]


def required_reason(reason: str) -> str:
    """The reason, or the refusal that asks for one."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()
