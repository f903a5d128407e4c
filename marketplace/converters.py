"""Parts of an address that become values, and those that cannot."""

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

#: Largest id: a signed 64-bit integer, which is what the databases keep.
MAX_ID = 2**63 - 1
#: Nobody saves one thing so often.
_MAX_VERSION = 10**9
_MAX_PAGE = 10_000


def written_number(text: str, most: int) -> int | None:
    """A whole number from 0 to ``most`` as a field or an address brings it, ``None`` for anything else."""
    # thousands of digits are not even read
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def written_id(text: str) -> int | None:
    """An id as a field of a form brings it, or ``None`` for what is no id that a database can hold."""
    return written_number(text, MAX_ID) or None


def written_version(text: object) -> int:
    """The version that a form was opened with: 0, older than every version, for what is none."""
    return written_number(str(text or ""), _MAX_VERSION) or 0


def written_page(text: str | None) -> int:
    """Which page of a long list is asked for: 1 for what is no number of a page."""
    return written_number(text or "", _MAX_PAGE) or 1


class IdConverter(IntegerConverter):
    """``<id:offer_id>``: a positive whole number that the database can hold; any other is no page at all."""

    regex = r"[1-9][0-9]*"

    def to_python(self, value: str) -> int:
        if (number := written_id(value)) is None:
            raise ValidationError
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
