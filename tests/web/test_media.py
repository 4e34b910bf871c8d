"""Files of lessons at their door: whole or in parts, kept for long, harmless when opened by themselves."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import transaction
from tests.courses import small_course, write
from tests.times import NOON

PICTURE = "/courses/khoa-thu/dau/media/khoa.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><title>Ổ khóa</title></svg>\n'
CONTENT = SVG.encode()
SHOWN = "![Ổ khóa](media/khoa.svg)\n\n[Mẫu đơn](media/don.pdf)\n"


@pytest.fixture
def client(app: Flask, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    """A browser before a course with a picture and a document in its first module."""
    folder = small_course(tmp_path)
    lesson = folder / "01-dau/02-hai.md"
    files = {"khoa.svg": SVG, "don.pdf": "%PDF-1.7\n%%EOF\n"}
    write(folder, {f"01-dau/media/{name}": text for name, text in files.items()})
    lesson.write_text(lesson.read_text() + SHOWN)
    found, problems = read_course(folder)
    assert found is not None, problems
    with transaction():
        publish_course(found, Shelf(app.extensions["settings"].data_folder / "media"), NOON)
    return client


def test_a_picture_comes_as_it_was_written(client):
    answer = client.get(PICTURE, buffered=True)
    assert answer.data == CONTENT
    assert answer.content_type.startswith("image/svg+xml")


@pytest.mark.parametrize(
    ("asked", "given"),
    [("bytes=0-3", CONTENT[:4]), ("bytes=10-", CONTENT[10:]), ("bytes=-5", CONTENT[-5:])],
)
def test_a_part_that_is_asked_for_comes_alone(client, asked, given):
    answer = client.get(PICTURE, buffered=True, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == given
    assert answer.headers["Content-Range"].endswith(f"/{len(CONTENT)}")
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_part_beyond_the_end_is_refused(client):
    assert client.get(PICTURE, buffered=True, headers={"Range": f"bytes={len(CONTENT)}-"}).status_code == 416


def test_a_part_of_an_older_content_is_not_mixed_with_the_new(client):
    answer = client.get(PICTURE, buffered=True, headers={"Range": "bytes=0-3", "If-Range": '"older"'})
    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_the_address_in_a_lesson_is_kept_for_a_year(client):
    lesson = client.get("/courses/khoa-thu/dau/hai", buffered=True).text
    address = lesson.split('src="', 1)[1].split('"', 1)[0] if PICTURE in lesson else ""
    assert address.startswith(f"{PICTURE}?v=")
    assert (
        client.get(address, buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    )


@pytest.mark.parametrize("address", [PICTURE, f"{PICTURE}?v=0123456789ab"])
def test_an_address_without_the_contents_name_is_asked_for_anew(client, address):
    answer = client.get(address, buffered=True)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert (
        client.get(address, buffered=True, headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )


def test_a_drawing_opened_by_itself_runs_nothing(client):
    policy = client.get(PICTURE, buffered=True).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


def test_a_document_is_saved_and_not_opened_in_the_site(client):
    answer = client.get("/courses/khoa-thu/dau/media/don.pdf", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["khac.svg", "../module.md", "..%2F..%2Fcourse.md", "%2Fetc%2Fpasswd", "khoa.svg/"]
)
def test_what_is_not_there_is_not_found(client, name):
    answer = client.get(f"/courses/khoa-thu/dau/media/{name}", buffered=True, follow_redirects=True)
    assert answer.status_code == 404
