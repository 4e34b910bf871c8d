"""What the fields and results of several question types share. Right and wrong have words and shapes."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from lms.foundation.i18n import N_, translate
from lms.foundation.markdown import Prose


class Blanks(Markup):
    """Markup with blanks to be filled, `{name}` or `{}`: as Markup itself does it, in a sixth of the time."""

    def format(self, *values: object, **named: object) -> "Blanks":
        """Every value is escaped unless it is markup."""
        safe = {name: escape(value) for name, value in named.items()}
        return Blanks(str.format(self, *map(escape, values), **safe))


UNSURE_TEXT = N_("Tôi không chắc")
UNSURE_VALUE = "unsure"
# Drawings: Lucide "check" and "x" (ISC).
TICK = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5"/></svg>')
CROSS = Markup(
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M18 6 6 18"/><path d="m6 6 12 12"/></svg>'
)
# Drawings: Lucide "circle-check", "circle-alert" and "circle-x" (ISC).
_CIRCLE = Blanks(
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/>{}</svg>'
)
_SHAPES = {
    "correct": Markup('<path d="m16 9-5.5 5.5L8 12"/>'),
    "missed": Markup('<line x1="12" x2="12" y1="8" y2="12"/><line x1="12" x2="12.01" y1="16" y2="16"/>'),
    "mistaken": Markup('<path d="m15 9-6 6"/><path d="m9 9 6 6"/>'),
}
ASKED_ROW = Blanks(
    '<label class="answer{extra}"><input type="{input}" name="{name}" value="{value}"{checked}>'
    '<span class="answer-letter{shape}" aria-hidden="true">{sign}</span><span>{text}</span></label>\n'
)
REVEALED_ROW = Blanks(
    '<div class="answer flat{state}"><span class="answer-letter{shape}" aria-hidden="true">{sign}</span>'
    "<span>{text}</span>{verdict}</div>\n{feedback}"
)
_CHOOSE = N_("Chọn…")
_SELECT = Blanks(
    '<select name="{name}" id="{id}" autocomplete="off" aria-describedby="{described}"{label}>'
    '<option value="">{none}</option>{rows}</select>'
)
_OPTION = Blanks('<option value="{value}"{selected}>{words}</option>')
_ANSWER_VERDICT = Blanks('<span class="answer-verdict">{icon}{words}</span>')
_VERDICT = Blanks('<span class="verdict {state}">{icon}{words}</span>')
_FEEDBACK = Blanks('<p class="answer-feedback small">{prose}</p>\n')


def problem_id(name: str) -> str:
    """The id of the place by the fields called `name` where the page says what is wrong with an answer."""
    return f"{name}-problem"


def unsure_asked(name: str, input_type: str, *, checked: bool) -> Markup:
    """The row "Tôi không chắc": the last of every question."""
    return ASKED_ROW.format(
        extra=" unsure",
        input=input_type,
        name=name,
        value=UNSURE_VALUE,
        checked=Markup(" checked") if checked else "",
        shape="",
        sign="?",
        text=translate(UNSURE_TEXT),
    )


def unsure_revealed() -> Markup:
    """The same row on a result: chosen, and neither right nor wrong."""
    return REVEALED_ROW.format(
        state=" unsure",
        shape="",
        sign="?",
        text=translate(UNSURE_TEXT),
        verdict=_ANSWER_VERDICT.format(icon="", words=translate("Bạn chọn")),
        feedback="",
    )


def circled(state: str) -> Markup:
    """The shape of a verdict: "correct", "missed" (also what is so by half) or "mistaken"."""
    return _CIRCLE.format(_SHAPES[state])


def answer_verdict(words: str, *, right: bool) -> Markup:
    """What is said of an answer in its row."""
    return _ANSWER_VERDICT.format(icon=TICK if right else CROSS, words=words)


def verdict(words: str, *, right: bool) -> Markup:
    """What is said of one part of an answer."""
    return _VERDICT.format(
        state="correct" if right else "mistaken", icon=TICK if right else CROSS, words=words
    )


def feedback(prose: Prose) -> Markup:
    """What the author says to an answer; nothing for nothing."""
    return _FEEDBACK.format(prose=prose) if prose else Markup("")


def unsure_alone(name: str, *, checked: bool) -> Markup:
    """The row of doubt under fields that are no rows."""
    return Blanks('<div class="answers">\n{}</div>').format(unsure_asked(name, "checkbox", checked=checked))


def select(
    name: str,
    id_: str,
    options: Iterable[tuple[str, str]],
    chosen: str,
    *,
    label: str = "",
    none: str = "",
) -> Markup:
    """A choice of one among `options` (value, words), nothing chosen at first.

    `label` names it where no <label> does; `none` stands where nothing is chosen, instead of "Chọn…".
    """
    rows = [
        _OPTION.format(value=value, selected=Markup(" selected") if value == chosen else "", words=words)
        for value, words in options
    ]
    return _SELECT.format(
        name=name,
        id=id_,
        label=Blanks(' aria-label="{}"').format(label) if label else "",
        described=problem_id(name),
        none=none or translate(_CHOOSE),
        rows=Markup("").join(rows),
    )


def listed(values: Iterable[str]) -> dict[str, str]:
    """What lists side by side say, whose values name their list and, behind a dot, the choice."""
    named = [value.partition(".") for value in values if value not in ("", UNSURE_VALUE)]
    return {list_: choice for list_, _, choice in named}
