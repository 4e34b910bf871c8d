"""`flask rosters`: a roster as a file, without a browser."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.catalogue.outline import CourseOutline, EditionView
from lms.catalogue.queries import course_outline, course_outlines
from lms.cli.speech import Said, says_refusals
from lms.foundation import audit, clock
from lms.foundation.db import transaction
from lms.rosters.jobs import PeopleExport, write_people
from lms.rosters.official import official_pdf, people_on_paper
from lms.rosters.queries import Order, Place
from lms.rosters.rules import Filters
from lms.units.queries import UnitView, unit_by_key

commands = AppGroup("rosters", help="Sổ theo dõi: xuất ra tệp.")


@commands.command("export", help="Xuất danh sách người của ĐƠN VỊ (vn, mã tỉnh, mã xã) ra tệp.")
@click.argument("unit")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "pdf"]), default="csv", show_default=True)
@click.option("--course", help="Mặc định: khóa học giao cho các tổ.")
@click.option("--edition", help="Mặc định: bản giao cho các tổ.")
@says_refusals
def export(unit: str, out: Path, form: str, course: str | None, edition: str | None) -> None:
    """Everybody of the unit, phone numbers in full: whoever may run commands manages the site."""
    now = clock.now()
    found = unit_by_key(unit, clock.local_date(now))
    slug = course or next((one.slug for one in course_outlines() if one.team_edition), "")
    outline = course_outline(slug)
    given = outline.edition(edition) if edition else outline.team_edition or outline.public_edition
    if given is None:
        raise Said(f"Khóa {slug} không có bản {edition or 'nào'}.")
    count = _write(found, outline, given, form=form, out=out, now=now)
    with transaction():
        audit.record(
            "export_roster",
            ("unit", found.id),
            actor_id=None,
            at=now,
            reason=f"flask rosters: {form}, {count} people",
        )
    click.echo(f"Đã ghi {count} người vào {out}")


def _write(
    unit: UnitView, course: CourseOutline, edition: EditionView, *, form: str, out: Path, now: datetime
) -> int:
    if form == "pdf":
        people = people_on_paper(unit, edition, Filters())
        drawn = official_pdf(people, unit, course, edition, Filters(), today=clock.local_date(now))
        out.write_bytes(drawn)
        return len(people)
    wanted = PeopleExport(
        course=course.slug,
        edition=edition.key,
        place=Place(unit.level, None if unit.level == "nation" else unit.id),
        filters=Filters(),
        order=Order(by_team=unit.level == "commune"),
        form=form,
        with_phones=True,
        about=(
            ("Địa bàn", unit.full_name),
            ("Khóa học", f"{course.title}, {edition.title}"),
            ("Tính đến", f"{now.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"),
            ("Người xuất", "flask rosters export"),
        ),
    )
    return write_people(wanted, out)
