"""The whole site, alive: the real courses published, a province's officer, a server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config import settings_from
from lms.app import create_app
from lms.catalogue.actions import publish_course
from lms.catalogue.shelf import Shelf
from lms.foundation import clock
from lms.foundation.db import db, transaction
from tests import make
from tests.browser.serving import serving
from tests.conftest import ROOT
from tests.courses import courses_of_the_repository

OFFICER_PHONE, OFFICER_SECRET = "0900000999", "246813"  # the factory's hash: its strength is tested elsewhere


@contextmanager
def living(site: Flask, folder: Path) -> Iterator[tuple[Flask, str]]:
    """A second app on the same database, in which lessons may be read at once; gives it and its address."""
    app = create_app(
        settings_from(
            {
                "LMS_ENV": "test",
                "SECRET_KEY": "a secret of the journeys, long enough to count",
                "DATABASE_URL": site.extensions["settings"].database_url,
                "LMS_DATA": str(folder),
                "LMS_SITE_URL": "http://localhost",
                "LMS_LOG_LEVEL": "WARNING",
                "LMS_SHORT_READING": "yes",
            },
            ROOT,
        )
    )
    with app.app_context():
        for course in courses_of_the_repository():
            with transaction():
                publish_course(course, Shelf(folder / "media"), clock.now())
        with transaction():
            officer = make.person("Lê Minh Tuấn", phone="+84" + OFFICER_PHONE[1:])
            make.account(officer)
            make.grant(officer, "manager", unit="33")
        with serving(app) as address:
            yield app, address
        db.engine.dispose()
