"""A module's folder opened: its files, their front matter and their blocks, nothing rendered yet."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lms.catalogue.source.blocks import Node, read_blocks
from lms.catalogue.source.elements import MediaSource
from lms.catalogue.source.files import SourceText, read_text
from lms.catalogue.source.front_matter import FrontMatter, read_front_matter
from lms.catalogue.source.keys import LANGUAGE, LessonKeys, ModuleKeys
from lms.catalogue.source.links import NUMBERED, Atlas, Place
from lms.catalogue.source.media import read_media
from lms.catalogue.source.problems import Problems
from lms.foundation.text import slugify

RESERVED = ("quiz", "media", "calendar")
_LITTER = ("Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Reading:
    """One course being read: where it lies, who it is for, what was found wrong, where its pages are."""

    root: Path
    editions: tuple[str, ...]
    problems: Problems
    atlas: Atlas

    @property
    def course(self) -> str:
        """The course's slug."""
        return self.root.name

    def path_of(self, file: Path) -> str:
        """How messages name a file: from the course's folder on."""
        return file.relative_to(self.root.parent).as_posix()


@dataclass(frozen=True)
class OpenLesson:
    """A lesson's file, read but not rendered."""

    text: SourceText
    number: int
    slug: str
    front: FrontMatter[LessonKeys] | None
    nodes: tuple[Node, ...]

    def editions_in(self, module: "OpenModule") -> tuple[str, ...]:
        """The module's editions, unless it names its own."""
        return (self.front.keys.editions if self.front else None) or module.editions


@dataclass
class OpenModule:
    """A module's folder, read but not rendered."""

    folder: str
    number: int
    slug: str
    text: SourceText
    front: FrontMatter[ModuleKeys] | None
    nodes: tuple[Node, ...]
    editions: tuple[str, ...]
    lessons: list[OpenLesson] = field(default_factory=list)
    quiz: SourceText | None = None
    media: dict[str, MediaSource] = field(default_factory=dict)
    translations: dict[str, "OpenModule"] = field(default_factory=dict)

    @property
    def objectives(self) -> list[str] | None:
        """Keys of its objectives; None if module.md could not be read."""
        return [objective.key for objective in self.front.keys.objectives] if self.front else None


def entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, by name, without what systems leave lying about."""
    for entry in sorted(folder.iterdir()):
        if not entry.name.startswith(".") and entry.name not in _LITTER:
            yield entry


def open_module(folder: Path, reading: Reading) -> OpenModule | None:
    """The module in a numbered folder; None if it has no module.md or no proper name."""
    named = numbered(folder.name, reading, folder, "01-ten-chuyen-de")
    if named is None:
        return None
    module = _opened(folder, folder.name, named, reading)
    if module is None:
        return None
    for entry in entries(folder):
        if entry.is_dir() and re.fullmatch(LANGUAGE, entry.name):
            translated = _opened(entry, folder.name, named, reading)
            if translated is not None:
                translated.media = module.media | translated.media
                module.translations[entry.name] = translated
    _place(module, reading)
    return module


def numbered(name: str, reading: Reading, file: Path, example: str) -> tuple[int, str] | None:
    """Number and slug of `01-name`; None once a mistake in the name was reported."""
    report = reading.problems.of(reading.path_of(file))
    match = NUMBERED.fullmatch(name)
    if match is None:
        digits = re.match(r"\d{1,4}", name)
        bare = slugify(re.sub(r"^\d+", "", name))
        expected = f"{digits[0] if digits else '01'}-{bare}" if bare else example
        report(1, "Tên không đúng dạng số-tên.", seen=name, expected=expected)
        return None
    if match["slug"] in RESERVED:
        report(
            1,
            "Tên này dành riêng.",
            seen=match["slug"],
            expected=f"một tên khác {', '.join(RESERVED)}",
        )
        return None
    return int(match["number"]), match["slug"]


def _opened(folder: Path, name: str, named: tuple[int, str], reading: Reading) -> OpenModule | None:
    file = folder / "module.md"
    report = reading.problems.of(reading.path_of(file))
    if not file.exists():
        report(
            1, "Thiếu tệp module.md.", seen=folder.name, expected="module.md có title, summary, objectives"
        )
        return None
    text = read_text(file, reading.path_of(file), report)
    if text is None:
        return None
    front, below = read_front_matter(text, ModuleKeys, report, {"editions": reading.editions})
    editions = (front.keys.editions if front else None) or reading.editions
    module = OpenModule(name, *named, text, front, read_blocks(below, report), editions)
    for entry in entries(folder):
        _add(entry, module, reading)
    module.lessons.sort(key=lambda lesson: (lesson.number, lesson.slug))
    return module


def _add(entry: Path, module: OpenModule, reading: Reading) -> None:
    """Takes one entry of the folder for what its name says it is."""
    report = reading.problems.of(reading.path_of(entry))
    if entry.name == "module.md" or (entry.is_dir() and re.fullmatch(LANGUAGE, entry.name)):
        return
    if entry.name == "quiz.md":
        module.quiz = read_text(entry, reading.path_of(entry), report)
    elif entry.name == "media" and entry.is_dir() and not entry.is_symlink():
        for file in entries(entry):
            found = read_media(file, reading.problems.of(reading.path_of(file)))
            if found is not None:
                module.media[found.path] = found
    elif entry.suffix == ".md" and not entry.is_dir():
        _add_lesson(entry, module, reading)
    else:
        report(
            1,
            "Không biết tệp hay thư mục này.",
            seen=entry.name,
            expected="module.md, quiz.md, 01-ten-bai.md, media/ hoặc thư mục ngôn ngữ như km/",
        )


def _add_lesson(file: Path, module: OpenModule, reading: Reading) -> None:
    named = numbered(file.stem, reading, file, "01-ten-bai")
    report = reading.problems.of(reading.path_of(file))
    text = read_text(file, reading.path_of(file), report) if named else None
    if named is None or text is None:
        return
    number, slug = named
    if slug in [lesson.slug for lesson in module.lessons]:
        report(1, "Hai bài trong một chuyên đề trùng tên.", seen=slug, expected="mỗi bài một tên sau con số")
        return
    known: dict[str, Collection[str]] = {"editions": module.editions}
    if module.objectives is not None:
        known["objectives"] = module.objectives
    front, below = read_front_matter(text, LessonKeys, report, known)
    module.lessons.append(OpenLesson(text, number, slug, front, read_blocks(below, report)))


def _place(module: OpenModule, reading: Reading) -> None:
    """Enters the module's pages, and what they were called before, into the atlas."""
    places, former = reading.atlas.places, reading.atlas.former
    for page, file in (("", "module.md"), ("quiz", "quiz.md")):
        places[module.slug, page] = Place((module.slug, page), f"{module.folder}/{file}", module.editions)
    if module.quiz is None:
        del places[module.slug, "quiz"]
    for was in module.front.keys.was if module.front else ():
        former[was, ""] = (module.slug, "")
    for lesson in module.lessons:
        key = (module.slug, lesson.slug)
        places[key] = Place(key, f"{module.folder}/{lesson.text.name}", lesson.editions_in(module))
        for was in lesson.front.keys.was if lesson.front else ():
            old_module, _, old_lesson = was.partition("/")
            former[old_module, old_lesson] = key
