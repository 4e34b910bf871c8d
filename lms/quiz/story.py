"""A branching story as its author writes it: steps, replies that lead on, endings with what they earn.

Read line by line and checked as a whole: every reply leads somewhere, every step can be reached, no way goes
in circles, and some way earns everything.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from lms.foundation.markdown import NO_PROSE, Prose
from lms.foundation.text import slugify
from lms.quiz.plain import Mistakes, option_id, read_plain
from lms.quiz.question import AnswerLine, RenderProse

MOST_STEPS, MOST_REPLIES = 40, 6

_STEP = re.compile(r"#\s*(?P<name>[^=]*?)\s*(?:=\s*(?P<earns>.*))?")
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_REPLY = re.compile(r"-\s+(?P<words>.*?)\s*(?:->|→)\s*(?P<to>.*)", re.DOTALL)
_SPEECH = re.compile(r"(?P<speaker>[^\W\d_][^:.!?\n\\]{0,30}): +(?P<words>\S.*)", re.DOTALL)
_ENDING_EXAMPLE = "# An toàn = 100%\nTiền còn nguyên.\n> Ai gọi cũng tắt máy, rồi tự gọi lại."
_REPLY_EXAMPLE = "- Tôi tắt máy, tự gọi lại. -> An toàn"


@dataclass(frozen=True)
class Passage:
    """A paragraph of a step: what somebody says, or, without a speaker, what is told."""

    speaker: str
    words: Prose


@dataclass(frozen=True)
class Reply:
    """What the learner may answer in a step; `to` is the slug of the step it leads to."""

    id: str
    text: str
    to: str
    consequence: Prose = NO_PROSE


@dataclass(frozen=True)
class Step:
    """A step of the story; an ending has `percent` and a lesson instead of replies."""

    slug: str
    passages: tuple[Passage, ...]
    replies: tuple[Reply, ...] = ()
    percent: int | None = None
    lesson: Prose = NO_PROSE


@dataclass
class _Draft:
    """A step as far as it was read."""

    line: AnswerLine
    name: str
    earns: str | None
    paragraphs: list[list[AnswerLine]] = field(default_factory=list)
    replies: list[AnswerLine] = field(default_factory=list)
    lesson: list[AnswerLine] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Names are compared as they sound: `# Hỏi lại` is where `-> hỏi lại` leads."""
        return slugify(self.name)


def read_story(
    lines: Sequence[AnswerLine], prose: RenderProse, mistakes: Mistakes, example: str
) -> tuple[Step, ...]:
    """The steps in the order of the text, the first of them the beginning; worth nothing once mistaken."""
    drafts = _drafts(lines, mistakes, example)
    names = {draft.slug: draft.name for draft in drafts}
    steps = [_step(draft, names, prose, mistakes) for draft in drafts]
    if drafts and not mistakes.count:
        _check_ways(drafts, {step.slug: step for step in steps}, mistakes)
    return tuple(steps)


# Line by line.


def _drafts(lines: Sequence[AnswerLine], mistakes: Mistakes, example: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    opens = True  # whether the next line of text begins a paragraph
    for line in lines:
        if line.text.startswith("#"):
            drafts.append(_opened(line, drafts, mistakes))
        elif drafts:
            _add(line, drafts[-1], mistakes, opens=opens)
        elif line.text.strip():
            mistakes(line.line, "Chuyện bắt đầu bằng tên của bước đầu.", seen=line.text, expected=example)
        opens = not line.text.strip() or line.text.startswith("#")
    if not drafts and not mistakes.count:
        mistakes(lines[0].line, "Tình huống chưa có bước nào.", seen="khối rỗng", expected=example)
    if len(drafts) > MOST_STEPS:
        mistakes(
            drafts[MOST_STEPS].line.line,
            f"Một tình huống có nhiều nhất {MOST_STEPS} bước.",
            seen=f"{len(drafts)} bước",
            expected="chia thành hai câu",
        )
    return drafts


def _opened(line: AnswerLine, before: Sequence[_Draft], mistakes: Mistakes) -> _Draft:
    match = _STEP.fullmatch(line.text.strip())
    name, earns = match.group("name", "earns") if match else ("", None)
    draft = _Draft(line, name, earns)
    if not draft.slug:
        mistakes(line.line, "Bước chưa có tên.", seen=line.text, expected="# Hỏi lại, hoặc # An toàn = 100%")
    elif draft.slug in [one.slug for one in before]:
        mistakes(line.line, "Hai bước trùng tên.", seen=line.text, expected=f"# {name} 2")
    return draft


def _add(line: AnswerLine, draft: _Draft, mistakes: Mistakes, *, opens: bool) -> None:
    """One more line of the step: a reply, more of it, the lesson, or what is told."""
    text = line.text
    if not text.strip():
        return
    if re.match(r"-(\s|$)", text):
        draft.replies.append(line)
    elif draft.replies and text[0].isspace():
        draft.replies[-1] = draft.replies[-1].continued(text)
    elif text.startswith(">"):
        draft.lesson.append(line)
    elif draft.replies or draft.lesson:
        mistakes(
            line.line,
            "Lời kể đứng trước lời đáp và điều rút ra.",
            seen=text,
            expected="lời kể, rồi các dòng “- lời đáp -> bước”; phần nối thêm thụt vào hai dấu cách",
        )
    elif opens or not draft.paragraphs:
        draft.paragraphs.append([line])
    else:
        draft.paragraphs[-1].append(line)


# Step by step.


def _step(draft: _Draft, names: Mapping[str, str], prose: RenderProse, mistakes: Mistakes) -> Step:
    at = draft.line.line
    if not draft.paragraphs:
        mistakes(at, "Bước chưa có lời kể.", seen=draft.line.text, expected="Người gọi: Tôi là công an.")
    passages = tuple(_passage(lines, prose) for lines in draft.paragraphs)
    if draft.earns is not None:
        return _ending(draft, passages, prose, mistakes)
    for line in draft.lesson[:1]:
        mistakes(line.line, "Chỉ bước kết mới có điều rút ra.", seen=line.text, expected=_ENDING_EXAMPLE)
    if not 2 <= len(draft.replies) <= MOST_REPLIES:
        mistakes(
            at,
            f"Bước cần từ 2 đến {MOST_REPLIES} lời đáp. Bước kết thì ghi điểm sau tên.",
            seen=f"{draft.line.text}: {len(draft.replies)} lời đáp",
            expected=f"{_REPLY_EXAMPLE}, hoặc # {draft.name} = 100%",
        )
    replies = tuple(_replies(draft, names, prose, mistakes))
    return Step(draft.slug, passages, replies)


def _passage(lines: Sequence[AnswerLine], prose: RenderProse) -> Passage:
    text = " ".join(line.text.strip() for line in lines)
    speech = _SPEECH.fullmatch(text)
    return Passage(speech["speaker"], prose(speech["words"])) if speech else Passage("", prose(text))


def _ending(draft: _Draft, passages: tuple[Passage, ...], prose: RenderProse, mistakes: Mistakes) -> Step:
    earns = _PERCENT.fullmatch((draft.earns or "").strip())
    percent = int(earns[1]) if earns else -1
    if not 0 <= percent <= 100:
        mistakes(
            draft.line.line,
            "Điểm của bước kết là từ 0% đến 100%.",
            seen=draft.line.text,
            expected=f"# {draft.name} = 100%",
        )
    if draft.replies:
        mistakes(
            draft.replies[0].line,
            "Bước kết không có lời đáp.",
            seen=draft.replies[0].text,
            expected=f"# {draft.name} (bỏ điểm), hoặc bỏ lời đáp",
        )
    if not draft.lesson:
        mistakes(
            draft.line.line, "Bước kết chưa có điều rút ra.", seen=draft.line.text, expected=_ENDING_EXAMPLE
        )
    lesson = " ".join(line.text.removeprefix(">").strip() for line in draft.lesson)
    return Step(draft.slug, passages, (), percent, prose(lesson))


def _replies(
    draft: _Draft, names: Mapping[str, str], prose: RenderProse, mistakes: Mistakes
) -> Iterator[Reply]:
    taken: list[str] = []
    for line in draft.replies:
        match = _REPLY.fullmatch(line.text)
        if match is None or not match["to"].strip():
            mistakes(line.line, "Lời đáp chưa nói dẫn tới bước nào.", seen=line.text, expected=_REPLY_EXAMPLE)
            continue
        to = slugify(match["to"])
        if to not in names:
            near = get_close_matches(to, names, 1, 0.5)
            mistakes(
                line.line,
                "Không có bước này.",
                seen=match["to"],
                expected=f"có phải là “{names[near[0]]}”?" if near else f"một trong: {_listed(names)}",
            )
        text = read_plain(line, match["words"], taken, mistakes, _REPLY_EXAMPLE)
        if text:
            taken.append(text)
            consequence = prose(line.feedback) if line.feedback else NO_PROSE
            yield Reply(option_id(f"{draft.slug} {text}"), text, to, consequence)


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(names.values())


# The whole.


def _check_ways(drafts: Sequence[_Draft], steps: Mapping[str, Step], mistakes: Mistakes) -> None:
    """Every step can be reached, no way goes in circles, and some ending earns everything."""
    reached: set[str] = set()
    _visit(drafts[0].slug, {draft.slug: draft for draft in drafts}, steps, [], reached, mistakes)
    for draft in drafts:
        if draft.slug not in reached:
            mistakes(
                draft.line.line,
                "Không lời đáp nào dẫn tới bước này.",
                seen=draft.line.text,
                expected=f"- Lời đáp -> {draft.name}, ở một bước trước; hoặc bỏ bước này",
            )
    if not any(step.percent is not None for step in steps.values()):
        mistakes(
            drafts[0].line.line, "Chuyện chưa có kết.", seen=drafts[0].line.text, expected=_ENDING_EXAMPLE
        )
    elif not any(steps[slug].percent == 100 for slug in reached):
        mistakes(
            drafts[0].line.line,
            "Không ngả nào được trọn điểm.",
            seen=f"nhiều nhất {max(step.percent or 0 for step in steps.values())}%",
            expected=_ENDING_EXAMPLE,
        )


def _visit(
    slug: str,
    drafts: Mapping[str, _Draft],
    steps: Mapping[str, Step],
    way: list[str],
    reached: set[str],
    mistakes: Mistakes,
) -> None:
    """Walk on from a step by every reply; a reply back onto the own way is a circle."""
    reached.add(slug)
    way.append(slug)
    for line, reply in zip(drafts[slug].replies, steps[slug].replies, strict=True):
        if reply.to in way:
            mistakes(
                line.line,
                "Chuyện đi vòng, không bao giờ tới kết.",
                seen=" → ".join(drafts[one].name for one in [*way[way.index(reply.to) :], reply.to]),
                expected="mỗi lời đáp dẫn tới một bước chưa qua",
            )
        elif reply.to not in reached:
            _visit(reply.to, drafts, steps, way, reached, mistakes)
    way.pop()
