"""A point in a form: degrees as a map writes them and as people copy them, beside the municipality that is written."""

import re

from flask_babel import gettext as _
from wtforms import Form, StringField, ValidationError

from geo.areas import Place
from geo.points import Point
from marketplace import engines

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


# For forms with the fields near (a PlaceField), near_confirmed, lat and lon, and an attribute doubtful.


def has_point(form: Form) -> bool:
    return form.lat.data is not None and form.lon.data is not None


def check_point(form: Form) -> None:
    """Refuse half a point, one outside Italy, and one in another municipality than written until that is confirmed.

    ``form.doubtful`` is then the municipality in which the point lies. Raises ``ValidationError``.
    """
    if (form.lat.data is None) != (form.lon.data is None):
        raise ValidationError(_("Write both latitude and longitude, or neither."))
    if not has_point(form) or form.near.place is None:
        return
    found = engines.comuni().comune_of(Point(form.lat.data, form.lon.data))
    if found is None:
        raise ValidationError(_("This point is in no Italian municipality: move it."))
    if found.comune.istat == form.near.place.comune or form.near_confirmed.data:
        return
    form.doubtful = found.comune.label
    raise ValidationError(
        _(
            "The point lies in %(found)s, and you wrote %(written)s: move it, or confirm the municipality.",
            found=found.comune.label,
            written=form.near.comune_label or form.near.data,
        )
    )


def chosen_place(form: Form) -> Place:
    """The comune that was written, at the point that was chosen."""
    written = form.near.place.place
    point = Point(form.lat.data, form.lon.data) if has_point(form) else written.point
    return Place(point, written.comune, written.province)
