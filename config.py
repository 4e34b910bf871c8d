"""The settings: declared, typed, read once from the environment. `lms/` never reads the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import EACCES
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class BadSettings(Exception):
    """Everything that is missing or malformed, told at once."""


@dataclass(frozen=True)
class Settings:
    """What a site can be told. `.env.example` documents each; tests/architecture compares them."""

    env: str  # development | production | test
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    data_folder: Path  # the one writable folder: database, queue, media, certificates
    courses_folder: Path
    site_url: str  # what QR codes and certificates name, without a slash at the end
    host: str
    port: int
    workers: int
    proxies: int  # how many reverse proxies stand before the site
    log_level: str
    short_reading: bool  # tests only: lessons may be marked read at once
    issuer: "Issuer"

    @property
    def is_production(self) -> bool:
        """Whether demo accounts, made-up secrets and shortened rules are refused."""
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        """Whether cookies are Secure and HSTS is sent."""
        return self.site_url.startswith("https://")


@dataclass(frozen=True)
class Issuer:
    """The agency that certificates speak for. Without a name the neutral confirmation is issued."""

    parent: str = ""  # ỦY BAN NHÂN DÂN TỈNH …
    name: str = ""  # SỞ KHOA HỌC VÀ CÔNG NGHỆ …
    place: str = ""  # the place before the date
    signer_office: str = ""
    signer_name: str = ""


@dataclass
class _Reader:
    """Reads variables, collecting what is wrong instead of stopping at the first."""

    environment: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        return self.environment.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if value.isdecimal() and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{name}={value!r}: expected a whole number from {least} to {most}")
        return default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{name}={value!r}: expected one of {', '.join(choices)}")
            return default
        return value

    def flag(self, name: str) -> bool:
        return self.choice(name, "no", ("yes", "no")) == "yes"


def settings_from(environment: Mapping[str, str], root: Path) -> Settings:
    """The site's settings. Raises BadSettings naming every wrong variable. `root` is the project folder."""
    read = _Reader(environment)
    env = read.choice("LMS_ENV", "development", ("development", "production", "test"))
    data = _data_folder(read, root)
    port = read.number("PORT", 8000, 1, 65535)
    host = read.text("HOST", "127.0.0.1")
    settings = Settings(
        env=env,
        secret_key=_secret_key(read, env, data),
        secret_key_fallbacks=tuple(read.text("SECRET_KEY_FALLBACKS").split()),
        database_url=_database_url(read, data),
        data_folder=data,
        courses_folder=Path(read.text("LMS_COURSES", str(root / "courses"))).absolute(),
        site_url=read.text("LMS_SITE_URL", f"http://{host}:{port}").rstrip("/"),
        host=host,
        port=port,
        workers=read.number("LMS_WORKERS", 2, 1, 64),
        proxies=read.number("LMS_PROXIES", 0, 0, 8),
        log_level=read.choice("LMS_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        short_reading=read.flag("LMS_SHORT_READING"),
        issuer=Issuer(
            parent=read.text("LMS_ISSUER_PARENT"),
            name=read.text("LMS_ISSUER"),
            place=read.text("LMS_ISSUER_PLACE"),
            signer_office=read.text("LMS_SIGNER_OFFICE"),
            signer_name=read.text("LMS_SIGNER_NAME"),
        ),
    )
    _refuse_unfit_for_production(settings, read)
    if read.problems:
        raise BadSettings("Settings:\n" + "\n".join(f"  {problem}" for problem in read.problems))
    return settings


def _refuse_unfit_for_production(settings: Settings, read: _Reader) -> None:
    if not settings.is_production:
        return
    if not read.text("DATABASE_URL"):
        read.problems.append("DATABASE_URL is missing: name the production database")
    if not read.text("LMS_SITE_URL").startswith("https://"):
        read.problems.append("LMS_SITE_URL: expected the public https:// address")
    if settings.short_reading:
        read.problems.append("LMS_SHORT_READING: only tests may shorten the reading rule")


def _data_folder(read: _Reader, root: Path) -> Path:
    """LMS_DATA, made where it is missing and then closed to others: it holds personal data."""
    folder = Path(read.text("LMS_DATA", str(root / "var"))).absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except OSError as error:
        read.problems.append(
            f"LMS_DATA={str(folder)!r}: cannot write there ({error.strerror}), "
            "type for example: LMS_DATA=~/lop-so-data make serve"
        )
    return folder


def _database_url(read: _Reader, data: Path) -> str:
    url = read.text("DATABASE_URL", f"sqlite:///{data / 'lop-so.db'}")
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or not _is_url(url):
        read.problems.append("DATABASE_URL: expected sqlite:///FILE or postgresql://USER@HOST/NAME")
    elif url.startswith("postgresql") and find_spec("psycopg") is None:
        read.problems.append("DATABASE_URL: PostgreSQL's driver is missing, type: scripts/bootstrap")
    return url


def _is_url(text: str) -> bool:
    try:
        return make_url(text).database not in {None, ""}
    except (ArgumentError, ValueError):
        return False


def _secret_key(read: _Reader, env: str, data: Path) -> str:
    """SECRET_KEY; outside production the first start writes one that only the owner may read."""
    key = read.text("SECRET_KEY")
    if key or env == "production":
        if len(key) < 32:
            read.problems.append(
                "SECRET_KEY: expected 32 characters or more, e.g. from "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return key
    file = data / "secret"
    try:
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text().strip()
    except OSError:
        return ""  # The folder's own check has told.
