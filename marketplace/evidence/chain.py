"""The places of an organisation's chain, from the rows that it declared or from what a claim carries in words."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.geocoding import Ambiguous, NotFound, Unavailable
from geo.points import Point
from marketplace import engines, formats
from marketplace.errors import Invalid
from marketplace.evidence.law_in_force import chain_rule
from marketplace.evidence.short_chain import ChainPlace, is_short_chain, is_whole, km_zero
from marketplace.organisations.joining_models import Activity, ProductionPlace
from marketplace.organisations.models import Organisation
from marketplace.reference.law import NotInForce

ZERO_KM, SHORT_CHAIN = "zero_km", "short_chain"
#: Criteria whose words L. 61/2022 keeps for who meets it; their places are declared, never typed into a claim.
CHAIN_CRITERIA = frozenset({ZERO_KM, SHORT_CHAIN})
PLACE_FIELDS = ("production_places", "processing_places")


def declared_places(session: Session, organisation_id: int) -> list[ChainPlace]:
    """The places of production that the organisation declared."""
    rows = session.scalars(
        sa.select(ProductionPlace)
        .where(ProductionPlace.organisation_id == organisation_id)
        .order_by(ProductionPlace.id)
    )
    return [
        ChainPlace(
            name=_name(row.comune, row.name),
            point=Point(row.lat, row.lon),
            province=row.province,
            grown=row.activity != Activity.PROCESSED,
            processed=row.activity != Activity.GROWN,
        )
        for row in rows
    ]


def seat_place(organisation: Organisation) -> list[ChainPlace]:
    """The seat as the only place of the chain; none where the organisation is not placed."""
    if organisation.lat is None:
        return []
    point = Point(organisation.lat, organisation.lon)
    name = _name(organisation.comune, organisation.address or organisation.name)
    return [ChainPlace(name, point, organisation.province, grown=True, processed=True)]


def place_details(places: Iterable[ChainPlace]) -> dict[str, str]:
    """What a claim carries of its places, in words: "Treviglio (BG); Stezzano (BG)"."""
    places = list(places)
    return {
        "production_places": _joined(place.name for place in places if place.grown),
        "processing_places": _joined(place.name for place in places if place.processed),
    }


def places_in_words(details: Mapping[str, object]) -> list[ChainPlace]:
    """The places that a claim carries, found again by name; those that nobody knows are left out."""
    found = []
    for field, grown in zip(PLACE_FIELDS, (True, False), strict=True):
        for name in str(details.get(field) or "").split(";"):
            try:
                place = engines.gazetteer().geocode(name.strip())
            except (Ambiguous, NotFound, Unavailable, ValueError):
                continue
            found.append(ChainPlace(name.strip(), place.point, place.province, grown, not grown))
    return found


def intermediaries_of(details: Mapping[str, object]) -> int | None:
    text = str(details.get("intermediaries", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def may_be_said(
    criterion: str,
    places: list[ChainPlace],
    details: Mapping[str, object],
    at: Point | None,
    province: str | None,
    day: date,
) -> bool:
    """Whether the word of a criterion of the chain may be shown where it is sold; without ``at``, anywhere."""
    try:
        rule = chain_rule(day)
    except NotInForce:
        return False
    if criterion == SHORT_CHAIN:
        return is_short_chain(places, intermediaries_of(details), rule)
    return is_whole(places) if at is None else km_zero(places, at, province, rule).met


def require_chain(
    criterion: str, organisation: Organisation, places: list[ChainPlace], details: Mapping, day: date
) -> None:
    """Raises :class:`Invalid` with the reason where L. 61/2022 is not met for goods sold at the seat."""
    at = Point(organisation.lat, organisation.lon) if organisation.lat is not None else None
    if not any(place.grown for place in places) or not any(place.processed for place in places):
        raise Invalid(
            _("First declare where raw materials are produced and where they are processed."),
            code="no_places",
        )
    if at is None:
        raise Invalid(_("First say where the organisation's seat is."), code="no_seat")
    if may_be_said(criterion, places, details, at, organisation.province, day):
        return
    rule = chain_rule(day)
    if criterion == SHORT_CHAIN:
        raise Invalid(
            _(
                "By L. 61/2022 “filiera corta” has at most %(count)s intermediary between producer and consumer.",
                count=rule.intermediaries,
            ),
            code="not_a_short_chain",
            field="intermediaries",
        )
    far = km_zero(places, at, organisation.province, rule)
    raise Invalid(
        _(
            "By L. 61/2022 “chilometro zero” reaches %(radius)s km or the same province: %(place)s is at %(km)s."
            " The distance is shown instead.",
            radius=rule.radius_km,
            place=far.farthest.name,
            km=formats.km(far.farthest_km),
        ),
        code="not_km_zero",
    )


def _name(comune: str | None, otherwise: str) -> str:
    known = engines.comuni().get(comune) if comune else None
    return known.label if known else otherwise


def _joined(names: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(names))
