"""Every change of what learners did: enrol, read, answer a check, take a quiz's result, complete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.foundation import clock
from lms.foundation.db import session, upsert
from lms.foundation.errors import Conflict
from lms.foundation.events import announce
from lms.foundation.i18n import N_
from lms.study import queries
from lms.study.events import CourseCompleted
from lms.study.models import (
    CheckAnswer,
    Completion,
    Enrolment,
    LessonRead,
    ModuleProgress,
    StudyDay,
    StudyPosition,
)
from lms.study.rules import (
    DONE,
    LEARNING,
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


def ensure_enrolled(person_id: int, edition_id: int, now: datetime) -> int:
    """The person's enrolment in the edition, made now if there is none; returns its id."""
    found = queries.enrolment_id_of(person_id, edition_id)
    if found is not None:
        return found
    place = queries.home_places([person_id]).get(person_id)
    learner = queries.learner_facts([person_id])[person_id]
    made = Enrolment(
        person_id=person_id,
        edition_id=edition_id,
        origin="self",
        enrolled_at=now,
        sort_key=learner.sort_key,
        is_activated=learner.is_activated,
        counts=False,
    )
    session.add(made)
    session.flush()
    with counted(made.id):
        made.counts = place is not None
        made.team_id, made.commune_id, made.province_id = place or (None, None, None)
    return made.id


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
    if not queries.is_read(person_id, lesson.id):
        unanswered = queries.unanswered_checks(person_id, lesson, edition.key)
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
    _note_study(person_id, now)
    module = next(module for module in course.modules if lesson in module.lessons)
    ensure_enrolled(person_id, edition.id, now)
    for enrolled in queries.enrolments_in(person_id, course.id):
        if enrolled.edition_key in module.editions:
            _advance(enrolled.id, course, module, now)


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
    enrolment_id = ensure_enrolled(person_id, edition.id, now)
    if not queries.has_progress(enrolment_id, module.id):
        _advance(enrolment_id, course, module, now)


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
    enrolment_id = ensure_enrolled(person_id, edition.id, now)
    _note_study(person_id, now)
    with counted(enrolment_id):
        progress = _progress(enrolment_id, module, now)
        progress.attempts += 1
        if progress.best_percent is None or percent > progress.best_percent:
            progress.best_percent, progress.best_points = percent, points
        if is_passed and progress.passed_at is None:
            progress.passed_at = now
        _settle(progress, course, module, now)


def _advance(enrolment_id: int, course: CourseOutline, module: ModuleLine, now: datetime) -> None:
    with counted(enrolment_id):
        _settle(_progress(enrolment_id, module, now), course, module, now)


def _progress(enrolment_id: int, module: ModuleLine, now: datetime) -> ModuleProgress:
    """The row of an enrolment in a module, made if it is the first deed in it."""
    progress = session.get(ModuleProgress, (enrolment_id, module.id))
    if progress is None:
        enrolment = session.get_one(Enrolment, enrolment_id)
        progress = ModuleProgress(
            enrolment_id=enrolment_id,
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


def _settle(progress: ModuleProgress, course: CourseOutline, module: ModuleLine, now: datetime) -> None:
    """Bring the row to the state its facts amount to; what is done stays done."""
    enrolment = session.get_one(Enrolment, progress.enrolment_id)
    edition = course.edition_by_id(enrolment.edition_id)
    needed = module.counted_lessons_of(edition.key) if edition else ()
    progress.lessons_read = queries.count_read(enrolment.person_id, [lesson.id for lesson in needed])
    progress.module_revision_id = module.revision_id
    progress.updated_at = now
    enrolment.last_active_on = clock.local_date(now)
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
            evidence=queries.evidence_of(enrolment.id),
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
    _change_enrolments(person_id, {"is_activated": True})


def rename(person_id: int, sort_key: str) -> None:
    """Let the rosters sort the person by the new name."""
    session.execute(update(Enrolment).where(Enrolment.person_id == person_id).values(sort_key=sort_key))


def place(person_id: int) -> None:
    """Let the person count where the home membership is, or nowhere without one."""
    team_id, commune_id, province_id = queries.home_places([person_id]).get(person_id, (None, None, None))
    _change_enrolments(
        person_id,
        {
            "counts": team_id is not None,
            "team_id": team_id,
            "commune_id": commune_id,
            "province_id": province_id,
        },
    )


def _change_enrolments(person_id: int, values: Mapping[str, Any]) -> None:
    for enrolment_id in queries.enrolment_ids_of(person_id):
        with counted(enrolment_id):
            session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(values))
            session.expire_all()
