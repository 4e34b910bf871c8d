"""`flask units`: load the map, look a unit up."""

from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.cli.speech import as_json, print_json, says_refusals
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.units.actions import SEEDS, LoadReport, load_units
from lms.units.queries import successors_of, unit_by_key, unit_names, units_by_id

commands = AppGroup("units", help="Đơn vị hành chính: nạp danh mục, tra cứu.")


@commands.command(
    "load", help="Nạp danh mục đơn vị từ THƯ MỤC (mặc định: danh mục đi kèm). Nạp lại không đổi gì."
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SEEDS)
@says_refusals
def load(folder: Path) -> None:
    """Load the seeds in one transaction and tell what changed."""
    with transaction():
        report = load_units(folder, now=clock.now())
    for line in told(report):
        click.echo(line)


def told(report: LoadReport) -> list[str]:
    """What a load changed, a line each; a long list is counted, a short one is named."""
    lines = [f"Danh mục {report.data_version}"]
    for word, names in (
        ("Thêm", report.added),
        ("Đổi tên", report.renamed),
        ("Đổi loại", report.retyped),
        ("Kết thúc", report.closed),
    ):
        if names:
            named = f": {', '.join(names)}" if len(names) <= 40 else ""
            lines.append(f"{word} {len(names)} đơn vị{named}")
    for word, count in (("Thêm", report.links_added), ("Bỏ", report.links_removed)):
        if count:
            lines.append(f"{word} {count} liên kết cũ – mới")
    return lines if len(lines) > 1 else [*lines, "Không có gì mới"]


@commands.command("show", help="Xem một đơn vị: vn, mã tỉnh 2 chữ số hoặc mã xã 5 chữ số.")
@click.argument("key")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Theo bản đồ của ngày này.")
@as_json
@says_refusals
def show(key: str, on: datetime | None, as_json: bool) -> None:
    """The unit on a day, and what became of it."""
    day: date = on.date() if on else clock.local_date(clock.now())
    unit = unit_by_key(key, day)
    today = clock.local_date(clock.now())
    now = [view.full_name for view in units_by_id(successors_of(unit.id), today).values()]
    name = unit_names([unit.id], day)[unit.id]
    if as_json:
        print_json({"code": unit.code, "level": unit.level, "name": name, "now": now})
        return
    click.echo(f"{unit.code}  {name}")
    if now != [unit.full_name]:
        click.echo(f"Nay là: {', '.join(now)}")
