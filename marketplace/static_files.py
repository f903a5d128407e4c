"""Our own files, which a browser keeps until they change: their address says which version is meant."""

from pathlib import Path

from flask import Flask, Response, g, request, session, url_for

from marketplace.request_cycle import IMPERSONAL

A_YEAR_S = 365 * 24 * 3600


def icon_sprite() -> str:
    """The address of the icons, worked out once a page: a list of results names it a hundred times."""
    if "icon_sprite" not in g:
        g.icon_sprite = url_for("static", filename="img/icons.svg")
    return g.icon_sprite


def init_app(app: Flask) -> None:
    """To be called before what looks into the session of every answer."""
    app.jinja_env.globals["icon_sprite"] = icon_sprite

    @app.url_defaults
    def add_version(endpoint: str, values: dict) -> None:
        if endpoint == "static" and (
            version := _version(Path(app.static_folder, values.get("filename", "")))
        ):
            values["v"] = version

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR_S
            response.cache_control.immutable = True
        if request.endpoint in IMPERSONAL and not session.modified:
            # Flask-Login has looked into the session; the answer does not depend on it
            session.accessed = False
        return response


def _version(path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_mtime_ns // 1_000_000:x}-{status.st_size:x}"
