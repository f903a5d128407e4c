"""``POST /api/v1/match``: a demand as JSON, field by field.

Shape and types are checked here, by marshmallow; what may be asked is checked
by :func:`search.validation.problems`, as in every form. Unknown fields are
refused, so that a misspelt one is not silently without effect.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from geo.points import Point
from search import demand as matching

#: Only plain decimals, also where JSON would allow an exponent.
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
MAX_LIST = 100


class PlainDecimal(fields.Field):
    """A plain decimal, as a JSON number or as text, in units of ``10 ** -places``: 1.5 with 3 places is 1500."""

    default_error_messages = {
        "invalid": "Write a plain decimal, such as 12.5.",
        "precise": "At most {places} decimals.",
    }

    def __init__(self, *, places: int, **kwargs):
        super().__init__(**kwargs)
        self.places = places

    def _deserialize(self, value, attr, data, **kwargs) -> int:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.make_error("invalid")
        text = str(value)
        if not text.isascii() or not _PLAIN.fullmatch(text):
            raise self.make_error("invalid")
        scaled = Decimal(text).scaleb(self.places)
        if scaled != int(scaled):
            raise self.make_error("precise", places=self.places)
        return int(scaled)


class PlainNumber(fields.Float):
    """A finite JSON number; never text."""

    def _deserialize(self, value, attr, data, **kwargs) -> float:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class PointSchema(_Strict):
    lat = PlainNumber(required=True, validate=validate.Range(-90, 90))
    lon = PlainNumber(required=True, validate=validate.Range(-180, 180))

    @post_load
    def make(self, data, **kwargs) -> Point:
        return Point(**data)


class PlaceSchema(_Strict):
    """By ``name`` (as in the search box) or by ``point``."""

    name = fields.String(validate=validate.Length(1, 120))
    point = fields.Nested(PointSchema)

    @validates_schema
    def one_way(self, data, **kwargs) -> None:
        if ("name" in data) == ("point" in data):
            raise ValidationError("Give the place by name or by point.", "name")


class LotSchema(_Strict):
    category = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=80))
    cpv = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=10))
    text = fields.String(load_default="", validate=validate.Length(max=500))
    quantity = PlainDecimal(places=3, allow_none=True, load_default=None)
    unit = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=20))
    budget = PlainDecimal(places=4, allow_none=True, load_default=None)
    splittable = fields.Boolean(load_default=True, truthy={True}, falsy={False})

    @post_load
    def make(self, data, **kwargs) -> matching.Lot:
        return matching.Lot(**data)


class RequiredSchema(_Strict):
    criterion = fields.String(required=True)
    proofs = fields.List(fields.String(), required=True, validate=validate.Length(1, 6))

    @post_load
    def make(self, data, **kwargs) -> matching.Required:
        return matching.Required(data["criterion"], frozenset(data["proofs"]))


class PreferredSchema(_Strict):
    criterion = fields.String(required=True)
    importance = fields.Integer(strict=True, load_default=1)

    @post_load
    def make(self, data, **kwargs) -> matching.Preferred:
        return matching.Preferred(**data)


class WeightsSchema(_Strict):
    fit = PlainNumber(allow_none=True, load_default=None)
    proximity = PlainNumber(allow_none=True, load_default=None)
    values = PlainNumber(allow_none=True, load_default=None)
    price = PlainNumber(allow_none=True, load_default=None)

    @post_load
    def make(self, data, **kwargs) -> matching.Weights:
        return matching.Weights(**data)


class DemandSchema(_Strict):
    """Everything but ``place``, ``lots`` and, for a public profile, ``weights`` may be left out."""

    place = fields.Nested(PlaceSchema, required=True)
    lots = fields.List(fields.Nested(LotSchema), required=True, validate=validate.Length(1, MAX_LIST))
    profile = fields.Enum(matching.Profile, by_value=True, load_default=matching.Profile.COMMUNITY)
    mode = fields.Enum(matching.Mode, by_value=True, load_default=matching.Mode.DELIVER)
    max_distance_km = PlainNumber(allow_none=True, load_default=None)
    half_life_km = PlainNumber(load_default=10.0)
    required = fields.List(fields.Nested(RequiredSchema), load_default=list, validate=validate.Length(max=50))
    preferred = fields.List(
        fields.Nested(PreferredSchema), load_default=list, validate=validate.Length(max=50)
    )
    qualifications = fields.List(fields.String(), load_default=list, validate=validate.Length(max=50))
    months = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 12)),
        load_default=list,
        validate=validate.Length(max=12),
    )
    weights = fields.Nested(WeightsSchema, load_default=matching.Weights())
    budget_with_vat = fields.Boolean(allow_none=True, load_default=None, truthy={True}, falsy={False})
    proximity_reason = fields.String(load_default="", validate=validate.Length(max=2000))
    now = fields.AwareDateTime(load_default=None, default_timezone=UTC, allow_none=True)
    limit = fields.Integer(strict=True, load_default=None, validate=validate.Range(1, 500))


def first_problem(messages: dict | list, path: str = "") -> tuple[str, str]:
    """The field (``lots.0.quantity``) and the sentence of the first thing that marshmallow found wrong."""
    if isinstance(messages, list):
        return path, str(messages[0])
    key, inner = next(iter(messages.items()))
    # A schema's own errors stand under "_schema": they are about the field that holds it.
    return first_problem(inner, path if key == "_schema" else f"{path}.{key}" if path else str(key))


def to_demand(data: dict, place) -> tuple[matching.Demand, datetime | None, int | None]:
    """The checked JSON, with its place found, as the matcher's value; and its ``now`` and ``limit`` if given."""
    rest = {key: value for key, value in data.items() if key not in {"place", "now", "limit"}}
    for name in ("lots", "required", "preferred"):
        rest[name] = tuple(rest[name])
    for name in ("qualifications", "months"):
        rest[name] = frozenset(rest[name])
    return matching.Demand(place=place, **rest), data["now"], data["limit"]
