"""What goes wrong, and how it is told: the one place where errors become HTTP.

Operations and queries raise the domain's own errors and know no status code.
A page gets ``templates/errors/<status>.html``; JSON gets one shape,
``{"error": {"code", "message", "field"}}``.
"""

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from marketplace.db import db, set_may_write
from search.demand import InvalidDemand
from search.engine import EngineUnavailable

log = logging.getLogger(__name__)


class DomainError(Exception):
    """Something that cannot be done. ``code`` is stable; ``message`` a sentence in the reader's language."""

    code = "not_possible"

    def __init__(self, message: str = "", *, code: str | None = None, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """There is no such thing, or none that this person may know of."""

    code = "not_found"


class NotSignedIn(DomainError):
    """Only for people who are signed in."""

    code = "not_signed_in"


class NotAllowed(DomainError):
    """The person may see it and may not do this with it."""

    code = "not_allowed"


class Invalid(DomainError):
    """An input that breaks a rule; ``field`` says which."""

    code = "invalid"


class Conflict(DomainError):
    """It has changed in the meantime, or cannot be done in the state that it is in."""

    code = "conflict"


class Busy(DomainError):
    """It cannot be done now; it can be tried again shortly."""

    code = "busy"


STATUS: dict[type[Exception], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.BAD_REQUEST,
    Conflict: HTTPStatus.CONFLICT,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    DomainError: HTTPStatus.BAD_REQUEST,
    InvalidDemand: HTTPStatus.BAD_REQUEST,
    StaleDataError: HTTPStatus.CONFLICT,
    IntegrityError: HTTPStatus.CONFLICT,
    # what PostgreSQL cannot keep, such as a NUL in a text
    DataError: HTTPStatus.BAD_REQUEST,
    # locked for longer than anybody waits, a full disk, a database server that is gone
    OperationalError: HTTPStatus.SERVICE_UNAVAILABLE,
    # the connection died amid a transaction
    InterfaceError: HTTPStatus.SERVICE_UNAVAILABLE,
    PendingRollbackError: HTTPStatus.SERVICE_UNAVAILABLE,
    # every connection is in use
    TimeoutError: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def sentence(status: HTTPStatus) -> str:
    """What a status means, for those who did not ask for a number."""
    sentences = {
        HTTPStatus.BAD_REQUEST: _("The request cannot be understood."),
        HTTPStatus.UNAUTHORIZED: _("Please sign in first."),
        HTTPStatus.FORBIDDEN: _("You may not do this."),
        HTTPStatus.NOT_FOUND: _("There is nothing here."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This cannot be done here."),
        HTTPStatus.CONFLICT: _("Somebody else has changed this in the meantime: look at it again."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("This is too much at once."),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Data of this kind is not understood here."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many attempts: wait a few minutes and try again."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("This cannot be done right now: try again in a moment."),
    }
    return sentences.get(status, _("Something went wrong on our side. It has been noted."))


def wants_json() -> bool:
    """Programs ask under ``/api/``, send JSON, or prefer it to a page."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted.quality("application/json") > accepted.quality("text/html")


def answer(status: HTTPStatus, code: str, message: str = "", field: str | None = None) -> Response:
    """The error as a page or as JSON, whichever was asked for. What had been changed and not committed is undone."""
    _start_afresh()
    message = message or sentence(status)
    if wants_json():
        response = jsonify({"error": {"code": code, "message": message, "field": field}})
    else:
        response = Response(_page(status, code, message), mimetype="text/html")
    response.status_code = status
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        response.headers.setdefault("Retry-After", "5")
    return response


def _start_afresh() -> None:
    """The page of an error reads the database, in a transaction that the failed one does not weigh upon."""
    set_may_write(False)
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.exception("What was being done cannot be undone in an orderly way")


def _page(status: HTTPStatus, code: str, message: str) -> str:
    try:
        return render_template(
            [f"errors/{status}.html", "errors/error.html"], status=int(status), code=code, message=message
        )
    except TemplateNotFound:
        pass
    except Exception:
        # the page of an error may need what has just failed, e.g. the database for who is signed in
        log.exception("The page of error %d cannot be shown", status)
    return f'<!doctype html><meta charset="utf-8"><title>{int(status)}</title><p>{message}</p>'


def sign_in_first() -> Response:
    """Without a session a page leads to the sign-in and comes back; a program is told."""
    if wants_json():
        return answer(HTTPStatus.UNAUTHORIZED, NotSignedIn.code)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=back))


def init_app(app: Flask) -> None:
    for error_class in STATUS:
        app.register_error_handler(error_class, _domain_error)
    app.register_error_handler(NotSignedIn, lambda error: sign_in_first())
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def _domain_error(error: Exception) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        log.error("%s: %s", type(error).__name__, error)
    code = getattr(error, "code", None) if isinstance(error, DomainError | InvalidDemand) else None
    return answer(
        status,
        code or status.name.lower(),
        getattr(error, "message", ""),
        getattr(error, "field", None),
    )


def _csrf_error(error: CSRFError) -> Response:
    return answer(
        HTTPStatus.BAD_REQUEST,
        "csrf",
        _("This form has grown old or came from elsewhere: open the page again and repeat."),
    )


def _too_many(error: RateLimitExceeded) -> Response:
    return answer(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests")


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    status = HTTPStatus(error.code)
    response = answer(status, status.name.lower())
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "content-range"}:
            response.headers[name] = value
    return response


def _bug(error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")
