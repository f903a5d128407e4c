"""The page of results: offers in order, the same on the map, and what to narrow them by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from geo.areas import Place
from geo.comuni import ComuneRegister
from geo.points import Point
from marketplace import engines, formats, words
from marketplace.catalogue.staleness import is_stale
from marketplace.explore.map_points import points_text
from marketplace.explore.parameters import ParsedSearch
from marketplace.explore.queries import OfferRow, offer_rows, organisation_rows
from marketplace.i18n import current_language
from marketplace.organisations.facts import may_be_shown
from marketplace.prose import plain_text
from search.criteria import CriteriaRegister
from search.embedded.highlighting import highlighted
from search.judging import rome_day
from search.queries import DISTANCE_BANDS_KM, Facets, Hit, Page, SearchQuery
from search.taxonomy import CategoryTree

#: Facts in a line of a list; the page of the offer has them all.
MAX_FACTS = 3
#: Proofs, the strongest first.
_STRENGTH = {proof.value: rank for rank, proof in enumerate(reversed(words.PROOFS))}
#: About so much of a description is shown around the words that were sought.
EXCERPT_CHARACTERS = 140


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the list."""

    offer: OfferRow
    hit: Hit
    icon: str
    place: str
    season: str
    facts: tuple[str, ...]
    excerpt: Markup | None = None
    stale_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FacetItem:
    value: str
    label: str
    count: int | None
    selected: bool = False
    icon: str | None = None


def search_results(session: Session, parsed: ParsedSearch, page: Page, now: datetime) -> dict:
    """What the template of the results needs. Hits whose offer was withdrawn since indexing are left out."""
    hits = {hit.offer_id: hit for hit in page.hits}
    tree, criteria = engines.categories(), engines.criteria()
    suppliers = organisation_rows(session, {*page.supplier_ids, *(hit.supplier_id for hit in page.hits)})
    offers = offer_rows(session, list(hits), suppliers)
    results = [
        result(offer, hits[offer.id], parsed.query, tree, criteria, engines.comuni(), now) for offer in offers
    ]
    best = {
        row.offer.organisation.id: {
            "icon": row.icon,
            "title": row.offer.title,
            **({} if row.hit.distance_km is None else {"distance_km": round(row.hit.distance_km, 1)}),
        }
        for row in reversed(results)
    }
    return {
        "parsed": parsed,
        "page": page,
        "results": results,
        "facets": facets(parsed, page, tree, criteria),
        "chosen": chosen(parsed, tree, criteria),
        "map_points": points_text([suppliers[id_] for id_ in page.supplier_ids if id_ in suppliers], best),
        "map_place": map_place(parsed),
    }


def result(
    offer: OfferRow,
    hit: Hit,
    query: SearchQuery,
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
        facts=tuple(_fact_lines(offer, criteria, query.near, now)),
        excerpt=excerpt(offer.description, query.text),
        stale_since=offer.confirmed_at if is_stale(offer.confirmed_at, now) else None,
    )


def excerpt(description: str, text: str) -> Markup | None:
    """Where the description shows what was sought, with those words marked; ``None`` where it does not."""
    pieces = highlighted(plain_text(description), text, EXCERPT_CHARACTERS) if text and description else []
    if not any(sought for _piece, sought in pieces):
        return None
    return Markup(
        "".join(f"<mark>{escape(piece)}</mark>" if sought else escape(piece) for piece, sought in pieces)
    )


def _fact_lines(
    offer: OfferRow, criteria: CriteriaRegister, near: Point | None, now: datetime
) -> Iterable[str]:
    """The strongest unexpired characteristics, each with how it is verified, for somebody who is ``near``."""
    language = current_language()
    today, at = rome_day(now), Place(near) if near else None
    valid = [
        claim
        for claim in offer.claims
        if (claim.expires is None or claim.expires >= today) and may_be_shown(claim, at, today)
    ]
    shown: dict[str, str] = {}
    for claim in sorted(valid, key=lambda claim: (claim.verified_at is None, _STRENGTH.get(claim.proof, 9))):
        criterion = criteria.get(claim.criterion)
        if criterion and claim.criterion not in shown:
            proof = claim.proof if claim.verified_at else "declared"
            if claim.verified_at or criterion.admits("declared"):
                shown[claim.criterion] = _fact(language, criterion.label(language), proof)
    return list(shown.values())[:MAX_FACTS]


@lru_cache(maxsize=2048)
def _fact(_language: str, label: str, proof: str) -> str:
    """One line in the language that is being spoken."""
    return f"{label}: {words.mid_sentence(words.PROOFS[proof])}"


def facets(
    parsed: ParsedSearch, page: Page, tree: CategoryTree, criteria: CriteriaRegister
) -> dict[str, list[FacetItem]]:
    """Filters with counts: those that would find something, and those already chosen."""
    query, counted, language = parsed.query, page.facets, current_language()
    return {
        "category": [
            FacetItem(
                category.code,
                category.label(language),
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
                criterion.label(language),
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
        "radius_km": _distances(query, counted),
    }


def _distances(query: SearchQuery, counted: Facets) -> list[FacetItem]:
    """How far, each with all that is nearer; nothing without a place to measure from."""
    if not counted.distance:
        return []
    return [
        FacetItem("", _("any distance"), None, query.radius_km is None),
        *(
            FacetItem(
                f"{edge:g}",
                _("within %(distance)s", distance=formats.km(edge)),
                sum(count for band, count in counted.distance.items() if band is not None and band <= edge),
                query.radius_km == edge,
            )
            for edge in DISTANCE_BANDS_KM
        ),
    ]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in use: its words, and the parameters of the search without it."""

    label: str
    without: Mapping[str, list[str] | None]


def chosen(parsed: ParsedSearch, tree: CategoryTree, criteria: CriteriaRegister) -> list[Chosen]:
    """What narrows the search now, each to be taken away by itself."""
    query, language = parsed.query, current_language()
    several = (
        ("category", query.categories, lambda code: tree[code].label(language)),
        ("criteria", query.criteria, lambda code: criteria[code].label(language)),
        ("kind", query.kinds, lambda code: str(words.KINDS[code])),
    )
    found = [
        Chosen(label(code), {name: [other for other in codes if other != code], "page": None})
        for name, codes, label in several
        for code in codes
    ]
    if query.radius_km is not None:
        label = _("within %(distance)s", distance=formats.km(query.radius_km))
        found.append(Chosen(label, {"radius_km": None, "page": None}))
    if query.month is not None:
        found.append(Chosen(formats.month_name(query.month), {"month": None, "page": None}))
    return found


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
