"""What is in season now, near a place: the opening of the home page."""

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from geo.geocoding import GeocodedPlace
from marketplace import engines
from marketplace.explore.queries import OfferRow, offer_rows
from search.judging import rome_day
from search.queries import SearchQuery

#: Tiles of the home page, at most one per category so that a market is not all apples.
TILES = 8
#: How many are looked at to find so many different categories.
LOOKED_AT = 100
NEARBY_KM = 40.0
#: What one means by a season: what grows in fields and orchards. Cheese in its months would crowd it out.
SEASONAL = ("food.vegetables", "food.fruit")
#: So that a page shows a valley and not one farm.
PER_ORGANISATION = 2


def in_season(
    session: Session, place: GeocodedPlace | None, now: datetime
) -> dict[int, tuple[OfferRow, float | None]]:
    """Offers of this month that are not sold out, with their distance: one of a category, a few of an organisation.

    The nearest come first where a place is given.
    """
    query = SearchQuery(
        near=place.point if place else None,
        radius_km=NEARBY_KM if place else None,
        categories=SEASONAL,
        month=rome_day(now).month,
        per_page=LOOKED_AT,
    )
    distances = {hit.offer_id: hit.distance_km for hit in engines.search_engine().search(query, now).hits}
    tiles: dict[str, OfferRow] = {}
    of_organisation: Counter[int] = Counter()
    for offer in offer_rows(session, list(distances)):
        if not offer.months or offer.available == 0 or offer.category in tiles or len(tiles) == TILES:
            continue
        if of_organisation[offer.organisation.id] < PER_ORGANISATION:
            of_organisation[offer.organisation.id] += 1
            tiles[offer.category] = offer
    return {offer.id: (offer, distances[offer.id]) for offer in tiles.values()}
