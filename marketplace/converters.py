"""Parts of an address that become values, and those that cannot."""

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

#: Largest id: a signed 64-bit integer, which is what the databases keep.
MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))


class IdConverter(IntegerConverter):
    """``<id:offer_id>``: a positive whole number that the database can hold; any other is no page at all."""

    regex = r"[1-9][0-9]*"

    def to_python(self, value: str) -> int:
        # thousands of digits are not even read
        if len(value) > _MAX_DIGITS or (number := int(value)) > MAX_ID:
            raise ValidationError
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
