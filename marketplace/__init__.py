"""Incontro: where the offer of the social and solidarity economy meets its demand."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from inspect import iscoroutinefunction
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from flask.cli import AppGroup
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import (
    body_limits,
    converters,
    errors,
    formats,
    frame,
    i18n,
    icons,
    json_bodies,
    page_address,
    prose,
    rate_limits,
    replicas,
    request_cycle,
    security_headers,
    static_files,
    translating,
)
from marketplace.command_group import CommandGroup
from marketplace.config import ROOT, flask_config
from marketplace.db import db, prepare_engine
from marketplace.extensions import alembic, babel, bootstrap, csrf, mailman
from marketplace.instance import load_secrets
from marketplace.permissions import Rule, state_rule
from marketplace.retrying import Flask
from marketplace.schema import is_ours, render_type

#: Features, each a folder; its ``models``, ``views.blueprint`` and ``commands.commands`` are taken where it has them.
FEATURES = (
    "accounts",
    "organisations",
    "catalogue",
    "price_lists",
    "demands",
    "matches",
    "proposals",
    "choosing",
    "boards",
    "pooling",
    "conversations",
    "notices",
    "open_data",
    "households",
    "orders",
    "delivery",
    "order_sheets",
    "ledger",
    "explore",
    "evidence",
    "district",
    "admin",
    "api",
    "health",
    "monitoring",
    "doctor",
    "moving",
    "bench",
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """A ready application; ``config`` overrides the environment (see :mod:`marketplace.config`)."""
    settings = flask_config(config)
    instance = Path(settings["INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), instance_path=str(instance))
    app.config.from_mapping(load_secrets(instance, settings["SECRETS_FILE"]) | settings)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)

    app.cli = CommandGroup(add_commands)
    import_models()
    translating.ensure_compiled()
    bind_database(app)
    bind_pages(app)
    register_features(app)
    return app


def import_models() -> None:
    """Every table, so that relationships and migrations know each other."""
    import_module("marketplace.audit")
    import_module("marketplace.outbox")
    import_module("marketplace.stored_files")
    for feature in FEATURES:
        for module in iter_modules([str(ROOT / "marketplace" / feature)]):
            if module.name.endswith("models"):
                import_module(f"marketplace.{feature}.{module.name}")


def bind_database(app: Flask) -> None:
    db.init_app(app)
    # nobody here opens asynchronous sessions, and to close none would take each request a thread
    app.teardown_appcontext_funcs[:] = [
        function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)
    ]
    with app.app_context():
        prepare_engine(db.engine)
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "render_item": render_type,
        "include_object": is_ours,
    }
    alembic.init_app(app)


def bind_pages(app: Flask) -> None:
    # here, because they import what only exists once every table does
    from marketplace import words
    from marketplace.accounts import setup as accounts
    from marketplace.explore import kept_pages
    from marketplace.monitoring import metrics, request_ids

    converters.init_app(app)
    # the order of these is the order in which each request passes them, and each answer the other way round
    request_ids.init_app(app)
    metrics.init_app(app)
    static_files.init_app(app)
    icons.init_app(app)
    request_cycle.init_app(app)
    replicas.init_app(app, request_cycle.SAFE_METHODS, request_cycle.WRITING_PAGES)
    body_limits.init_app(app)
    json_bodies.init_app(app)
    rate_limits.init_app(app)
    request_cycle.init_people(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=i18n.choose_locale)
    bootstrap.init_app(app)
    mailman.init_app(app)
    accounts.init_app(app)
    errors.init_app(app)
    i18n.init_app(app)
    formats.init_app(app)
    prose.init_app(app)
    page_address.init_app(app)
    frame.init_app(app)
    security_headers.init_app(app)
    kept_pages.init_app(app)
    app.jinja_env.globals["words"] = words
    app.context_processor(lambda: {"demo_data": app.config["DEMO"]})
    for endpoint in ("static", "bootstrap.static"):
        state_rule(app, endpoint, Rule.PUBLIC)


def register_features(app: Flask) -> None:
    for feature in FEATURES:
        if find_spec(f"marketplace.{feature}.views"):
            app.register_blueprint(import_module(f"marketplace.{feature}.views").blueprint)


def add_commands(group: AppGroup) -> None:
    """Our own commands and those of the features; imported only here."""
    from marketplace.cli import COMMANDS

    for command in COMMANDS:
        group.add_command(command)
    for feature in FEATURES:
        if find_spec(f"marketplace.{feature}.commands"):
            for command in import_module(f"marketplace.{feature}.commands").commands:
                group.add_command(command)
