"""Parts of an address that become values, and those that cannot."""

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

#: Largest id: a signed 64-bit integer, which is what the databases keep.
MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))


def written_id(text: str) -> int | None:
    """An id as a field of a form brings it, or ``None`` for what is no id that a database can hold."""
    # thousands of digits are not even read
    if not (text.isascii() and text.isdigit()) or len(text) > _MAX_DIGITS:
        return None
    number = int(text)
    return number if 0 < number <= MAX_ID else None


class IdConverter(IntegerConverter):
    """``<id:offer_id>``: a positive whole number that the database can hold; any other is no page at all."""

    regex = r"[1-9][0-9]*"

    def to_python(self, value: str) -> int:
        if (number := written_id(value)) is None:
            raise ValidationError
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
