"""flask admin: backup, restore, and the doctor."""

from dataclasses import asdict, fields, is_dataclass
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from config import Settings
from lms.cli.speech import as_json, print_json, says_refusals
from lms.foundation import clock
from lms.upkeep import backup, doctor, migrations, startup

commands = AppGroup("admin", help="Trông nom trang web: sao lưu, khôi phục, khám bệnh.")
SECRETS = {"secret_key", "secret_key_fallbacks", "database_url"}


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@commands.command(
    "backup", help="Sao lưu cơ sở dữ liệu và các tệp vào TARGET (một tệp .tar.gz, hoặc một thư mục)."
)
@click.argument("target", type=click.Path(path_type=Path))
@says_refusals
def back_up(target: Path) -> None:
    """One archive of everything; the site may go on running."""
    startup.reach_database()
    archive = backup.back_up(_settings().data_folder, target.absolute(), clock.now())
    click.echo(f"Đã sao lưu vào {archive} ({archive.stat().st_size / 1e6:.1f} MB).")


@commands.command("restore", help="Khôi phục từ tệp sao lưu ARCHIVE. Hãy dừng trang web trước.")
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Thay tất cả dữ liệu đang có.")
@says_refusals
def restore(archive: Path, replace: bool) -> None:
    """Put an archive in the place of what there is; a database with data asks for --replace."""
    startup.reach_database()
    if not replace:
        backup.refuse_unless_empty()
    manifest = backup.restore(_settings().data_folder, archive)
    click.echo(f"Đã khôi phục bản ngày {manifest.made_at}: {sum(manifest.rows.values())} dòng, đúng bản kê.")
    if manifest.migrations != migrations.heads():
        click.echo("Bản này thuộc phiên bản cũ hơn. Hãy gõ: flask --app wsgi db upgrade")


@commands.command("doctor", help="Khám từng phần của trang web và nói phần nào chưa ổn.")
@click.option(
    "--rollups", is_flag=True, help="Cộng lại mọi số trong sổ theo dõi, so với số đã cộng sẵn (lâu)."
)
@as_json
@click.pass_context
def examine(context: click.Context, rollups: bool, as_json: bool) -> None:
    """What is set and what is on. Exit code 1 where something is unwell."""
    settings = _stated(_settings())
    findings = doctor.examine(_settings().data_folder, clock.now())
    if rollups and all(one.is_well for one in findings if one.part == "database"):
        findings.append(doctor.examine_rollups())
    if as_json:
        print_json({"settings": settings, "findings": [asdict(finding) for finding in findings]})
    else:
        for name, value in settings.items():
            click.echo(f"  {name:<22} {value}")
        for finding in findings:
            click.echo(f"{'✓' if finding.is_well else '✗'} {finding.part:<22} {finding.says}")
    context.exit(0 if all(finding.is_well for finding in findings) else 1)


def _stated(settings: Settings) -> dict[str, str]:
    """The settings as text, without what must not be told."""
    return {
        field.name: str(value)
        for field in fields(settings)
        if field.name not in SECRETS and not is_dataclass(value := getattr(settings, field.name))
    }
