"""``GET /metrics``: for a Prometheus that knows the token."""

import hmac
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.monitoring.metrics import exposition
from marketplace.permissions import public

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/metrics")
@public
def metrics():
    """404 unless ``METRICS_TOKEN`` is set and comes as a bearer token: figures tell strangers too much."""
    wanted = current_app.config["METRICS_TOKEN"]
    given = request.authorization.token if request.authorization else None
    if not wanted or not hmac.compare_digest((given or "").encode(), wanted.encode()):
        abort(404)
    body = exposition(db.session, Path(current_app.instance_path), utc_now())
    return Response(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
