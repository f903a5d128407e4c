"""A delivery area in a few words, where people choose among several."""

from flask_babel import gettext as _

from geo.comuni import ComuneRegister
from marketplace import formats
from marketplace.organisations.models import AreaKind, DeliveryArea, Organisation

#: Names told before the rest is only counted.
_NAMES = 4


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
