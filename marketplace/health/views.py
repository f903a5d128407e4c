"""``GET /healthz``: for whatever watches over this installation."""

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from marketplace.engines import index_engine
from marketplace.permissions import public
from marketplace.schema import is_current
from marketplace.worker import LATE_S, worker_age
from search.engine import EngineUnavailable

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz():
    """200 while pages can be served: without index or worker they still can, and ``status`` is "degraded"."""
    database, index, worker = _database(), _index(), _worker()
    if not database["ok"]:
        status = "down"
    elif index["ok"] and worker["ok"]:
        status = "ok"
    else:
        status = "degraded"
    response = jsonify(status=status, database=database, index=index, worker=worker)
    response.headers["Cache-Control"] = "no-store"
    if status == "down":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return response


def _database() -> dict:
    try:
        return {"ok": is_current()}
    except SQLAlchemyError as problem:
        current_app.logger.error("The database does not answer: %s", problem)
        return {"ok": False}


def _index() -> dict:
    try:
        suppliers, offers = index_engine().counts()
    except (EngineUnavailable, OSError, SQLAlchemyError):
        return {"ok": False}
    return {"ok": True, "suppliers": suppliers, "offers": offers}


def _worker() -> dict:
    age = worker_age(Path(current_app.instance_path))
    return {
        "ok": age is not None and age < LATE_S,
        "age_s": None if age is None else round(age, 1),
    }
