"""`flask demo`: invented people, to see the site at the size of a country. Never on a real site."""

import click
from flask import current_app
from flask.cli import AppGroup

from lms.cli.speech import says_refusals
from lms.demo.cast import PIN
from lms.demo.load import load_learners
from lms.demo.province import refuse_in_production
from lms.foundation import clock
from lms.foundation.db import transaction

commands = AppGroup(
    "demo", help="Người học không có thật, để xem thử trang lúc đông. Không dùng cho trang thật."
)


@commands.command("load", help="Thêm N người học rải khắp các xã. Cùng SEED thì ra cùng một đất nước.")
@click.option("--learners", type=int, default=35_000, show_default=True, help="Bao nhiêu người.")
@click.option("--seed", type=int, default=1, show_default=True)
@says_refusals
def load(learners: int, seed: int) -> None:
    """One transaction: all of them, or none."""
    refuse_in_production(current_app.extensions["settings"].is_production)
    with transaction(), click.progressbar(length=learners, label="Đang thêm người học") as bar:
        loaded = load_learners(learners, seed, PIN, clock.now(), tell=lambda made: bar.update(made - bar.pos))
    click.echo(f"Đã thêm {loaded.people} người, {loaded.teams} tổ, {loaded.communes} xã. PIN: {PIN}")
