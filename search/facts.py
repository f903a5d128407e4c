"""What holds for a match, as reasons, in the order of :data:`search.reasons.FACTS`."""

from collections.abc import Sequence

from search.answer import Evidence, LotCover
from search.columns import Columns
from search.demand import Demand, Lot, Mode
from search.evidence import chief_evidence
from search.judging import Asked
from search.listed_lots import ListedLot
from search.reasons import Reason


def place_facts(demand: Demand, km: float) -> list[Reason]:
    """Where the supplier is, and how that meets the demand."""
    if demand.mode == Mode.REMOTE:
        return [Reason.of("remote")]
    facts = [Reason.of("distance", km=km)]
    if demand.mode in (Mode.DELIVER, Mode.ON_SITE):
        facts.append(Reason.of("in_area"))
    if demand.max_distance_km is not None:
        facts.append(Reason.of("within_distance", km=km, max_km=demand.max_distance_km))
    return facts


def standing_facts(demand: Demand, columns: Columns, row: int) -> list[Reason]:
    """Qualifications and months, where any are asked."""
    facts = []
    if demand.qualifications:
        held = [code for code in columns.qualifications.of(row) if code in demand.qualifications]
        facts.append(Reason.of("qualified", held=",".join(held)))
    if demand.months:
        facts.append(Reason.of("in_season", asked=",".join(str(month) for month in sorted(demand.months))))
    return facts


def lot_facts(lots: Sequence[ListedLot], place: int, covers: tuple[LotCover, ...]) -> list[Reason]:
    """How many lots are covered, and each of them."""
    by_lot = {cover.lot: cover for cover in covers}
    facts = [Reason.of("covers_lots", n=len(covers), of=len(lots))]
    for listed in lots:
        cover = by_lot.get(listed.number)
        if cover is None:
            facts.append(Reason.of("lot_not_covered", lot=listed.number))
            continue
        facts.append(
            Reason.of(
                "lot_covered",
                lot=listed.number,
                offers=len(cover.offer_ids),
                similarity=cover.similarity,
                share=cover.share,
            )
        )
        if listed.short[place]:
            facts.append(short("lot_partly", listed.number, listed.available[place], listed.lot))
        elif listed.lot.quantity is not None and not listed.known[place]:
            facts.append(Reason.of("availability_unknown", lot=listed.number))
    return facts


def short(code: str, number: int, available: int, lot: Lot) -> Reason:
    """A lot of which less is available than asked, in thousandths of its unit."""
    return Reason.of(
        code,
        lot=number,
        available=available,
        asked=lot.quantity,
        missing=lot.quantity - available,
        unit=lot.unit,
    )


def criteria_facts(asked: Sequence[Asked], evidence: Sequence[Evidence]) -> list[Reason]:
    """Each criterion that is asked, with the best evidence for it."""
    chief = chief_evidence(evidence)
    facts = []
    for one in asked:
        held = [chief[key] for key in ((one.criterion, True), (one.criterion, False)) if key in chief]
        if not held:
            facts.append(Reason.of("criterion_not_met", criterion=one.criterion))
        for claim in held:
            facts.append(
                Reason.of(
                    "criterion_met",
                    criterion=claim.criterion,
                    proof=claim.proof,
                    expires=claim.expires.isoformat() if claim.expires else None,
                    value=claim.value,
                    offer=claim.offer_id,
                    required=claim.required,
                )
            )
    return facts


def price_facts(demand: Demand, covers: tuple[LotCover, ...]) -> list[Reason]:
    """Each lot that has a budget, beside the best price."""
    prices = {cover.lot: cover.best_price for cover in covers}
    facts = []
    for number, lot in enumerate(demand.lots):
        if lot.budget is None:
            continue
        price = prices.get(number)
        if price is None:
            facts.append(Reason.of("price_unknown", lot=number))
        else:
            code = "price_within_budget" if price <= lot.budget else "price_over_budget"
            facts.append(
                Reason.of(code, lot=number, price=price, budget=lot.budget, with_vat=demand.prices_with_vat)
            )
    return facts
