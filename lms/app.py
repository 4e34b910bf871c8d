"""Assembles the site: extensions, doors, reactions; nothing else."""

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from lms import __version__
from lms.certificates.actions import Issuer, set_issuer
from lms.foundation import db as database
from lms.foundation import jobs, logs, render
from lms.foundation.db import db
from lms.foundation.queue import queue_for
from lms.web import access, addresses, dates, errors, forms, security
from lms.web.assets import publish, serve_static
from lms.web.caching import build_of
from lms.web.drawings import Drawings
from lms.web.language import install_language
from lms.web.layout import template_globals

ROOT = Path(__file__).parent.parent
# A room's doors and reactions exist by being named here.
PAGES: tuple[str, ...] = (
    "accounts",
    "analysis",
    "bank",
    "certificates",
    "extensions",
    "health",
    "home",
    "imports",
    "jobs",
    "me",
    "media",
    "people",
    "quiz",
    "regrades",
    "rosters",
    "study",
    "teams",
)
COMMANDS: tuple[str, ...] = (
    "admin",
    "certificates",
    "courses",
    "demo",
    "jobs",
    "people",
    "rosters",
    "serve",
    "units",
)
REACTIONS: tuple[str, ...] = (
    "lms.study.reactions",
    "lms.certificates.reactions",
    "lms.rosters.jobs",
    "lms.quiz.jobs",
    "lms.quiz.regrading.jobs",
)


def create_app(settings: Settings) -> Flask:
    """A site with these settings; several may live in one process (the tests do so)."""
    logs.install(settings.log_level)
    app = Flask("lms", root_path=str(ROOT), static_folder=None)
    app.config.update(_flask_settings(settings))
    app.extensions["settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.install_security(app, is_https=settings.is_https)  # First: what others refuse has its id too.
    _install_extensions(app)
    addresses.install_addresses(app)
    access.install_access(app)
    errors.install_errors(app)
    dates.install_dates(app)
    _install_look(app, settings)
    _install_rooms(app)
    if settings.proxies:
        hops = settings.proxies
        # Not X-Forwarded-Host: nginx passes on whatever a visitor writes there, and hands over the real Host.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "lop_so",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "REMEMBER_COOKIE_NAME": "lop_so_may_nay",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "lms" / "translations"),
        "MAX_CONTENT_LENGTH": 24 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
        "TESTING": settings.env == "test",
    }


def _install_extensions(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    forms.csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = forms.csrf_token
    Compress(app)
    set_issuer(Issuer(**vars(app.extensions["settings"].issuer)))
    jobs.install_queue(app, queue_for(app.extensions["settings"]))


def _install_look(app: Flask, settings: Settings) -> None:
    assets = publish(ROOT / "static", settings.data_folder / "cache")
    app.extensions["build"] = build_of(assets, (ROOT / "lms", ROOT / "templates"))
    install_language(app)
    app.jinja_env.globals.update(template_globals(assets, Drawings(ROOT / "static" / "site"), __version__))
    render.install_templates(app.jinja_env)
    app.context_processor(lambda: {"viewer": access.current_viewer()})
    app.wsgi_app = serve_static(app.wsgi_app, assets)  # type: ignore[method-assign, assignment]


def _install_rooms(app: Flask) -> None:
    for module in REACTIONS:
        import_module(module)
    for name in PAGES:
        app.register_blueprint(import_module(f"lms.web.{name}").blueprint)
    for name in COMMANDS:
        app.cli.add_command(import_module(f"lms.cli.{name}").commands)
