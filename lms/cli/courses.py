"""`flask courses`: check, publish and write back courses as text."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.catalogue.actions import publish_course
from lms.catalogue.export import export_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import SourceProblem, fixed_links, read_course, read_courses
from lms.catalogue.source.elements import CourseSource
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import Refusal

commands = AppGroup("courses", help="Khóa học dạng văn bản: kiểm tra, công bố, ghi ra.")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@commands.command(
    "check", help="Kiểm tra THƯ MỤC khóa học (mặc định: mọi khóa của trang). Không ghi gì vào dữ liệu."
)
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--fix", is_flag=True, help="Sửa số thứ tự trong các liên kết tới bài khác.")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def check(folder: Path | None, fix: bool, as_json: bool) -> None:
    """Tell every mistake of the files; exit 1 if there is one."""
    root = folder or current_app.extensions["settings"].courses_folder
    courses, problems = _read(root)
    if fix:
        for path, text in (item for course in courses for item in fixed_links(course).items()):
            file = (root.parent if (root / "course.md").exists() else root) / path
            file.write_bytes(text.encode())
            click.echo(f"Đã sửa {path}")
    _tell(problems, as_json=as_json)
    if problems:
        sys.exit(1)
    if not as_json:
        click.echo(f"{len(courses)} khóa học, không có lỗi.")


@commands.command("load", help="Công bố các khóa học trong THƯ MỤC. Nạp lại như cũ thì không đổi gì.")
@click.argument("folder", type=_FOLDER, required=False)
def load(folder: Path | None) -> None:
    """Publish what is right; modules with mistakes stay as they were, and the exit code says so."""
    settings = current_app.extensions["settings"]
    courses, problems = _read(folder or settings.courses_folder)
    shelf = Shelf(settings.data_folder / "media")
    for course in courses:
        try:
            with transaction():
                report = publish_course(course, shelf, clock.now())
        except Refusal as refusal:
            raise click.ClickException(f"{course.slug}: {refusal}") from refusal
        click.echo(
            f"{course.slug}: {len(report.changed)} mục mới" if report.changed else f"{course.slug}: không đổi"
        )
        for path in report.changed:
            click.echo(f"  {path}")
    _tell(problems)
    if problems:
        sys.exit(1)


@commands.command("export", help="Ghi khóa học đã công bố ra THƯ MỤC, đúng từng chữ như lúc nạp.")
@click.argument("course")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(course: str, folder: Path) -> None:
    """Write the published files back."""
    shelf = Shelf(current_app.extensions["settings"].data_folder / "media")
    try:
        written = export_course(course, folder, shelf)
    except (Refusal, OSError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"Đã ghi {len(written)} tệp vào {folder / course}")


def _read(root: Path) -> tuple[list[CourseSource], list[SourceProblem]]:
    """One course folder, or a folder of courses."""
    if (root / "course.md").exists():
        course, problems = read_course(root)
        return [course] if course else [], problems
    return read_courses(root)


def _tell(problems: list[SourceProblem], *, as_json: bool = False) -> None:
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
        return
    for problem in problems:
        click.echo(str(problem), err=True)
