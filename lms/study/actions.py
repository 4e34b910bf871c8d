"""Every change of what learners did: enrol, read, answer a check, take a quiz's result, complete."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.foundation import clock
from lms.foundation.db import session, upsert
from lms.foundation.errors import Conflict
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.study.bulk import Touched, place_in
from lms.study.events import CompletionUndone, CourseCompleted
from lms.study.models import (
    CheckAnswer,
    Completion,
    Enrolment,
    LessonRead,
    ModuleProgress,
    StudyDay,
    StudyPosition,
)
from lms.study.queries import enrolments, learner
from lms.study.rules import (
    DONE,
    LEARNING,
    PASSED,
    Standing,
    bits,
    is_course_complete,
    seconds_too_early,
    state_of,
)
from lms.study.tallies import counted


class ChecksUnanswered(Conflict):
    """A lesson is read once its questions are answered; right or wrong does not matter."""

    message = N_("Trong bài còn câu hỏi chưa trả lời. Trả lời xong rồi bấm “Đã đọc xong”.")


class TooEarly(Conflict):
    """A lesson just opened has not been read."""

    message = N_("Bài vừa mở. Đọc thêm khoảng %(seconds)s giây nữa rồi bấm “Đã đọc xong”.")


def _enrolments(
    person_id: int, edition_id: int, now: datetime, *, sharing: Iterable[int] = ()
) -> list[Enrolment]:
    """The person's enrolment in the edition, made now if there is none, and those in `sharing`; all held.

    A new one counts where the person is at home, but only once all are held.
    """
    is_new = not enrolments.is_enrolled(person_id, edition_id)
    if is_new:
        _enrol(person_id, edition_id, now)
    held = enrolments.enrolments_for_change(person_id, {edition_id, *sharing})
    if is_new:
        _place(person_id, [one for one in held if one.edition_id == edition_id])
    return held


def _enrol(person_id: int, edition_id: int, now: datetime) -> None:
    """For the time being on no roster; a second tab that does the same at once changes nothing."""
    enrolments.hold_people([person_id])
    facts = enrolments.learner_facts([person_id])[person_id]
    session.execute(
        upsert(Enrolment)
        .values(
            person_id=person_id,
            edition_id=edition_id,
            origin="self",
            enrolled_at=now,
            sort_key=facts.sort_key,
            is_activated=facts.is_activated,
            counts=False,
        )
        .on_conflict_do_nothing()
    )


def mark_read(
    person_id: int,
    course: CourseOutline,
    edition: EditionView,
    *,
    lesson: LessonLine,
    opened_at: datetime,
    now: datetime,
    is_hurried: bool = False,
) -> None:
    """Note that the lesson is read. Raises ChecksUnanswered, TooEarly (never for a lesson read before).

    `is_hurried` leaves the reading time out: only tests may say so.
    """
    if not learner.is_read(person_id, lesson.id):
        unanswered = learner.unanswered_checks(person_id, lesson, edition.key)
        if unanswered:
            raise ChecksUnanswered
        missing = seconds_too_early(opened_at, now, lesson.minutes)
        if missing and not is_hurried:
            raise TooEarly(seconds=missing)
    session.execute(
        upsert(LessonRead)
        .values(
            person_id=person_id,
            lesson_id=lesson.id,
            lesson_revision_id=lesson.revision_id,
            opened_at=opened_at,
            read_at=now,
        )
        .on_conflict_do_nothing()
    )
    remember_position(person_id, course, lesson, "", now)
    module = next(module for module in course.modules if lesson in module.lessons)
    sharing = [one.id for one in course.editions if one.key in module.editions]
    for enrolment in _enrolments(person_id, edition.id, now, sharing=sharing):
        if enrolment.edition_id == edition.id:
            enrolment.last_active_on = clock.local_date(now)
        _advance(enrolment, course, module, now)


def answer_check(
    person_id: int,
    lesson: LessonLine,
    check_id: str,
    *,
    question_revision_id: int,
    answer: dict[str, Any],
    share: float,
    now: datetime,
) -> None:
    """Keep the answer to a question within a lesson; the latest stands."""
    values = {
        "question_revision_id": question_revision_id,
        "answer": answer,
        "share": share,
        "answered_at": now,
    }
    session.execute(
        upsert(CheckAnswer)
        .values(person_id=person_id, lesson_id=lesson.id, check_id=check_id, **values)
        .on_conflict_do_update(index_elements=["person_id", "lesson_id", "check_id"], set_=values)
    )
    _note_study(person_id, now)


def begin_module(
    person_id: int, course: CourseOutline, edition: EditionView, module: ModuleLine, now: datetime
) -> None:
    """Note that a module was begun: its first lesson opened, a check answered, its quiz started."""
    today = clock.local_date(now)
    if enrolments.was_active(person_id, edition.id, module.id, today):
        return
    [enrolment] = _enrolments(person_id, edition.id, now)
    enrolment.last_active_on = today
    _advance(enrolment, course, module, now)


def remember_position(
    person_id: int, course: CourseOutline, lesson: LessonLine, section: str, now: datetime
) -> None:
    """Keep where the person is reading; the latest device wins."""
    values = {"lesson_id": lesson.id, "section": section, "at": now}
    session.execute(
        upsert(StudyPosition)
        .values(person_id=person_id, course_id=course.id, **values)
        .on_conflict_do_update(index_elements=["person_id", "course_id"], set_=values)
    )
    _note_study(person_id, now)


def record_result(
    person_id: int,
    course: CourseOutline,
    edition: EditionView,
    module: ModuleLine,
    *,
    percent: float,
    points: str,
    is_passed: bool,
    now: datetime,
) -> None:
    """Take over the result of a closed attempt: the best counts, a pass is never lost."""
    _note_study(person_id, now)
    [enrolment] = _enrolments(person_id, edition.id, now)
    enrolment.last_active_on = clock.local_date(now)
    with counted(enrolment):
        progress = _progress(enrolment, module, now)
        progress.attempts += 1
        if progress.best_percent is None or percent > progress.best_percent:
            progress.best_percent, progress.best_points = percent, points
        if is_passed and progress.passed_at is None:
            progress.passed_at = now
        _settle(enrolment, progress, course, module, now)


def correct_result(
    person_id: int,
    course: CourseOutline,
    edition: EditionView,
    module: ModuleLine,
    *,
    percent: float,
    points: str,
    is_passed: bool,
    now: datetime,
) -> None:
    """Take over the best result after attempts were graded anew. That is neither study nor an attempt."""
    [enrolment] = _enrolments(person_id, edition.id, now)
    with counted(enrolment):
        progress = _progress(enrolment, module, now)
        progress.best_percent, progress.best_points = percent, points
        if is_passed and progress.passed_at is None:
            progress.passed_at = now
        _settle(enrolment, progress, course, module, now)


def take_pass_back(
    person_id: int,
    course: CourseOutline,
    edition: EditionView,
    module: ModuleLine,
    *,
    reason: str,
    actor_id: int,
    now: datetime,
) -> None:
    """Open the module again, and the course if it is no longer complete without it: an officer decided so."""
    [enrolment] = _enrolments(person_id, edition.id, now)
    with counted(enrolment):
        progress = _progress(enrolment, module, now)
        progress.state, progress.passed_at, progress.completed_at = LEARNING, None, None
        _settle(enrolment, progress, course, module, now)
        enrolment.mask &= ~(1 << module.bit)
        enrolment.done_count = enrolment.mask.bit_count()
        published = bits(one.bit for one in course.modules_of(edition.key))
        is_still_complete = is_course_complete(course.settings["complete"], enrolment.mask, published)
        if enrolment.completed_at is None or is_still_complete:
            return
        enrolment.completed_at = None
        standing = (Completion.enrolment_id == enrolment.id, Completion.undone_at.is_(None))
        session.execute(update(Completion).where(*standing).values(undone_at=now))
    announce(
        CompletionUndone(enrolment.id, person_id, course.slug, edition.key, reason, actor_id=actor_id, at=now)
    )


def settle_course(course: CourseOutline, now: datetime) -> Touched:
    """Complete what a new edition of the course makes complete; the sums named are then to be counted anew.

    A lesson taken out is nobody's to read any more: who waited for it only has no deed left to do.
    """
    touched: Touched = defaultdict(set)
    for enrolment in enrolments.unsettled(course):
        for module in course.modules:
            progress = session.get(ModuleProgress, (enrolment.id, module.id))
            if progress is not None and progress.state == PASSED:
                _settle(enrolment, progress, course, module, now)
        _complete_course(enrolment, course, now)
        if enrolment.commune_id is not None:
            touched[enrolment.edition_id].add(enrolment.commune_id)
    return touched


def _advance(enrolment: Enrolment, course: CourseOutline, module: ModuleLine, now: datetime) -> None:
    with counted(enrolment):
        _settle(enrolment, _progress(enrolment, module, now), course, module, now)


def _progress(enrolment: Enrolment, module: ModuleLine, now: datetime) -> ModuleProgress:
    """The row of an enrolment in a module, made if it is the first deed in it."""
    progress = session.get(ModuleProgress, (enrolment.id, module.id))
    if progress is None:
        progress = ModuleProgress(
            enrolment_id=enrolment.id,
            module_id=module.id,
            state=LEARNING,
            attempts=0,
            module_revision_id=module.revision_id,
            recorded_unit_id=enrolment.commune_id,
            started_at=now,
            updated_at=now,
        )
        session.add(progress)
    return progress


def _settle(
    enrolment: Enrolment, progress: ModuleProgress, course: CourseOutline, module: ModuleLine, now: datetime
) -> None:
    """Bring the row to the state its facts amount to; what is done stays done."""
    edition = course.edition_by_id(enrolment.edition_id)
    needed = module.counted_lessons_of(edition.key) if edition else ()
    progress.lessons_read = learner.count_read(enrolment.person_id, [lesson.id for lesson in needed])
    progress.module_revision_id = module.revision_id
    progress.updated_at = now
    if progress.state == DONE:
        return
    standing = Standing(progress.lessons_read, len(needed), progress.passed_at is not None, progress.attempts)
    progress.state = state_of(standing, lessons_are_optional=course.lessons_are_optional)
    if progress.state == DONE:
        progress.completed_at = now
        progress.recorded_unit_id = enrolment.commune_id
        enrolment.mask |= 1 << module.bit
        enrolment.done_count = enrolment.mask.bit_count()
        session.flush()
        _complete_course(enrolment, course, now)


def _complete_course(enrolment: Enrolment, course: CourseOutline, now: datetime) -> None:
    """Store the completion with its evidence, once, if the rule is met."""
    edition = course.edition_by_id(enrolment.edition_id)
    if edition is None or enrolment.completed_at is not None:
        return
    published = bits(module.bit for module in course.modules_of(edition.key))
    rule = course.settings["complete"]
    if not is_course_complete(rule, enrolment.mask, published):
        return
    enrolment.completed_at = now
    session.add(
        Completion(
            enrolment_id=enrolment.id,
            completed_at=now,
            rule={"complete": rule, "lessons": course.settings["lessons"]},
            evidence=enrolments.evidence_of(enrolment.id),
        )
    )
    session.flush()
    announce(CourseCompleted(enrolment.id, enrolment.person_id, course.id, edition.id, now))


def _note_study(person_id: int, now: datetime) -> None:
    """A drop for today."""
    session.execute(
        upsert(StudyDay).values(person_id=person_id, day=clock.local_date(now)).on_conflict_do_nothing()
    )


def activate(person_id: int) -> None:
    """Note on every enrolment that the person has an account now."""
    enrolments.hold_people([person_id])
    for enrolment in enrolments.enrolments_for_change(person_id):
        with counted(enrolment):
            enrolment.is_activated = True


def rename(person_id: int, sort_key: str) -> None:
    """Let the rosters sort the person by the new name."""
    enrolments.hold_people([person_id])
    session.execute(update(Enrolment).where(Enrolment.person_id == person_id).values(sort_key=sort_key))


def place(person_id: int) -> None:
    """Let the person count where the home membership is, or nowhere without one."""
    enrolments.hold_people([person_id])
    _place(person_id, enrolments.enrolments_for_change(person_id))


def _place(person_id: int, held: Iterable[Enrolment]) -> None:
    home = enrolments.home_places([person_id]).get(person_id)
    for enrolment in held:
        with counted(enrolment):
            place_in(enrolment, home)
