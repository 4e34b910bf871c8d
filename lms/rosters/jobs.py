"""Lists of people as files: at once, or by the worker where they are too long to wait for."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from lms.catalogue.queries import course_outline
from lms.foundation.jobs import Progress, job_kind
from lms.rosters import queries
from lms.rosters.exports import people_table, write
from lms.rosters.queries import Order, PersonRow, Place
from lms.rosters.rules import Filters

KIND = "rosters.export"
AT_ONCE = 30_000  # people who are written while the officer waits
_TOLD_EVERY = 5_000  # people


@dataclass(frozen=True)
class PeopleExport:
    """Which people to write out, how, and what the file says of itself."""

    course: str
    edition: str
    place: Place
    filters: Filters
    order: Order
    form: str  # csv or xlsx
    with_phones: bool
    about: tuple[tuple[str, str], ...]

    def as_arguments(self) -> dict[str, Any]:
        """The same as JSON, for a job."""
        return asdict(self)

    @classmethod
    def from_arguments(cls, arguments: dict[str, Any]) -> Self:
        """What `as_arguments` wrote."""
        return cls(
            **arguments
            | {
                "place": Place(**arguments["place"]),
                "filters": Filters(**arguments["filters"]),
                "order": Order(**arguments["order"]),
                "about": tuple((what, how) for what, how in arguments["about"]),
            }
        )

    def is_of(self, arguments: dict[str, Any]) -> bool:
        """Whether a job with these arguments writes the same list, whatever it says of itself."""
        return replace(self.from_arguments(arguments["export"]), about=self.about) == self


def write_people(wanted: PeopleExport, file: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    """Write the file, a few thousand people at a time; `tell` hears how many there are. Returns how many."""
    course = course_outline(wanted.course)
    edition = next(one for one in course.editions if one.key == wanted.edition)
    people = _Told(queries.all_people(edition.id, wanted.place, wanted.filters, wanted.order), tell)
    table = people_table(
        people,
        course.modules_of(edition.key),
        _commune_names(edition.id, wanted.place),
        wanted.about,
        with_province=wanted.place.level == "nation",
        with_phones=wanted.with_phones,
    )
    write(table, wanted.form, file)
    return people.count


def _commune_names(edition_id: int, place: Place) -> dict[int, tuple[str, str]]:
    if place.level == "commune" and place.id is not None:
        return queries.commune_names(edition_id, commune_ids=[place.id])
    return queries.commune_names(edition_id, province_id=place.id)


class _Told:
    """The people as they pass, counted."""

    def __init__(self, people: Iterator[PersonRow], tell: Callable[[int], None]) -> None:
        self._people, self._tell = people, tell
        self.count = 0

    def __iter__(self) -> Iterator[PersonRow]:
        for one in self._people:
            yield one
            self.count += 1
            if self.count % _TOLD_EVERY == 0:
                self._tell(self.count)


@job_kind(KIND)
def export(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write `arguments["export"]` into `arguments["folder"]`, of about `arguments["total"]` people."""
    wanted, total = PeopleExport.from_arguments(arguments["export"]), arguments["total"]
    folder = Path(arguments["folder"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{progress.job_id}.{wanted.form}"
    progress.tell(0, total)
    count = write_people(wanted, file, lambda done: progress.tell(min(done, total), total))
    progress.tell(count, count)
    return {"file": file.name, "rows": count}
