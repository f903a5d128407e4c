"""The page of results: offers in order, the same on the map, and what to narrow them by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.comuni import ComuneRegister
from marketplace import engines, formats, words
from marketplace.explore.map_points import points
from marketplace.explore.parameters import ParsedSearch
from marketplace.explore.queries import OfferRow, offer_rows, organisation_rows
from marketplace.i18n import current_language
from search.criteria import CriteriaRegister
from search.judging import rome_day
from search.queries import DISTANCE_BANDS_KM, Hit, Page
from search.taxonomy import CategoryTree

#: Facts in a line of a list; the page of the offer has them all.
MAX_FACTS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the list."""

    offer: OfferRow
    hit: Hit
    icon: str
    place: str
    season: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetItem:
    value: str
    label: str
    count: int
    selected: bool = False
    icon: str | None = None


def search_results(session: Session, parsed: ParsedSearch, page: Page, now: datetime) -> dict:
    """What the template of the results needs. Hits whose offer was withdrawn since indexing are left out."""
    hits = {hit.offer_id: hit for hit in page.hits}
    tree, criteria = engines.categories(), engines.criteria()
    offers = offer_rows(session, list(hits))
    results = [result(offer, hits[offer.id], tree, criteria, engines.comuni(), now) for offer in offers]
    suppliers = organisation_rows(session, page.supplier_ids)
    icons = {row.offer.organisation.id: row.icon for row in reversed(results)}
    return {
        "parsed": parsed,
        "page": page,
        "results": results,
        "facets": facets(parsed, page, tree, criteria),
        "map_points": points([suppliers[id_] for id_ in page.supplier_ids if id_ in suppliers], icons=icons),
        "map_place": map_place(parsed),
    }


def result(
    offer: OfferRow,
    hit: Hit,
    tree: CategoryTree,
    criteria: CriteriaRegister,
    comuni: ComuneRegister,
    now: datetime,
) -> Result:
    category = tree.get(offer.category)
    comune = comuni.get(offer.organisation.comune) if offer.organisation.comune else None
    return Result(
        offer=offer,
        hit=hit,
        icon=category.icon if category else "basket2",
        place=comune.label if comune else "",
        season=formats.months(offer.months) if offer.months else "",
        facts=tuple(_fact_lines(offer, criteria, now)),
    )


def _fact_lines(offer: OfferRow, criteria: CriteriaRegister, now: datetime) -> Iterable[str]:
    """The strongest unexpired characteristics, each with how it is verified."""
    order = {proof: rank for rank, proof in enumerate(reversed(list(words.PROOFS)))}
    valid = [claim for claim in offer.claims if claim.expires is None or claim.expires >= rome_day(now)]
    shown: dict[str, str] = {}
    for claim in sorted(valid, key=lambda claim: (claim.verified_at is None, order.get(claim.proof, 9))):
        criterion = criteria.get(claim.criterion)
        if criterion and claim.criterion not in shown:
            proof = claim.proof if claim.verified_at else "declared"
            if claim.verified_at or criterion.admits("declared"):
                shown[claim.criterion] = (
                    f"{criterion.label(current_language())}: {str(words.PROOFS[proof]).lower()}"
                )
    return list(shown.values())[:MAX_FACTS]


def facets(
    parsed: ParsedSearch, page: Page, tree: CategoryTree, criteria: CriteriaRegister
) -> dict[str, list[FacetItem]]:
    """Filters with counts: those that would find something, and those already chosen."""
    query, counted = parsed.query, page.facets
    return {
        "category": [
            FacetItem(
                category.code,
                category.label(current_language()),
                counted.category.get(category.code, 0),
                category.code in query.categories,
                category.icon,
            )
            for category in _branches(tree, query.categories)
            if counted.category.get(category.code) or category.code in query.categories
        ],
        "criteria": [
            FacetItem(
                criterion.code,
                criterion.label(current_language()),
                counted.criterion.get(criterion.code, 0),
                criterion.code in query.criteria,
            )
            for criterion in criteria
            if counted.criterion.get(criterion.code) or criterion.code in query.criteria
        ],
        "kind": [
            FacetItem(kind, str(label), counted.kind.get(kind, 0), kind in query.kinds)
            for kind, label in words.KINDS.items()
            if counted.kind.get(kind) or kind in query.kinds
        ],
        "radius_km": [
            FacetItem(
                f"{edge:g}",
                _("within %(distance)s", distance=formats.km(edge)),
                sum(count for band, count in counted.distance.items() if band is not None and band <= edge),
                query.radius_km == edge,
            )
            for edge in DISTANCE_BANDS_KM
            if counted.distance
        ],
    }


def _branches(tree: CategoryTree, chosen: Iterable[str]) -> list:
    """The top categories, and under each chosen one its path and its children, in the order of the tree."""
    opened = set(chosen) | {above for code in chosen for above in tree.ancestors(code)}
    return [category for category in tree if category.parent is None or category.parent in opened]


def map_place(parsed: ParsedSearch) -> dict | None:
    if parsed.place is None:
        return None
    place = {"lat": parsed.place.point.lat, "lon": parsed.place.point.lon, "label": parsed.place.label}
    if parsed.query.radius_km is not None:
        place["radius_km"] = parsed.query.radius_km
    return place
