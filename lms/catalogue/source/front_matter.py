"""The keys between the `---` lines: YAML read as plain strings and checked, every mistake with its line."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lms.catalogue.source.files import SourceText
from lms.catalogue.source.problems import choice_of, counted
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

Keys = TypeVar("Keys", bound=BaseModel)
Place = tuple[str | int, ...]

LARGEST = 16 * 1024  # characters
DEEPEST = 5

_FENCE = re.compile(r"---[ \t]*")
_MESSAGES = {
    "missing": "Thiếu khóa “{key}”.",
    "string_too_short": "Khóa “{key}” còn trống.",
    "string_too_long": "Khóa “{key}” dài quá {max_length} ký tự.",
    "string_type": "Khóa “{key}” phải là chữ.",
    "string_pattern_mismatch": "Khóa “{key}” viết chưa đúng dạng.",
    "int_parsing": "Khóa “{key}” phải là một số nguyên.",
    "bool_parsing": "Khóa “{key}” phải là true hoặc false.",
    "literal_error": "Khóa “{key}” không nhận giá trị này.",
    "list_type": "Khóa “{key}” phải là một danh sách.",
    "tuple_type": "Khóa “{key}” phải là một danh sách.",
    "model_type": "Khóa “{key}” phải gồm các khóa con.",
    "too_short": "Khóa “{key}” có {actual_length} mục, cần ít nhất {min_length}.",
    "too_long": "Khóa “{key}” có {actual_length} mục, nhiều nhất {max_length}.",
    "greater_than_equal": "Khóa “{key}” phải từ {ge} trở lên.",
    "less_than_equal": "Khóa “{key}” nhiều nhất là {le}.",
    "date_from_datetime_parsing": "Khóa “{key}” phải là một ngày có thật.",
    "date_parsing": "Khóa “{key}” phải là một ngày có thật.",
}


@dataclass(frozen=True)
class FrontMatter(Generic[Keys]):
    """The keys of a file, and the line of each."""

    keys: Keys
    lines: dict[Place, int]

    def line(self, *place: str | int) -> int:
        """Where a key stands, or the nearest one above it that does."""
        return next(self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines)


def read_front_matter(
    text: SourceText, model: type[Keys], report: Report, known: Mapping[str, Collection[str]] | None = None
) -> tuple[FrontMatter[Keys] | None, list[Line]]:
    """The keys, None once a mistake in them was reported, and the lines below them.

    `known` are the names that keys may refer to, by what they name (keys.py: `editions`, `objectives`).
    """
    lines = text.lines
    closing = next((place for place, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line.text)), None)
    if not _FENCE.fullmatch(lines[0].text) or closing is None:
        report(
            1,
            "Thiếu phần đầu tệp nằm giữa hai dòng ---.",
            seen=lines[0].text or "dòng trống",
            expected="---\ntitle: …\n---",
        )
        return None, lines
    inside = "\n".join(line.text for line in lines[1:closing])
    return _checked(inside, model, report, known or {}), lines[closing + 1 :]


def _checked(
    inside: str, model: type[Keys], report: Report, known: Mapping[str, Collection[str]]
) -> FrontMatter[Keys] | None:
    lines: dict[Place, int] = {(): 1}
    tree = _tree(inside, report)
    if tree is None:
        return None
    reader = _Reader(lines, report)
    found = reader.value(tree, ())
    if not isinstance(found, dict):
        report(2, "Phần đầu tệp phải gồm các dòng “khóa: giá trị”.", seen=inside, expected="title: …")
        return None
    try:
        keys = model.model_validate(found, context=known)
    except ValidationError as mistakes:
        errors = mistakes.errors(include_url=False)
        places = [error["loc"] for error in errors]
        for error in errors:
            # A list whose items are wrong is not too short as well.
            if not (error["type"] == "too_short" and any(_is_above(error["loc"], one) for one in places)):
                _report_error(error, model, lines, report)
        return None
    return None if reader.has_doubles else FrontMatter(keys, lines)


def _tree(inside: str, report: Report) -> yaml.Node | None:
    """The YAML nodes; an empty text has none of them and counts as a mapping without keys."""
    if len(inside) > LARGEST:
        report(
            1,
            "Phần đầu tệp quá dài.",
            seen=f"{counted(len(inside))} ký tự",
            expected=f"nhiều nhất {counted(LARGEST)} ký tự",
        )
        return None
    try:
        if not _is_simple(inside, report):
            return None
        return yaml.compose(inside, yaml.BaseLoader) or yaml.MappingNode("", [])
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line if mark else 0
        report(
            at + 2,
            "Phần đầu tệp viết chưa đúng YAML.",
            seen=[*inside.split("\n"), ""][at],
            expected='khóa: giá trị; giá trị có dấu hai chấm thì đặt trong ngoặc kép: title: "Bài 1: mở đầu"',
        )
    except yaml.YAMLError:
        report(2, "Phần đầu tệp viết chưa đúng YAML.", seen=inside, expected="khóa: giá trị")
    return None


def _is_simple(inside: str, report: Report) -> bool:
    """Whether it goes without anchors, aliases, tags, several documents and deep nesting."""
    depth = 0
    for event in yaml.parse(inside, yaml.BaseLoader):
        line = event.start_mark.line + 2 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        strange = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if strange:
            report(
                line,
                "Phần đầu tệp không dùng dấu neo (&), dấu lặp (*) và thẻ (!) của YAML.",
                seen=str(strange),
                expected='viết giá trị ra, hoặc đặt trong ngoặc kép: "*"',
            )
            return False
        if depth > DEEPEST:
            report(
                line,
                "Phần đầu tệp lồng nhau quá sâu.",
                seen=f"hơn {DEEPEST} tầng",
                expected="khóa: giá trị, hoặc khóa: {khóa con: giá trị}",
            )
            return False
    return True


class _Reader:
    """Turns nodes into plain data and remembers where everything stood."""

    def __init__(self, lines: dict[Place, int], report: Report) -> None:
        self._lines = lines
        self._report = report
        self.has_doubles = False

    def value(self, node: yaml.Node, place: Place) -> Any:
        if place:
            self._lines.setdefault(place, node.start_mark.line + 2)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            line = key_node.start_mark.line + 2
            if key in found:
                self.has_doubles = True
                self._report(
                    line,
                    f"Khóa “{key}” viết hai lần.",
                    seen=key,
                    expected="mỗi khóa một lần, xóa bớt một dòng",
                )
            self._lines[(*place, key)] = line
            found[key] = self.value(value_node, (*place, key))
        return found


def _is_above(place: Place, other: Place) -> bool:
    return len(place) < len(other) and other[: len(place)] == place


def _report_error(
    error: ErrorDetails, model: type[BaseModel], lines: dict[Place, int], report: Report
) -> None:
    place, kind = error["loc"], error["type"]
    key = str(next((part for part in reversed(place) if isinstance(part, str)), place[-1] if place else ""))
    at = next(lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines)
    if kind == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        near = get_close_matches(key, known, 1, 0.5)
        report(
            at,
            f"Không có khóa “{key}”.",
            seen=key,
            expected=f"có phải là “{near[0]}”?" if near else f"một trong: {choice_of(known)}",
        )
        return
    template = _MESSAGES.get(
        kind,
        "{reason}"
        if kind == "value_error"
        else error["msg"]
        if kind == "unknown_name"
        else "Khóa “{key}” chưa đúng.",
    )
    context = error.get("ctx", {})
    report(
        at,
        template.format(
            key=key,
            reason=context.get("error", ""),
            **{k: v for k, v in context.items() if k != "error"},
        ),
        seen=_shown(error["input"]) if kind != "missing" else "không có",
        expected=f"một trong: {context['known']}" if "known" in context else _example(model, place),
    )


def _known_keys(model: type[BaseModel], place: Place) -> list[str]:
    """Names of the keys of the mapping at this place, as authors write them."""
    for part in place:
        if isinstance(part, str):
            model = _model_of(model, part)
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel]:
    """The model of a key's value or of the items in its list."""
    field = next(field for name, field in model.model_fields.items() if key in (name, field.alias))
    return next(found for found in _models_in(field.annotation))


def _models_in(annotation: Any) -> Sequence[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def _example(model: type[BaseModel], place: Place) -> str:
    """The key written right, from the model's own examples."""
    top = next((part for part in place if isinstance(part, str)), "")
    for name, field in model.model_fields.items():
        if top in (name, field.alias) and field.examples:
            return str(field.examples[0])
    return f"{top}: …"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} mục"
    return (
        "để trống" if value == "" else ", ".join(map(str, value)) if isinstance(value, dict) else str(value)
    )
