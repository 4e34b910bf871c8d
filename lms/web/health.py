"""/healthz: the process lives. /readyz: it can serve."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from lms.foundation import clock
from lms.foundation.readiness import readiness
from lms.web.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answers as long as the process does; asks nobody."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Each part with 'ok' or what is wrong with it; 503 while the site cannot serve."""
    state = readiness(clock.now())
    return jsonify(state.parts), 200 if state.is_ready else 503
