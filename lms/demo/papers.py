"""Attempts as learners would have left them: paper, answers, steps; written as rows, not lived through."""

from datetime import datetime
from math import ceil
from random import Random

from lms.demo.bulk import Rows, as_json
from lms.quiz.choice import Choice
from lms.quiz.models import Attempt, AttemptAnswer, AttemptStep
from lms.quiz.queries import present_paper, questions_of
from lms.quiz.question import UNSURE, Answer, Question
from lms.quiz.rules import draw_questions, is_passed, option_order, percent_of, score_text

COLUMNS = {
    Attempt: (
        *("id", "person_id", "quiz_id", "quiz_revision_id", "variant", "number", "seed", "started_at"),
        *("closed_at", "step", "points", "possible", "percent", "passed"),
    ),
    AttemptAnswer: (
        *("attempt_id", "position", "question_revision_id", "options", "answer", "unsure", "share"),
    ),
    AttemptStep: ("attempt_id", "number", "kind", "position", "answer", "at"),
}


class Papers:
    """The quiz of one module in one edition, read once."""

    def __init__(self, quiz_id: int, variant: str) -> None:
        self.quiz_id, self.variant = quiz_id, variant
        self.revision_id, self.settings, self.entries = present_paper(quiz_id)
        self.length = len(draw_questions(self.entries, self.settings, variant, seed=1))
        self._questions = questions_of([entry.revision_id for entry in self.entries])

    def result(self, share: float) -> tuple[float, str]:
        """Percent and points ("9/10") of a paper of which this share is right."""
        right = min(self.length, ceil(share * self.length - 1e-9))
        return percent_of(right, self.length), f"{right}/{self.length}"

    def sit(
        self, rows: Rows, rng: Random, share: float, person_id: int, *, number: int, at: datetime
    ) -> tuple[float, str]:
        """One closed attempt; percent and points as they were graded."""
        attempt_id, seed, moment = rows.new_id(Attempt), rng.getrandbits(30), rows.instant(at)
        drawn = draw_questions(self.entries, self.settings, self.variant, seed)
        wrong = set(rng.sample(range(len(drawn)), len(drawn) - ceil(share * len(drawn) - 1e-9)))
        steps: list[tuple[str, int | None, str | None]] = [("started", None, None)]
        sheet = []
        points = possible = 0.0
        for place, entry in enumerate(drawn):
            question = self._questions[entry.revision_id]
            answer = answer_to(question, right=place not in wrong)
            graded = question.grade(answer)
            points, possible = points + graded * question.points, possible + question.points
            order = self._order(question, seed, place + 1)
            sheet.append(
                (place + 1, entry.revision_id, as_json(order), as_json(answer), answer == UNSURE, graded)
            )
            steps.append(("saved", place + 1, as_json(answer)))
        steps += [("submitted", None, None), ("graded", None, None)]
        percent = percent_of(points, possible)
        rows.add(
            Attempt,
            *(attempt_id, person_id, self.quiz_id, self.revision_id, self.variant, number, seed),
            *(moment, moment, len(steps), points, possible, percent),
            is_passed(percent, self.settings.pass_percent),
        )
        for line in sheet:
            rows.add(AttemptAnswer, attempt_id, *line)
        for count, (kind, position, saved) in enumerate(steps, 1):
            rows.add(AttemptStep, attempt_id, count, kind, position, saved, moment)
        return percent, score_text(points, possible)

    def _order(self, question: Question, seed: int, position: int) -> list[str]:
        ids = list(question.option_ids)
        return ids if question.keeps_order else option_order(ids, self.settings, seed, position)


def answer_to(question: Question, *, right: bool) -> Answer:
    """A right answer, or one that earns nothing: a wrong option, a doubt where there is none to choose."""
    if right:
        return question.model_answer()
    if isinstance(question, Choice):
        return {"chosen": [option.id for option in question.options if not option.right][:1]}
    return dict(UNSURE)
