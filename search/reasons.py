"""Reasons are data: a code and its numbers, rendered in a language only where they are shown.

Every code that a match or a near miss may carry, with the names of its values, is in
:data:`REASONS`; :mod:`marketplace.matches.sentences` has a sentence for each in every language.

Values are plain: numbers in the units of the documents (``km`` kilometres; quantities in
thousandths of ``unit``; prices and budgets in ten-thousandths of a euro per unit; shares,
similarities and evidence values 0 to 1), codes as text, dates as ISO text, sets of codes or
months as text joined by commas in ascending order. ``lot`` counts from 0. ``offer`` is an id,
``None`` where the organisation itself holds the claim. ``expires`` is the last valid day,
``None`` for a claim that does not expire.
"""

from dataclasses import dataclass

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something holds or does not: a code of :data:`REASONS` with named plain values."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: str, **values: Value) -> "Reason":
        return cls(code, tuple(sorted(values.items()) if len(values) > 1 else values.items()))

    def as_dict(self) -> dict[str, Value]:
        return {"code": self.code, **dict(self.values)}


#: What a near miss lacks, by must: code to the names of its values.
SHORTFALLS: dict[str, tuple[str, ...]] = {
    # reach: the supplier states no delivery area at all
    "no_area": (),
    # reach: by how many km the place misses the nearest circle or polygon;
    # km None where the areas are lists of comuni or provinces only, of which only the fact is known
    "outside_area": ("km",),
    # distance, and reach of a demand that collects
    "too_far": ("km", "max_km", "beyond_km"),
    # criteria: what the offer that comes nearest lacks, one reason per required criterion that is missing.
    # Held with an accepted proof, but expired
    "claim_expired": ("criterion", "proof", "expires", "offer"),
    # held with an accepted proof that nobody has verified, so that it counts as declared or not at all
    "claim_unverified": ("criterion", "proof", "offer"),
    # held, valid, but only with proofs that the demand does not accept; proof is the best of them
    "proof_not_accepted": ("criterion", "proof", "offer"),
    # not held at all
    "claim_missing": ("criterion",),
    # reserved: qualifications of which one is needed
    "not_qualified": ("asked",),
    # season: months of the demand and all the months of the offers in category
    "no_offer_in_season": ("asked", "offered"),
    # capacity: a lot that may not be split
    "short_of": ("lot", "available", "asked", "missing", "unit"),
}

#: What holds for a match, in the order in which it is told: code to the names of its values.
FACTS: dict[str, tuple[str, ...]] = {
    # km from the seat to the place; always the first, but for remote work
    "distance": ("km",),
    # the demand is for remote work: distance plays no part
    "remote": (),
    # the place lies in a delivery area (demands that deliver or work on site)
    "in_area": (),
    # the seat is within the largest distance asked
    "within_distance": ("km", "max_km"),
    # qualifications asked and held
    "qualified": ("held",),
    # months asked for which something covers
    "in_season": ("asked",),
    # how many of the lots are covered
    "covers_lots": ("n", "of"),
    # one covered lot: number of covering offers, best category similarity, share of the quantity
    "lot_covered": ("lot", "offers", "similarity", "share"),
    # one lot that nothing covers
    "lot_not_covered": ("lot",),
    # a covered lot, but for a part of its quantity
    "lot_partly": ("lot", "available", "asked", "missing", "unit"),
    # a quantity is asked, but what is available is not known in that unit: counted as enough, to be asked
    "availability_unknown": ("lot",),
    # a required or preferred criterion, met by the best valid claim; proof "declared" where nobody verified it
    "criterion_met": ("criterion", "proof", "expires", "value", "offer", "required"),
    # a preferred criterion for which there is no valid claim
    "criterion_not_met": ("criterion",),
    # the lowest price among covering offers in the lot's unit, with or without VAT as the demand says
    "price_within_budget": ("lot", "price", "budget", "with_vat"),
    "price_over_budget": ("lot", "price", "budget", "with_vat"),
    # a budget is asked, but there is no price in the lot's unit
    "price_unknown": ("lot",),
}

REASONS: dict[str, tuple[str, ...]] = {**SHORTFALLS, **FACTS}
