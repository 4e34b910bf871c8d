"""What lasts: slugs and the names things had before. Nothing vanishes without saying where it went."""

from collections.abc import Iterable

from lms.catalogue.source.elements import CourseSource, ModuleSource
from lms.catalogue.source.folders import OpenModule
from lms.catalogue.source.problems import Problems
from lms.quiz.question import Report


def missing_slugs(old_slugs: Iterable[str], course: CourseSource) -> list[str]:
    """Those published slugs (`module`, `module/lesson`) that the course has no more and no `was` names.

    A lesson of a renamed module is found in it under its own name. Modules that could not be read are taken
    to have everything they had.
    """
    known, moved = _known(course)
    missing = []
    for slug in old_slugs:
        module, slash, lesson = slug.partition("/")
        present = moved.get(module, module)
        if present not in course.broken and not {slug, f"{present}{slash}{lesson}"} & known:
            missing.append(slug)
    return missing


def _known(course: CourseSource) -> tuple[set[str], dict[str, str]]:
    known: set[str] = set()
    moved: dict[str, str] = {}
    for module in course.modules:
        known |= {module.slug, *module.was}
        moved |= dict.fromkeys(module.was, module.slug)
        for lesson in module.lessons:
            known |= {f"{module.slug}/{lesson.slug}", *lesson.was}
    return known, moved


def check_former_names(modules: Iterable[OpenModule], problems: Problems) -> None:
    """A name of before is nobody's name today, and was one thing's only."""
    opened = list(modules)
    present = {module.slug for module in opened}
    present |= {f"{module.slug}/{lesson.slug}" for module in opened for lesson in module.lessons}
    claimed: set[str] = set()
    for module in opened:
        report = problems.of(module.text.path)
        if module.front:
            _check(module.front.keys.was, module.front.line("was"), (present, claimed), report)
        for lesson in module.lessons:
            if lesson.front:
                report = problems.of(lesson.text.path)
                _check(lesson.front.keys.was, lesson.front.line("was"), (present, claimed), report)


def check_former_questions(modules: Iterable[ModuleSource], problems: Problems) -> None:
    """The same for the ids of questions."""
    quizzes = [(module.slug, module.quiz) for module in modules if module.quiz]
    present = {f"{slug}/{source.question.id}" for slug, quiz in quizzes for source in quiz.questions}
    claimed: set[str] = set()
    for _, quiz in quizzes:
        for source in quiz.questions:
            _check(source.was, source.line, (present, claimed), problems.of(quiz.text.path))


def _check(was: Iterable[str], line: int, names: tuple[set[str], set[str]], report: Report) -> None:
    present, claimed = names
    for name in was:
        if name in present:
            report(
                line,
                "Tên cũ này vẫn đang dùng.",
                seen=f"was: {name}",
                expected="chỉ ghi tên không còn dùng nữa; xóa tên này khỏi was",
            )
        elif name in claimed:
            report(
                line, "Hai nơi cùng nhận một tên cũ.", seen=f"was: {name}", expected="mỗi tên cũ ở một nơi"
            )
        claimed.add(name)
