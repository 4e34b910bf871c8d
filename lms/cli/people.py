"""`flask people`: import rosters, write persons down, grant rights, print slips."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.cli.speech import Said, as_json, print_json, says_refusals
from lms.foundation import clock
from lms.foundation.codes import read_member_code
from lms.foundation.db import transaction
from lms.foundation.i18n import translate
from lms.foundation.text import fold
from lms.people.actions.grants import grant_role
from lms.people.actions.imports import commit_import, stage_roster
from lms.people.actions.persons import create_person, create_team, join_team
from lms.people.actions.slips import issue_officer_slip, issue_slip, issue_slips
from lms.people.phones import phone_saying, read_phone
from lms.people.queries import (
    NoSuchPerson,
    account_of,
    grants_of,
    imports,
    members_of,
    person_id_by_code,
    person_id_by_phone,
    person_of,
    slip_for,
    slips_of_team,
    team_of,
)
from lms.people.queries.imports import RowView
from lms.people.roster.words import ISSUE_WORDS
from lms.people.rules import GRANT_NAMES
from lms.people.secrets import PASSPHRASE
from lms.people.sheets import printable, slips_pdf
from lms.people.slips import SlipKeys
from lms.units.queries import unit_by_key

commands = AppGroup("people", help="Người và tổ: nhập danh sách, ghi tên, cấp quyền, in phiếu.")


@commands.command("import", help="Nhập danh sách TỆP của xã (--unit MÃ). Không có --commit thì chỉ xem.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", required=True, help="Mã xã, 5 chữ số.")
@click.option("--commit", "writes", is_flag=True, help="Ghi các dòng nhận được vào sổ.")
@as_json
@says_refusals
def import_(file: Path, unit: str, writes: bool, as_json: bool) -> None:
    """Stage the file, tell each row that is not plain, and write if asked to."""
    now = clock.now()
    commune = unit_by_key(unit, clock.local_date(now))
    if commune.level != "commune":
        raise Said(f"{unit} không phải mã xã (5 chữ số).")
    with transaction():
        batch_id = stage_roster(file.read_bytes(), file.name, commune.id, actor_id=None, now=now)
    report = None
    if writes:
        with transaction():
            report = commit_import(batch_id, actor_id=None, now=now)
    counts = imports.count_rows(batch_id).by_outcome
    told = [row for row in imports.rows_of(batch_id) if row.issues]
    if as_json:
        written = None if report is None else vars(report)
        print_json(
            {"batch": batch_id, "rows": counts, "written": written, "issues": [_issues(row) for row in told]}
        )
        return
    for row in told:
        words = " ".join(translate(ISSUE_WORDS[code]) for code, _ in row.issues)
        click.echo(f"{row.sheet} dòng {row.row}: {row.outcome}: {words}")
    click.echo(", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items())))
    if report is None:
        click.echo(f"Chưa ghi gì. Xem ở /people/import/{batch_id}, hoặc gõ lại với --commit.")
    else:
        click.echo(f"Đã ghi: {report.people} người, {report.teams} tổ, {report.memberships} người vào tổ.")


def _issues(row: RowView) -> dict[str, object]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "outcome": row.outcome,
        "issues": [code for code, _ in row.issues],
    }


@commands.command("create", help="Ghi tên một NGƯỜI, có thể kèm tổ.")
@click.argument("full_name")
@click.option("--phone", help="Số di động.")
@click.option("--unit", help="Mã xã của tổ.")
@click.option("--team", "title", help="Tên tổ; chưa có thì lập.")
@says_refusals
def create(full_name: str, phone: str | None, unit: str | None, title: str | None) -> None:
    """Print the member code of the new person."""
    now = clock.now()
    if bool(unit) != bool(title):
        raise click.UsageError("--unit và --team đi cùng nhau.")
    with transaction():
        person_id = create_person(full_name, phone=_number(phone), actor_id=None, now=now)
        if unit and title:
            place = unit_by_key(unit, clock.local_date(now))
            team_id = imports.teams_at(place.id).get(" " + fold(title))
            team_id = team_id or create_team(place.id, title, actor_id=None, now=now)
            join_team(person_id, team_id, actor_id=None, now=now)
    click.echo(person_of(person_id).member_code)


def _number(phone: str | None) -> str | None:
    if not phone:
        return None
    read = read_phone(phone)
    if read.fault is not None:
        raise Said(translate(phone_saying(read), digits=read.digits))
    return read.number


@commands.command("grant", help="Cấp QUYỀN cho NGƯỜI (mã thành viên hoặc số điện thoại).")
@click.argument("who")
@click.argument("role", type=click.Choice([*GRANT_NAMES]))
@click.option("--unit", help="vn, mã tỉnh hoặc mã xã; cho viewer và manager.")
@click.option("--course", help="Khóa học; cho instructor và reviewer, bỏ trống là mọi khóa.")
@says_refusals
def grant(who: str, role: str, unit: str | None, course: str | None) -> None:
    """The right stands from now on; whoever has no passphrase yet is given a way to set one."""
    now = clock.now()
    person_id = _person(who)
    with transaction():
        unit_id = unit_by_key(unit, clock.local_date(now)).id if unit else None
        grant_role(person_id, role, unit_id=unit_id, course_slug=course, granted_by=None, now=now)
        account = account_of(person_id)
        is_kept = account is not None and account.secret_kind == PASSPHRASE
        if not is_kept:
            issue_officer_slip(person_id, _keys(), issued_by=None, now=now)
    click.echo(f"Đã cấp quyền: {GRANT_NAMES[role]}.")
    if not is_kept:
        click.echo(f"Mở trong 3 ngày để đặt cụm mật khẩu: {_activation_url(person_id, now)}")


def _activation_url(person_id: int, now: datetime) -> str:
    slip = slip_for(person_id)
    [(_, secret)] = printable([slip] if slip else [], _keys(), now, for_officers=True)
    return f"{current_app.extensions['settings'].site_url}/activate/{secret.token}"


@commands.command("slips", help="In phiếu của TỔ (--team) hoặc của một NGƯỜI (--person) ra tệp PDF.")
@click.option("--team", "team_id", type=int, help="Số của tổ, như ở địa chỉ /teams/….")
@click.option("--person", "who", help="Mã thành viên hoặc số điện thoại: làm phiếu mới cho người này.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("phieu.pdf"))
@says_refusals
def slips(team_id: int | None, who: str | None, out: Path) -> None:
    """Make what is missing and print; the plain codes are in the file only."""
    if (team_id is None) == (who is None):
        raise click.UsageError("Cần --team hoặc --person.")
    now = clock.now()
    if team_id is not None:
        title = team_of(team_id).title
        with transaction():
            _make_missing(team_id, now)
        printed = printable(slips_of_team(team_id), _keys(), now)
    else:
        person_id = _person(who or "")
        title = person_of(person_id).full_name
        with transaction():
            issue = issue_officer_slip if grants_of(person_id) else issue_slip
            issue(person_id, _keys(), issued_by=None, now=now)
        slip = slip_for(person_id)
        printed = printable([slip] if slip else [], _keys(), now, for_officers=True)
    if not printed:
        raise Said("Không có phiếu nào để in: ai cũng đã kích hoạt.")
    site_url = current_app.extensions["settings"].site_url
    out.write_bytes(slips_pdf(printed, f"Phiếu kích hoạt, {title}", site_url))
    click.echo(f"{len(printed)} phiếu: {out}")


def _make_missing(team_id: int, now: datetime) -> None:
    opening = {slip.person_id for slip in slips_of_team(team_id) if slip.opens(now)}
    waiting = [one.person_id for one in members_of(team_id) if not one.is_activated]
    issue_slips([one for one in waiting if one not in opening], _keys(), issued_by=None, now=now)


def _keys() -> SlipKeys:
    settings = current_app.extensions["settings"]
    return SlipKeys((settings.secret_key, *settings.secret_key_fallbacks))


def _person(who: str) -> int:
    """The person of a member code or a phone number. Raises NoSuchPerson."""
    code, phone = read_member_code(who), read_phone(who).number
    found = (person_id_by_code(code) if code else None) or (person_id_by_phone(phone) if phone else None)
    if found is None:
        raise NoSuchPerson
    return found
