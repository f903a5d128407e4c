"""Languages: which one is spoken to whom."""

from contextlib import AbstractContextManager
from functools import lru_cache

from flask import Flask, Response, current_app, g, request
from flask_babel import LazyString, force_locale, get_locale
from flask_babel import gettext as translate
from flask_login import current_user
from jinja2 import pass_eval_context
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

#: Language codes and the locales whose habits of writing numbers and dates they take.
LOCALES = {"it": "it_IT", "en": "en_GB"}
DEFAULT = "it"
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600


def choose_language() -> str:
    """Of this request: asked for by ``?lang=``, remembered by the browser, of the account, accepted, Italian."""
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE), _of_account()):
        if asked in LOCALES:
            return asked
    return request.accept_languages.best_match(LOCALES) or DEFAULT


def choose_locale() -> str:
    return LOCALES[choose_language()] if request else LOCALES[DEFAULT]


def current_language() -> str:
    """The code, ``it`` or ``en``, in which is being spoken now."""
    locale = get_locale()
    return locale.language if locale and locale.language in LOCALES else DEFAULT


def speaking(language: str | None) -> AbstractContextManager:
    """Texts made inside are in ``language``, for those who are written to and did not ask."""
    return force_locale(LOCALES.get(language or DEFAULT, LOCALES[DEFAULT]))


def remember(response: Response, language: str) -> Response:
    """Keep the choice in this browser."""
    response.set_cookie(
        COOKIE,
        language,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _of_account() -> str | None:
    # Only somebody already loaded is asked: choosing a language must not begin a transaction
    # before the request has said whether it may write.
    user = g.get("_login_user")
    try:
        return current_user.locale if user is not None and user.is_authenticated else None
    except SQLAlchemyError:
        # what was known of them was forgotten with a transaction that failed, and the database is gone still:
        # the page that says so must be told in some language
        return None


def is_text(value: object) -> bool:
    """Whether a form's error is a text, translated already or only when it is shown."""
    return isinstance(value, str | LazyString)


@pass_eval_context
def template_gettext(eval_ctx, message: str, /, **variables) -> str:
    """What ``{% trans %}`` and ``_()`` of a template become; a page has a hundred of them.

    As Jinja's own (new style: always a format, safe where the template escapes), but a message is looked up once
    for each language instead of once for each time that it is written.
    """
    text = _message(current_language(), message, bool(eval_ctx.autoescape), not variables)
    return text % variables if variables else text


@lru_cache(maxsize=8192)
def _message(language: str, message: str, safe: bool, whole: bool) -> str:
    """In the ``language`` that is being spoken; with ``whole`` nothing is filled in any more."""
    text = translate(message)
    text = Markup(text) if safe else text
    return text % {} if whole else text


def init_app(app: Flask) -> None:
    """To be called when Flask-Babel has been."""
    app.jinja_env.globals.update(gettext=template_gettext, _=template_gettext)
    app.add_template_test(is_text, "text")

    @app.context_processor
    def language() -> dict[str, str]:
        return {"lang": current_language()}

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = current_language()
            response.vary.update(("Accept-Language", "Cookie"))
        return response
