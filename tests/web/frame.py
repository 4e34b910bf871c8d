"""A site of nothing but its frame: the templates, static files and drawings, without rooms or database."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined

from lms.web.assets import publish, serve_static
from lms.web.drawings import Drawings
from lms.web.layout import template_globals
from lms.web.security import install_security

ROOT = Path(__file__).parents[2]


def viewer(**facts: Any) -> SimpleNamespace:
    """Somebody signed in: a learner unless told otherwise."""
    learner = {
        "person_id": 1,
        "full_name": "Nguyễn Thị Hạnh",
        "text_size": 0,
        "team_id": 7,
        "leads_team": False,
        "is_officer": False,
        "is_manager": False,
        "is_author": False,
    }
    return SimpleNamespace(**learner | facts)


def frame_app(cache: Path) -> Flask:
    """An app whose templates find what the site's own find; `app.jinja_env.globals["viewer"]` is nobody."""
    app = Flask("frame", template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = "frame"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.testing = True
    Babel(app, default_locale="vi")
    assets = publish(ROOT / "static", cache)
    app.jinja_env.globals.update(template_globals(assets, Drawings(ROOT / "static/site"), "0.1.0"))
    app.jinja_env.globals.update(viewer=None, csrf_token=lambda: "a-token", page_language=lambda: "vi")
    app.wsgi_app = serve_static(app.wsgi_app, assets)  # type: ignore[method-assign]
    install_security(app, is_https=False)
    return app
