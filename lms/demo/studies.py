"""What invented learners did in a course, as the rows that real deeds would have left."""

from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from lms.catalogue.outline import CourseOutline, EditionView, LessonLine, ModuleLine
from lms.demo import papers
from lms.demo.bulk import Rows, as_json
from lms.demo.lives import Calendar, Stand, study
from lms.demo.papers import Papers
from lms.foundation.clock import local_date
from lms.study.models import Completion, Enrolment, LessonRead, ModuleProgress
from lms.study.rules import DONE, PASSED, bits, is_course_complete

COLUMNS = {
    Enrolment: (
        *("id", "person_id", "edition_id", "origin", "enrolled_at", "team_id", "commune_id", "province_id"),
        *("sort_key", "is_activated", "counts", "mask", "done_count", "completed_at", "last_active_on"),
    ),
    ModuleProgress: (
        *("enrolment_id", "module_id", "state", "lessons_read", "attempts", "best_percent", "best_points"),
        *("passed_at", "completed_at", "module_revision_id", "recorded_unit_id", "started_at", "updated_at"),
    ),
    LessonRead: ("person_id", "lesson_id", "lesson_revision_id", "opened_at", "read_at"),
    Completion: ("enrolment_id", "completed_at", "rule", "evidence"),
    **papers.COLUMNS,
}


class Learner(NamedTuple):
    """Who studies, from where, since when and how eagerly."""

    person_id: int
    sort_key: str
    team_id: int
    commune_id: int
    province_id: int
    activated: int | None  # day
    zeal: float
    is_sampled: bool  # attempts are written too


class _Begun(NamedTuple):
    """A module that a learner has begun, and the best result."""

    module: ModuleLine
    read: tuple[LessonLine, ...]
    stand: Stand
    percent: float | None
    points: str | None
    at: datetime


class Study:
    """A course in the edition of teams, as a place to study in."""

    def __init__(self, course: CourseOutline, edition: EditionView, calendar: Calendar) -> None:
        self.edition_id = edition.id
        self._calendar = calendar
        self._modules = course.modules_of(edition.key)
        self._lessons = [module.counted_lessons_of(edition.key) for module in self._modules]
        self._papers = [Papers(module.quiz_id, edition.key) for module in self._modules if module.quiz_id]
        self._rule = course.settings["complete"]
        self._kept_rule = as_json({"complete": self._rule, "lessons": course.settings["lessons"]})
        self._published = bits(module.bit for module in self._modules)

    def enrol(self, rows: Rows, rng: Random, learner: Learner) -> None:
        """One learner's rows."""
        enrolment_id = rows.new_id(Enrolment)
        begun: list[_Begun] = []
        if learner.activated is not None:
            stands = study(rng, learner.zeal, len(self._modules), learner.activated)
            for place, stand in stands.items():
                begun.append(self._begin(rows, rng, learner, place, stand))
        done = [one for one in begun if one.stand.state == DONE]
        mask = bits(one.module.bit for one in done)
        is_complete = is_course_complete(self._rule, mask, self._published)
        completed_at = rows.instant(max(one.at for one in done)) if is_complete else None
        rows.add(
            Enrolment,
            *(enrolment_id, learner.person_id, self.edition_id, "membership"),
            rows.instant(self._calendar.at(0, learner.person_id)),
            *(learner.team_id, learner.commune_id, learner.province_id, learner.sort_key),
            *(learner.activated is not None, True, mask, len(done), completed_at),
            local_date(max(one.at for one in begun)).isoformat() if begun else None,
        )
        for one in begun:
            self._write_progress(rows, enrolment_id, learner, one)
        if completed_at:
            rows.add(Completion, enrolment_id, completed_at, self._kept_rule, as_json(_evidence(done)))

    def _begin(self, rows: Rows, rng: Random, learner: Learner, place: int, stand: Stand) -> _Begun:
        """What became of one module; the attempts of a sampled learner are written."""
        papers, at = self._papers[place], self._calendar.at(stand.ended, learner.person_id)
        percent, points = papers.result(stand.share) if stand.attempts else (None, None)
        if learner.is_sampled:
            for number in range(1, stand.attempts + 1):
                share = stand.share if number == stand.attempts else min(stand.share, 0.5)
                percent, points = papers.sit(rows, rng, share, learner.person_id, number=number, at=at)
        lessons = self._lessons[place]
        read = lessons[: int(stand.read * len(lessons))]
        return _Begun(self._modules[place], read, stand, percent, points, at)

    def _write_progress(self, rows: Rows, enrolment_id: int, learner: Learner, begun: _Begun) -> None:
        stand, module, is_done = begun.stand, begun.module, begun.stand.state == DONE
        began, ended = rows.instant(self._calendar.at(stand.began, learner.person_id)), rows.instant(begun.at)
        rows.add(
            ModuleProgress,
            *(enrolment_id, module.id, stand.state, len(begun.read)),
            *(stand.attempts, begun.percent, begun.points),
            *(ended if stand.state in (DONE, PASSED) else None, ended if is_done else None),
            *(module.revision_id, learner.commune_id, began, ended),
        )
        for lesson in begun.read:
            rows.add(LessonRead, learner.person_id, lesson.id, lesson.revision_id, began, ended)


def _evidence(done: list[_Begun]) -> dict[str, Any]:
    modules = {
        one.module.slug: {
            "revision": one.module.revision_id,
            "percent": one.percent,
            "completed_at": str(one.at),
        }
        for one in done
    }
    percents = [one.percent for one in done if one.percent is not None]
    return {"modules": modules, "percent": sum(percents) / len(percents) if percents else 100.0}
