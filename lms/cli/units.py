"""`flask units`: load the map, look a unit up."""

from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.cli.speech import Said, as_json, print_json, says_refusals
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.units.actions import SEEDS, LoadReport, load_units
from lms.units.matching import match_commune
from lms.units.queries import (
    UnitView,
    place_index,
    successors_of,
    unit_by_id,
    unit_by_key,
    unit_names,
    units_by_id,
)

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


@commands.command(
    "show",
    help="Xem một đơn vị: vn, mã tỉnh, mã xã, hoặc tên như trên giấy: 'Xã Tân Hòa, Hưng Hà, Thái Bình'.",
)
@click.argument("key")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Theo bản đồ của ngày này.")
@as_json
@says_refusals
def show(key: str, on: datetime | None, as_json: bool) -> None:
    """The unit on a day, and what became of it."""
    today = clock.local_date(clock.now())
    day = on.date() if on else today
    unit = unit_by_key(key, day) if key == "vn" or key.isdecimal() else unit_as_printed(key, day)
    now = units_by_id(successors_of(unit.id), today).values()
    name = unit_names([unit.id], day)[unit.id]
    if as_json:
        became = [{"code": view.code, "name": view.full_name} for view in now]
        print_json({"code": unit.code, "level": unit.level, "name": name, "now": became})
        return
    click.echo(f"{unit.code}  {name}")
    if [view.id for view in now] != [unit.id]:
        click.echo(f"Nay là: {', '.join(f'{view.full_name} ({view.code})' for view in now)}")


def unit_as_printed(text: str, day: date) -> UnitView:
    """The commune that a roster would mean by 'commune, district, province'. Raises Said."""
    commune, *between, province = [*text.split(","), ""] if "," not in text else text.split(",")
    match = match_commune(place_index(day), commune, " ".join(between), province)
    if match.recorded_id is not None:
        return unit_by_id(match.recorded_id, day)
    candidates = units_by_id(match.candidates, day).values()
    listed = ", ".join(f"{view.full_name} ({view.code})" for view in candidates)
    raise Said(f"Tên này có thể là: {listed}" if listed else "Không có đơn vị nào mang tên này.")
