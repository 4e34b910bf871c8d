"""`flask people`: import rosters, write persons down, grant rights, print slips."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.certificates.pdf import qr_code
from lms.cli.speech import says_refusals
from lms.foundation import clock, render
from lms.foundation.codes import read_member_code
from lms.foundation.db import transaction
from lms.people.actions.grants import grant_role
from lms.people.actions.imports import commit_import, stage_roster
from lms.people.actions.persons import create_person, create_team, join_team
from lms.people.actions.slips import issue_slip, issue_slips
from lms.people.phones import phone_saying, read_phone
from lms.people.queries import (
    NoSuchPerson,
    person_id_by_code,
    person_id_by_phone,
    person_of,
    slips_of_team,
    team_of,
)
from lms.people.queries import imports as import_queries
from lms.people.roster.rows import ISSUE_WORDS
from lms.people.slips import SlipKeys
from lms.rosters.queries import Filters, in_team, people_page
from lms.study.queries import team_edition_ids
from lms.units.queries import unit_by_key

commands = AppGroup("people", help="Người và tổ: nhập danh sách, ghi tên, cấp quyền, in phiếu.")
ROLES = ("viewer", "manager", "instructor", "reviewer", "administrator")


@commands.command("import", help="Nhập danh sách TỆP của xã (--unit MÃ). Không có --commit thì chỉ xem.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", required=True, help="Mã xã, 5 chữ số.")
@click.option("--commit", "writes", is_flag=True, help="Ghi các dòng nhận được vào sổ.")
@says_refusals
def import_(file: Path, unit: str, writes: bool) -> None:
    """Stage the file, tell each row that is not plain, and write if asked to."""
    now = clock.now()
    commune = unit_by_key(unit, clock.local_date(now))
    with transaction():
        batch_id = stage_roster(file.read_bytes(), file.name, commune.id, actor_id=None, now=now)
    for row in import_queries.rows_of(batch_id):
        if row.issues:
            words = " ".join(ISSUE_WORDS[code] for code, _ in row.issues)
            click.echo(f"{row.sheet} dòng {row.row}: {row.outcome}: {words}")
    counts = import_queries.count_outcomes(batch_id)
    click.echo(", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items())))
    if writes:
        with transaction():
            report = commit_import(batch_id, actor_id=None, now=now)
        click.echo(f"Đã ghi: {report.people} người, {report.teams} tổ, {report.memberships} người vào tổ.")
    else:
        click.echo(f"Chưa ghi gì. Xem ở /people/import/{batch_id}, hoặc gõ lại với --commit.")


@commands.command("create", help="Ghi tên một NGƯỜI, có thể kèm tổ.")
@click.argument("full_name")
@click.option("--phone", help="Số di động.")
@click.option("--unit", help="Mã xã của tổ.")
@click.option("--team", "title", help="Tên tổ; chưa có thì lập.")
@says_refusals
def create(full_name: str, phone: str | None, unit: str | None, title: str | None) -> None:
    """Print the member code of the new person."""
    now = clock.now()
    number = None
    if phone:
        read = read_phone(phone)
        if read.fault is not None:
            raise click.ClickException(phone_saying(read) % {"digits": read.digits})
        number = read.number
    if bool(unit) != bool(title):
        raise click.UsageError("--unit và --team đi cùng nhau.")
    with transaction():
        person_id = create_person(full_name, phone=number, actor_id=None, now=now)
        if unit and title:
            place = unit_by_key(unit, clock.local_date(now))
            teams = import_queries.teams_at(place.id)
            team_id = next((id_ for id_ in teams.values() if team_of(id_).title == title), None)
            team_id = team_id or create_team(place.id, title, actor_id=None, now=now)
            join_team(person_id, team_id, actor_id=None, now=now)
    click.echo(person_of(person_id).member_code)


@commands.command("grant", help="Cấp QUYỀN cho NGƯỜI (mã thành viên hoặc số điện thoại).")
@click.argument("who")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--unit", help="vn, mã tỉnh hoặc mã xã; cho viewer và manager.")
@click.option("--course", help="Khóa học; cho instructor và reviewer, bỏ trống là mọi khóa.")
@says_refusals
def grant(who: str, role: str, unit: str | None, course: str | None) -> None:
    """The right stands from now on."""
    now = clock.now()
    with transaction():
        unit_id = unit_by_key(unit, clock.local_date(now)).id if unit else None
        grant_role(_person(who), role, unit_id=unit_id, course_slug=course, granted_by=None, now=now)
    click.echo(f"Đã cấp quyền {role}.")


@commands.command("slips", help="Làm phiếu mới cho TỔ (số của tổ) hay một NGƯỜI, ghi ra tệp PDF.")
@click.option("--team", "team_id", type=int, help="Số của tổ, như ở địa chỉ /teams/….")
@click.option("--person", "who", help="Mã thành viên hoặc số điện thoại.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("phieu.pdf"))
@says_refusals
def slips(team_id: int | None, who: str | None, out: Path) -> None:
    """Renew and print; the plain codes are in the file only."""
    if team_id is None:
        raise click.UsageError("Cần --team.")
    settings, now = current_app.extensions["settings"], clock.now()
    keys = SlipKeys((settings.secret_key, *settings.secret_key_fallbacks))
    found = team_of(team_id)
    with transaction():
        if who:
            issue_slip(_person(who), keys, issued_by=None, now=now)
        else:
            people, _more = people_page(team_edition_ids()[0], in_team(team_id), Filters(), limit=500)
            issue_slips(
                [one.person_id for one in people if not one.is_activated], keys, issued_by=None, now=now
            )
    printed = [
        (slip, secret, qr_code(f"{settings.site_url}/activate/{secret.token}"))
        for slip in slips_of_team(team_id)
        if (secret := keys.secret_of(slip.nonce, slip.token_hmac)) and slip.opens(now)
    ]
    sheets = [printed[start : start + 8] for start in range(0, len(printed), 8)]
    site = settings.site_url.split("://")[-1]
    out.write_bytes(render.pdf("slips.html", "slips.css", team=found, sheets=sheets, site=site))
    click.echo(f"{len(printed)} phiếu: {out}")


def _person(who: str) -> int:
    found = person_id_by_code(read_member_code(who) or who) or person_id_by_phone(
        read_phone(who).number or who
    )
    if found is None:
        raise NoSuchPerson
    return found
