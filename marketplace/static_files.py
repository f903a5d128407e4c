"""Files of ours and Bootstrap's, which a browser keeps until they change: their address says which version is meant."""

from pathlib import Path

from flask import Flask, Response, request, session

from marketplace.request_cycle import IMPERSONAL

A_YEAR_S = 365 * 24 * 3600
#: Ours, and Bootstrap's as Bootstrap-Flask serves them. A page is not drawn before its sheets are there: one that
#: had to be asked for each time would keep every page waiting for one more answer.
KEPT = ("static", "bootstrap.static")


#: Sheets of ours name fonts without a version, and a page must ask for the same: a font that changes gets a new name.
FONTS = ".woff2"


def init_app(app: Flask) -> None:
    """To be called before what looks into the session of every answer."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict) -> None:
        if endpoint in KEPT and not values.get("filename", "").endswith(FONTS):
            owner = app.blueprints["bootstrap"] if endpoint == "bootstrap.static" else app
            if version := _version(Path(owner.static_folder, values.get("filename", ""))):
                values["v"] = version

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint in KEPT and _never_changes() and response.status_code == 200:
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR_S
            response.cache_control.immutable = True
        if request.endpoint in IMPERSONAL and not session.modified:
            # Flask-Login has looked into the session; the answer does not depend on it
            session.accessed = False
        return response


def _never_changes() -> bool:
    return "v" in request.args or request.path.endswith(FONTS)


def _version(path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_mtime_ns // 1_000_000:x}-{status.st_size:x}"
