"""One id for each request, in its answer and in every line of the log that it caused."""

import logging
import re
import secrets

from flask import Flask, g, has_request_context, request

HEADER = "X-Request-Id"
#: What a proxy of ours may have written; anything else is replaced, so that nobody writes into our logs.
_PLAIN = re.compile(r"[0-9A-Za-z-]{8,64}")


def request_id() -> str | None:
    """The id of the running request; ``None`` outside of one, as in the worker."""
    return getattr(g, "request_id", None) if has_request_context() else None


class WithRequestId(logging.Filter):
    """Gives every record ``request_id``, "-" where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id() or "-"
        return True


def init_app(app: Flask) -> None:
    trusts_a_proxy = app.config["TRUSTED_PROXIES"] > 0

    @app.before_request
    def name_request() -> None:
        given = request.headers.get(HEADER, "") if trusts_a_proxy else ""
        g.request_id = given if _PLAIN.fullmatch(given) else secrets.token_hex(8)

    @app.after_request
    def tell_id(response):
        if known := request_id():
            response.headers[HEADER] = known
        return response
