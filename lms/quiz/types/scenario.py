"""Branching scenario: a story that goes on by the learner's replies and ends with what they earned.

The path is the answer, `{"path": [reply ids]}`. A page shows it and the step it led to, and nothing further.
A reply is taken only from a form sent with the button that names the question (`reply_to`): what is merely
ticked while other answers are saved is no reply yet, for a path cannot be untaken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from markupsafe import Markup

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import Prose
from lms.quiz.plain import Mistakes, html_of, option_id, words_of
from lms.quiz.question import (
    UNSURE,
    Answer,
    AnswerLine,
    AnswerStands,
    Example,
    Form,
    Question,
    RenderProse,
    Report,
    is_doubt,
)
from lms.quiz.story import Reply, Step, read_story
from lms.quiz.widgets import UNSURE_TEXT, UNSURE_VALUE, Blanks, circled, unsure_asked, unsure_revealed

_CONVERSATION = Blanks('<ol class="conversation" aria-label="{label}">\n{turns}</ol>\n')
_TURN = Blanks('<li{shape}><span class="speaker">{speaker}</span>{words}</li>\n')
_TOLD = Blanks('<li class="narration">{words}</li>\n')
_TAKEN = Blanks('<input type="hidden" name="{name}-path" value="{path}">\n')
_SMALL = Blanks('<p class="muted small">{}</p>\n')
_ASKED = Blanks(
    '<label class="answer reply"><input type="radio" name="{name}" value="{value}" data-reply>'
    "<span>{text}</span></label>\n"
)
_REPLIES = Blanks(
    '<fieldset>\n<legend>{legend}</legend>\n<div class="replies">\n{replies}</div>\n</fieldset>\n'
    '<div class="answers">\n{unsure}</div>'
)
_EARNED = Blanks('<p class="verdict {state}">{icon}{words}</p>\n')
# Drawing: Lucide "lightbulb" (ISC).
_LESSON = Blanks(
    '<div class="note keep"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5'
    '.7.7 1.3 1.5 1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/></svg>'
    '<p class="note-title">{title}</p><p>{lesson}</p></div>\n'
)
_ANOTHER_WAY = Blanks("<p><strong>{title}:</strong> {way}</p>\n")
_ARROW = " → "

_BLOCK = """```scenario
# Cuộc gọi
Người gọi: Tôi là công an. Bà đọc số căn cước đi.
- Anh ở công an xã nào? -> Hỏi lại
- Số của tôi đây. -> Mất số

# Hỏi lại
Người gọi: Bà cài ứng dụng tôi gửi, làm ngay.
- Tôi tắt máy, tự gọi công an xã. -> An toàn
- Tôi cài nhưng không nhập mật khẩu. -> Mất số
- Tôi cài luôn. -> Mất tiền

# An toàn = 100%
Công an xã trả lời: không ai gọi bà.
> Tắt máy trước, rồi tự gọi lại số mình biết.

# Mất số = 50%
Có người dùng tên bà đi vay tiền.
> Số căn cước chỉ đọc cho người mình tự tìm đến.

# Mất tiền = 0%
Tài khoản trống trơn.
> Không cài ứng dụng người lạ gửi.
```"""


def _id(step: str, words: str) -> str:
    return option_id(f"{step} {words}")


_ASK = _id("cuoc-goi", "Anh ở công an xã nào?")
_TELL = _id("cuoc-goi", "Số của tôi đây.")
_HANG_UP = _id("hoi-lai", "Tôi tắt máy, tự gọi công an xã.")
_INSTALL = _id("hoi-lai", "Tôi cài luôn.")


class _Way(NamedTuple):
    """A path walked: the steps with the reply given in each, and the step it led to."""

    turns: tuple[tuple[Step, Reply], ...]
    here: Step


@dataclass(frozen=True, kw_only=True)
class Scenario(Question, kind="scenario"):
    """The ending that is reached earns its percent; a story left before its end earns nothing."""

    label = N_("Tình huống")
    fence = "scenario"
    line_example = (
        "```scenario\n# Cuộc gọi\nNgười gọi: Tôi là công an.\n- Tôi tắt máy. -> An toàn\n"
        "- Tôi nghe theo. -> Mất tiền\n\n# An toàn = 100%\nTiền còn nguyên.\n> Tắt máy, tự gọi lại.\n\n"
        "# Mất tiền = 0%\nTiền mất.\n> Công an không làm việc qua điện thoại.\n```"
    )
    examples = (
        Example(_BLOCK, {"path": [_ASK, _HANG_UP]}, 1.0),
        Example(_BLOCK, {"path": [_TELL]}, 0.5),
        Example(_BLOCK, {"path": [_ASK, _INSTALL]}, 0.0),
        Example(_BLOCK, {"path": [_ASK]}, 0.0),
        Example(_BLOCK, {"path": [_ASK], "unsure": True}, 0.0),
        Example(_BLOCK, {"unsure": True}, 0.0),
        Example(_BLOCK, None, 0.0),
    )
    has_own_look = True
    unfolds = True

    steps: tuple[Step, ...]

    # As an author writes it.

    @classmethod
    def read_answers(
        cls, lines: Sequence[AnswerLine], prose: RenderProse, report: Report
    ) -> dict[str, Any] | None:
        """The steps, or None once a mistake in the story was reported."""
        mistakes = Mistakes(report)
        steps = read_story(lines, prose, mistakes, cls.line_example)
        return None if mistakes.count else {"steps": steps}

    def key(self) -> list[Any]:
        """The steps with their replies and percents, without consequences and lessons."""
        return [
            [
                step.slug,
                [[passage.speaker, passage.words.source] for passage in step.passages],
                [[reply.text, reply.to] for reply in step.replies],
                step.percent,
            ]
            for step in self.steps
        ]

    # As a learner meets it.

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The replies of all steps: a paper may shuffle those of a step."""
        return tuple(reply.id for step in self.steps for reply in step.replies)

    def ask(self, order: Sequence[str], saved: Answer | None, name: str) -> Markup:
        """The story so far and, unless it has ended, the replies to the step it has come to."""
        way = self._way(saved) or _Way((), self.steps[0])
        taken = _TAKEN.format(name=name, path=" ".join(_path(saved))) if way.turns else Markup("")
        story = _conversation(way)
        if way.here.percent is not None:
            return taken + story + _SMALL.format(translate("Chuyện kết thúc ở đây."))
        told = translate(
            "Bước %(n)s. Lời đáp của bạn quyết định chuyện đi tiếp thế nào. Đáp rồi thì không rút lại được.",
            n=len(way.turns) + 1,
        )
        replies = [
            _ASKED.format(name=name, value=reply.id, text=html_of(reply.text))
            for reply in sorted(way.here.replies, key=lambda reply: order.index(reply.id))
        ]
        asked = _REPLIES.format(
            legend=translate("Bạn đáp thế nào?"),
            replies=Markup("").join(replies),
            unsure=unsure_asked(name, "radio", checked=is_doubt(saved)),
        )
        return taken + _SMALL.format(told) + story + asked

    def reveal(self, order: Sequence[str], answer: Answer | None) -> Markup:
        """The story as it went, what its ending earned and teaches, and a way that earns everything."""
        way = self._way(answer)
        ended = way is not None and way.here.percent is not None
        parts = [_conversation(way)] if way else []
        if is_doubt(answer):
            parts.append(unsure_revealed())
        parts.append(_earned(way.here) if way and ended else _SMALL.format(translate(_UNFINISHED)))
        if self.grade(answer) < 1:
            parts.append(
                _ANOTHER_WAY.format(title=translate("Một ngả được trọn điểm"), way=self.right_answer())
            )
            parts.append(_lesson(self._best.here))
        return Markup("").join(parts)

    def read_answer(self, name: str, form: Form) -> Answer | None:
        """The path that the page showed, with the reply if this question's button sent it."""
        path = " ".join(form.get(f"{name}-path", ())).split()
        given = [value for value in form.get(name, ()) if value != UNSURE_VALUE]
        if given and name in form.get("reply_to", ()):
            return {"path": path + given}
        walked: Answer = {"path": path} if path else {}
        if UNSURE_VALUE in form.get(name, ()):
            return walked | UNSURE
        return walked or None

    def kept(self, saved: Answer | None, sent: Answer | None) -> Answer | None:
        """A longer path takes the place of its beginning; an older page's shorter one is passed over."""
        old, new = _path(saved), _path(sent)
        if new[: len(old)] == old:
            return sent
        if old[: len(new)] == new:
            return saved
        raise AnswerStands

    def is_finished(self, answer: Answer | None) -> bool:
        """Whether an ending is reached, or the learner said not to be sure."""
        way = self._way(answer)
        return is_doubt(answer) or (way is not None and way.here.percent is not None)

    def answer_problem(self, answer: Answer | None) -> str | None:
        """A path there is not, or something that is no path at all."""
        if answer is None or answer == UNSURE:
            return None
        way = self._way(answer)
        doubts = is_doubt(answer)
        names = {"path", "unsure"} if doubts else {"path"}
        if way is None or not way.turns or set(answer) != names or (doubts and way.here.percent is not None):
            return translate("Lời đáp đã gửi không có trong câu chuyện này. Tải lại trang rồi chọn lại.")
        return None

    def grade(self, answer: Answer | None) -> float:
        """What the ending earns."""
        way = self._way(answer)
        return (way.here.percent or 0) / 100 if way else 0.0

    def model_answer(self) -> Answer:
        """A shortest path to an ending that earns everything."""
        return {"path": [reply.id for _, reply in self._best.turns]}

    def right_answer(self) -> str:
        """The replies of that path."""
        return _ARROW.join(words_of(reply.text) for _, reply in self._best.turns)

    def answer_text(self, answer: Answer | None) -> str:
        """The replies given."""
        way = self._way(answer)
        said = [words_of(reply.text) for _, reply in way.turns] if way else []
        return _ARROW.join(said + ([translate(UNSURE_TEXT)] if is_doubt(answer) else []))

    def feedback_for(self, answer: Answer | None) -> tuple[Prose, ...]:
        """What came of each reply, and the lesson of the ending."""
        way = self._way(answer)
        if way is None:
            return ()
        said = (*(reply.consequence for _, reply in way.turns), way.here.lesson)
        return tuple(prose for prose in said if prose)

    # Walking.

    @cached_property
    def _by_slug(self) -> dict[str, Step]:
        return {step.slug: step for step in self.steps}

    def _way(self, answer: Answer | None) -> _Way | None:
        """Where the path of an answer leads; None for a path there is not."""
        here, turns = self.steps[0], []
        for reply_id in _path(answer):
            reply = next((one for one in here.replies if one.id == reply_id), None)
            if reply is None:
                return None
            turns.append((here, reply))
            here = self._by_slug[reply.to]
        return _Way(tuple(turns), here)

    @cached_property
    def _best(self) -> _Way:
        return next(way for way in self._ways() if way.here.percent == 100)

    def _ways(self) -> Iterator[_Way]:
        """Every way to every step, the shortest first."""
        ways, met = [_Way((), self.steps[0])], {self.steps[0].slug}
        for way in ways:  # grows while it is walked
            yield way
            for reply in way.here.replies:
                if reply.to not in met:
                    met.add(reply.to)
                    ways.append(_Way((*way.turns, (way.here, reply)), self._by_slug[reply.to]))


_UNFINISHED = N_("Chuyện chưa tới kết nên chưa có điểm.")


def _path(answer: Answer | None) -> list[Any]:
    path = answer.get("path", []) if answer else []
    return path if isinstance(path, list) else [None]


def _conversation(way: _Way) -> Markup:
    turns: list[Markup] = []
    for step, reply in way.turns:
        turns += _told(step)
        turns.append(_turn("own", translate("Lời đáp của bạn"), html_of(reply.text)))
        if reply.consequence:
            turns.append(_turn("consequence", translate("Chuyện xảy ra"), reply.consequence))
    turns += _told(way.here)
    return _CONVERSATION.format(label=translate("Câu chuyện đến lúc này"), turns=Markup("").join(turns))


def _told(step: Step) -> Iterator[Markup]:
    for passage in step.passages:
        if passage.speaker:
            yield _turn("", passage.speaker, passage.words)
        else:
            yield _TOLD.format(words=passage.words)


def _turn(shape: str, speaker: str, words: Markup | Prose) -> Markup:
    return _TURN.format(
        shape=Blanks(' class="{}"').format(shape) if shape else "", speaker=speaker, words=words
    )


def _earned(ending: Step) -> Markup:
    """What an ending earns, in a word and a shape, and its lesson."""
    state = {100: "correct", 0: "mistaken"}.get(ending.percent or 0, "missed")
    words = translate("Kết này được %(percent)s%% số điểm.", percent=ending.percent)
    return _EARNED.format(state=state, icon=circled(state), words=words) + _lesson(ending)


def _lesson(ending: Step) -> Markup:
    return _LESSON.format(title=translate("Điều rút ra"), lesson=ending.lesson)
