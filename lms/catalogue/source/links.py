"""Where links lead: lessons by slug whatever their number, files of the module, the wide world."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit

from lms.catalogue.source.elements import MediaSource
from lms.catalogue.source.files import SLUG, SourceText
from lms.catalogue.source.problems import choice_of
from lms.foundation.markdown import Media
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

NUMBERED = re.compile(rf"(?P<number>\d{{1,4}})-(?P<slug>{SLUG})")
_MAYBE_NUMBERED = re.compile(rf"(?:\d+-)?({SLUG})")
_PAGES = {"module.md": "", "quiz.md": "quiz"}
_EXAMPLE = "[tên bài](../02-nen-tang/03-nhom.md#buoc-2)"
_TARGET = re.compile(r"(?:\]\(|\]:|<)\s*<?([^\s)>]+)")
_MOST_TOLD = 200
_OUTSIDE = ("http", "https", "mailto", "tel")

Key = tuple[str, str]
"""A lesson as (module, lesson); the lesson "" is the module's page, "quiz" its quiz."""


@dataclass(frozen=True)
class Place:
    """A page of the course that links may lead to; `path` lies under the course's folder."""

    key: Key
    path: str
    editions: tuple[str, ...]


@dataclass(frozen=True)
class _Wanted:
    """A link to a heading, checked once every lesson has been rendered."""

    key: Key
    anchor: str
    href: str
    links: "Links"


@dataclass
class Atlas:
    """Every page of a course by its key and by the keys it had before, and the headings found in each."""

    course: str
    places: dict[Key, Place] = field(default_factory=dict)
    former: dict[Key, Key] = field(default_factory=dict)
    anchors: dict[Key, set[str]] = field(default_factory=dict)
    wanted: list[_Wanted] = field(default_factory=list)

    def find(self, folder: str, path: str) -> Place | None:
        """The page that a relative path leads to, seen from a module's folder ("" is the course's)."""
        parts = posixpath.normpath(posixpath.join(folder, path)).split("/")
        if len(parts) != 2:
            return None
        module = _MAYBE_NUMBERED.fullmatch(parts[0])
        page = _PAGES.get(parts[1])
        if page is None:
            lesson = _MAYBE_NUMBERED.fullmatch(parts[1].removesuffix(".md"))
            page = lesson[1] if lesson and parts[1].endswith(".md") else "?"
        key = (module[1] if module else "?", page)
        return self.places.get(key) or self._moved(key)

    def _moved(self, key: Key) -> Place | None:
        """The page that was called so before: itself, or in a module that was."""
        module = self.former.get((key[0], ""), (key[0], ""))[0]
        present = self.former.get(key) or (module, key[1])
        return self.places.get(present)

    def address(self, place: Place, fragment: str = "") -> str:
        """The page's public address."""
        parts = [part for part in ("/courses", self.course, *place.key) if part]
        return "/".join(parts) + (f"#{fragment}" if fragment else "")

    def check_anchors(self) -> None:
        """Reports every link to a heading that does not exist."""
        for wanted in self.wanted:
            known = self.anchors.get(wanted.key)
            if known is not None and wanted.anchor not in known:
                wanted.links.tell(
                    wanted.href,
                    "Không có đề mục này trong bài được dẫn tới.",
                    "một trong: " + choice_of(f"#{anchor}" for anchor in sorted(known)),
                )


@dataclass
class Links:
    """The resolver of one text, which reports what leads nowhere."""

    atlas: Atlas
    folder: str
    """The module's folder, "" for texts of the course itself."""
    media_files: Mapping[str, MediaSource]
    here: Key
    lines: Sequence[Line]
    """The lines of the text, among which a mistake is looked for."""
    report: Report
    editions: tuple[str, ...]
    """Who sees it: what it leads to must be there for all of them."""
    seen: set[str] = field(default_factory=set)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def link(self, href: str) -> str:
        """The address, or the words as written once the mistake was reported."""
        self.seen.add(href)
        try:
            parts = urlsplit(href)
        except ValueError:
            parts = urlsplit("?:")
        if parts.scheme in _OUTSIDE and (parts.netloc or parts.scheme in ("mailto", "tel")):
            return href
        if parts.scheme or parts.netloc or href.startswith("/"):
            self.tell(href, "Đường dẫn này không dùng được.", f"https://… hoặc {_EXAMPLE}")
            return href
        if not parts.path:
            self._want(self.here, unquote(parts.fragment), href)
            return href
        if parts.path.startswith("media/"):
            return self._file(href, unquote(parts.path))
        return self._page(href, unquote(parts.path), unquote(parts.fragment))

    def media(self, src: str, alt: str) -> Media | None:
        """The picture or recording; its words are required."""
        self.seen.add(src)
        if not alt.strip():
            self.tell(src, "Hình hoặc đoạn ghi chưa có lời tả.", f"![thấy gì trong hình]({src})")
        found = self.media_files.get(unquote(src))
        if found is None or not found.content_type.startswith(("image/", "audio/", "video/")):
            self.tell(src, "Không có hình hoặc đoạn ghi này.", self._known_media())
            return None
        kind = found.content_type.partition("/")[0]
        note = f"{size_in_words(found.size)}, {length_in_words(found.seconds)}" if found.seconds else ""
        return Media(
            media_address(self.atlas.course, self.here[0], found), kind, found.width, found.height, note
        )

    def report_unread(self, html: str) -> None:
        """Reports links and footnotes that Markdown did not understand and would print as they stand."""
        printed = re.sub(r"<(code|pre)>.*?</\1>", "", html, flags=re.DOTALL)
        if "](" not in printed and "[^" not in printed:
            return
        for line in self.lines:
            bare = re.sub(r"`[^`]*`|\\.", "", line.text)
            target = re.search(r"\]\(\s*<?([^\s)>]*)", bare)
            footnote = re.search(r"\[\^[^\]]*\](?!:)", bare)
            if "](" in printed and target and target[1] not in self.seen:
                self.report(
                    line.number, "Đường dẫn hoặc hình viết chưa đúng.", seen=line.text, expected=_EXAMPLE
                )
            elif footnote and footnote[0] in printed:
                self.report(
                    line.number,
                    "Chú thích này chưa có lời.",
                    seen=footnote[0],
                    expected=f"{footnote[0]}: lời chú thích, ở một dòng riêng",
                )

    def _page(self, href: str, path: str, fragment: str) -> str:
        place = self.atlas.find(self.folder, path)
        if place is None:
            self.tell(href, "Không có bài này trong khóa học.", _EXAMPLE)
            return href
        for edition in self.editions:
            if edition not in place.editions:
                self.tell(
                    href,
                    f"Bài được dẫn tới không có trong bản “{edition}”.",
                    f"chỉ dẫn tới bài ấy ở bản {' hoặc '.join(place.editions)}",
                )
        if fragment:
            self._want(place.key, fragment, href)
        return self.atlas.address(place, fragment)

    def _file(self, href: str, path: str) -> str:
        found = self.media_files.get(path)
        if found is None:
            self.tell(href, "Không có tệp này.", self._known_media())
            return href
        return media_address(self.atlas.course, self.here[0], found)

    def _want(self, key: Key, anchor: str, href: str) -> None:
        self.atlas.wanted.append(_Wanted(key, anchor, href, self))

    def tell(self, href: str, message: str, expected: str) -> None:
        """Reports a mistake on every line that has this target, the first time it is met."""
        if (href, message) in self._told or len(self._told) > _MOST_TOLD:
            return
        self._told.add((href, message))
        for line in self._lines_with(href):
            self.report(line, message, seen=href, expected=expected)

    def _lines_with(self, href: str) -> list[int]:
        """Where a target stands in the text: Markdown itself keeps no count of lines."""
        found = self._targets.get(href)
        return found or [
            next((line.number for line in self.lines if href in line.text), self.lines[0].number)
        ]

    @cached_property
    def _targets(self) -> dict[str, list[int]]:
        """The lines of every target, as far as a glance tells."""
        found: dict[str, list[int]] = {}
        for line in self.lines:
            for match in _TARGET.finditer(line.text):
                found.setdefault(match[1], []).append(line.number)
        return found

    def _known_media(self) -> str:
        return f"một trong: {choice_of(sorted(self.media_files))}"


def media_address(course: str, module: str, media: MediaSource) -> str:
    """The file's public address, with its content in it, so that it may be kept for ever."""
    return f"/courses/{course}/{module}/{media.path}?v={media.sha256[:12]}"


def rewritten(text: SourceText, folder: str, atlas: Atlas) -> str:
    """The file with every link to a lesson naming its present path."""

    def present(match: re.Match[str]) -> str:
        place = atlas.find(folder, unquote(match["path"]))
        return match[0] if place is None else match["before"] + posixpath.relpath(place.path, folder or ".")

    target = re.compile(
        r"(?P<before>\]\([ \t]*<?|^\[[^\]\n]{1,200}\]:[ \t]*<?)(?P<path>(?![a-z]+:)[^\s()<>#?]+\.md)",
        re.MULTILINE,
    )
    return target.sub(present, text.raw)


def size_in_words(size: int) -> str:
    """Bytes for people: 820 KB, 1,2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")


def length_in_words(seconds: int) -> str:
    """Seconds for people: 45 giây, 3 phút, 3 phút 20 giây."""
    minutes, rest = divmod(seconds, 60)
    words = [f"{minutes} phút"] if minutes else []
    return " ".join(words + ([f"{rest} giây"] if rest or not minutes else []))
