"""What the learner's pages show, put together from below and frozen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random

from markupsafe import Markup

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.catalogue.queries import LessonBody, lesson_body
from lms.quiz.queries import question_of
from lms.quiz.question import Answer, Question
from lms.study.months import TopicCard, topic_card
from lms.study.queries import learner
from lms.study.queries.learner import NOTHING_YET, CourseState, EnrolmentLine
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
    read: tuple[int, ...] = ()  # lessons of the module, by id
    answers: Mapping[str, Answer] = field(default_factory=dict)  # to the lesson's checks

    @cached_property
    def body(self) -> LessonBody:
        """The text."""
        return lesson_body(self.lesson.revision_id)

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The questions within it."""
        asked = [segment.check for segment in self.body.segments[self.edition.key] if segment.check]
        return {check_id: self._check(check_id) for check_id in asked}

    def _check(self, check_id: str) -> Check:
        """An answer to an earlier wording is no answer: the question is asked again."""
        question, order = _asked(check_id, self.body.checks[check_id], self.course.published_at)
        answer = self.answers.get(check_id)
        if answer is not None and question.answer_problem(answer):
            answer = None
        return Check(check_id, question, order, answer)

    @property
    def segments(self) -> list[Markup | Check]:
        """Text and checks in order."""
        return [
            self.checks[segment.check] if segment.check else segment.html
            for segment in self.body.segments[self.edition.key]
        ]

    @cached_property
    def lessons(self) -> tuple[LessonLine, ...]:
        """The module's lessons in this edition, guide and card among them."""
        return self.module.lessons_of(self.edition.key)

    @cached_property
    def number(self) -> int:
        """The lesson's place among those."""
        return self.lessons.index(self.lesson) + 1

    @property
    def strip(self) -> list[str]:
        """One word a lesson for the strip of segments: done, half (this one), or nothing."""
        return [
            "done" if one.id in self.read else "half" if one == self.lesson else "" for one in self.lessons
        ]

    @property
    def following(self) -> LessonLine | None:
        """The next lesson of the module, or nothing: then the quiz follows."""
        return self.lessons[self.number] if self.number < len(self.lessons) else None

    @property
    def is_read(self) -> bool:
        """Whether the learner has said so."""
        return self.lesson.id in self.read


def course_page(person_id: int | None, course: CourseOutline, edition: EditionView) -> CoursePage:
    """The course with where the learner stands; four small reads."""
    state = learner.course_state(person_id, course, edition) if person_id is not None else NOTHING_YET
    modules = course.modules_of(edition.key)
    plots = course.plots_of(edition.key)
    return CoursePage(
        course,
        edition,
        state,
        modules,
        tuple(field_state(plot, edition.key, state) if plot else SOIL for plot in plots),
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
    person_id: int | None, course: CourseOutline, edition: EditionView, module_slug: str, slug: str
) -> LessonPage | None:
    """The lesson, if this edition has it; a visitor's answers are not known. One read."""
    module = course.module(module_slug)
    if module is None or edition.key not in module.editions:
        return None
    lesson = next((one for one in module.lessons_of(edition.key) if one.slug == slug), None)
    if lesson is None:
        return None
    if person_id is None:
        return LessonPage(course, edition, module, lesson)
    place = learner.place_in_lesson(person_id, module.id, lesson.id)
    return LessonPage(course, edition, module, lesson, place.read, dict(place.answers))


@lru_cache(maxsize=2048)
def _asked(check_id: str, revision_id: int, _published_at: datetime) -> tuple[Question, tuple[str, ...]]:
    """The question, and its options in an order of its own for everybody, since the author's might betray.

    Who corrects its words publishes the course anew.
    """
    question = question_of(revision_id)
    order = list(question.option_ids)
    if not question.keeps_order:
        Random(check_id).shuffle(order)  # noqa: S311 — a lottery, not a secret
    return question, tuple(order)


@dataclass(frozen=True)
class Day:
    """One drop of the week."""

    short: str
    is_today: bool
    is_studied: bool
    is_past: bool


_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def week_of(person_id: int, today: date) -> tuple[Day, ...]:
    """Monday to Sunday of this week, and on which days the person studied."""
    monday = today - timedelta(days=today.weekday())
    studied = learner.study_days(person_id, monday)
    days = [(short, monday + timedelta(days=n)) for n, short in enumerate(_SHORT)]
    return tuple(Day(short, day == today, day in studied, day < today) for short, day in days)


@dataclass(frozen=True)
class CourseCard:
    """A course in a few words, beside the one that is shown in full."""

    slug: str
    title: str
    summary: str
    is_enrolled: bool
    is_completed: bool
    done: int
    planned: int


@dataclass(frozen=True)
class HomePage:
    """Where a learner's study goes on: one course in full, the others as cards, the month, the week."""

    main: CoursePage | None
    others: tuple[CourseCard, ...]
    week: tuple[Day, ...]
    topic: TopicCard | None


def home_page(person_id: int, courses: Iterable[CourseOutline], today: date) -> HomePage:
    """What is begun and not completed comes first, the course last studied before the others.

    Costs as many reads for fifty courses as for one.
    """
    mine: dict[int, list[EnrolmentLine]] = defaultdict(list)
    for line in learner.enrolments_of(person_id):
        mine[line.course_id].append(line)
    in_turn = sorted(courses, key=lambda course: _turn(course, mine))
    shown = [
        (course, editions[0], mine.get(course.id, [])[:1])
        for course in in_turn
        if course.is_ready and (editions := learner.readable(course, _edition_ids(mine.get(course.id, []))))
    ]
    main = course_page(person_id, *shown[0][:2]) if shown else None
    topic = topic_card(person_id, [(course, edition) for course, edition, _ in shown], today)
    return HomePage(main, tuple(_card(*one) for one in shown[1:]), week_of(person_id, today), topic)


def _turn(course: CourseOutline, mine: Mapping[int, Sequence[EnrolmentLine]]) -> tuple[bool, bool, int]:
    lines = mine.get(course.id, ())
    is_completed = bool(lines) and lines[0].completed_at is not None
    return not lines, is_completed, list(mine).index(course.id) if lines else 0


def _edition_ids(lines: Iterable[EnrolmentLine]) -> list[int]:
    return [line.edition_id for line in lines]


def _card(course: CourseOutline, edition: EditionView, lines: Sequence[EnrolmentLine]) -> CourseCard:
    return CourseCard(
        course.slug,
        course.title,
        course.summary,
        is_enrolled=bool(lines),
        is_completed=any(line.completed_at for line in lines),
        done=sum(line.done_count for line in lines),
        planned=len(course.plots_of(edition.key)),
    )
