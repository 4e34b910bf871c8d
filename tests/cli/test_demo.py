"""`flask demo` as it is typed."""

from lms.foundation.db import session
from lms.people.models import Person
from tests.conftest import every_database


@every_database
def test_a_country_is_loaded_by_one_command(app):
    done = app.test_cli_runner().invoke(args=["demo", "load", "--learners", "30", "--seed", "3"])
    assert done.exit_code == 0, done.output
    assert "Đã thêm 30 người" in done.output
    assert session.query(Person).count() == 30


def test_a_wrong_number_is_refused_in_one_line(app):
    done = app.test_cli_runner().invoke(args=["demo", "load", "--learners", "2"])
    assert done.exit_code == 1
    assert "✗ Số người học cần từ 4 đến" in done.output
    assert "Traceback" not in done.output
