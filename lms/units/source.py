"""The seeds: CSV files of the map and its history, read and checked before anything is written.

`units.csv` and `legacy_units.csv` have a line a version, `links.csv` a line from an old unit to a new one,
`counts.csv` the official totals of some days, `data_version` the name of the whole.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.foundation.text import clean, nfc
from lms.units.rules import full_name

Key = tuple[str, str, str]
"""Scheme, level and code: what a unit is known by in files."""

NATION: Key = ("2-tier", "nation", "vn")
_SCHEME = re.compile("2-tier|3-tier")
_LEVEL = re.compile("province|district|commune")
_ABOVE = re.compile("nation|province|district")
_CODES = {
    level: re.compile(pattern)
    for level, pattern in (
        ("nation", "vn"),
        ("province", "[0-9]{2}"),
        ("district", "[0-9]{3}"),
        ("commune", "[0-9]{5}"),
    )
}
_SOMETHING = re.compile(".+")
_YES_OR_NO = re.compile("yes|no")
_NUMBER = re.compile("[0-9]{1,6}")
_UNIT_COLUMNS = ("scheme", "level", "code", "parent_level", "parent_code", "type", "name")
_FROM, _TO = ("from_scheme", "from_level", "from_code"), ("to_scheme", "to_level", "to_code")


class BadSeeds(Invalid):
    """The folder's files are not what they should be, or do not fit together."""


@dataclass(frozen=True)
class VersionRow:
    """A unit from a day to a day."""

    key: Key
    parent: Key | None
    type: str
    name: str
    valid_from: date
    valid_to: date | None
    act: str | None

    @property
    def full_name(self) -> str:
        """'Xã Hưng Hà'."""
        return full_name(self.type, self.name)

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class LinkRow:
    """Where the people of a unit went."""

    old: Key
    new: Key
    partial: bool
    on: date
    act: str


@dataclass(frozen=True)
class Seeds:
    """The files of a folder, known to fit together. Each unit's versions are in the order of their days."""

    data_version: str
    versions: dict[Key, list[VersionRow]]
    links: list[LinkRow]


def read_seeds(folder: Path) -> Seeds:
    """Raises BadSeeds, naming the file and the line, or what does not fit."""
    version = _text(folder, "data_version").strip()
    versions = defaultdict(list)
    for row in sorted(_versions(folder), key=lambda row: row.valid_from):
        versions[row.key].append(row)
    seeds = Seeds(version, dict(versions), list(_links(folder)))
    _check_versions(seeds)
    _check_links(seeds)
    _check_counts(seeds, folder)
    return seeds


def _versions(folder: Path) -> Iterator[VersionRow]:
    yield VersionRow(NATION, None, "", "Việt Nam", date(1900, 1, 1), None, None)
    for name in ("units.csv", "legacy_units.csv"):
        for line in _lines(folder, name, (*_UNIT_COLUMNS, "valid_from", "valid_to", "act")):
            key = line.key("scheme", "level", "code")
            above = line.read("parent_level", _ABOVE)
            code = line.read("parent_code", _CODES[above])
            yield VersionRow(
                key=key,
                parent=NATION if above == "nation" else (key[0], above, code),
                type=line.read("type", _SOMETHING),
                name=clean(line.read("name", _SOMETHING)),
                valid_from=line.day("valid_from"),
                valid_to=line.day("valid_to") if line.read("valid_to") else None,
                act=line.read("act") or None,
            )


def _links(folder: Path) -> Iterator[LinkRow]:
    for line in _lines(folder, "links.csv", (*_FROM, *_TO, "partial", "on", "act")):
        is_partial = line.read("partial", _YES_OR_NO) == "yes"
        yield LinkRow(
            line.key(*_FROM), line.key(*_TO), is_partial, line.day("on"), line.read("act", _SOMETHING)
        )


def _check_versions(seeds: Seeds) -> None:
    for key, rows in seeds.versions.items():
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            ends = row.valid_to or date.max
            if ends <= row.valid_from or (following is not None and ends > following.valid_from):
                raise BadSeeds(N_("Các thời kỳ của %(unit)s chồng lên nhau."), unit=_told(seeds, key))
            if row.parent is not None and row.parent not in seeds.versions:
                raise BadSeeds(
                    N_("%(unit)s đứng dưới một đơn vị không có trong danh mục: %(above)s."),
                    unit=_told(seeds, key),
                    above=_told(seeds, row.parent),
                )


def _check_links(seeds: Seeds) -> None:
    for link in seeds.links:
        if link.old == link.new:
            raise BadSeeds(N_("Liên kết của %(unit)s trỏ về chính nó."), unit=_told(seeds, link.old))
        for key in (link.old, link.new):
            if key not in seeds.versions:
                raise BadSeeds(
                    N_("Liên kết nói tới một đơn vị không có trong danh mục: %(unit)s."),
                    unit=_told(seeds, key),
                )
    went = {link.old for link in seeds.links}
    for key, rows in seeds.versions.items():
        if key[1] == "commune" and rows[-1].valid_to is not None and key not in went:
            raise BadSeeds(N_("%(unit)s đã hết mà không có liên kết tới đâu."), unit=_told(seeds, key))


def _check_counts(seeds: Seeds, folder: Path) -> None:
    rows = [row for rows in seeds.versions.values() for row in rows]
    for line in _lines(folder, "counts.csv", ("on", "level", "type", "count")):
        on, level, type_ = line.day("on"), line.read("level", _LEVEL), line.read("type")
        found = sum(row.key[1] == level and type_ in ("", row.type) and row.holds(on) for row in rows)
        if found != int(line.read("count", _NUMBER)):
            raise BadSeeds(
                N_("Ngày %(on)s phải có %(count)s %(what)s, danh mục có %(found)s."),
                on=on.isoformat(),
                count=line.read("count"),
                what=f"{type_} ({level})" if type_ else level,
                found=found,
            )


def _told(seeds: Seeds, key: Key) -> str:
    rows = seeds.versions.get(key)
    return f"{rows[-1].full_name if rows else key[1]} ({key[0]}, {key[2]})"


@dataclass(frozen=True)
class _Line:
    """A line of a CSV file that can say where it is wrong."""

    file: str
    number: int
    values: dict[str, str]

    def read(self, column: str, pattern: re.Pattern[str] | None = None) -> str:
        """The value, trimmed. Raises BadSeeds if it is not wholly of the pattern."""
        value = (self.values[column] or "").strip()
        if pattern is not None and not pattern.fullmatch(value):
            raise self._refusal(column, value)
        return value

    def day(self, column: str) -> date:
        """A day as 2026-09-20. Raises BadSeeds."""
        value = self.read(column)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self._refusal(column, value) from error

    def key(self, scheme: str, level: str, code: str) -> Key:
        """The unit named by three columns. Raises BadSeeds."""
        of_level = self.read(level, _LEVEL)
        return (self.read(scheme, _SCHEME), of_level, self.read(code, _CODES[of_level]))

    def _refusal(self, column: str, value: str) -> BadSeeds:
        return BadSeeds(
            N_("%(file)s, dòng %(number)s: cột %(column)s không thể là “%(value)s”."),
            file=self.file,
            number=self.number,
            column=column,
            value=value[:60],
        )


def _lines(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[_Line]:
    reader = csv.DictReader(_text(folder, name).splitlines())
    for column in columns:
        if column not in (reader.fieldnames or ()):
            raise BadSeeds(N_("%(file)s thiếu cột %(column)s."), file=name, column=column)
    try:
        for values in reader:
            yield _Line(name, reader.line_num, values)
    except csv.Error as error:
        raise BadSeeds(N_("%(file)s không phải là tệp CSV mã UTF-8."), file=name) from error


def _text(folder: Path, name: str) -> str:
    try:
        return nfc((folder / name).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadSeeds(N_("Không đọc được tệp %(file)s trong thư mục này."), file=name) from error
    except UnicodeDecodeError as error:
        raise BadSeeds(N_("%(file)s không phải là tệp CSV mã UTF-8."), file=name) from error
