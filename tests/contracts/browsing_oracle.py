"""What a search must find, worked out offer by offer from the documents, slowly and without arrays."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from geo.distance import haversine_km
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from search.judging import rome_day
from search.queries import DISTANCE_BANDS_KM, MapQuery, SearchQuery
from search.query_text import ENOUGH
from search.text import stems
from tests.contracts.engine_makers import COMUNE_NAMES
from tests.search.factories import CRITERIA, TREE


@dataclass(frozen=True)
class Shown:
    """An offer that browsing may show, with whose it is."""

    offer: OfferDocument
    supplier: SupplierDocument

    def own_stems(self) -> set[str]:
        """Of its texts and of its own category."""
        return set(stems(f"{self.offer.title} {self.offer.description}")) | _names_of(self.offer.category)

    def all_stems(self) -> set[str]:
        found = self.own_stems() | set(stems(self.supplier.name))
        found |= set(stems(COMUNE_NAMES.get(self.supplier.comune, "")))
        for above in TREE.ancestors(self.offer.category):
            found |= _names_of(above)
        return found

    def holds(self, criterion: str, today: date) -> bool:
        return any(
            _counts(claim, today)
            for claim in (*self.offer.claims, *self.supplier.claims)
            if claim.criterion == criterion
        )

    def km(self, query: SearchQuery) -> float | None:
        if query.near is None or self.supplier.seat is None:
            return None
        return haversine_km(query.near, self.supplier.seat)


def _names_of(category: str) -> set[str]:
    node = TREE[category]
    return set(stems(" ".join((node.label_it, node.label_en, *node.synonyms_it, *node.synonyms_en))))


def _counts(claim: ClaimDocument, today: date) -> bool:
    admitted = CRITERIA[claim.criterion].proofs
    return (claim.proof if claim.verified else "declared") in admitted and (
        claim.expires is None or claim.expires >= today
    )


def shown(world: list[SupplierDocument]) -> list[Shown]:
    """Published offers of active organisations."""
    return [
        Shown(offer, supplier)
        for supplier in world
        if supplier.active
        for offer in supplier.offers
        if offer.published
    ]


def found(world: list[SupplierDocument], query: SearchQuery | MapQuery, now: datetime) -> list[Shown]:
    """What the query finds, in no order. The text is plain words that some offer has, or short ones that none has."""
    today = rome_day(now)
    offers = shown(world)
    text = getattr(query, "text", "")
    if text:
        offers = _with_text(offers, set(stems(text)))
    return [one for one in offers if _passes(one, query, today)]


def _with_text(offers: list[Shown], sought: set[str]) -> list[Shown]:
    known = {stem for stem in sought if any(stem in one.all_stems() for one in offers)}
    if sought and not known:
        return []
    needed = len(known)
    while needed > 1 and sum(len(known & one.all_stems()) >= needed for one in offers) < ENOUGH:
        needed -= 1
    return [one for one in offers if len(known & one.all_stems()) >= needed]


def _passes(one: Shown, query: SearchQuery | MapQuery, today: date) -> bool:
    seat, category = one.supplier.seat, one.offer.category
    if query.bbox is not None and (seat is None or not query.bbox.contains(seat)):
        return False
    if query.categories and not {category, *TREE.ancestors(category)} & set(query.categories):
        return False
    if query.kinds and not one.supplier.kinds & set(query.kinds):
        return False
    if not all(one.holds(criterion, today) for criterion in query.criteria):
        return False
    if isinstance(query, MapQuery):
        return seat is not None
    if query.radius_km is not None and query.near is not None:
        km = one.km(query)
        if km is None or km > query.radius_km:
            return False
    return query.month is None or not one.offer.months or query.month in one.offer.months


def facets(offers: list[Shown], query: SearchQuery, now: datetime) -> tuple[dict, dict, dict, dict]:
    """Counts by category, criterion, kind and distance."""
    today = rome_day(now)
    category, criterion, kind, distance = Counter(), Counter(), Counter(), Counter()
    for one in offers:
        category.update((one.offer.category, *TREE.ancestors(one.offer.category)))
        criterion.update(each.code for each in CRITERIA if one.holds(each.code, today))
        kind.update(one.supplier.kinds)
        km = one.km(query)
        if km is not None:
            distance[next((edge for edge in DISTANCE_BANDS_KM if km <= edge), None)] += 1
    return dict(category), dict(criterion), dict(kind), dict(distance)
