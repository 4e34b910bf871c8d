"""How commands speak: refusals and a missing database in one line, data as text or as JSON."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click

from lms.foundation.errors import Refusal
from lms.foundation.i18n import translate

Command = TypeVar("Command", bound=Callable[..., Any])
as_json = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho máy đọc.")


class Said(click.ClickException):
    """A no in one line; the command ends with exit code 1."""

    def show(self, file: Any = None) -> None:
        click.secho(f"✗ {self.message}", err=True, file=file)


def says_refusals(command: Command) -> Command:
    """The command, with the domain's refusals said instead of a traceback."""

    @wraps(command)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            raise Said(translate(refusal.message, **refusal.params)) from refusal

    return cast(Command, spoken)


def print_json(data: object) -> None:
    """Data for another program: one JSON document on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
