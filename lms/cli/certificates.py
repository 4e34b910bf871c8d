"""`flask certificates`: issue what is missing, verify, correct, revoke."""

import json

import click
from flask.cli import AppGroup

from lms.certificates.actions import correct_certificate, issue_certificate, revoke_certificate
from lms.certificates.queries import certificate_of, completed_courses_of
from lms.foundation import clock
from lms.foundation.codes import read_member_code, read_verification_code
from lms.foundation.db import transaction
from lms.foundation.errors import Refusal
from lms.people.queries import NoSuchPerson, person_id_by_code

commands = AppGroup("certificates", help="Chứng nhận: cấp, tra cứu, sửa, thu hồi.")


@commands.command(
    "issue", help="Cấp chứng nhận còn thiếu cho THÀNH VIÊN (mã TV-XXXX-XXXX) đã hoàn thành khóa học."
)
@click.argument("member_code")
def issue(member_code: str) -> None:
    """For each completed course without a valid certificate; whoever has one keeps it."""
    try:
        with transaction():
            person_id = person_id_by_code(read_member_code(member_code) or member_code)
            if person_id is None:
                raise NoSuchPerson
            codes = [
                issue_certificate(completed.enrolment_id, clock.now())
                for completed in completed_courses_of(person_id)
            ]
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("\n".join(code for code in codes if code) or "Chưa hoàn thành khóa học nào có chứng nhận.")


@commands.command("verify", help="Tra cứu chứng nhận theo MÃ. Mã thoát là 0 chỉ khi còn hiệu lực.")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@click.pass_context
def verify(context: click.Context, code: str, as_json: bool) -> None:
    """What is certified and how it stands."""
    try:
        certificate = certificate_of(read_verification_code(code) or code)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    state = certificate.standing(clock.local_date(clock.now())).value
    facts = {
        "code": certificate.code,
        "standing": state,
        "issued_on": certificate.issued_on.isoformat(),
        "successor": certificate.successor_code,
        "reason": certificate.reason,
        **{key: certificate.snapshot[key] for key in ("full_name", "team", "unit", "course", "edition")},
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo("\n".join(f"{key}: {value}" for key, value in facts.items() if value))
    if state != "valid":
        context.exit(1)


@commands.command("correct", help="Cấp bản mới đúng họ tên, thay bản mang MÃ này.")
@click.argument("code")
@click.option("--name", required=True, help="Họ tên đúng theo căn cước.")
@click.option("--reason", required=True, help="Lý do, hiện công khai ở trang tra cứu.")
def correct(code: str, name: str, reason: str) -> None:
    """The old certificate leads to the new one."""
    try:
        with transaction():
            new = correct_certificate(code, name, reason, actor_id=None, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(new)


@commands.command("revoke", help="Thu hồi chứng nhận mang MÃ này.")
@click.argument("code")
@click.option("--reason", required=True, help="Lý do, hiện công khai ở trang tra cứu.")
def revoke(code: str, reason: str) -> None:
    """Its page tells when and why."""
    try:
        with transaction():
            revoke_certificate(code, reason, actor_id=None, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Đã thu hồi {code}")
