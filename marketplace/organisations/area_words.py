"""A delivery area in a few words, where people choose among several, and what is wrong with one that was drawn."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from geo.comuni import ComuneRegister
from geo.polygons import MAX_RINGS, MAX_VERTICES, InvalidPolygon
from marketplace import formats
from marketplace.organisations.models import AreaKind, DeliveryArea, Organisation

#: Names told before the rest is only counted.
_NAMES = 4


POLYGON_REFUSALS = {
    "not_geojson": lazy_gettext(
        "This is not GeoJSON: copy the whole file, from the first brace to the last."
    ),
    "not_one_feature": lazy_gettext("There must be one area in it: save each by itself."),
    "not_a_polygon": lazy_gettext("It must be an area (Polygon or MultiPolygon), not a point or a line."),
    "no_coordinates": lazy_gettext("The coordinates are missing."),
    "no_ring": lazy_gettext("A part of the area has no outline."),
    "open_ring": lazy_gettext("An outline needs at least three corners and must end where it begins."),
    "not_a_position": lazy_gettext("A corner of the area is not a pair of numbers."),
    "out_of_range": lazy_gettext(
        "A corner lies outside of the world: the longitude comes first, then the latitude, in degrees."
    ),
    "too_many_vertices": lazy_gettext("The area has too many corners: at most %(vertices)s."),
    "too_many_rings": lazy_gettext("The area has too many parts and holes: at most %(rings)s."),
    "crosses_itself": lazy_gettext("The outline crosses or touches itself: move the corners apart."),
    "encloses_nothing": lazy_gettext("The area encloses nothing."),
}


def polygon_refusal(refused: InvalidPolygon) -> str:
    """Why an area cannot be used, for who drew it; where it is known, the place on the map."""
    limits = {"vertices": formats.quantity(MAX_VERTICES * 1000), "rings": formats.quantity(MAX_RINGS * 1000)}
    sentence = str(POLYGON_REFUSALS[refused.code]) % limits
    if refused.at is None:
        return sentence
    lat, lon = refused.at
    return _(
        "%(sentence)s It happens at %(lat)s, %(lon)s.", sentence=sentence, lat=f"{lat:.5f}", lon=f"{lon:.5f}"
    )


def area_label(area: DeliveryArea, comuni: ComuneRegister) -> str:
    """Such as “within 20 km”, “Clusone, Gromo and 3 more”."""
    match area.kind:
        case AreaKind.RADIUS:
            return _("Within %(km)s", km=formats.km((area.radius_m or 0) / 1000))
        case AreaKind.COMUNI:
            known = (comuni.get(code) for code in area.codes or ())
            return _listed(sorted(comune.name for comune in known if comune))
        case AreaKind.PROVINCE:
            return _("In the whole province: %(names)s", names=_listed(sorted(area.codes or ())))
        case _:
            return _("In an area of its own, drawn on the map")


def area_labels(organisation: Organisation, comuni: ComuneRegister) -> dict[int, str]:
    """The organisation's areas by id, in their order; of equal words each has its number behind it."""
    labels = {area.id: area_label(area, comuni) for area in organisation.areas}
    told = list(labels.values())
    return {
        id_: f"{label} ({number})" if told.count(label) > 1 else label
        for number, (id_, label) in enumerate(labels.items(), start=1)
    }


def _listed(names: list[str]) -> str:
    if len(names) <= _NAMES:
        return ", ".join(names)
    return _("%(names)s and %(n)s more", names=", ".join(names[:_NAMES]), n=len(names) - _NAMES)
