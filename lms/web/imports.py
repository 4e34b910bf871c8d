"""A roster comes in: upload, look, mend, write."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import Invalid, NotFound, Refusal
from lms.foundation.i18n import N_, translate
from lms.people.actions.imports import (
    ImportClosed,
    commit_import,
    discard_import,
    leave_out,
    mend_row,
    stage_roster,
)
from lms.people.permissions import Action
from lms.people.queries import imports as queries
from lms.people.queries import units_inside
from lms.people.queries.imports import BatchView, RowView
from lms.people.roster.rows import ISSUE_WORDS
from lms.people.rules import ROLE_NAMES
from lms.units.queries import UnitView, unit_by_id, unit_by_key, unit_names
from lms.web.access import allowed, the_viewer
from lms.web.errors import said
from lms.web.forms import SiteForm
from lms.web.scope import require_unit, scope_for

blueprint = Blueprint("imports", __name__, url_prefix="/people/import")

# The outcomes in the order of the preview: what needs a person first.
GROUPS = (
    ("review", N_("Xem lại: cần sửa hoặc chọn")),
    ("reject", N_("Từ chối: không nhập được")),
    ("warn", N_("Lưu ý: đã đổi, vẫn nhập")),
    ("accept", N_("Nhận: không có gì phải nói")),
)
MENDABLE = ("name", "birth", "phone")


class UploadForm(SiteForm):
    """Which commune's roster, and the file."""

    commune = StringField(
        N_("Mã xã, phường, đặc khu"),
        description=N_("5 chữ số, ví dụ 12586 là xã Hưng Hà. Mã có ở trang sổ theo dõi của xã."),
        validators=[
            InputRequired(N_("Nhập mã xã gồm 5 chữ số.")),
            Length(max=5, message=N_("Mã xã có 5 chữ số.")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    file = FileField(
        N_("Tệp danh sách"),
        description=N_(
            "Excel (.xlsx, .xls), .ods hoặc .csv, tối đa 20 MB. Tiêu đề, ô gộp, dòng trống đều đọc được."
        ),
        validators=[FileRequired(N_("Chọn tệp danh sách."))],
    )


class MendForm(SiteForm):
    """What the officer types in place of a row's cells."""

    name = StringField(N_("Họ và tên"), validators=[Length(max=120)])
    birth = StringField(N_("Ngày sinh"), validators=[Length(max=20)])
    phone = StringField(N_("Điện thoại"), validators=[Length(max=40)])
    sex = SelectField(
        N_("Giới tính"), choices=[("", ""), ("Nam", "Nam"), ("Nữ", "Nữ")], validate_choice=False
    )


@blueprint.get("")
@allowed(Action.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """The form, and the latest imports within reach."""
    return _index(UploadForm(data={"commune": _own_commune()}))


def _index(form: UploadForm) -> str:
    scope = scope_for(the_viewer(), Action.MANAGE_PEOPLE)
    batches = queries.batches_in(None if scope.everywhere else units_inside(scope.unit_ids))
    today = clock.local_date(clock.now())
    places = unit_names({batch.unit_id for batch in batches}, today)
    return render_template("imports/upload.html", form=form, batches=batches, places=places)


def _own_commune() -> str:
    """The commune of an officer who has just one."""
    scope = scope_for(the_viewer(), Action.MANAGE_PEOPLE)
    if scope.everywhere or len(scope.unit_ids) != 1:
        return ""
    unit = unit_by_id(next(iter(scope.unit_ids)), clock.local_date(clock.now()))
    return unit.code if unit.level == "commune" else ""


@blueprint.post("")
@allowed(Action.MANAGE_PEOPLE)
def upload() -> ResponseReturnValue:
    """Read the file into the staging tables and show what was understood."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form), 422
    unit = _commune(form)
    if unit is None:
        return _index(form), 422
    file = form.file.data
    try:
        with transaction():
            batch_id = stage_roster(
                file.read(),
                file.filename or "danh-sach",
                unit.id,
                actor_id=the_viewer().person_id,
                now=clock.now(),
            )
    except Invalid as refusal:
        form.refuse("file", said(refusal))
        return _index(form), 422
    return redirect(url_for("imports.preview", batch_id=batch_id))


def _commune(form: UploadForm) -> UnitView | None:
    """The commune named, within scope; else the field says what is wrong."""
    try:
        unit = unit_by_key(form.commune.data, clock.local_date(clock.now()))
        require_unit(the_viewer(), Action.MANAGE_PEOPLE, unit.id)
    except NotFound:
        unit = None
    if unit is None or unit.level != "commune":
        form.refuse("commune", translate(N_("Không có xã nào mang mã này trong địa bàn của bạn.")))
        return None
    return unit


@blueprint.get("/<int:batch_id>")
@allowed(Action.MANAGE_PEOPLE)
def preview(batch_id: int) -> ResponseReturnValue:
    """The rows by outcome, what needs a person first; leaving and coming back loses nothing."""
    return _preview(_batch(batch_id))


def _preview(batch: BatchView, problem: str = "") -> str:
    rows = queries.rows_of(batch.id)
    people = [row for row in rows if row.outcome != "skip"]
    grouped = [(key, words, [row for row in people if row.outcome == key]) for key, words in GROUPS]
    today = clock.local_date(clock.now())
    return render_template(
        "imports/preview.html",
        batch=batch,
        place=unit_names([batch.unit_id], today)[batch.unit_id],
        groups=[group for group in grouped if group[2]],
        counts={key: len(members) for key, _, members in grouped},
        skipped=[row for row in rows if row.outcome == "skip"],
        ready=sum(row.outcome in ("accept", "warn") and not row.left_out for row in people),
        issue_words=ISSUE_WORDS,
        roles=ROLE_NAMES,
        raw=lambda row: _raw(batch, row),
        problem=problem,
    )


def _raw(batch: BatchView, row: RowView) -> dict[str, str]:
    """What stands in the cells that can be mended: as typed, else as in the file."""
    columns = next(one["columns"] for one in batch.layout["sheets"] if one["sheet"] == row.sheet)
    cells = {field: row.cells[column] for field, column in columns.items() if column < len(row.cells)}
    birth = cells.get("birth") or cells.get("birth_male") or cells.get("birth_female") or ""
    return {"name": cells.get("name", ""), "birth": birth, "phone": cells.get("phone", "")} | row.mended


@blueprint.post("/<int:batch_id>/rows/<int:row_id>")
@allowed(Action.MANAGE_PEOPLE)
def mend(batch_id: int, row_id: int) -> ResponseReturnValue:
    """Take what was typed for one row, or leave the row out."""
    batch, form = _batch(batch_id), MendForm()
    try:
        with transaction():
            if request.form.get("action") in ("leave", "take"):
                leave_out(batch.id, row_id, is_left_out=request.form["action"] == "leave")
            elif form.validate():
                texts = {field: form[field].data or "" for field in MENDABLE}
                if form.sex.data:
                    texts["sex"] = form.sex.data
                mend_row(batch.id, row_id, texts, now=clock.now())
    except ImportClosed as refusal:
        return _preview(batch, said(refusal)), 409
    return redirect(url_for("imports.preview", batch_id=batch.id, _anchor=f"row-{row_id}"))


@blueprint.post("/<int:batch_id>")
@allowed(Action.MANAGE_PEOPLE)
def finish(batch_id: int) -> ResponseReturnValue:
    """Write the rows that are ready, or throw the import away."""
    batch = _batch(batch_id)
    try:
        with transaction():
            if request.form.get("action") == "discard":
                discard_import(batch.id)
                message = translate(N_("Đã bỏ lần nhập này. Không có gì được ghi."))
            else:
                report = commit_import(batch.id, actor_id=the_viewer().person_id, now=clock.now())
                message = translate(
                    N_("Đã ghi: %(people)s người mới, %(teams)s tổ mới, %(memberships)s người vào tổ."),
                    people=report.people,
                    teams=report.teams,
                    memberships=report.memberships,
                )
    except Refusal as refusal:
        return _preview(batch, said(refusal)), 409
    flash(message, "ok")
    return redirect(url_for("imports.preview", batch_id=batch.id))


def _batch(batch_id: int) -> BatchView:
    """The import, within the viewer's scope."""
    batch = queries.batch_of(batch_id)
    require_unit(the_viewer(), Action.MANAGE_PEOPLE, batch.unit_id)
    return batch
