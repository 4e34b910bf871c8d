"""What the whole of the members' course weighs for somebody who takes it along offline."""

import re

from flask import Flask
from flask.testing import FlaskClient

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import transaction
from tests import make
from tests.conftest import ROOT
from tests.study.deeds import enrolled_member
from tests.times import NOON

COURSE, MOST = "ky-nang-so", 5 * 1024 * 1024


def served(client: FlaskClient, address: str) -> tuple[int, str]:
    """Bytes of an answer as the wire carries them, and its text."""
    with client.get(address, headers={"Accept-Encoding": "br, gzip"}) as packed:
        assert packed.status_code == 200, address
        weight = len(packed.data)
    with client.get(address, headers={"Accept-Encoding": "identity"}) as plain:
        return weight, plain.text


def test_the_members_course_is_five_megabytes_at_most(app: Flask, client: FlaskClient) -> None:
    course, problems = read_course(ROOT / "courses" / COURSE)
    assert problems == []
    assert course is not None
    with transaction():
        publish_course(course, Shelf(app.extensions["settings"].data_folder / "media"), NOON)
    outline = course_outline(COURSE)
    edition = outline.team_edition
    assert edition is not None
    make.signed_in(client, enrolled_member())
    pages = [f"/courses/{COURSE}"]
    for module in outline.modules_of(edition.key):
        place = f"/courses/{COURSE}/{module.slug}"
        pages += [place, *(f"{place}/{lesson.slug}" for lesson in module.lessons_of(edition.key))]
    read = [served(client, address) for address in pages]
    pictures = {
        found for _, text in read for found in re.findall(r'src="(/courses/[^"]+/media/[^"]+)"', text)
    }
    assert pictures
    weights = [size for size, _ in read] + [served(client, address)[0] for address in sorted(pictures)]
    assert sum(weights) <= MOST, f"{len(pages)} pages, {len(pictures)} pictures: {sum(weights):,} bytes"
