"""Settings are read once, and everything wrong with them is told at once."""

import re
from pathlib import Path

import pytest

from config import BadSettings, settings_from

ROOT = Path(__file__).parent.parent
GOOD = {"SECRET_KEY": "k" * 32}
PRODUCTION = {
    "LMS_ENV": "production",
    "SECRET_KEY": "k" * 32,
    "DATABASE_URL": "postgresql://lop-so@localhost/lop_so",
    "LMS_SITE_URL": "https://hoc.example.vn",
}


def problems(environment: dict[str, str], folder: Path) -> str:
    with pytest.raises(BadSettings) as bad:
        settings_from({"LMS_DATA": str(folder)} | environment, folder)
    return str(bad.value)


def test_a_site_needs_no_setting_to_start(tmp_path: Path):
    settings = settings_from({}, tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/lop-so.db"
    assert settings.site_url == "http://127.0.0.1:8000"


def test_the_first_start_writes_a_secret_for_its_owner_only(tmp_path: Path):
    first = settings_from({}, tmp_path)
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert len(first.secret_key) >= 48
    assert settings_from({}, tmp_path).secret_key == first.secret_key


def test_the_data_folder_is_closed_to_others(tmp_path: Path):
    settings_from({}, tmp_path)
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_everything_wrong_is_told_at_once(tmp_path: Path):
    told = problems({"PORT": "eighty", "LMS_ENV": "prod", "DATABASE_URL": "mysql://x/y"}, tmp_path)
    assert all(name in told for name in ("PORT", "LMS_ENV", "DATABASE_URL"))


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "lop-so.db", "sqlite:///", "postgresql://host:port/x", "postgresql://host"]
)
def test_a_malformed_database_url_is_told(tmp_path: Path, url: str):
    assert "DATABASE_URL" in problems(GOOD | {"DATABASE_URL": url}, tmp_path)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_is_understood(tmp_path: Path, scheme: str):
    settings = settings_from(GOOD | {"DATABASE_URL": f"{scheme}://u@h/n"}, tmp_path)
    assert settings.database_url == "postgresql+psycopg://u@h/n"


def test_a_data_folder_that_cannot_be_made_is_told_with_what_to_type(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    told = problems(GOOD | {"LMS_DATA": str(tmp_path / "file" / "var")}, tmp_path)
    assert "LMS_DATA" in told
    assert "make serve" in told


def test_a_complete_production_starts(tmp_path: Path):
    settings = settings_from(PRODUCTION | {"LMS_DATA": str(tmp_path)}, tmp_path)
    assert settings.is_production
    assert settings.is_https


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "LMS_SITE_URL"])
def test_production_refuses_plain_defaults(tmp_path: Path, name: str):
    without = {key: value for key, value in PRODUCTION.items() if key != name}
    assert name in problems(without, tmp_path)


@pytest.mark.parametrize(
    "weak",
    [{"SECRET_KEY": "short"}, {"LMS_SITE_URL": "http://hoc.example.vn"}, {"LMS_SHORT_READING": "yes"}],
)
def test_production_refuses_weak_settings(tmp_path: Path, weak: dict[str, str]):
    assert next(iter(weak)) in problems(PRODUCTION | weak, tmp_path)


def named_in_the_example() -> dict[str, str]:
    """The settings of .env.example with the values it shows."""
    return dict(re.findall(r"^# ([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def test_the_example_names_exactly_the_settings_there_are(tmp_path: Path):
    asked = Asked()
    settings_from(asked, tmp_path)
    assert named_in_the_example().keys() == asked.names


def test_the_examples_values_are_the_defaults(tmp_path: Path):
    stated = settings_from(named_in_the_example() | {"LMS_DATA": str(tmp_path / "var")}, tmp_path)
    silent = settings_from({}, tmp_path)
    assert stated == silent
