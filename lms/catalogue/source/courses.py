"""A course folder read whole: course.md, its modules, its calendar, and what they say of each other."""

import re
from collections.abc import Sequence
from pathlib import Path

from lms.catalogue.source.blocks import Node, read_blocks
from lms.catalogue.source.calendar import read_calendar
from lms.catalogue.source.elements import (
    CalendarSource,
    CertificateSource,
    CourseSource,
    EditionSource,
    ModuleSource,
    StrictSource,
)
from lms.catalogue.source.files import SLUG, SourceText, read_text
from lms.catalogue.source.folders import OpenModule, Reading, entries, open_module
from lms.catalogue.source.front_matter import FrontMatter, read_front_matter
from lms.catalogue.source.identity import check_former_names, check_former_questions
from lms.catalogue.source.keys import CourseKeys
from lms.catalogue.source.links import Atlas, Links, Place, rewritten
from lms.catalogue.source.modules import finish_module, plain_html
from lms.catalogue.source.problems import Problems, SourceProblem, choice_of
from lms.foundation.text import slugify
from lms.quiz.answer_block import Line

COURSE_FILE, CALENDAR_FILE = "course.md", "calendar.md"


def read_courses(root: Path) -> tuple[list[CourseSource], list[SourceProblem]]:
    """Every course in a folder of courses, by slug, and every mistake in them."""
    courses: list[CourseSource] = []
    problems: list[SourceProblem] = []
    if not root.is_dir():
        missing = SourceProblem(
            root.name, 1, "Không có thư mục này.", str(root), "một thư mục chứa các khóa học"
        )
        return [], [missing]
    for folder in entries(root):
        if folder.is_dir():
            course, found = read_course(folder)
            courses += [course] if course else []
            problems += found
    return courses, problems + _unknown_elsewhere(courses)


def read_course(path: Path) -> tuple[CourseSource | None, list[SourceProblem]]:
    """The course in a folder, None if course.md cannot be read, and every mistake in the whole folder.

    Modules with a mistake are left out of the course and named in its `broken`.
    """
    root = path.resolve()
    problems = Problems()
    report = problems.of(f"{root.name}/{COURSE_FILE}")
    if not re.fullmatch(SLUG, root.name):
        report(
            1,
            "Tên thư mục khóa học viết chưa đúng.",
            seen=root.name,
            expected=slugify(root.name) or "ten-khoa-hoc",
        )
        return None, problems.listed()
    if not (root / COURSE_FILE).exists():
        report(1, "Thiếu tệp course.md.", seen=root.name, expected="course.md có title và summary")
        return None, problems.listed()
    text = read_text(root / COURSE_FILE, f"{root.name}/{COURSE_FILE}", report)
    front, below = read_front_matter(text, CourseKeys, report) if text else (None, [])
    if text is None or front is None:
        return None, problems.listed()
    editions = tuple(edition.key for edition in front.keys.editions)
    reading = Reading(root, editions, problems, Atlas(root.name))
    course = _Course(text, front, read_blocks(below, report), reading).read()
    return course, problems.listed()


def fixed_links(course: CourseSource) -> dict[str, str]:
    """Files whose links name lessons by numbers they no longer have, by path, with their text put right."""
    atlas = _atlas_of(course)
    texts = [("", course.text), *([("", course.calendar.text)] if course.calendar else [])]
    for module in course.modules:
        for one in (module, *module.translations.values()):
            texts += [(module.folder, text) for text in _texts_of(one)]
    fixed = {text.path: rewritten(text, folder, atlas) for folder, text in texts}
    return {text.path: fixed[text.path] for _, text in texts if fixed[text.path] != text.raw}


class _Course:
    """A course being read, course.md behind it."""

    def __init__(
        self, text: SourceText, front: FrontMatter[CourseKeys], nodes: tuple[Node, ...], reading: Reading
    ) -> None:
        self._text = text
        self._front = front
        self._nodes = nodes
        self._reading = reading
        self._report = reading.problems.of(text.path)

    def read(self) -> CourseSource:
        opened = self._open()
        modules = [finish_module(module, self._reading) for module in opened]
        introduction = plain_html(self._nodes, self._links(self._text), self._report)
        calendar = self._calendar(opened)
        self._check_keys(opened)
        check_former_names(opened, self._reading.problems)
        check_former_questions([module for module in modules if module], self._reading.problems)
        self._reading.atlas.check_anchors()
        course = self._reading.course
        broken = [one.slug for one in opened if self._reading.problems.under(f"{course}/{one.folder}")]
        good = tuple(module for module in modules if module is not None and module.slug not in broken)
        return self._course(introduction, good, tuple(broken), calendar)

    def _course(
        self,
        introduction: str,
        modules: tuple[ModuleSource, ...],
        broken: tuple[str, ...],
        calendar: CalendarSource | None,
    ) -> CourseSource:
        keys = self._front.keys
        issued = keys.certificate
        return CourseSource(
            text=self._text,
            slug=self._reading.course,
            title=keys.title,
            summary=keys.summary,
            language=keys.language,
            editions=tuple(
                EditionSource(one.key, one.title, one.audience, one.public) for one in keys.editions
            ),
            needed=keys.complete.modules,
            lessons_required=keys.lessons == "required",
            certificate=CertificateSource(issued.title, issued.template, issued.months) if issued else None,
            team_edition=keys.assign.teams if keys.assign else None,
            strict=StrictSource(**keys.strict.model_dump()),
            authors=keys.authors,
            introduction=introduction,
            modules=modules,
            broken=broken,
            calendar=calendar,
        )

    def _open(self) -> list[OpenModule]:
        """The modules in their order; pages of all of them are known before any is rendered."""
        reading = self._reading
        reading.atlas.places["", ""] = Place(("", ""), COURSE_FILE, reading.editions)
        opened: dict[str, OpenModule] = {}
        for entry in entries(reading.root):
            report = reading.problems.of(reading.path_of(entry))
            if entry.name in (COURSE_FILE, CALENDAR_FILE):
                continue
            if not entry.is_dir() or entry.is_symlink():
                report(
                    1,
                    "Không biết tệp này.",
                    seen=entry.name,
                    expected="course.md, calendar.md và các thư mục 01-ten-chuyen-de",
                )
                continue
            module = open_module(entry, reading)
            if module is not None and module.slug in opened:
                report(
                    1,
                    "Hai chuyên đề trùng tên.",
                    seen=module.slug,
                    expected="mỗi chuyên đề một tên sau con số",
                )
            elif module is not None:
                opened[module.slug] = module
        return sorted(opened.values(), key=lambda module: (module.number, module.slug))

    def _links(self, text: SourceText) -> Links:
        report = self._reading.problems.of(text.path)
        return Links(self._reading.atlas, "", {}, ("", ""), text.lines, report, self._reading.editions)

    def _calendar(self, opened: Sequence[OpenModule]) -> CalendarSource | None:
        file = self._reading.root / CALENDAR_FILE
        if not file.exists():
            return None
        path = self._reading.path_of(file)
        report = self._reading.problems.of(path)
        text = read_text(file, path, report)
        if text is None:
            return None

        def guide_of(lines: Sequence[Line]) -> str:
            return plain_html(read_blocks(lines, report), self._links(text), report)

        return read_calendar(text, self._reading.course, [one.slug for one in opened], guide_of, report)

    def _check_keys(self, opened: Sequence[OpenModule]) -> None:
        """What course.md and the modules say of each other."""
        keys, front, editions = self._front.keys, self._front, self._reading.editions
        for number, key in enumerate(editions):
            if key in editions[:number]:
                self._report(
                    front.line("editions", number), "Hai bản trùng tên.", seen=key, expected="mỗi bản một key"
                )
        if keys.complete.modules and keys.complete.modules > len(opened):
            self._report(
                front.line("complete"),
                "Cần nhiều chuyên đề hơn số có trong khóa học.",
                seen=f"modules: {keys.complete.modules}, có {len(opened)} chuyên đề",
                expected=f"complete: {{modules: {len(opened)}}} hoặc complete: all-modules",
            )
        if keys.assign and keys.assign.teams not in editions:
            self._report(
                front.line("assign"),
                "Không có bản này.",
                seen=keys.assign.teams,
                expected=f"assign: {{teams: …}}, một trong: {choice_of(editions)}",
            )
        self._check_advice(opened)

    def _check_advice(self, opened: Sequence[OpenModule]) -> None:
        slugs = [module.slug for module in opened]
        for module in opened:
            for advised in module.front.keys.advise if module.front else ():
                if module.front and (advised not in slugs or advised == module.slug):
                    self._reading.problems.of(module.text.path)(
                        module.front.line("advise"),
                        "Không có chuyên đề này để khuyên học trước.",
                        seen=advised,
                        expected=f"một trong: {choice_of(slug for slug in slugs if slug != module.slug)}",
                    )


def _unknown_elsewhere(courses: Sequence[CourseSource]) -> list[SourceProblem]:
    """Calendar rows that name a module of another course which is not there."""
    known = {
        (course.slug, slug)
        for course in courses
        for slug in (*[one.slug for one in course.modules], *course.broken)
    }
    found = []
    for course in courses:
        for month in course.calendar.months if course.calendar else ():
            if course.calendar and month.course != course.slug and (month.course, month.module) not in known:
                name = f"{month.course}/{month.module}"
                line = next(line.number for line in course.calendar.text.lines if name in line.text)
                message = "Không có chuyên đề này ở khóa học kia."
                found.append(
                    SourceProblem(course.calendar.text.path, line, message, name, "khóa-học/chuyên-đề")
                )
    return found


def _atlas_of(course: CourseSource) -> Atlas:
    atlas = Atlas(course.slug)
    keys = tuple(edition.key for edition in course.editions)
    for module in course.modules:
        atlas.places[module.slug, ""] = Place((module.slug, ""), f"{module.folder}/module.md", keys)
        if module.quiz:
            atlas.places[module.slug, "quiz"] = Place((module.slug, "quiz"), f"{module.folder}/quiz.md", keys)
        atlas.former |= {(was, ""): (module.slug, "") for was in module.was}
        for lesson in module.lessons:
            key = (module.slug, lesson.slug)
            atlas.places[key] = Place(key, f"{module.folder}/{lesson.text.name}", keys)
            for was in lesson.was:
                old_module, _, old_lesson = was.partition("/")
                atlas.former[old_module, old_lesson] = key
    return atlas


def _texts_of(module: ModuleSource) -> list[SourceText]:
    texts = [module.text, *(lesson.text for lesson in module.lessons)]
    return texts + ([module.quiz.text] if module.quiz else [])
