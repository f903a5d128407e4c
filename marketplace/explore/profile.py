"""The pages of one organisation and of one offer."""

from datetime import datetime

from sqlalchemy.orm import Session

from geo.areas import Place
from geo.comuni import ComuneRegister
from geo.geojson import feature, feature_collection, polygon_geometry
from geo.points import Point
from marketplace import engines, formats
from marketplace.accounts.models import User
from marketplace.catalogue.documents import area_values
from marketplace.catalogue.models import Offer
from marketplace.catalogue.offer_areas import areas_of_offer
from marketplace.catalogue.photo_queries import first_photos, photos_of
from marketplace.catalogue.staleness import is_stale
from marketplace.catalogue.unproven_offers import unproven_word_of
from marketplace.catalogue.version_words import food_facts, price_part_facts
from marketplace.catalogue.versions import variants_by_offer
from marketplace.evidence.card import card_lines
from marketplace.evidence.visits import signing_groups
from marketplace.explore import queries
from marketplace.explore.map_points import points
from marketplace.i18n import current_language
from marketplace.organisations.area_words import area_labels
from marketplace.organisations.facts import facts
from marketplace.organisations.models import AreaKind, DeliveryArea, Organisation
from search.judging import rome_day


def organisation_profile(
    session: Session, organisation: Organisation, now: datetime, reader: User | None = None
) -> dict:
    """What the page of an active organisation shows: who it is, its facts, where it delivers, its catalogue.

    ``reader`` is who is signed in, and may be asked to write down a visit.
    """
    tree = engines.categories()
    offers = queries.published_offers(session, organisation.id)
    claims = queries.claims_of(session, [organisation.id], [offer.id for offer in offers])
    titles = {offer.id: offer.title for offer in offers}
    row = queries.organisation_rows(session, [organisation.id])[organisation.id]
    labels = area_labels(organisation, engines.comuni())
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        top = (offer.category, *tree.ancestors(offer.category))[-1] if offer.category in tree else ""
        groups.setdefault(top, []).append(offer)
    return {
        "organisation": organisation,
        "row": row,
        "place": place_name(organisation, engines.comuni()),
        "facts": facts(
            [claim for held in claims.values() for claim in held],
            engines.criteria(),
            rome_day(now),
            current_language(),
            titles,
            at=seat_of(organisation),
        ),
        "card": card_lines(session, organisation.id, now),
        "may_visit": reader is not None and bool(signing_groups(session, reader, organisation, now)),
        "areas": [area_in_words(area, engines.comuni()) for area in organisation.areas],
        "groups": [(tree.get(code), held) for code, held in groups.items()],
        "tree": tree,
        "photos": first_photos(session, [offer.id for offer in offers]),
        "stale": {offer.id for offer in offers if is_stale(offer.confirmed_at, now)},
        "some_areas": {
            offer.id: [labels[id_] for id_ in offer.area_ids if id_ in labels]
            for offer in offers
            if offer.area_ids is not None
        },
        "has_season": any(offer.months for offer in offers),
        "map_points": points([row]),
        "map_areas": area_shapes(organisation.areas, row),
    }


def offer_profile(session: Session, offer: Offer, now: datetime) -> dict:
    """What the page of a published offer shows."""
    tree = engines.categories()
    organisation = offer.organisation
    claims = queries.claims_of(session, [organisation.id], [offer.id])
    row = queries.organisation_rows(session, [organisation.id])[organisation.id]
    told = facts(
        [claim for held in claims.values() for claim in held],
        engines.criteria(),
        rome_day(now),
        current_language(),
        {offer.id: offer.title},
        at=seat_of(organisation),
    )
    return {
        "offer": offer,
        "organisation": organisation,
        "row": row,
        "place": place_name(organisation, engines.comuni()),
        "category": tree.get(offer.category),
        "photos": photos_of(session, [offer.id]).get(offer.id, []),
        "variants": variants_by_offer(session, [offer.id])[offer.id],
        "food": food_facts(offer.food or {}),
        "price_parts": price_part_facts(offer.open_price or {}),
        "stale": is_stale(offer.confirmed_at, now),
        "path": tree.path(offer.category, current_language()) if offer.category in tree else (),
        # what has expired is told on the organisation's page; an offer is not bought by it
        "facts": [fact for fact in told if not fact.expired],
        "unproven": unproven_word_of(session, offer, now),
        "areas": [area_in_words(area, engines.comuni()) for area in areas_of_offer(offer)],
        "some_areas": offer.area_ids is not None,
        "map_points": points([row]),
        "map_areas": area_shapes(areas_of_offer(offer), row),
    }


def seat_of(organisation: Organisation) -> Place | None:
    """Where it sells, unless somebody buys elsewhere."""
    if organisation.lat is None:
        return None
    return Place(Point(organisation.lat, organisation.lon), organisation.comune, organisation.province)


def place_name(organisation: Organisation, comuni: ComuneRegister) -> str:
    comune = comuni.get(organisation.comune) if organisation.comune else None
    return comune.label if comune else ""


def area_in_words(area: DeliveryArea, comuni: ComuneRegister) -> dict:
    """One delivery area for people: its kind, the numbers or names of it, minimum order and days."""
    names = []
    if area.kind == AreaKind.COMUNI:
        known = (comuni.get(code) for code in area.codes or ())
        names = sorted(comune.name for comune in known if comune)
    elif area.kind == AreaKind.PROVINCE:
        names = list(area.codes or ())
    return {
        "kind": area.kind,
        "km": formats.km(area.radius_m / 1000) if area.radius_m is not None else "",
        "names": names,
        "minimum_cents": area.minimum_cents,
        "days": area.days or [],
    }


def area_shapes(areas, row: queries.OrganisationRow) -> dict | None:
    """Circles and polygons for the map; comuni and provinces are told by name, not drawn."""
    shapes = []
    seat = Point(row.lat, row.lon) if row.lat is not None else None
    for stored in areas:
        for area in area_values(stored, seat):
            if stored.kind == AreaKind.RADIUS:
                shapes.append(
                    feature(
                        {"type": "Point", "coordinates": [area.centre.lon, area.centre.lat]},
                        {"radius_km": area.km},
                    )
                )
            elif stored.kind == AreaKind.POLYGON:
                shapes.append(feature(polygon_geometry(area.polygon), {}))
    return feature_collection(shapes) if shapes else None
