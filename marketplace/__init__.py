"""Incontro: where the offer of the social and solidarity economy meets its demand."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask

from marketplace.config import ROOT, flask_config
from marketplace.db import db, prepare_engine
from marketplace.extensions import alembic, babel, bootstrap, csrf
from marketplace.instance import load_secrets
from marketplace.schema import render_type

#: Features, each a folder; its ``views.blueprint`` and ``commands.commands`` are taken where it has them.
FEATURES = (
    "accounts",
    "organisations",
    "catalogue",
    "demands",
    "matches",
    "explore",
    "district",
    "api",
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """A ready application; ``config`` overrides the environment (see :mod:`marketplace.config`)."""
    settings = flask_config(config)
    instance = Path(settings["INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), instance_path=str(instance))
    app.config.from_mapping(load_secrets(instance) | settings)

    import_models()
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "render_item": render_type,
    }
    alembic.init_app(app)
    babel.init_app(app)
    bootstrap.init_app(app)
    csrf.init_app(app)
    register_features(app)
    return app


def import_models() -> None:
    """Every table, so that relationships and migrations know each other."""
    import_module("marketplace.audit")
    import_module("marketplace.outbox")
    for feature in FEATURES:
        if find_spec(f"marketplace.{feature}.models"):
            import_module(f"marketplace.{feature}.models")


def register_features(app: Flask) -> None:
    for feature in FEATURES:
        if find_spec(f"marketplace.{feature}.views"):
            app.register_blueprint(import_module(f"marketplace.{feature}.views").blueprint)
        if find_spec(f"marketplace.{feature}.commands"):
            for command in import_module(f"marketplace.{feature}.commands").commands:
                app.cli.add_command(command)
