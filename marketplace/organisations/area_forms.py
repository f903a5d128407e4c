"""Where an organisation delivers or works, in the four ways in which people say it."""

import json

import shapely
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from geo.geocoding import Ambiguous, GeocodingError
from geo.polygons import MAX_GEOJSON_CHARACTERS, InvalidPolygon, parse_polygon
from marketplace import engines
from marketplace.form_choices import Checkboxes, choices
from marketplace.form_fields import MoneyField, PlainDecimalField
from marketplace.form_text import ProseField
from marketplace.formats import weekday
from marketplace.organisations.area_words import polygon_refusal
from marketplace.organisations.models import AreaKind

AREA_KINDS = {
    AreaKind.RADIUS: _("So many kilometres around the seat"),
    AreaKind.COMUNI: _("Some municipalities"),
    AreaKind.PROVINCE: _("Whole provinces"),
    AreaKind.POLYGON: _("An area drawn on the map"),
}
#: A name a line, or several with commas; as many as a region has.
MAX_COMUNI = 1600


class KilometresField(PlainDecimalField):
    """Kilometres; ``data`` in metres."""

    decimals = 3
    default_maximum = 1_500_000


class AreaForm(FlaskForm):
    """One delivery area. Only the fields of its kind are read.

    None of these has the validator ``Optional``: it would end the chain before what a kind needs is asked.
    """

    kind = SelectField(_("Where"), choices=choices(AREA_KINDS), default=AreaKind.RADIUS.value)
    radius_m = KilometresField(_("Within"), minimum=1)
    comuni = ProseField(
        _("Municipalities"), [Length(max=40_000)], description=_("One a line, or with commas.")
    )
    provinces = ProseField(
        _("Provinces"), [Length(max=500)], description=_("By their letters, such as BG, BS.")
    )
    polygon = TextAreaField(
        _("GeoJSON"),
        [Length(max=MAX_GEOJSON_CHARACTERS)],
        description=_("A Polygon or MultiPolygon, pasted here or as a file."),
    )
    polygon_file = FileField(_("GeoJSON file"))
    minimum_cents = MoneyField(_("Minimum order"), [Optional()], minimum=0)
    days = Checkboxes(
        _("On which days"),
        [Optional()],
        coerce=int,
        choices=lambda: choices([(n, weekday(n)) for n in range(1, 8)]),
        description=_("None chosen: it varies."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes: list[str] | None = None
        self.shape: dict | None = None

    def validate_radius_m(self, field) -> None:
        if self.kind.data == AreaKind.RADIUS and field.data is None:
            raise ValidationError(gettext("Say within how many kilometres."))

    def validate_comuni(self, field) -> None:
        if self.kind.data != AreaKind.COMUNI:
            return
        names = _items(field.data)
        if not names:
            raise ValidationError(gettext("Write at least one municipality."))
        if len(names) > MAX_COMUNI:
            raise ValidationError(gettext("At most %(n)s: choose whole provinces instead.", n=MAX_COMUNI))
        self.codes = sorted({_comune(name) for name in names})

    def validate_provinces(self, field) -> None:
        if self.kind.data != AreaKind.PROVINCE:
            return
        siglas = {item.upper() for item in _items(field.data)}
        if not siglas:
            raise ValidationError(gettext("Write at least one province."))
        for sigla in sorted(siglas - set(engines.comuni().provinces)):
            raise ValidationError(gettext("%(letters)s is no province.", letters=sigla))
        self.codes = sorted(siglas)

    def validate_polygon(self, field) -> None:
        if self.kind.data != AreaKind.POLYGON:
            return
        text = self._uploaded() or (field.data or "").strip()
        if not text:
            raise ValidationError(gettext("Paste the GeoJSON, or choose its file."))
        try:
            self.shape = json.loads(shapely.to_geojson(parse_polygon(text)))
        except InvalidPolygon as wrong:
            raise ValidationError(polygon_refusal(wrong)) from None

    def _uploaded(self) -> str:
        upload = self.polygon_file.data
        if not upload or not getattr(upload, "filename", ""):
            return ""
        try:
            return upload.read(MAX_GEOJSON_CHARACTERS + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(gettext("The file is not in UTF-8.")) from None


def _items(text: str | None) -> list[str]:
    return [
        item.strip() for item in (text or "").replace(";", ",").replace("\n", ",").split(",") if item.strip()
    ]


def _comune(name: str) -> str:
    try:
        code = engines.gazetteer().geocode(name).comune
    except Ambiguous as several:
        raise ValidationError(
            gettext(
                "“%(name)s” may be several: write one of %(which)s.",
                name=name[:60],
                which=", ".join(place.label for place in several.candidates[:3]),
            )
        ) from None
    except GeocodingError:
        code = None
    if code is None:
        raise ValidationError(gettext("We do not know the municipality “%(name)s”.", name=name[:60]))
    return code
