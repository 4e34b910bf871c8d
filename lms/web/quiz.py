"""The quiz of a module: what awaits, one question after another, the result."""

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flask import (
    Blueprint,
    flash,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.catalogue.queries import (
    NoSuchModule,
    QuizPlace,
    new_address,
    place_of_quiz,
    quiz_once_at,
    quiz_place,
)
from lms.foundation import clock
from lms.foundation.db import AlreadyDone, transaction
from lms.foundation.errors import NotFound
from lms.foundation.i18n import translate
from lms.quiz.actions import (
    AttemptClosed,
    NotAnAnswer,
    Sent,
    StaleStep,
    expire_attempt,
    save_answers,
    start_attempt,
    submit_attempt,
)
from lms.quiz.paper import AttemptView, PaperQuestion, QuizOverview
from lms.quiz.queries import (
    NoSuchQuiz,
    attempt_for_change,
    attempt_of,
    last_attempt_id,
    quiz_overview,
)
from lms.quiz.question import Answer, AnswerStands
from lms.quiz.regrading.results import regrades_of_attempt
from lms.quiz.widgets import UNSURE_VALUE
from lms.study.queries import open_course
from lms.web.access import current_viewer, public, signed_in, the_viewer
from lms.web.errors import said
from lms.web.forms import csrf_token

blueprint = Blueprint("quiz", __name__)

_ATTEMPT = "/attempts/<int:attempt_id>"
_CLIENT_KEY = re.compile(r"[0-9A-Za-z.-]{1,48}:[0-9]{1,9}")
_MILLISECONDS = re.compile(r"[0-9]{1,14}")
_ALL = "all"  # the page that lists which questions have an answer


@blueprint.get("/courses/<course>/<module>/quiz")
@public
def start(course: str, module: str) -> ResponseReturnValue:
    """What the quiz asks for, and how the learner stands in it."""
    try:
        return _start_page(quiz_place(course, module))
    except NotFound:
        elsewhere = _elsewhere(course, module)
        if elsewhere is None:
            raise
        return elsewhere


def _elsewhere(course: str, module: str) -> ResponseReturnValue | None:
    """Where to, if a quiz is not to be had at this address: to its new one, or to what was done in it."""
    if moved := new_address(course, module):
        return redirect(url_for("quiz.start", course=course, module=moved[0]), 301)
    viewer, quiz_id = current_viewer(), quiz_once_at(course, module)
    done = last_attempt_id(viewer.person_id, quiz_id) if viewer and quiz_id else None
    return redirect(_result(done)) if done else None


def _start_page(place: QuizPlace) -> str:
    viewer, variant, now = current_viewer(), _variant(place), clock.now()
    person_id = viewer.person_id if viewer else None
    overview = quiz_overview(person_id, place.quiz_id, variant, now)
    if overview.is_overdue and overview.open_attempt_id is not None:
        _in_time(overview.open_attempt_id)
        overview = quiz_overview(person_id, place.quiz_id, variant, now)
    return render_template("quiz/start.html", place=place, quiz=overview)


@blueprint.post("/courses/<course>/<module>/quiz")
@signed_in
def begin(course: str, module: str) -> ResponseReturnValue:
    """A paper is given, or the one that is open."""
    place = quiz_place(course, module)
    variant = _variant(place)
    try:
        attempt_id = _start(place, variant)
    except AlreadyDone:  # A double click: the other request has just begun it.
        attempt_id = _start(place, variant)
    return redirect(url_for("quiz.attempt", attempt_id=attempt_id))


@blueprint.get(_ATTEMPT)
@signed_in
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The paper, all its questions in one page, at the first without an answer; `?q=` asks for one alone."""
    view = _in_time(attempt_id)
    if view.closed_at is not None:
        return redirect(_result(attempt_id))
    asked = request.args.get("q")
    if view.is_time_up(clock.now()):
        return render_template("quiz/time_up.html", attempt=view, place=place_of_quiz(view.quiz_id))
    if asked == _ALL:
        return render_template("quiz/finish.html", attempt=view, place=place_of_quiz(view.quiz_id))
    position = _asked_position(view)
    shown = view.questions if asked is None else [view.questions[position - 1]]
    return _question_page(view, position, shown)


@blueprint.post(_ATTEMPT)
@signed_in
def answer(attempt_id: int) -> ResponseReturnValue:
    """Without script, and at the end: keep what was answered and go on; after the last one hand in."""
    person_id, now = the_viewer().person_id, clock.now()
    try:
        with transaction():
            view = attempt_for_change(person_id, attempt_id)
            position = _asked_position(view)
            sent = _sent()
            saved = save_answers(
                view, _answers(view) if sent else _own_answer(view, position), now=now, sent=sent
            )
            view = saved.attempt
            following = str(position) if _is_reply(view, position) else _following(view, position)
            if saved.elsewhere:
                following = _ALL
            if following is None:
                submit_attempt(view, now=now)
    except AttemptClosed:
        return redirect(_result(attempt_id))
    except AnswerStands as refusal:
        flash(said(refusal), "warn")
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id, q=position))
    except NotAnAnswer as refusal:
        return _refused(attempt_of(person_id, attempt_id), refusal), 422
    if saved.elsewhere:
        flash(translate(StaleStep.message), "warn")
    if following is None:
        return redirect(_result(attempt_id))
    return redirect(url_for("quiz.attempt", attempt_id=attempt_id, q=following))


@blueprint.get(f"{_ATTEMPT}/answers")
@signed_in
def waiting(attempt_id: int) -> ResponseReturnValue:
    """For the script, before it sends what waits on the phone: the token, if the attempt is this person's."""
    attempt_of(the_viewer().person_id, attempt_id)
    return jsonify(csrf_token=csrf_token())


@blueprint.post(f"{_ATTEMPT}/answers")
@signed_in
def save(attempt_id: int) -> ResponseReturnValue:
    """For the script: keep the answers of the form; those that are none keep no other from being saved.

    Back come new values of hidden fields; `problems`, what is wrong, by the name of the fields; `questions`,
    by the same name and drawn anew, how a story goes on and what another device or tab has answered; `lost`,
    the positions where that one's answer was kept and not this one's. 409 with the address of the `result`
    where nothing can be saved any more, with `questions` where a story has gone on.
    """
    person_id = the_viewer().person_id
    try:
        with transaction():
            view = attempt_for_change(person_id, attempt_id)
            good, problems = _sorted_out(view, _answers(view))
            saved = save_answers(view, good, now=clock.now(), sent=_sent())
    except AttemptClosed as refusal:
        return jsonify(status=409, message=said(refusal), result=_result(attempt_id)), 409
    except AnswerStands as refusal:
        questions = _drawn(view := attempt_of(person_id, attempt_id), _answers(view))
        return jsonify(status=409, message=said(refusal), questions=questions), 409
    view = saved.attempt
    told: dict[str, object] = {"fields": {"seen_step": str(view.step)}}
    replied = [one.position for one in view.questions if _is_reply(view, one.position)]
    if anew := _drawn(view, {*saved.elsewhere, *replied}):
        told |= {"questions": anew}
    if saved.lost:
        told |= {"lost": saved.lost}
    return (jsonify(told | {"problems": problems}), 422) if problems else jsonify(told)


@blueprint.post(f"{_ATTEMPT}/submit")
@signed_in
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand the paper in as it is saved; a second click leads to the same result."""
    try:
        with transaction():
            view = attempt_for_change(the_viewer().person_id, attempt_id)
            submit_attempt(view, now=clock.now(), seen_step=_seen_step())
    except AttemptClosed:
        pass
    except StaleStep as refusal:
        flash(said(refusal), "warn")
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id, q=_ALL))
    return redirect(_result(attempt_id))


@blueprint.get(f"{_ATTEMPT}/result")
@signed_in
def result(attempt_id: int) -> ResponseReturnValue:
    """The result, and what may be shown of right and wrong."""
    view = _in_time(attempt_id)
    if view.closed_at is None:
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id))
    place = place_of_quiz(view.quiz_id)
    told = regrades_of_attempt(view.person_id, view.id) if view.was_regraded else []
    return render_template(
        "quiz/result.html", attempt=view, place=place, quiz=_taken_anew(view, place), told=told
    )


def _taken_anew(view: AttemptView, place: QuizPlace) -> QuizOverview | None:
    """How the learner stands before a further attempt; None where the quiz is no longer to be had."""
    if view.variant not in place.editions:
        return None
    try:
        return quiz_overview(view.person_id, view.quiz_id, view.variant, clock.now())
    except NoSuchQuiz:
        return None


def _start(place: QuizPlace, variant: str) -> int:
    with transaction():
        return start_attempt(the_viewer().person_id, place.quiz_id, variant, clock.now())


def _result(attempt_id: int) -> str:
    return url_for("quiz.result", attempt_id=attempt_id)


def _variant(place: QuizPlace) -> str:
    """The edition the learner studies, or asks for, decides which questions may be drawn.

    Raises NoSuchCourse or NoSuchModule for who may read no such edition of the module.
    """
    viewer, asked = current_viewer(), request.args.get("edition")
    opened = open_course(viewer.person_id if viewer else None, place.course_slug)
    for edition in opened.editions:
        if edition.key in place.editions and asked in (None, edition.key):
            return edition.key
    raise NoSuchModule


def _in_time(attempt_id: int) -> AttemptView:
    """The attempt; one whose time ran out is closed first."""
    person_id, now = the_viewer().person_id, clock.now()
    view = attempt_of(person_id, attempt_id)
    if view.is_overdue(now):
        with transaction():
            expire_attempt(attempt_for_change(person_id, attempt_id), now)
        view = attempt_of(person_id, attempt_id)
    return view


def _asked_position(view: AttemptView) -> int:
    asked = request.values.get("q", "")
    if asked.isdecimal() and 1 <= int(asked[:6]) <= len(view.questions):
        return int(asked)
    return view.unanswered[0] if view.unanswered else len(view.questions)


def _following(view: AttemptView, position: int) -> str | None:
    """`?q=` of what comes after this question; nothing after the last one of a paper answered in full."""
    later = [unanswered for unanswered in view.unanswered if unanswered > position]
    if later:
        return str(later[0])
    return None if position == len(view.questions) and not view.unanswered else _ALL


def _answers(view: AttemptView) -> dict[int, Answer | None]:
    """What the form says about the questions that stand in it."""
    form = request.form.to_dict(flat=False)
    asked = request.form.get("asked", "").split()
    return {
        one.position: one.question.read_answer(one.name, form)
        for one in view.questions
        if one.name in form or str(one.position) in asked
    }


def _sorted_out(
    view: AttemptView, given: dict[int, Answer | None]
) -> tuple[dict[int, Answer | None], dict[str, str]]:
    """What is an answer, by position, and what is wrong with the rest, by the name of its fields."""
    problems = {
        one.name: problem
        for one in view.questions
        if one.position in given and (problem := one.question.answer_problem(given[one.position]))
    }
    names = {one.position: one.name for one in view.questions}
    return {place: answer for place, answer in given.items() if names[place] not in problems}, problems


def _own_answer(view: AttemptView, position: int) -> dict[int, Answer | None]:
    """The answer to the one question shown: without script the others in the form may be old.

    A page that has not seen the last save takes no answer back by leaving it out.
    """
    given = _answers(view).get(position)
    return {position: given} if given is not None or _seen_step() == view.step else {}


def _is_reply(view: AttemptView, position: int) -> bool:
    """Whether the form was sent to go on in the story at this position."""
    one = view.questions[position - 1]
    if not one.question.unfolds or one.name not in request.form.getlist("reply_to"):
        return False
    return request.form.get(one.name, UNSURE_VALUE) != UNSURE_VALUE


def _drawn(view: AttemptView, positions: Container[int]) -> dict[str, str]:
    """The questions at these positions, drawn anew, by their name."""
    anew = [one for one in view.questions if one.position in positions]
    if not anew:  # Most saves: they need not ask where the quiz stands.
        return {}
    draw, place = get_template_attribute("quiz/_question.html", "question"), place_of_quiz(view.quiz_id)
    return {one.name: draw(one, one.position, len(view.questions), place) for one in anew}


def _sent() -> Sent | None:
    """What a script says of its save; nothing without script. A page that does not say has seen nothing."""
    key, tapped = request.form.get("client_key", ""), request.form.get("tapped", "")
    if not _CLIENT_KEY.fullmatch(key):
        return None
    at = datetime.fromtimestamp(int(tapped) / 1000, UTC) if _MILLISECONDS.fullmatch(tapped) else None
    return Sent(key, _seen_step() or 0, at)


def _seen_step() -> int | None:
    seen = request.form.get("seen_step", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else None


def _refused(view: AttemptView, refusal: NotAnAnswer) -> str:
    """The question again, with what was sent still in its fields and what is wrong with it beside them.

    A story is shown as far as it was told.
    """
    asked = next(one for one in view.questions if one.position == refusal.position)
    if not asked.question.unfolds:
        asked = replace(asked, answer=refusal.answer)
    return _question_page(view, asked.position, [asked], problem=said(refusal))


def _question_page(
    view: AttemptView, position: int, shown: Sequence[PaperQuestion], *, problem: str = ""
) -> str:
    return render_template(
        "quiz/attempt.html",
        attempt=view,
        position=position,
        shown=shown,
        place=place_of_quiz(view.quiz_id),
        problem=problem,
        now_ms=int(clock.now().timestamp() * 1000),
    )
