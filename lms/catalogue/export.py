"""Writing a published course back: byte for byte what it was published from, or its questions otherwise."""

import shutil
from pathlib import Path

from lms.catalogue import queries
from lms.catalogue.models import ModuleRevision
from lms.catalogue.shelf import Shelf
from lms.catalogue.source.media import PICTURES, extent_of
from lms.quiz import queries as quiz_queries
from lms.quiz.exchange.format import WritableFormat
from lms.quiz.exchange.item import Picture
from lms.quiz.exchange.losses import Loss, losses


def export_course(slug: str, root: Path, shelf: Shelf) -> list[Path]:
    """Write the course's folder below `root`; returns the files written. Other files are left alone.

    Raises NoSuchCourse.
    """
    course = queries.course_by_slug(slug)
    if course is None:
        raise queries.NoSuchCourse
    folder = root / slug
    written = [_write(folder / "course.md", course.source)]
    if course.calendar is not None:
        written.append(_write(folder / "calendar.md", course.calendar))
    for module, revision in queries.published_modules(course.id):
        written += _export_module(folder / revision.folder, module.id, revision, shelf)
    return written


def export_questions(
    slug: str, root: Path, format_: WritableFormat, shelf: Shelf
) -> list[tuple[Path, list[Loss]]]:
    """Write the questions of every module's quiz; returns each file and what it cannot carry.

    Where nothing can be carried no file is written, and its losses are told under the name it would have.
    Raises NoSuchCourse.
    """
    written = []
    for module in queries.course_outline(slug).modules:
        if module.quiz_id is None or module.is_draft:
            continue
        _, _, entries = quiz_queries.present_paper(module.quiz_id)
        questions = quiz_queries.questions_of([entry.revision_id for entry in entries])
        asked = (questions[entry.revision_id] for entry in entries)
        items, lost = losses(asked, format_, _pictures(module.id, shelf))
        file = root / slug / f"{module.number:02}-{module.slug}{format_.suffixes[0]}"
        if items:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(format_.write(items))
        written.append((file, lost))
    return written


def _pictures(module_id: int, shelf: Shelf) -> dict[str, Picture]:
    """A module's pictures by the names that texts give them, as far as they are on the shelf."""
    found = {}
    for media in queries.media_of(module_id):
        file, suffix = shelf.path(media["sha256"]), Path(media["path"]).suffix.lower()
        if suffix in PICTURES and file.exists():
            found[media["path"]] = Picture(file.read_bytes(), *extent_of(file, suffix))
    return found


def _export_module(folder: Path, module_id: int, revision: ModuleRevision, shelf: Shelf) -> list[Path]:
    written = [_write(folder / "module.md", revision.source)]
    if revision.quiz_source is not None:
        written.append(_write(folder / "quiz.md", revision.quiz_source))
    for file, source in queries.lesson_sources(module_id):
        written.append(_write(folder / file, source))
    for language, texts in revision.settings["translations"].items():
        written += [_write(folder / language / name, text) for name, text in texts.items()]
    for media in queries.media_of(module_id):
        target = folder / media["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shelf.path(media["sha256"]), target)
        written.append(target)
    return written


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file
