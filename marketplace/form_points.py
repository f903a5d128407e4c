"""Degrees in a form, as a map writes them and as people copy them."""

import re

from flask_babel import gettext as _
from wtforms import StringField

_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?")


class DegreesField(StringField):
    """Latitude or longitude; ``data`` is a float of at most ``limit`` degrees, or ``None`` if empty."""

    def __init__(self, label=None, validators=None, *, limit: int, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.limit = limit
        self._typed: str | None = None
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"} | (self.render_kw or {})

    def _value(self) -> str:
        if self._typed is not None:
            return self._typed
        return "" if self.data is None else f"{self.data:.6f}".rstrip("0").rstrip(".")

    def process_formdata(self, valuelist) -> None:
        if not valuelist:
            return
        self._typed, self.data = valuelist[-1].strip(), None
        if not self._typed:
            return
        if (
            not _DEGREES.fullmatch(self._typed)
            or abs(number := float(self._typed.replace(",", "."))) > self.limit
        ):
            raise ValueError(
                _(
                    "Write degrees, such as %(example)s.",
                    example="45,69525" if self.limit == 90 else "9,66951",
                )
            )
        self.data = number if not self._typed.startswith("-") else -number
