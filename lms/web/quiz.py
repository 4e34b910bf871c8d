"""The quiz of a module: what awaits, one question after another, the result."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.queries import QuizPlace, course_outline, new_address, place_of_quiz, quiz_place
from lms.foundation import clock
from lms.foundation.db import AlreadyDone, transaction
from lms.foundation.errors import Invalid, NotFound
from lms.quiz.actions import (
    AttemptClosed,
    StaleStep,
    expire_attempt,
    save_answers,
    start_attempt,
    submit_attempt,
)
from lms.quiz.queries import AttemptView, attempt_of, quiz_overview
from lms.quiz.question import Answer
from lms.quiz.rules import is_out_of_time
from lms.study.queries import edition_for
from lms.web.access import current_viewer, public, signed_in, the_viewer
from lms.web.errors import said

blueprint = Blueprint("quiz", __name__)


@blueprint.get("/courses/<course>/<module>/quiz")
@public
def start(course: str, module: str) -> ResponseReturnValue:
    """What the quiz asks for, and how the learner stands in it."""
    try:
        place = quiz_place(course, module)
    except NotFound:
        moved = new_address(course, module)
        if moved is None:
            raise
        return redirect(url_for("quiz.start", course=course, module=moved[0]), 301)
    viewer = current_viewer()
    variant = _variant(place)
    overview = quiz_overview(viewer.person_id if viewer else None, place.quiz_id, variant, clock.now())
    return render_template("quiz/start.html", place=place, quiz=overview, variant=variant)


@blueprint.post("/courses/<course>/<module>/quiz")
@signed_in
def begin(course: str, module: str) -> ResponseReturnValue:
    """A paper is given, or the one that is open."""
    place = quiz_place(course, module)
    try:
        attempt_id = _start(place)
    except AlreadyDone:  # A double click: the other request has just begun it.
        attempt_id = _start(place)
    return redirect(url_for("quiz.attempt", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>")
@signed_in
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The paper at one question: `?q=` names it, else the first without an answer."""
    view = _in_time(attempt_id)
    if view.closed_at is not None:
        return redirect(url_for("quiz.result", attempt_id=attempt_id))
    if request.args.get("q") == "all":
        return render_template("quiz/finish.html", attempt=view, place=place_of_quiz(view.quiz_id))
    return _question_page(view, _asked_position(view))


@blueprint.post("/attempts/<int:attempt_id>")
@signed_in
def answer(attempt_id: int) -> ResponseReturnValue:
    """Without script: keep the answer to one question and go on; after the last, hand in or look over."""
    person_id, now = the_viewer().person_id, clock.now()
    view = _in_time(attempt_id)
    position = _asked_position(view)
    given = _answers(view, only=position)
    is_last = position == len(view.questions)
    is_complete = is_last and not set(view.unanswered) - {p for p, one in given.items() if one}
    try:
        with transaction():
            save_answers(person_id, attempt_id, given, now=now)
            if is_complete:
                submit_attempt(person_id, attempt_id, now=now)
    except AttemptClosed:
        return redirect(url_for("quiz.result", attempt_id=attempt_id))
    except Invalid as refusal:
        return _question_page(view, position, problem=said(refusal)), 422
    if is_complete:
        return redirect(url_for("quiz.result", attempt_id=attempt_id))
    return redirect(url_for("quiz.attempt", attempt_id=attempt_id, q="all" if is_last else position + 1))


@blueprint.post("/attempts/<int:attempt_id>/answers")
@signed_in
def save(attempt_id: int) -> ResponseReturnValue:
    """For the script: keep every answer of the form; the last step comes back."""
    view = _in_time(attempt_id)
    with transaction():
        step = save_answers(
            the_viewer().person_id,
            attempt_id,
            _answers(view),
            now=clock.now(),
            seen_step=_seen_step(),
            client_key=request.form.get("client_key", "")[:64] or None,
        )
    return jsonify(fields={"seen_step": str(step)})


@blueprint.post("/attempts/<int:attempt_id>/submit")
@signed_in
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand the paper in as it is saved; a second click leads to the same result."""
    try:
        with transaction():
            submit_attempt(the_viewer().person_id, attempt_id, now=clock.now(), seen_step=_seen_step())
    except AttemptClosed:
        pass
    except StaleStep:
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id, q="all"))
    return redirect(url_for("quiz.result", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> ResponseReturnValue:
    """The result, and what may be shown of right and wrong."""
    view = _in_time(attempt_id)
    if view.closed_at is None:
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id))
    place = place_of_quiz(view.quiz_id)
    person_id = the_viewer().person_id
    overview = quiz_overview(person_id, view.quiz_id, view.variant, clock.now())
    return render_template("quiz/result.html", attempt=view, place=place, quiz=overview)


def _start(place: QuizPlace) -> int:
    with transaction():
        return start_attempt(the_viewer().person_id, place.quiz_id, _variant(place), clock.now())


def _variant(place: QuizPlace) -> str:
    """The edition the learner studies decides which questions may be drawn."""
    viewer = current_viewer()
    edition = edition_for(viewer.person_id if viewer else None, course_outline(place.course_slug))
    return edition.key if edition and edition.key in place.editions else place.editions[0]


def _in_time(attempt_id: int) -> AttemptView:
    """The attempt; one whose time ran out is closed first, whoever touches it."""
    person_id, now = the_viewer().person_id, clock.now()
    view = attempt_of(person_id, attempt_id)
    if view.closed_at is None and is_out_of_time(view.due_at, now):
        with transaction():
            expire_attempt(person_id, attempt_id, now)
        view = attempt_of(person_id, attempt_id)
    return view


def _asked_position(view: AttemptView) -> int:
    asked = request.values.get("q", "")
    if asked.isdecimal() and 1 <= int(asked[:6]) <= len(view.questions):
        return int(asked)
    return view.unanswered[0] if view.unanswered else len(view.questions)


def _seen_step() -> int | None:
    seen = request.form.get("seen_step", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else None


def _answers(view: AttemptView, only: int | None = None) -> dict[int, Answer | None]:
    form = request.form.to_dict(flat=False)
    return {
        one.position: one.question.read_answer(one.name, form)
        for one in view.questions
        if only is None or one.position == only
    }


def _question_page(view: AttemptView, position: int, problem: str = "") -> str:
    return render_template(
        "quiz/attempt.html",
        attempt=view,
        position=position,
        place=place_of_quiz(view.quiz_id),
        problem=problem,
    )
