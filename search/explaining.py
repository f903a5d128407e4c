"""Eligible suppliers spelled out: covered lots, evidence, and the facts that explain the place of each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.answer import Evidence, LotCover, Match
from search.candidates import Candidates
from search.columns import Columns
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


@dataclass(frozen=True, slots=True)
class _Listed:
    """One lot over the suppliers to be listed, as plain lists: reading numpy one number at a time is slow.

    The first seven hold one value per supplier, the others one per offer of those suppliers.
    """

    number: int
    lot: Lot
    covered: list[bool]
    share: list[float]
    fit: list[float]
    price: list[float]
    short: list[bool]
    known: list[bool]
    available: list[int]
    covering: list[bool]
    similarity: list[float]
    offer_fit: list[float]
    offer_price: list[float]

    @classmethod
    def of(cls, result: LotResult, order: np.ndarray, offers: np.ndarray) -> "_Listed":
        amounts = result.quantities
        by_supplier = (amounts.covered, amounts.share, result.fit, result.price)
        by_supplier += (amounts.short, amounts.known, amounts.available)
        by_offer = (result.view.covering, result.view.similarity, result.offer_fit, result.offer_price)
        return cls(
            result.view.number,
            result.view.lot,
            *(column[order].tolist() for column in by_supplier),
            *(column[offers].tolist() for column in by_offer),
        )


def matches(demand: Demand, asked: Sequence[Asked], scored: Scored, order: np.ndarray) -> tuple[Match, ...]:
    """The suppliers at these positions of ``scored``, ranked 1, 2, ... in the order given."""
    found, columns = scored.found, scored.found.columns
    suppliers = found.suppliers[order]
    spans = [found.offers_of(position) for position in order.tolist()]
    offers = np.array([at for span in spans for at in span], dtype=np.intp)
    lots = [_Listed.of(result, order, offers) for result in scored.results]
    offer_rows = found.rows[offers].tolist()
    offer_ids = columns.offers.ids[found.rows[offers]].tolist()

    covers, covering_rows, start = [], [], 0
    for place, span in enumerate(spans):
        chosen = [
            (listed, _best_first(listed, start, start + len(span), offer_ids))
            for listed in lots
            if listed.covered[place]
        ]
        covers.append(tuple(_lot_cover(listed, place, at, offer_ids) for listed, at in chosen))
        covering_rows.append(frozenset(offer_rows[one] for _, at in chosen for one in at))
        start += len(span)
    evidence = evidence_of(columns, asked, suppliers.tolist(), covering_rows)

    distances = scored.km[order].tolist()
    scores = scored.score[order].tolist()
    contributions = _rows(scored.contributions, order)
    utilities = _rows(scored.utilities, order)
    ids = columns.supplier_ids[suppliers].tolist()
    names = columns.names[suppliers].tolist()
    return tuple(
        Match(
            rank=place + 1,
            supplier_id=ids[place],
            name=names[place],
            score=scores[place],
            contributions=contributions[place],
            utilities=utilities[place],
            distance_km=distances[place],
            lots=covers[place],
            evidence=evidence[place],
            reasons=(
                *_place_facts(demand, distances[place]),
                *_standing_facts(demand, columns, int(suppliers[place])),
                *_lot_facts(lots, place, covers[place]),
                *_criteria_facts(asked, evidence[place]),
                *_price_facts(demand, covers[place]),
            ),
        )
        for place in range(len(order))
    )


def _rows(parts: dict[str, np.ndarray], order: np.ndarray) -> list[dict[str, float]]:
    """Columns by name as one mapping per supplier."""
    columns = [column[order].tolist() for column in parts.values()]
    return [dict(zip(parts, values, strict=True)) for values in zip(*columns, strict=True)]


def _best_first(listed: _Listed, start: int, end: int, offer_ids: list[int]) -> list[int]:
    """The covering offers between two positions: by fit, then price, then id."""
    covering = [at for at in range(start, end) if listed.covering[at]]
    if len(covering) > 1:
        fit, price = listed.offer_fit, listed.offer_price
        covering.sort(key=lambda at: (-round(fit[at], SCORE_DECIMALS), price[at], offer_ids[at]))
    return covering


def _lot_cover(listed: _Listed, place: int, covering: list[int], offer_ids: list[int]) -> LotCover:
    price = listed.price[place]
    return LotCover(
        lot=listed.number,
        offer_ids=tuple(offer_ids[at] for at in covering),
        similarity=max(listed.similarity[at] for at in covering),
        share=listed.share[place],
        best_price=None if price == math.inf else price,
        fit=listed.fit[place],
    )


# Facts, in the order of search.reasons.FACTS.


def _place_facts(demand: Demand, km: float) -> list[Reason]:
    if demand.mode == Mode.REMOTE:
        return [Reason.of("remote")]
    facts = [Reason.of("distance", km=km)]
    if demand.mode in (Mode.DELIVER, Mode.ON_SITE):
        facts.append(Reason.of("in_area"))
    if demand.max_distance_km is not None:
        facts.append(Reason.of("within_distance", km=km, max_km=demand.max_distance_km))
    return facts


def _standing_facts(demand: Demand, columns: Columns, row: int) -> list[Reason]:
    facts = []
    if demand.qualifications:
        held = [code for code in columns.qualifications.of(row) if code in demand.qualifications]
        facts.append(Reason.of("qualified", held=",".join(held)))
    if demand.months:
        facts.append(Reason.of("in_season", asked=",".join(str(month) for month in sorted(demand.months))))
    return facts


def _lot_facts(lots: Sequence[_Listed], place: int, covers: tuple[LotCover, ...]) -> list[Reason]:
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


def _price_facts(demand: Demand, covers: tuple[LotCover, ...]) -> list[Reason]:
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
