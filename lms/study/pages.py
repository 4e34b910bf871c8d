"""What the learner's pages show, put together from below and frozen."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from markupsafe import Markup

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.catalogue.queries import LessonBody, lesson_body
from lms.quiz.queries import questions_of
from lms.quiz.question import Answer, Question
from lms.study import queries
from lms.study.queries import NOTHING_YET, CourseState
from lms.study.rules import DONE, FAILED, PASSED, ModuleToDo, Step, next_step

SOIL, SEEDLING, GREEN, GRAIN = range(4)
"""The states of a field: not begun, begun, read and waiting for the quiz, passed."""


@dataclass(frozen=True)
class CoursePage:
    """A course as one learner, or a visitor, sees it."""

    course: CourseOutline
    edition: EditionView
    state: CourseState
    modules: tuple[ModuleLine, ...]
    fields: tuple[int, ...]  # the state of every plot, planned ones too
    step: Step

    @property
    def ripe(self) -> int:
        """How many plots are passed."""
        return self.fields.count(GRAIN)

    @property
    def unwritten(self) -> int:
        """How many modules are still being written."""
        return len(self.fields) - len(self.modules)

    def field_of(self, module: ModuleLine) -> int:
        """The state of a module's plot."""
        return field_state(module, self.edition.key, self.state)

    def read_of(self, module: ModuleLine) -> int:
        """How many of the module's lessons are read."""
        return len(module_read(module, self.edition.key, self.state))

    def segments_of(self, module: ModuleLine) -> list[str]:
        """One word a lesson for the strip of segments: done, or nothing."""
        lessons = module.counted_lessons_of(self.edition.key)
        return ["done" if lesson.id in self.state.read else "" for lesson in lessons]

    def module_at(self, slug: str) -> ModuleLine | None:
        """The module of this slug, among those shown."""
        return next((module for module in self.modules if module.slug == slug), None)

    def lesson_at(self, step: Step) -> LessonLine | None:
        """The lesson a step leads to."""
        module = self.module_at(step.module_slug)
        lessons = module.lessons_of(self.edition.key) if module else ()
        return next((lesson for lesson in lessons if lesson.slug == step.lesson_slug), None)


@dataclass(frozen=True)
class Check:
    """A question within a lesson, as this learner meets it."""

    id: str
    question: Question
    order: tuple[str, ...]
    answer: Answer | None


@dataclass(frozen=True)
class LessonPage:
    """A lesson as one learner, or a visitor, sees it."""

    course: CourseOutline
    edition: EditionView
    module: ModuleLine
    lesson: LessonLine
    body: LessonBody
    state: CourseState
    checks: dict[str, Check]

    @property
    def segments(self) -> list[Markup | Check]:
        """Text and checks in order."""
        return [
            self.checks[segment.check] if segment.check else segment.html
            for segment in self.body.segments[self.edition.key]
        ]

    @property
    def lessons(self) -> tuple[LessonLine, ...]:
        """The module's lessons in this edition, guide and card among them."""
        return self.module.lessons_of(self.edition.key)

    @property
    def number(self) -> int:
        """The lesson's place among those."""
        return self.lessons.index(self.lesson) + 1

    @property
    def strip(self) -> list[str]:
        """One word a lesson for the strip of segments: done, half (this one), or nothing."""
        return [
            "done" if one.id in self.state.read else "half" if one == self.lesson else ""
            for one in self.lessons
        ]

    @property
    def following(self) -> LessonLine | None:
        """The next lesson of the module, or nothing: then the quiz follows."""
        return self.lessons[self.number] if self.number < len(self.lessons) else None

    @property
    def is_read(self) -> bool:
        """Whether the learner has said so."""
        return self.lesson.id in self.state.read

    @property
    def unanswered(self) -> int:
        """How many checks wait for an answer."""
        return sum(check.answer is None for check in self.checks.values())


def course_page(person_id: int | None, course: CourseOutline, edition: EditionView) -> CoursePage:
    """The course with where the learner stands; four small reads."""
    state = queries.course_state(person_id, course, edition) if person_id is not None else NOTHING_YET
    modules = course.modules_of(edition.key)
    fields = [field_state(module, edition.key, state) for module in modules]
    fields += [SOIL] * (course.planned - len(modules))
    return CoursePage(
        course,
        edition,
        state,
        modules,
        tuple(fields),
        next_step(_to_do(modules, edition, state), frozenset(state.read), state.last),
    )


def _to_do(modules: tuple[ModuleLine, ...], edition: EditionView, state: CourseState) -> list[ModuleToDo]:
    return [
        ModuleToDo(
            module.slug,
            tuple((lesson.id, lesson.slug) for lesson in module.counted_lessons_of(edition.key)),
            is_passed=module.id in state.modules and state.modules[module.id].is_passed,
            is_done=state.is_done(module),
        )
        for module in modules
    ]


def module_read(module: ModuleLine, edition: str, state: CourseState) -> list[LessonLine]:
    """The lessons of a module that are read, of those that count."""
    return [lesson for lesson in module.counted_lessons_of(edition) if lesson.id in state.read]


def field_state(module: ModuleLine, edition: str, state: CourseState) -> int:
    """The plot's state is the stored progress, nothing decorative: grain only after a passed quiz."""
    progress = state.modules.get(module.id)
    if progress is not None and progress.state in (DONE, PASSED):
        return GRAIN
    read, needed = len(module_read(module, edition, state)), len(module.counted_lessons_of(edition))
    if (needed and read == needed) or (progress is not None and progress.state == FAILED):
        return GREEN
    return SEEDLING if read or progress is not None else SOIL


def lesson_page(
    person_id: int | None,
    course: CourseOutline,
    edition: EditionView,
    module: ModuleLine,
    lesson: LessonLine,
) -> LessonPage:
    """The lesson with its checks; a visitor's answers are not known."""
    body = lesson_body(lesson.revision_id)
    asked = [segment.check for segment in body.segments[edition.key] if segment.check]
    answers = queries.check_answers(person_id, lesson.id) if asked and person_id is not None else {}
    questions = questions_of([body.checks[check_id] for check_id in asked]) if asked else {}
    checks = {
        check_id: _check(check_id, questions[body.checks[check_id]], answers.get(check_id), person_id)
        for check_id in asked
    }
    ids = [one.id for one in module.lessons_of(edition.key)]
    read = queries.read_times(person_id, ids) if person_id is not None else {}
    return LessonPage(course, edition, module, lesson, body, CourseState(read=read), checks)


def _check(
    check_id: str, question: Question, given: tuple[int, Answer] | None, person_id: int | None
) -> Check:
    """Options in an order of the learner's own; an answer to an earlier wording is asked for again."""
    order = list(question.option_ids)
    if not question.keeps_order:
        Random(f"{person_id}:{check_id}").shuffle(order)  # noqa: S311 — a lottery, not a secret
    answer = given[1] if given and not question.answer_problem(given[1]) else None
    return Check(check_id, question, tuple(order), answer)


@dataclass(frozen=True)
class Day:
    """One drop of the week."""

    short: str
    is_today: bool
    is_studied: bool
    is_past: bool


_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def week_of(person_id: int, today: date) -> list[Day]:
    """Monday to Sunday of this week, and on which days the person studied."""
    monday = today - timedelta(days=today.weekday())
    studied = queries.study_days(person_id, monday)
    return [
        Day(short, day == today, day in studied, day < today)
        for short, day in ((short, monday + timedelta(days=n)) for n, short in enumerate(_SHORT))
    ]
