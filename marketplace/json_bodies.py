"""A request body as JSON, or a clear refusal: nothing half-read, nothing that another parser would read differently.

Only where a view says that it takes JSON: Flask-WTF reads the JSON of any request as the fields of a form, with values
that no form brings.
"""

import json
from collections.abc import Callable
from decimal import Decimal

from flask import Flask, Request, abort, current_app, request

from marketplace.request_cycle import SAFE_METHODS

#: A demand of a hundred lots is some 30 kB.
MAX_BODY_BYTES = 256 * 1024
#: More digits than any quantity or coordinate has; also keeps Python from parsing a million of them.
MAX_NUMBER_CHARACTERS = 32


class BadBody(ValueError):
    """A body that cannot be read: an HTTP ``status``, a ``code`` and a sentence."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def takes_json(view: Callable) -> Callable:
    """For a view that reads its body by :func:`read_object`."""
    view.takes_json = True
    return view


def init_app(app: Flask) -> None:
    @app.before_request
    def only_forms() -> None:
        view = current_app.view_functions.get(request.endpoint)
        if request.is_json and request.method not in SAFE_METHODS and not getattr(view, "takes_json", False):
            abort(415)


def read_object(request: Request) -> dict:
    """The JSON object in the body; numbers come as :class:`~decimal.Decimal` or int, exactly as written.

    Raises :class:`BadBody` on another content type (415), more than
    :data:`MAX_BODY_BYTES` (413), and on anything that is not one JSON object in
    UTF-8 (400): NaN, repeated keys, NUL, lone surrogates, endless nesting.
    """
    if request.mimetype != "application/json":
        raise BadBody(415, "not_json", "Send it as application/json.")
    # whatever is read at all is bounded by MAX_CONTENT_LENGTH; by now the stream may have been opened with that
    body = b"" if (request.content_length or 0) > MAX_BODY_BYTES else request.get_data(cache=False)
    if (request.content_length or len(body)) > MAX_BODY_BYTES:
        raise BadBody(413, "too_large", f"The body has at most {MAX_BODY_BYTES} bytes.")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_number,
            parse_constant=_not_a_number,
        )
    except BadBody:
        raise
    except (ValueError, RecursionError) as reason:
        raise BadBody(400, "malformed_json", "The body is not valid JSON in UTF-8.") from reason
    if not isinstance(value, dict):
        raise BadBody(400, "not_an_object", "The body must be a JSON object.")
    _refuse_odd_text(value)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadBody(400, "repeated_key", "A key appears twice in the same object.")
    return found


def _whole(text: str) -> int:
    return int(_bounded(text))


def _number(text: str) -> Decimal:
    return Decimal(_bounded(text))


def _bounded(text: str) -> str:
    if len(text) > MAX_NUMBER_CHARACTERS:
        raise BadBody(400, "number_too_long", f"A number has at most {MAX_NUMBER_CHARACTERS} characters.")
    return text


def _not_a_number(text: str):
    raise BadBody(400, "not_a_number", f"{text} is not a JSON number.")


def _refuse_odd_text(value) -> None:
    """NUL and lone surrogates are legal in JSON escapes, and nothing that people write holds them."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str) and ("\0" in item or any("\ud800" <= c <= "\udfff" for c in item)):
            raise BadBody(400, "odd_text", "A text holds NUL or half of a character.")
