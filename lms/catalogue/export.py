"""Writing a published course back as files: byte for byte what it was published from."""

import shutil
from pathlib import Path

from lms.catalogue import queries
from lms.catalogue.models import ModuleRevision
from lms.catalogue.shelf import Shelf


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
