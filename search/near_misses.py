"""Suppliers in category that fail exactly one must, with what is missing and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo.areas import Area, km_outside
from search.answer import NearMiss
from search.candidates import Candidates
from search.claim_columns import PROOFS, UNKNOWN_PROOF, ClaimColumns
from search.columns import Columns
from search.demand import Demand, Mode
from search.facts import short
from search.judging import Asked, Standing
from search.lot_views import LotView, quantities
from search.reasons import Reason


@dataclass(frozen=True, eq=False)
class Question:
    """What is needed to say what a candidate lacks: the demand over all candidates, and the day."""

    demand: Demand
    found: Candidates
    km: np.ndarray
    tables: np.ndarray
    season: np.ndarray
    goes: np.ndarray
    views: tuple[LotView, ...]
    asked: tuple[Asked, ...]
    today: date


def near_misses(
    question: Question, failed: dict[str, np.ndarray], order: Sequence[int]
) -> tuple[NearMiss, ...]:
    """The candidates at these positions, in the order given; ``failed`` masks, by must, those that fail it."""
    columns = question.found.columns
    return tuple(
        NearMiss(
            supplier_id=int(columns.supplier_ids[question.found.suppliers[position]]),
            name=columns.names[question.found.suppliers[position]],
            distance_km=float(question.km[position]),
            failed=(must := next(must for must, mask in failed.items() if mask[position])),
            reasons=tuple(_SHORTFALLS[must](question, position)),
        )
        for position in order
    )


def _lacks_reach(question: Question, position: int) -> list[Reason]:
    if question.demand.mode == Mode.COLLECT:
        return _lacks_nearness(question, position)
    areas = _areas_in_question(question, position)
    if not areas:
        return [Reason.of("no_area")]
    return [Reason.of("outside_area", km=km_outside(areas, question.demand.place))]


def _areas_in_question(question: Question, position: int) -> list[Area]:
    """The areas to which the supplier's offers in category and season go."""
    columns = question.found.columns
    areas = columns.areas_of(int(question.found.suppliers[position]))
    named: set[int] = set()
    for at in question.found.offers_of(position):
        if question.season[at]:
            own = columns.offer_areas.of_offer(int(question.found.rows[at]))
            if own is None:
                return list(areas)
            named.update(own)
    return [area for number, area in enumerate(areas) if number in named]


def _lacks_nearness(question: Question, position: int) -> list[Reason]:
    km, limit = float(question.km[position]), question.demand.max_distance_km
    return [Reason.of("too_far", km=km, max_km=limit, beyond_km=km - limit)]


def _lacks_qualification(question: Question, position: int) -> list[Reason]:
    return [Reason.of("not_qualified", asked=",".join(sorted(question.demand.qualifications)))]


def _lacks_season(question: Question, position: int) -> list[Reason]:
    bits = 0
    for at in question.found.offers_of(position):
        bits |= int(question.found.columns.offers.months[question.found.rows[at]])
    offered = [month for month in range(1, 13) if bits & (1 << (month - 1))]
    return [
        Reason.of(
            "no_offer_in_season",
            asked=",".join(str(month) for month in sorted(question.demand.months)),
            offered=",".join(str(month) for month in offered),
        )
    ]


def _lacks_capacity(question: Question, position: int) -> list[Reason]:
    alone = np.zeros(len(question.found), dtype=np.bool_)
    alone[position] = True
    reasons = []
    for view in question.views:
        if view.lot.splittable:
            continue
        amounts = quantities(view.of(alone))
        if amounts.short[position]:
            reasons.append(short("short_of", view.number, int(amounts.available[position]), view.lot))
    return reasons


def _lacks_criteria(question: Question, position: int) -> list[Reason]:
    """What the offer lacks that comes nearest: fewest criteria missing, then most similar, then first by id."""
    columns = question.found.columns
    supplier = int(question.found.suppliers[position])
    required = [one for one in question.asked if one.accepted is not None]
    nearest: tuple | None = None
    for at in question.found.offers_of(position):
        if not (question.season[at] and question.goes[at]):
            continue
        offer = int(question.found.rows[at])
        missing = [one for one in required if not _holds(one, supplier, offer)]
        similarity = float(question.tables[:, columns.offers.category[offer]].max())
        key = len(missing), -similarity, int(columns.offers.ids[offer])
        if nearest is None or key < nearest[0]:
            nearest = key, missing, offer
    assert nearest is not None, "a supplier fails the criteria only with an offer in season that goes there"
    return [_shortfall(columns, one, supplier, nearest[2], question.today) for one in nearest[1]]


def _holds(one: Asked, supplier: int, offer: int) -> bool:
    return any(
        one.accepted[proof]
        for standing, holder in ((one.suppliers, supplier), (one.offers, offer))
        for proof in _proofs_of(standing, holder)
    )


def _proofs_of(standing: Standing, holder: int) -> np.ndarray:
    low, high = np.searchsorted(standing.holder, (holder, holder + 1))
    return standing.proof[low:high]


def _shortfall(columns: Columns, one: Asked, supplier: int, offer: int, today: date) -> Reason:
    """Why one required criterion is missing: what comes nearest to holding it, the organisation's claims first."""
    offer_id = int(columns.offers.ids[offer])
    holders = ((columns.supplier_claims, supplier, None), (columns.offer_claims, offer, offer_id))
    expired, unverified = [], []
    for claims, holder, holder_id in holders:
        for claim in _claims_of(claims, one.criterion, holder):
            number, expires = int(claims.proof[claim]), int(claims.expires[claim])
            if number == UNKNOWN_PROOF or not one.accepted[number]:
                continue
            nearest = expires, number, holder_id is None, claims.expiry(claim), holder_id
            if claims.verified[claim] and expires < today.toordinal():
                expired.append(nearest)
            elif not claims.verified[claim] and expires >= today.toordinal():
                unverified.append(nearest)
    if expired:
        _, number, _, expiry, holder_id = max(expired, key=lambda claim: claim[:3])
        return Reason.of(
            "claim_expired",
            criterion=one.criterion,
            proof=PROOFS[number].value,
            expires=expiry.isoformat(),
            offer=holder_id,
        )
    if unverified:
        _, number, _, _, holder_id = max(unverified, key=lambda claim: (claim[1], claim[2]))
        return Reason.of(
            "claim_unverified", criterion=one.criterion, proof=PROOFS[number].value, offer=holder_id
        )
    valid = [(int(proof), True, None) for proof in _proofs_of(one.suppliers, supplier)]
    valid += [(int(proof), False, offer_id) for proof in _proofs_of(one.offers, offer)]
    if valid:
        number, _, holder_id = max(valid, key=lambda claim: claim[:2])
        return Reason.of(
            "proof_not_accepted", criterion=one.criterion, proof=PROOFS[number].value, offer=holder_id
        )
    return Reason.of("claim_missing", criterion=one.criterion)


def _claims_of(claims: ClaimColumns, criterion: str, holder: int) -> range:
    part = claims.of_criterion(criterion)
    low, high = np.searchsorted(claims.holder[part], (holder, holder + 1))
    return range(part.start + int(low), part.start + int(high))


_SHORTFALLS = {
    "reach": _lacks_reach,
    "distance": _lacks_nearness,
    "criteria": _lacks_criteria,
    "reserved": _lacks_qualification,
    "season": _lacks_season,
    "capacity": _lacks_capacity,
}
