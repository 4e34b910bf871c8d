"""`flask courses`: check, publish and write back courses as text."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.catalogue.actions import publish_course
from lms.catalogue.export import export_course, export_questions
from lms.catalogue.question_file import addition
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import SourceProblem, fixed_links, read_course, read_courses
from lms.catalogue.source.elements import CourseSource
from lms.catalogue.strict import Finding, findings_in
from lms.foundation import clock
from lms.foundation.db import transaction
from lms.foundation.errors import Refusal
from lms.quiz.exchange.format import WritableFormat
from lms.quiz.formats import FORMATS, WRITABLE, format_of

commands = AppGroup("courses", help="Khóa học dạng văn bản: kiểm tra, công bố, ghi ra.")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@commands.command(
    "check", help="Kiểm tra THƯ MỤC khóa học (mặc định: mọi khóa của trang). Không ghi gì vào dữ liệu."
)
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--fix", is_flag=True, help="Sửa số thứ tự trong các liên kết tới bài khác.")
@click.option("--strict", is_flag=True, help="Kiểm tra thêm lời văn, câu hỏi, hình: docs/authoring.md.")
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Với --strict: xét như vào NGÀY này; khi ấy bài quá hạn duyệt lại là lỗi, không chỉ là nhắc.",
)
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def check(folder: Path | None, fix: bool, strict: bool, day: datetime | None, as_json: bool) -> None:
    """Tell every mistake of the files, and what strict rules find; exit 1 if there is one."""
    root = folder or current_app.extensions["settings"].courses_folder
    courses, problems = _read(root)
    if fix:
        for path, text in (item for course in courses for item in fixed_links(course).items()):
            file = (root.parent if (root / "course.md").exists() else root) / path
            file.write_bytes(text.encode())
            click.echo(f"Đã sửa {path}")
    findings = _findings(courses, day) if strict else []
    _tell(problems, findings, as_json=as_json)
    if problems or not all(finding.warns for finding in findings):
        sys.exit(1)
    if not as_json:
        click.echo(f"{len(courses)} khóa học, không có lỗi.")


def _findings(courses: Sequence[CourseSource], day: datetime | None) -> list[Finding]:
    """Of a day that was named, what has aged is a mistake; of today it is a reminder."""
    on: date = day.date() if day else clock.local_date(clock.now())
    found = [finding for course in courses for finding in findings_in(course, on)]
    return [replace(one, warns=False) for one in found] if day else found


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
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(WRITABLE)),
    help="Chỉ ghi câu hỏi, mỗi chuyên đề một tệp dạng này.",
)
def export(course: str, folder: Path, name: str | None) -> None:
    """Write the published files back, or the questions in another format."""
    shelf = Shelf(current_app.extensions["settings"].data_folder / "media")
    try:
        if name:
            _export_questions(course, folder, WRITABLE[name], shelf)
            return
        written = export_course(course, folder, shelf)
    except (Refusal, OSError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"Đã ghi {len(written)} tệp vào {folder / course}")


def _export_questions(course: str, folder: Path, format_: WritableFormat, shelf: Shelf) -> None:
    for file, lost in export_questions(course, folder, format_, shelf):
        click.echo(f"Đã ghi {file}" if file.exists() else f"Không ghi {file}: không câu nào ghi được")
        for loss in lost:
            click.echo(f"  không mang theo: {loss.id}: {loss.part}")


@commands.command(
    "import", help="Thêm câu hỏi của TỆP vào quiz.md của một chuyên đề: tất cả, hoặc không câu nào."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", "place", required=True, metavar="KHÓA/CHUYÊN-ĐỀ", help="Chuyên đề nhận câu hỏi.")
@click.option(
    "--format", "name", type=click.Choice(sorted(FORMATS)), help="Dạng của tệp; mặc định theo đuôi tệp."
)
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ thêm gì, không ghi.")
def import_(file: Path, place: str, name: str | None, dry_run: bool) -> None:
    """Read, check in place, then write quiz.md; exit 1 and nothing written if there is a mistake."""
    format_ = FORMATS[name] if name else format_of(file.name)
    if format_ is None:
        raise click.ClickException(
            f"Không biết dạng của {file.name}. Thêm --format: {', '.join(sorted(FORMATS))}"
        )
    course, _, module = place.partition("/")
    folder = current_app.extensions["settings"].courses_folder / course
    try:
        found = addition(file, format_, folder, module)
    except Refusal as problem:
        raise click.ClickException(str(problem)) from problem
    for note in found.notes:
        click.echo(f"{note.path}:{note.line}: {note.message} {note.seen}".rstrip())
    if found.problems:
        _tell(list(found.problems))
        raise click.ClickException(f"{file.name}: {len(found.problems)} lỗi, chưa thêm câu hỏi nào.")
    if dry_run:
        for one in found.questions:
            click.echo(one.text)
    else:
        found.write()
    verb = "Sẽ thêm" if dry_run else "Đã thêm"
    click.echo(f"{verb} {len(found.questions)} câu hỏi vào {found.quiz_file}")


def _read(root: Path) -> tuple[list[CourseSource], list[SourceProblem]]:
    """One course folder, or a folder of courses."""
    if (root / "course.md").exists():
        course, problems = read_course(root)
        return [course] if course else [], problems
    return read_courses(root)


def _tell(
    problems: Sequence[SourceProblem], findings: Sequence[Finding] = (), *, as_json: bool = False
) -> None:
    if as_json:
        told = [asdict(problem) for problem in problems]
        told += [asdict(one.problem) | {"rule": one.rule, "warns": one.warns} for one in findings]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in (*problems, *findings):
        click.echo(str(one), err=True)
