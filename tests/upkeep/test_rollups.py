"""The doctor counts anew what rosters show."""

import pytest
from sqlalchemy import update

from lms.foundation.db import session
from lms.study.models import CommuneRollup
from tests import make
from tests.conftest import every_database
from tests.rosters.country import learner, publish, study

pytestmark = every_database


@pytest.fixture
def doctor(app, tmp_path):
    publish(tmp_path)
    study(learner(make.team()), "dau")
    return lambda: app.test_cli_runner().invoke(args=["admin", "doctor", "--rollups"])


def test_true_sums_are_well(doctor):
    assert "✓ rollups" in doctor().output


def test_a_wrong_sum_is_told_and_ends_with_one(doctor):
    session.execute(update(CommuneRollup).values(enrolled=7))
    session.commit()
    done = doctor()
    assert done.exit_code == 1
    assert "✗ rollups" in done.output
    assert "commune_rollup" in done.output
