"""A roster comes in: upload, look, mend, write."""

from collections.abc import Iterator
from functools import partial

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lms.foundation import audit, clock
from lms.foundation.db import transaction
from lms.foundation.errors import Invalid, NotFound, Refusal
from lms.foundation.i18n import N_, translate
from lms.people.actions.imports import commit_import, discard_import, mend_rows, stage_roster
from lms.people.permissions import Action
from lms.people.queries import imports as queries
from lms.people.queries import units_inside
from lms.people.queries.imports import BatchView, Counts, RowView
from lms.people.roster.words import ISSUE_WORDS
from lms.people.rules import ROLE_NAMES
from lms.rosters.exports import Table, write_xlsx
from lms.units.queries import UnitView, unit_by_id, unit_by_key, unit_names
from lms.web.access import allowed, the_viewer
from lms.web.downloads import written
from lms.web.errors import said
from lms.web.forms import SiteForm
from lms.web.import_rows import GROUPS, OUTCOME_NAMES, shown_row, typed_rows
from lms.web.scope import require_unit, scope_for

blueprint = Blueprint("imports", __name__, url_prefix="/people/import")

FIRST, PAGE = 50, 200  # rows of an outcome on the first look, and on a page of its own
_SKIPPED_SHOWN = 200


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


@blueprint.get("")
@allowed(Action.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """The form, and the latest imports within reach."""
    return _index(UploadForm(data={"commune": request.args.get("unit") or _own_commune()}))


def _index(form: UploadForm) -> str:
    scope = scope_for(the_viewer(), Action.MANAGE_PEOPLE)
    batches = queries.batches_in(None if scope.everywhere else units_inside(scope.unit_ids))
    places = unit_names({batch.unit_id for batch in batches}, clock.local_date(clock.now()))
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
    unit = _commune(form) if form.validate() else None
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
    """The rows by outcome, what needs a person first; `?outcome=` shows one of them page by page."""
    return _preview(_batch(batch_id))


def _preview(batch: BatchView, problem: str = "") -> str:
    counts = queries.count_rows(batch.id)
    outcome = request.args.get("outcome", "")
    page = max(request.args.get("page", 1, int), 1)
    if outcome in OUTCOME_NAMES:
        groups = [(outcome, queries.rows_of(batch.id, outcome, limit=PAGE, offset=(page - 1) * PAGE))]
    else:
        groups = [(key, queries.rows_of(batch.id, key, limit=_limit(key))) for key in GROUPS]
    today = clock.local_date(clock.now())
    return render_template(
        "imports/preview.html",
        batch=batch,
        before=queries.same_file_before(batch),
        place=unit_names([batch.unit_id], today)[batch.unit_id],
        unit_code=unit_by_id(batch.unit_id, today).code,
        names=OUTCOME_NAMES,
        roles=ROLE_NAMES,
        groups=[(key, [shown_row(row, batch) for row in rows]) for key, rows in groups if rows],
        counts=counts,
        skipped=queries.rows_of(batch.id, "skip", limit=_SKIPPED_SHOWN),
        outcome=outcome if outcome in OUTCOME_NAMES else "",
        page=page,
        pages=_pages(counts, outcome),
        problem=problem,
    )


def _limit(outcome: str) -> int:
    """What waits for an officer is shown first and, as far as a page bears it, whole."""
    return PAGE if outcome == "review" else FIRST


def _pages(counts: Counts, outcome: str) -> int:
    return max(1, -(-counts.by_outcome.get(outcome, 0) // PAGE))


@blueprint.post("/<int:batch_id>")
@allowed(Action.MANAGE_PEOPLE)
def change(batch_id: int) -> ResponseReturnValue:
    """Keep what was typed, whatever was pressed; then write the rows that are ready, or throw all away."""
    batch, now = _batch(batch_id), clock.now()
    action = request.form.get("action", "save")
    rows = {row.id: row for row in _shown_rows(batch)}
    texts, left_out = typed_rows(request.form, rows, batch)
    try:
        with transaction():
            if action == "discard":
                discard_import(batch.id)
            else:
                mend_rows(batch.id, texts, left_out, now=now)
            report = (
                commit_import(batch.id, actor_id=the_viewer().person_id, now=now)
                if action == "commit"
                else None
            )
    except Refusal as refusal:
        return _preview(batch, said(refusal)), 409
    if report is not None:
        flash(
            translate(
                N_("Đã ghi: %(people)s người mới, %(teams)s tổ mới, %(memberships)s người vào tổ."),
                people=report.people,
                teams=report.teams,
                memberships=report.memberships,
            ),
            "ok",
        )
    elif action == "discard":
        flash(translate(N_("Đã bỏ lần nhập này. Không có gì được ghi.")), "ok")
        return redirect(url_for("imports.index"))
    return redirect(url_for("imports.preview", batch_id=batch.id, outcome=request.args.get("outcome")))


def _shown_rows(batch: BatchView) -> list[RowView]:
    """The rows that stood on the page which was sent."""
    ids = {int(text) for text in request.form.getlist("shown") if text.isdecimal() and len(text) < 18}
    return queries.rows_by_id(batch.id, ids)


@blueprint.get("/<int:batch_id>/report.xlsx")
@allowed(Action.MANAGE_PEOPLE)
def report(batch_id: int) -> ResponseReturnValue:
    """The rows as they stood in the file, each with what became of it and why."""
    batch = _batch(batch_id)
    rows = queries.rows_of(batch.id)
    width = max((len(row.cells) for row in rows), default=0)
    heads = [translate(N_("Trang tính")), translate(N_("Dòng"))]
    heads += [translate(N_("Cột %(n)s"), n=number) for number in range(1, width + 1)]
    heads += [translate(N_("Kết quả")), translate(N_("Vì sao"))]
    now = clock.now()
    with transaction():
        audit.record(
            "import.reported",
            ("import_batch", batch.id),
            actor_id=the_viewer().person_id,
            at=now,
            reason=f"{len(rows)} rows",
        )
    about = [
        (translate(N_("Tệp")), batch.file_name),
        (translate(N_("Ngày xuất")), f"{clock.local_date(now):%d/%m/%Y}"),
    ]
    table = Table(heads, _report_rows(rows, width), about)
    return written(f"ket-qua-nhap-{batch.id}.xlsx", partial(write_xlsx, table))


def _report_rows(rows: list[RowView], width: int) -> Iterator[list[str | int | None]]:
    for row in rows:
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        name = translate(OUTCOME_NAMES.get(row.outcome, N_("Bỏ qua")))
        why = " ".join(translate(ISSUE_WORDS[code]) for code, _ in row.issues)
        yield [row.sheet, row.row, *cells, name, why]


def _batch(batch_id: int) -> BatchView:
    """The import, within the viewer's scope."""
    batch = queries.batch_of(batch_id)
    require_unit(the_viewer(), Action.MANAGE_PEOPLE, batch.unit_id)
    return batch
