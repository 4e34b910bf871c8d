"""`flask admin` speaks in one line, in Vietnamese, and ends with 0 only on success."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from lms.foundation.db import session, transaction
from tests import make
from tests.conftest import ROOT, every_database


@every_database
def test_a_backup_can_be_restored(app: Flask, tmp_path: Path):
    runner = app.test_cli_runner()
    with transaction():
        make.person("Đặng Thị Ữ")
    made = runner.invoke(args=["admin", "backup", str(tmp_path / "site.tar.gz")])
    assert made.exit_code == 0, made.output
    session.remove()
    put_back = runner.invoke(args=["admin", "restore", "--replace", str(tmp_path / "site.tar.gz")])
    assert put_back.exit_code == 0, put_back.output
    assert "đúng bản kê" in put_back.output


def test_a_restore_over_data_asks_for_its_option(app: Flask, tmp_path: Path):
    with transaction():
        make.person()
    refused = app.test_cli_runner().invoke(args=["admin", "restore", str(tmp_path / "site.tar.gz")])
    assert refused.exit_code == 1
    assert "--replace" in refused.output


def test_a_backup_into_nowhere_is_refused(app: Flask, tmp_path: Path):
    refused = app.test_cli_runner().invoke(args=["admin", "backup", str(tmp_path / "no" / "site.tar.gz")])
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


@every_database
@pytest.mark.weasyprint
def test_the_doctor_finds_a_whole_site_well(app: Flask):
    told = app.test_cli_runner().invoke(args=["admin", "doctor", "--json"])
    findings = {finding["part"]: finding for finding in json.loads(told.output)["findings"]}
    assert findings.keys() >= {"database", "migrations", "jobs", "pdf", "disk", "secret"}
    assert all(finding["is_well"] for finding in findings.values()), findings
    assert told.exit_code == 0


def test_the_doctor_tells_no_secret(app: Flask):
    told = app.test_cli_runner().invoke(args=["admin", "doctor", "--json"])
    assert app.config["SECRET_KEY"] not in told.output
    assert "secret_key" not in json.loads(told.output)["settings"]


def test_the_doctor_sees_a_secret_that_others_may_read(app: Flask):
    secret = app.extensions["settings"].data_folder / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    try:
        told = app.test_cli_runner().invoke(args=["admin", "doctor"])
    finally:
        secret.unlink()
    assert told.exit_code == 1
    assert "chmod 600" in told.output


def test_the_doctor_says_why_a_database_does_not_answer(tmp_path: Path):
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "admin", "doctor"],
        cwd=ROOT,
        env={"LMS_DATA": str(tmp_path), "DATABASE_URL": "sqlite:////nowhere/site.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "unable to open database file" in told.stdout
