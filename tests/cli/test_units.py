"""`flask units` speaks in one line, in Vietnamese, and ends with 0 only on success."""

import json
from pathlib import Path

from flask import Flask


def test_loading_what_is_loaded_says_so(app: Flask):
    loaded = app.test_cli_runner().invoke(args=["units", "load"])
    assert loaded.exit_code == 0, loaded.output
    assert "Không có gì mới" in loaded.output


def test_a_folder_without_seeds_is_refused_in_one_line(app: Flask, tmp_path: Path):
    refused = app.test_cli_runner().invoke(args=["units", "load", str(tmp_path)])
    assert refused.exit_code == 1
    assert refused.output == "✗ Không đọc được tệp data_version trong thư mục này.\n"


def test_a_unit_is_shown_as_it_is_and_as_it_was(app: Flask):
    runner = app.test_cli_runner()
    assert (
        runner.invoke(args=["units", "show", "00004"]).output == "00004  Phường Ba Đình, thành phố Hà Nội\n"
    )
    then = runner.invoke(args=["units", "show", "00004", "--on", "2025-06-30", "--json"])
    assert json.loads(then.output) == {
        "code": "00004",
        "level": "commune",
        "name": "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội",
        "now": [{"code": "00004", "name": "Phường Ba Đình"}],
    }


def test_an_unknown_code_is_refused(app: Flask):
    refused = app.test_cli_runner().invoke(args=["units", "show", "99999"])
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_a_unit_is_found_by_its_name_as_on_paper(app: Flask):
    runner = app.test_cli_runner()
    old = runner.invoke(args=["units", "show", "Xã Tân Hoà, H. Hưng Hà, Thái Bình"])
    assert old.output.splitlines() == [
        "12622  Xã Tân Hòa, huyện Hưng Hà, tỉnh Thái Bình",
        "Nay là: Xã Ngự Thiên (12595)",
    ]
    asked = runner.invoke(args=["units", "show", "Xã Tân Hòa, Thái Bình"])
    assert asked.exit_code == 1
    assert "Xã Ngự Thiên (12595)" in asked.output
    assert runner.invoke(args=["units", "show", "Xã Không Có"]).exit_code == 1
