"""Eligible suppliers spelled out: covered lots, evidence, and the facts that explain the place of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.answer import Evidence, LotCover, Match
from search.candidates import Candidates
from search.constants import SCORE_DECIMALS
from search.demand import Demand, Lot, Mode
from search.evidence import chief_evidence, evidence_of
from search.judging import Asked
from search.reasons import Reason
from search.utilities import LotResult


@dataclass(frozen=True, eq=False)
class Scored:
    """The eligible, scored. All arrays hold one value per supplier of ``found``."""

    found: Candidates
    km: np.ndarray
    results: tuple[LotResult, ...]
    utilities: dict[str, np.ndarray]
    contributions: dict[str, np.ndarray]
    score: np.ndarray


def matches(
    demand: Demand, asked: Sequence[Asked], scored: Scored, order: Sequence[int]
) -> tuple[Match, ...]:
    """The suppliers at these positions of ``scored``, ranked 1, 2, ... in the order given."""
    columns = scored.found.columns
    rows = scored.found.suppliers[order].tolist()
    lots = [_lot_covers(scored, position) for position in order]
    evidence = evidence_of(columns, asked, rows, [covering for _, covering in lots])
    spelled = []
    for rank, (position, row) in enumerate(zip(order, rows, strict=True), start=1):
        covers = lots[rank - 1][0]
        spelled.append(
            Match(
                rank=rank,
                supplier_id=int(columns.supplier_ids[row]),
                name=columns.names[row],
                score=float(scored.score[position]),
                contributions={name: float(part[position]) for name, part in scored.contributions.items()},
                utilities={name: float(part[position]) for name, part in scored.utilities.items()},
                distance_km=float(scored.km[position]),
                lots=covers,
                evidence=evidence[rank - 1],
                reasons=_facts(demand, asked, scored, position, covers, evidence[rank - 1]),
            )
        )
    return tuple(spelled)


def _lot_covers(scored: Scored, position: int) -> tuple[tuple[LotCover, ...], frozenset[int]]:
    """The covered lots of a supplier, and the rows of the offers that cover any."""
    found = scored.found
    offers = found.offers_of(position)
    start, end = offers.start, offers.stop
    rows = found.rows[start:end].tolist()
    ids = found.columns.offers.ids[found.rows[start:end]].tolist()
    covers, used = [], set()
    for result in scored.results:
        if not result.quantities.covered[position]:
            continue
        view = result.view
        covering = [at for at, covers_lot in enumerate(view.covering[start:end].tolist()) if covers_lot]
        fits = result.offer_fit[start:end].tolist()
        prices = result.offer_price[start:end].tolist()
        covering.sort(key=lambda at: (-round(fits[at], SCORE_DECIMALS), prices[at], ids[at]))
        used.update(rows[at] for at in covering)
        price = float(result.price[position])
        covers.append(
            LotCover(
                lot=view.number,
                offer_ids=tuple(ids[at] for at in covering),
                similarity=max(float(view.similarity[start + at]) for at in covering),
                share=float(result.quantities.share[position]),
                best_price=None if price == np.inf else price,
                fit=float(result.fit[position]),
            )
        )
    return tuple(covers), frozenset(used)


def _facts(
    demand: Demand,
    asked: Sequence[Asked],
    scored: Scored,
    position: int,
    covers: tuple[LotCover, ...],
    evidence: tuple[Evidence, ...],
) -> tuple[Reason, ...]:
    """In the order of :data:`search.reasons.FACTS`."""
    km = float(scored.km[position])
    facts = []
    if demand.mode == Mode.REMOTE:
        facts.append(Reason.of("remote"))
    else:
        facts.append(Reason.of("distance", km=km))
        if demand.mode in (Mode.DELIVER, Mode.ON_SITE):
            facts.append(Reason.of("in_area"))
        if demand.max_distance_km is not None:
            facts.append(Reason.of("within_distance", km=km, max_km=demand.max_distance_km))
    if demand.qualifications:
        held = scored.found.columns.qualifications.of(int(scored.found.suppliers[position]))
        held_and_asked = ",".join(code for code in held if code in demand.qualifications)
        facts.append(Reason.of("qualified", held=held_and_asked))
    if demand.months:
        facts.append(Reason.of("in_season", asked=",".join(str(month) for month in sorted(demand.months))))
    facts.append(Reason.of("covers_lots", n=len(covers), of=len(demand.lots)))
    facts += _lot_facts(scored, position, {cover.lot: cover for cover in covers})
    facts += _criteria_facts(asked, evidence)
    facts += _price_facts(demand, {cover.lot: cover for cover in covers})
    return tuple(facts)


def _lot_facts(scored: Scored, position: int, covers: dict[int, LotCover]) -> list[Reason]:
    facts = []
    for result in scored.results:
        number, lot = result.view.number, result.view.lot
        cover = covers.get(number)
        if cover is None:
            facts.append(Reason.of("lot_not_covered", lot=number))
            continue
        facts.append(
            Reason.of(
                "lot_covered",
                lot=number,
                offers=len(cover.offer_ids),
                similarity=cover.similarity,
                share=cover.share,
            )
        )
        if result.quantities.short[position]:
            facts.append(short("lot_partly", number, int(result.quantities.available[position]), lot))
        elif lot.quantity is not None and not result.quantities.known[position]:
            facts.append(Reason.of("availability_unknown", lot=number))
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


def _criteria_facts(asked: Sequence[Asked], evidence: Sequence[Evidence]) -> list[Reason]:
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


def _price_facts(demand: Demand, covers: dict[int, LotCover]) -> list[Reason]:
    facts = []
    for number, lot in enumerate(demand.lots):
        if lot.budget is None:
            continue
        price = covers[number].best_price if number in covers else None
        if price is None:
            facts.append(Reason.of("price_unknown", lot=number))
        else:
            code = "price_within_budget" if price <= lot.budget else "price_over_budget"
            facts.append(
                Reason.of(code, lot=number, price=price, budget=lot.budget, with_vat=demand.prices_with_vat)
            )
    return facts
