"""Modules finished: every text rendered for every edition, every reference checked."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from lms.catalogue.source.blocks import Block, Node, has_text
from lms.catalogue.source.elements import (
    FactSource,
    HtmlSegment,
    LessonSource,
    ModuleSource,
    ObjectiveSource,
    QuestionSource,
    QuizSource,
    Segment,
)
from lms.catalogue.source.files import SourceText
from lms.catalogue.source.folders import OpenLesson, OpenModule, Reading
from lms.catalogue.source.links import Links
from lms.catalogue.source.markup import Voice, html_of, segments_of
from lms.catalogue.source.problems import choice_of
from lms.catalogue.source.questions import Linker, Scope, read_check, read_quiz
from lms.foundation.markdown import anchors_in
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

SYLLABLES_A_MINUTE = 180

_TAG = re.compile(r"<[^>]*>")
_RECORDING = re.compile(r"!\[.*\]\([^)\s]+\.(?:m4a|mp3|mp4|webm)(?:\s.*)?\)\s*")


def finish_module(module: OpenModule, reading: Reading) -> ModuleSource | None:
    """The module and its translations; None once a mistake in module.md was reported."""
    finished = _finished(module, module.editions, reading)
    translations = {}
    for language, opened in module.translations.items():
        translated = _finished(opened, module.editions, reading)
        if translated is not None and finished is not None:
            _check_translation(translated, finished, reading)
            translations[language] = translated
    return replace(finished, translations=translations) if finished is not None else None


def _finished(module: OpenModule, editions: tuple[str, ...], reading: Reading) -> ModuleSource | None:
    report = reading.problems.of(module.text.path)
    introduction = plain_html(
        module.nodes, _linker(module.text, "", module, reading)(module.editions), report
    )
    lessons = [_lesson(lesson, module, reading) for lesson in module.lessons]
    quiz, asked = _quiz(module, editions, reading)
    good = tuple(lesson for lesson in lessons if lesson is not None)
    checks = [(lesson.text, check) for lesson in good for check in lesson.checks]
    _check_ids([*checks, *((module.quiz, question) for question in asked if module.quiz)], reading)
    if module.front is None:
        return None
    keys = module.front.keys
    doubles = {key.key for key in keys.objectives if [one.key for one in keys.objectives].count(key.key) > 1}
    for double in sorted(doubles):
        report(
            module.front.line("objectives"),
            "Hai mục tiêu trùng tên.",
            seen=double,
            expected="mỗi mục tiêu một key",
        )
    return ModuleSource(
        text=module.text,
        folder=module.folder,
        number=module.number,
        slug=module.slug,
        title=keys.title,
        summary=keys.summary,
        objectives=tuple(ObjectiveSource(objective.key, objective.text) for objective in keys.objectives),
        editions=module.editions,
        advise=keys.advise,
        task=keys.task,
        was=keys.was,
        introduction=introduction,
        lessons=good,
        quiz=quiz,
        media=tuple(module.media.values()),
        translations={},
    )


def plain_html(nodes: Sequence[Node], links: Links, report: Report) -> str:
    """A text that all editions share, without checks, as HTML."""
    for block in _blocks(nodes):
        if block.name in ("edition", "check"):
            report(
                block.line,
                f"Khối {block.name} chỉ dùng trong bài học.",
                seen=f"/// {block.name}",
                expected="chuyển khối này vào một bài học",
            )
            return ""
    html = html_of(nodes, Voice(links), report)
    links.report_unread(html)
    links.atlas.anchors.setdefault(links.here, set()).update(anchors_in(html))
    return html


def _linker(text: SourceText, page: str, module: OpenModule, reading: Reading) -> Linker:
    """Makes the resolvers of one page: for what some editions see, on all of its lines or on a few."""
    report = reading.problems.of(text.path)

    def links_for(editions: tuple[str, ...], lines: Sequence[Line] = text.lines) -> Links:
        return Links(reading.atlas, module.folder, module.media, (module.slug, page), lines, report, editions)

    return links_for


def _lesson(lesson: OpenLesson, module: OpenModule, reading: Reading) -> LessonSource | None:
    """The lesson, rendered; None if its front matter could not be read. Mistakes below it leave gaps."""
    report = reading.problems.of(lesson.text.path)
    editions = lesson.editions_in(module)
    linker = _linker(lesson.text, lesson.slug, module, reading)
    scope = Scope(lesson.text, editions, module.objectives, linker, report)
    checks = [read_check(block, edition, scope) for block, edition in _checks(lesson.nodes)]
    _check_blocks(lesson.nodes, editions, report)
    segments = {key: _segments(lesson, key, scope, reading) for key in editions}
    if lesson.front is None:
        return None
    keys = lesson.front.keys
    return LessonSource(
        text=lesson.text,
        number=lesson.number,
        slug=lesson.slug,
        title=keys.title,
        kind=keys.kind,
        minutes=keys.minutes or max(map(reading_minutes, segments.values()), default=1),
        editions=editions,
        objectives=keys.objectives,
        reviewed=keys.reviewed,
        sources=tuple(FactSource(fact.title, fact.url, fact.date) for fact in keys.sources),
        was=keys.was,
        segments=segments,
        checks=tuple(check for check in checks if check is not None),
    )


def _segments(lesson: OpenLesson, edition: str, scope: Scope, reading: Reading) -> tuple[Segment, ...]:
    links = scope.links_for((edition,))
    segments = segments_of(lesson.nodes, Voice(links, edition), scope.report)
    html = "\n".join(segment.html for segment in segments if isinstance(segment, HtmlSegment))
    if not has_text(lesson.nodes, edition):
        scope.report(
            1,
            f"Bản “{edition}” của bài chưa có chữ nào.",
            seen="bài rỗng",
            expected="viết bài dưới dòng --- thứ hai",
        )
    links.report_unread(html)
    reading.atlas.anchors.setdefault(links.here, set()).update(anchors_in(html))
    return segments


def reading_minutes(segments: Iterable[Segment]) -> int:
    """Whole minutes at 180 syllables a minute, at least one; Vietnamese writes every syllable apart."""
    text = " ".join(_TAG.sub(" ", segment.html) for segment in segments if isinstance(segment, HtmlSegment))
    syllables = sum(any(map(str.isalnum, word)) for word in text.split())
    return max(1, round(syllables / SYLLABLES_A_MINUTE))


def _quiz(
    module: OpenModule, editions: tuple[str, ...], reading: Reading
) -> tuple[QuizSource | None, tuple[QuestionSource, ...]]:
    text = module.quiz
    if text is None:
        return None, ()
    linker = _linker(text, "quiz", module, reading)
    return read_quiz(Scope(text, editions, module.objectives, linker, reading.problems.of(text.path)))


def _blocks(nodes: Iterable[Node]) -> Iterator[Block]:
    for node in nodes:
        if isinstance(node, Block):
            yield node
            yield from _blocks(node.inside)


def _checks(nodes: Iterable[Node], edition: str = "") -> Iterator[tuple[Block, str]]:
    """Every check with the edition whose block it stands in."""
    for node in nodes:
        if isinstance(node, Block):
            if node.name == "check":
                yield node, edition
            elif node.name == "edition":
                yield from _checks(node.inside, node.title)


def _check_blocks(nodes: Sequence[Node], editions: Collection[str], report: Report) -> None:
    """Editions that the lesson has, and transcripts under a recording."""
    for block in _blocks(nodes):
        if block.name == "edition" and block.title and block.title not in editions:
            report(
                block.line,
                "Bài này không có bản ấy.",
                seen=f"edition | {block.title}",
                expected=f"một trong: {choice_of(editions)}",
            )
        last = ""
        for node in block.inside if block.name != "check" else ():
            last = _after(last, node, report)
    last = ""
    for node in nodes:
        last = _after(last, node, report)


def _after(last: str, node: Node, report: Report) -> str:
    """What the next node stands under; a transcript that stands under no recording is reported."""
    if isinstance(node, Line):
        return node.text if node.text.strip() else last
    if node.name == "transcript" and not _RECORDING.fullmatch(last.strip()):
        report(
            node.line,
            "Khối transcript phải đứng ngay dưới đoạn ghi.",
            seen=last.strip() or "không có gì ở trên",
            expected="![nghe gì](media/loi-ke.m4a), rồi /// transcript",
        )
    return ""


def _check_ids(asked: Sequence[tuple[SourceText, QuestionSource]], reading: Reading) -> None:
    """Questions and checks of a module have ids of their own each."""
    first: dict[str, str] = {}
    for text, source in asked:
        where = f"{text.name} dòng {source.line}"
        if source.question.id in first:
            reading.problems.of(text.path)(
                source.line,
                "Hai câu hỏi trong một chuyên đề trùng tên.",
                seen=f"{source.question.id} (đã có ở {first[source.question.id]})",
                expected=f"một tên khác, như {source.question.id}-2",
            )
        first.setdefault(source.question.id, where)


def _check_translation(translated: ModuleSource, original: ModuleSource, reading: Reading) -> None:
    """A translation says the same: no lesson and no question of its own, the same kinds of question."""
    slugs = {lesson.slug for lesson in original.lessons}
    for lesson in translated.lessons:
        if lesson.slug not in slugs:
            reading.problems.of(lesson.text.path)(
                1,
                "Bản dịch có bài mà bản gốc không có.",
                seen=lesson.slug,
                expected=f"một trong: {choice_of(slugs)}",
            )
    if translated.quiz is None:
        return
    questions = original.quiz.questions if original.quiz else ()
    kinds = {source.question.id: source.question.kind for source in questions}
    for source in translated.quiz.questions:
        if kinds.get(source.question.id) != source.question.kind:
            reading.problems.of(translated.quiz.text.path)(
                source.line,
                "Bản dịch có câu hỏi mà bản gốc không có, hoặc khác kiểu.",
                seen=f"{source.question.id} ({source.question.kind})",
                expected=f"một trong: {choice_of(f'{id_} ({kind})' for id_, kind in kinds.items())}",
            )
