"""What the oracle tells of a supplier once it has judged it: covered lots, evidence, facts, shortfalls."""

from datetime import date

from geo.areas import km_outside
from search.answer import Evidence
from search.demand import Lot
from search.documents import ClaimDocument, OfferDocument, SupplierDocument

FORMALITY = ["declared", "signed", "visited", "peer", "register", "certified"]


class Telling:
    """The half of the oracle that explains; the other half judges."""

    # What is told

    def lot_cover(self, one: SupplierDocument, number: int) -> dict:
        lot = self.demand.lots[number]

        def best_first(offer):
            price = self.price(offer, lot)
            return -round(self.offer_fit(lot, offer), 9), float("inf") if price is None else price, offer.id

        offers = sorted(self.covering(one, lot), key=best_first)
        return {
            "lot": number,
            "offer_ids": tuple(offer.id for offer in offers),
            "similarity": max(self.similarity(lot, offer) for offer in offers),
            "share": self.share(one, lot),
            "best_price": self.best_price(one, lot),
            "fit": max(self.offer_fit(lot, offer) for offer in offers),
        }

    def strength(self, claim: ClaimDocument) -> tuple:
        proof = self.effective_proof(claim)
        return self.value(claim), FORMALITY.index(proof), claim.expires or date.max

    def evidence(self, one: SupplierDocument) -> list[Evidence]:
        required = {r.criterion: r.proofs for r in self.demand.required}
        preferred = {p.criterion for p in self.demand.preferred}
        covering = {offer.id: offer for lot in self.demand.lots for offer in self.covering(one, lot)}
        holders = [
            (None, one.claims),
            *((offer_id, covering[offer_id].claims) for offer_id in sorted(covering)),
        ]
        found = []
        for criterion in sorted(required.keys() | preferred):
            for holder, claims in holders:
                held = self.counting(claims, criterion)
                enough = [c for c in held if self.effective_proof(c) in required.get(criterion, ())]
                if enough:
                    best = max(enough, key=self.strength)
                    found.append(self.as_evidence(best, holder, True))
                if criterion in preferred and held:
                    best = max(held, key=self.strength)
                    if not enough or self.value(best) > max(self.value(claim) for claim in enough):
                        found.append(self.as_evidence(best, holder, False))
        return found

    def as_evidence(self, claim: ClaimDocument, offer_id: int | None, required: bool) -> Evidence:
        proof = self.effective_proof(claim)
        return Evidence(claim.criterion, proof, self.value(claim), offer_id, claim.expires, required)

    def facts(self, one: SupplierDocument, evidence: list[Evidence]) -> list[dict]:
        demand = self.demand
        facts = []
        if self.remote:
            facts.append({"code": "remote"})
        else:
            facts.append({"code": "distance", "km": self.km(one)})
            if demand.mode != "collect":
                facts.append({"code": "in_area"})
            if demand.max_distance_km is not None:
                facts.append(
                    {"code": "within_distance", "km": self.km(one), "max_km": demand.max_distance_km}
                )
        if demand.qualifications:
            facts.append({"code": "qualified", "held": _codes(demand.qualifications & one.qualifications)})
        if demand.months:
            facts.append({"code": "in_season", "asked": _numbers(demand.months)})
        covered = self.covered(one)
        facts.append({"code": "covers_lots", "n": len(covered), "of": len(demand.lots)})
        for number, lot in enumerate(demand.lots):
            facts += self.lot_facts(one, number, lot, number in covered)
        asked = {r.criterion for r in demand.required} | {p.criterion for p in demand.preferred}
        for criterion in sorted(asked):
            facts += self.criterion_facts(criterion, evidence)
        for number, lot in enumerate(demand.lots):
            if lot.budget is not None:
                facts.append(self.price_fact(number, lot, self.best_price(one, lot)))
        return facts

    def lot_facts(self, one: SupplierDocument, number: int, lot: Lot, covered: bool) -> list[dict]:
        if not covered:
            return [{"code": "lot_not_covered", "lot": number}]
        offers = self.covering(one, lot)
        facts = [
            {
                "code": "lot_covered",
                "lot": number,
                "offers": len(offers),
                "similarity": max(self.similarity(lot, offer) for offer in offers),
                "share": self.share(one, lot),
            }
        ]
        if lot.quantity is not None:
            if any(offer.available is None or offer.unit != lot.unit for offer in offers):
                facts.append({"code": "availability_unknown", "lot": number})
            elif round(self.share(one, lot), 9) < 1:
                facts.append({"code": "lot_partly", **self.amounts(one, number, lot)})
        return facts

    def amounts(self, one: SupplierDocument, number: int, lot: Lot) -> dict:
        available = sum(offer.available for offer in self.covering(one, lot))
        return {
            "lot": number,
            "available": available,
            "asked": lot.quantity,
            "missing": lot.quantity - available,
            "unit": lot.unit,
        }

    def criterion_facts(self, criterion: str, evidence: list[Evidence]) -> list[dict]:
        facts = []
        for required in (True, False):
            held = [e for e in evidence if e.criterion == criterion and e.required == required]
            if held:
                # Of equals max takes the first: the organisation's before its offers'.
                best = max(held, key=lambda e: (e.value, FORMALITY.index(e.proof), e.expires or date.max))
                facts.append(
                    {
                        "code": "criterion_met",
                        "criterion": criterion,
                        "proof": best.proof,
                        "expires": best.expires and best.expires.isoformat(),
                        "value": best.value,
                        "offer": best.offer_id,
                        "required": required,
                    }
                )
        return facts or [{"code": "criterion_not_met", "criterion": criterion}]

    def price_fact(self, number: int, lot: Lot, price: float | None) -> dict:
        if price is None:
            return {"code": "price_unknown", "lot": number}
        return {
            "code": "price_within_budget" if price <= lot.budget else "price_over_budget",
            "lot": number,
            "price": price,
            "budget": lot.budget,
            "with_vat": self.with_vat,
        }

    # What is missing

    def shortfall(self, one: SupplierDocument, must: str) -> list[dict]:
        demand = self.demand
        if must == "distance" or (must == "reach" and demand.mode == "collect"):
            km, limit = self.km(one), demand.max_distance_km
            return [{"code": "too_far", "km": km, "max_km": limit, "beyond_km": km - limit}]
        if must == "reach":
            seasonal = [offer for offer in self.in_category_offers(one) if self.in_season(offer)]
            everywhere = range(len(one.areas))
            named = {n for o in seasonal for n in (everywhere if o.areas is None else o.areas)}
            if not named:
                return [{"code": "no_area"}]
            return [{"code": "outside_area", "km": km_outside([one.areas[n] for n in named], demand.place)}]
        if must == "reserved":
            return [{"code": "not_qualified", "asked": _codes(demand.qualifications)}]
        if must == "season":
            offered = {month for offer in self.in_category_offers(one) for month in offer.months}
            return [
                {"code": "no_offer_in_season", "asked": _numbers(demand.months), "offered": _numbers(offered)}
            ]
        if must == "capacity":
            return [
                {"code": "short_of", **self.amounts(one, number, lot)}
                for number, lot in enumerate(demand.lots)
                if self.too_little(one, lot)
            ]
        return self.criteria_shortfall(one)

    def criteria_shortfall(self, one: SupplierDocument) -> list[dict]:
        def missing(offer):
            return [r for r in self.demand.required if not self.accepted(one, offer, r)]

        def nearness(offer):
            best = max(self.similarity(lot, offer) for lot in self.demand.lots)
            return len(missing(offer)), -best, offer.id

        in_category = self.in_category_offers(one)
        seasonal = [offer for offer in in_category if self.in_season(offer) and self.goes(one, offer)]
        nearest = min(seasonal, key=nearness)
        return [
            self.claim_shortfall(one, nearest, required)
            for required in sorted(missing(nearest), key=lambda required: required.criterion)
        ]

    def claim_shortfall(self, one: SupplierDocument, offer: OfferDocument, required) -> dict:
        criterion = required.criterion
        held = [(c, None) for c in one.claims if c.criterion == criterion]
        held += [(c, offer.id) for c in offer.claims if c.criterion == criterion]

        def expired(claim):
            return claim.expires is not None and claim.expires < self.today

        def formality(pair):
            return FORMALITY.index(pair[0].proof), pair[1] is None

        lapsed = [p for p in held if p[0].verified and expired(p[0]) and p[0].proof in required.proofs]
        if lapsed:
            claim, holder = max(lapsed, key=lambda pair: (pair[0].expires, *formality(pair)))
            return {
                "code": "claim_expired",
                "criterion": criterion,
                "proof": claim.proof,
                "expires": claim.expires.isoformat(),
                "offer": holder,
            }
        unseen = [
            p for p in held if not p[0].verified and not expired(p[0]) and p[0].proof in required.proofs
        ]
        if unseen:
            claim, holder = max(unseen, key=formality)
            return {"code": "claim_unverified", "criterion": criterion, "proof": claim.proof, "offer": holder}
        valid = [(self.effective_proof(c), holder) for c, holder in held if self.effective_proof(c)]
        if valid:
            proof, holder = max(valid, key=lambda pair: (FORMALITY.index(pair[0]), pair[1] is None))
            return {"code": "proof_not_accepted", "criterion": criterion, "proof": proof, "offer": holder}
        return {"code": "claim_missing", "criterion": criterion}


def _codes(codes) -> str:
    return ",".join(sorted(codes))


def _numbers(numbers) -> str:
    return ",".join(str(number) for number in sorted(numbers))
