"""`flask rosters`: a roster as a file, without a browser."""

from pathlib import Path

import click
from flask.cli import AppGroup

from lms.catalogue.queries import course_outline, course_outlines
from lms.cli.speech import says_refusals
from lms.foundation import clock
from lms.rosters.exports import about_lines
from lms.rosters.jobs import list_people, write_people
from lms.rosters.queries import Filters
from lms.units.queries import unit_by_key

commands = AppGroup("rosters", help="Sổ theo dõi: xuất ra tệp.")


@commands.command("export", help="Xuất danh sách người của ĐƠN VỊ (vn, mã tỉnh, mã xã) ra tệp.")
@click.argument("unit")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "pdf"]), default="csv", show_default=True)
@click.option("--course", help="Mặc định: khóa học giao cho các tổ.")
@says_refusals
def export(unit: str, out: Path, form: str, course: str | None) -> None:
    """Everybody of the unit, phone numbers in full: whoever may run commands manages the site."""
    today = clock.local_date(clock.now())
    found = unit_by_key(unit, today)
    slug = course or next((one.slug for one in course_outlines() if one.team_edition), "")
    outline = course_outline(slug)
    edition = outline.team_edition or outline.editions[0]
    about = about_lines(found.full_name, outline.title, edition.title, "", "flask rosters export", today)
    people = list_people(edition, found, Filters(), with_phones=True)
    write_people(people, (outline, edition), found, form=form, file=out, about=about, today=today)
    click.echo(f"Đã ghi {out}")
