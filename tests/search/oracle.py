"""The match written the slow, obvious way, sentence by sentence from MATCHING, over the documents themselves.

It exists to be compared with: no arrays, no sharing of work, one supplier after the other, and none
of the ranking's own modules but the plain values that go in and come out.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from geo.distance import haversine_km
from search.criteria import EVIDENCE_VALUES, CriteriaRegister, Proof
from search.demand import Demand, Lot
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from search.taxonomy import CategoryTree
from search.text import stems
from tests.search.oracle_telling import Telling

MILLIMETRE = 1e-6


class Oracle(Telling):
    """Answers one demand about suppliers, one at a time."""

    def __init__(self, demand: Demand, tree: CategoryTree, criteria: CriteriaRegister, now: datetime):
        self.demand, self.tree, self.criteria = demand, tree, criteria
        self.today = now.astimezone(ZoneInfo("Europe/Rome")).date()
        self.remote = demand.mode == "remote"
        self.community = demand.profile == "community"
        self.with_vat = self.community if demand.budget_with_vat is None else demand.budget_with_vat

    # The whole answer

    def answer(self, suppliers: list[SupplierDocument]) -> dict:
        considered = [
            one for one in suppliers if one.active and one.seat and any(o.published for o in one.offers)
        ]
        in_category = [one for one in considered if self.in_category(one)]
        failed = dict.fromkeys(("reach", "distance", "criteria", "reserved", "season", "capacity"), 0)
        above, below = [], []
        for one in in_category:
            missed = [must for must, holds in self.musts(one).items() if not holds]
            for must in missed:
                failed[must] += 1
            if not missed:
                above.append(one)
            if len(missed) == 1:
                below.append((one, missed[0]))
        above.sort(key=self.place_in_ranking)
        below.sort(key=lambda pair: (round(self.km(pair[0]), 6), pair[0].name, pair[0].id))
        return {
            "matches": [self.match(one, rank) for rank, one in enumerate(above, start=1)],
            "near_misses": [
                {
                    "supplier_id": one.id,
                    "name": one.name,
                    "distance_km": self.km(one),
                    "failed": must,
                    "reasons": self.shortfall(one, must),
                }
                for one, must in below
            ],
            "considered": len(considered),
            "in_category": len(in_category),
            "failed": failed,
            "dropped": self.dropped(),
            "weights": self.weights(),
        }

    def place_in_ranking(self, one: SupplierDocument) -> tuple:
        utilities = self.utilities(one)
        return (
            -round(self.score(one), 9),
            -round(utilities.get("values", 0.0), 9),
            round(self.km(one), 6),
            one.name,
            one.id,
        )

    def match(self, one: SupplierDocument, rank: int) -> dict:
        weights, utilities = self.weights(), self.utilities(one)
        evidence = self.evidence(one)
        return {
            "rank": rank,
            "supplier_id": one.id,
            "name": one.name,
            "score": self.score(one),
            "contributions": {
                name: weights[name] * utilities[name] / sum(weights.values()) for name in weights
            },
            "utilities": utilities,
            "distance_km": self.km(one),
            "lots": [self.lot_cover(one, number) for number in self.covered(one)],
            "evidence": evidence,
            "reasons": self.facts(one, evidence),
        }

    # Categories, seasons, claims, cover

    def km(self, one: SupplierDocument) -> float:
        return haversine_km(one.seat, self.demand.place.point)

    def similarity(self, lot: Lot, offer: OfferDocument) -> float:
        asked = [lot.category] if lot.category is not None else self.tree.by_cpv(lot.cpv)
        best = max((self.tree.similarity(code, offer.category) for code in asked), default=0.0)
        return best if best >= 0.4 else 0.0

    def in_category_offers(self, one: SupplierDocument) -> list[OfferDocument]:
        return [
            offer
            for offer in one.offers
            if offer.published and any(self.similarity(lot, offer) > 0 for lot in self.demand.lots)
        ]

    def in_category(self, one: SupplierDocument) -> bool:
        return bool(self.in_category_offers(one))

    def in_season(self, offer: OfferDocument) -> bool:
        return not offer.months or not self.demand.months or bool(offer.months & self.demand.months)

    def reached(self, one: SupplierDocument) -> bool:
        return any(area.covers(self.demand.place) for area in one.areas)

    def goes(self, one: SupplierDocument, offer: OfferDocument) -> bool:
        """Whether an offer with areas of its own goes there; of who does not at all, the rest is judged as if so."""
        if offer.areas is None or self.demand.mode in ("collect", "remote") or not self.reached(one):
            return True
        return any(one.areas[number].covers(self.demand.place) for number in offer.areas)

    def effective_proof(self, claim: ClaimDocument) -> str | None:
        """As what a claim counts today, None for not at all."""
        if claim.expires is not None and claim.expires < self.today:
            return None
        proof = claim.proof if claim.verified else "declared"
        return proof if self.criteria[claim.criterion].admits(proof) else None

    def value(self, claim: ClaimDocument) -> float:
        return EVIDENCE_VALUES[self.demand.profile][Proof(self.effective_proof(claim))]

    def counting(self, claims: tuple[ClaimDocument, ...], criterion: str) -> list[ClaimDocument]:
        return [claim for claim in claims if claim.criterion == criterion and self.effective_proof(claim)]

    def accepted(self, one: SupplierDocument, offer: OfferDocument, required) -> bool:
        held = self.counting(one.claims, required.criterion) + self.counting(offer.claims, required.criterion)
        return any(self.effective_proof(claim) in required.proofs for claim in held)

    def covering(self, one: SupplierDocument, lot: Lot) -> list[OfferDocument]:
        return [
            offer
            for offer in one.offers
            if offer.published
            and self.similarity(lot, offer) > 0
            and self.in_season(offer)
            and self.goes(one, offer)
            and all(self.accepted(one, offer, required) for required in self.demand.required)
        ]

    def covered(self, one: SupplierDocument) -> list[int]:
        return [number for number, lot in enumerate(self.demand.lots) if self.covering(one, lot)]

    def share(self, one: SupplierDocument, lot: Lot) -> float:
        offers = self.covering(one, lot)
        if lot.quantity is None or any(o.available is None or o.unit != lot.unit for o in offers):
            return 1.0
        return min(1.0, sum(offer.available for offer in offers) / lot.quantity)

    # Musts

    def musts(self, one: SupplierDocument) -> dict[str, bool]:
        demand = self.demand
        limit = demand.max_distance_km
        near = limit is None or self.km(one) <= limit + MILLIMETRE
        reach = {"remote": True, "collect": near}.get(demand.mode)
        if reach is None:
            reach = self.reached(one)
        seasonal = [offer for offer in self.in_category_offers(one) if self.in_season(offer)]
        able = [offer for offer in seasonal if self.goes(one, offer)]
        return {
            "reach": reach and (bool(able) or not seasonal),
            "distance": near or demand.mode in ("remote", "collect"),
            "criteria": not able or bool(self.covered(one)),
            "reserved": not demand.qualifications or bool(demand.qualifications & one.qualifications),
            "season": bool(seasonal),
            "capacity": not any(self.too_little(one, lot) for lot in demand.lots),
        }

    def too_little(self, one: SupplierDocument, lot: Lot) -> bool:
        return not lot.splittable and bool(self.covering(one, lot)) and round(self.share(one, lot), 9) < 1

    # Score

    def dropped(self) -> tuple[str, ...]:
        silent = []
        if self.remote:
            silent.append("proximity")
        if not self.demand.preferred:
            silent.append("values")
        if not any(lot.budget for lot in self.demand.lots):
            silent.append("price")
        return tuple(silent)

    def weights(self) -> dict[str, float]:
        defaults = {"fit": 3, "proximity": 2, "values": 4, "price": 1}
        given = {name: getattr(self.demand.weights, name) for name in defaults}
        return {
            name: defaults[name] if given[name] is None else given[name]
            for name in defaults
            if name not in self.dropped()
        }

    def utilities(self, one: SupplierDocument) -> dict[str, float]:
        return {name: getattr(self, f"{name}_utility")(one) for name in self.weights()}

    def score(self, one: SupplierDocument) -> float:
        weights, utilities = self.weights(), self.utilities(one)
        return sum(weights[name] * utilities[name] for name in weights) / sum(weights.values())

    def offer_fit(self, lot: Lot, offer: OfferDocument) -> float:
        similarity = self.similarity(lot, offer)
        asked = set(stems(lot.text))
        if not asked:
            return similarity
        category = self.tree[offer.category]
        texts = [offer.title, offer.description, category.label_it, category.label_en]
        texts += [*category.synonyms_it, *category.synonyms_en]
        contained = {stem for text in texts for stem in stems(text)}
        return similarity + (1 - similarity) * len(asked & contained) / len(asked) / 2

    def fit_utility(self, one: SupplierDocument) -> float:
        total = 0.0
        for lot in self.demand.lots:
            offers = self.covering(one, lot)
            if offers:
                total += max(self.offer_fit(lot, offer) for offer in offers) * self.share(one, lot)
        return total / len(self.demand.lots)

    def proximity_utility(self, one: SupplierDocument) -> float:
        return 2 ** (-max(0, self.km(one) - 1) / self.demand.half_life_km)

    def values_utility(self, one: SupplierDocument) -> float:
        means = []
        for number in self.covered(one):
            offers = self.covering(one, self.demand.lots[number])
            total = 0.0
            for wish in self.demand.preferred:
                held = self.counting(one.claims, wish.criterion)
                for offer in offers:
                    held += self.counting(offer.claims, wish.criterion)
                total += wish.importance * max((self.value(claim) for claim in held), default=0.0)
            means.append(total / sum(wish.importance for wish in self.demand.preferred))
        return sum(means) / len(means) if means else 0.0

    def price(self, offer: OfferDocument, lot: Lot) -> float | None:
        """The price to compare with the lot's budget."""
        if offer.price is None or offer.unit != lot.unit:
            return None
        return float(offer.price) if self.with_vat else offer.price / (1 + offer.vat_rate / 10_000)

    def best_price(self, one: SupplierDocument, lot: Lot) -> float | None:
        prices = [self.price(offer, lot) for offer in self.covering(one, lot)]
        return min((price for price in prices if price is not None), default=None)

    def price_utility(self, one: SupplierDocument) -> float:
        found = []
        for lot in self.demand.lots:
            if lot.budget is None:
                continue
            price = self.best_price(one, lot)
            if price is None:
                found.append(0.5)
            elif price <= lot.budget:
                found.append(1.0)
            elif price >= 2 * lot.budget:
                found.append(0.0)
            else:
                found.append((2 * lot.budget - price) / lot.budget)
        return sum(found) / len(found)
