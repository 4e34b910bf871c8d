"""The rows of a roster on its preview: what is shown of each, and what was typed into it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from lms.foundation.i18n import N_
from lms.foundation.text import clean
from lms.people.actions.imports import row_fields
from lms.people.phones import spoken_phone
from lms.people.queries.imports import BatchView, RowView
from lms.people.roster.cells import suggested_phone
from lms.people.roster.words import CONFIRMABLE, ISSUE_WORDS, REJECTING, REVIEWED
from lms.people.rules import birth_text

# The outcomes in the order of the preview: what needs a person first.
GROUPS = ("review", "warn", "reject", "accept")
OUTCOME_NAMES = {
    "review": N_("Xem lại"),
    "warn": N_("Lưu ý"),
    "reject": N_("Từ chối"),
    "accept": N_("Nhận"),
}
MENDABLE = ("name", "phone", "birth")
_LONGEST = 200  # characters of a mended cell


@dataclass(frozen=True)
class Cell:
    """One cell of the preview: the value now, as it stood if that is different, and whether to mend it."""

    text: str
    raw: str = ""
    is_faulty: bool = False

    @property
    def was(self) -> str:
        """What stood there, where more than its look was changed on the way."""
        return self.raw if self.text and self.raw and _said(self.raw) != _said(self.text) else ""


def _said(text: str) -> list[str] | list[int]:
    """Of a phone number its digits, of a date its numbers, of a name the words."""
    digits = re.findall(r"\d+", text)
    if not digits:
        return text.split()
    return ["".join(digits)] if "/" not in text else [int(number) for number in digits]


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    id: int
    sheet: str
    row: int
    outcome: str
    name: Cell
    phone: Cell
    birth: Cell
    asks_sex: bool
    team: str
    role: str
    words: list[str] = field(default_factory=list)
    suggestion: str = ""
    can_confirm: bool = False
    is_confirmed: bool = False
    is_known: bool = False
    is_left_out: bool = False


def shown_row(row: RowView, batch: BatchView) -> ShownRow:
    """What the preview shows of a staged row."""
    texts = _texts(row, batch)
    facts, codes = row.normalised, {code for code, _ in row.issues}
    faulty = {at for code, at in row.issues if code in REVIEWED | REJECTING}
    birth = birth_text(
        date.fromisoformat(facts["birth"]) if facts.get("birth") else None, facts.get("birth_precision")
    )
    phone = facts.get("phone") or facts.get("contact_phone")
    return ShownRow(
        id=row.id,
        sheet=row.sheet,
        row=row.row,
        outcome=row.outcome,
        name=Cell(facts.get("full_name", ""), texts["name"], "name" in faulty),
        phone=Cell(spoken_phone(phone) if phone else "", texts["phone"], "phone" in faulty),
        birth=Cell(birth, texts["birth"], "birth" in faulty),
        asks_sex="sex" in faulty,
        team=facts.get("team") or facts.get("village") or "",
        role=facts.get("role") or "",
        words=[ISSUE_WORDS[code] for code in dict.fromkeys(code for code, _ in row.issues)],
        suggestion=_suggestion(texts["phone"]) if "phone.letters" in codes else "",
        can_confirm=bool(codes & CONFIRMABLE) and row.outcome in ("review", "warn"),
        is_confirmed=bool(facts.get("confirmed")),
        is_known=row.person_id is not None and batch.state == "staged",
        is_left_out=row.left_out,
    )


def _texts(row: RowView, batch: BatchView) -> dict[str, str]:
    """What stands in the cells that can be mended: as typed, else as in the file."""
    columns = {one["sheet"]: one["columns"] for one in batch.layout["sheets"]}
    fields = row_fields(row, columns) or {}
    birth = fields.get("birth") or fields.get("birth_male") or fields.get("birth_female") or ""
    return {"name": fields.get("name", ""), "phone": fields.get("phone", ""), "birth": birth}


def _suggestion(text: str) -> str:
    number = suggested_phone(text)
    return spoken_phone(number) if number else ""


def typed_rows(
    form: MultiDict[str, str], rows: Mapping[int, RowView], batch: BatchView
) -> tuple[dict[int, dict[str, str]], dict[int, bool]]:
    """What the page's fields say: texts by row and field where they changed, and which rows are left out."""
    texts: dict[int, dict[str, str]] = {}
    for row_id, row in rows.items():
        before = _texts(row, batch)
        typed = {key: form[f"{key}-{row_id}"] for key in MENDABLE if f"{key}-{row_id}" in form}
        now = {key: clean(text)[:_LONGEST] for key, text in typed.items() if clean(text) != before[key]}
        if form.get("use") == str(row_id):
            now["phone"] = _suggestion(before["phone"])
        now |= {key: "" for key in ("birth", "phone") if f"drop-{key}-{row_id}" in form}
        if form.get(f"sex-{row_id}") in ("Nam", "Nữ"):
            now["sex"] = form[f"sex-{row_id}"]
        is_confirmed = f"confirm-{row_id}" in form
        if is_confirmed != bool(row.mended.get("confirmed")):
            now["confirmed"] = "yes" if is_confirmed else ""
        if now:
            texts[row_id] = now
    return texts, {row_id: f"leave-{row_id}" in form for row_id in rows}
