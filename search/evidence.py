"""The evidence by which listed suppliers meet the criteria of a demand, spelled out one by one."""

from collections.abc import Iterator, Sequence

import numpy as np

from search.answer import Evidence
from search.claim_columns import NEVER, PROOFS, ClaimColumns
from search.columns import Columns
from search.judging import Asked, Standing


def evidence_of(
    columns: Columns, asked: Sequence[Asked], rows: Sequence[int], covering: Sequence[frozenset[int]]
) -> list[tuple[Evidence, ...]]:
    """For each supplier row, the best claim of each holder on each criterion: the organisation's, then its offers'.

    ``covering`` are the rows of each supplier's offers that cover a lot; no other
    offer's claims count. A required criterion gives the best claim with an
    accepted proof; one that is preferred too gives a better one beside it.
    """
    found: list[list[Evidence]] = [[] for _ in rows]
    suppliers = np.asarray(rows, dtype=np.int64)
    starts, ends = columns.offer_starts[suppliers], columns.offer_starts[suppliers + 1]
    for one in asked:
        for claims, standing, first, last in (
            (columns.supplier_claims, one.suppliers, suppliers, suppliers + 1),
            (columns.offer_claims, one.offers, starts, ends),
        ):
            lows = np.searchsorted(standing.holder, first).tolist()
            highs = np.searchsorted(standing.holder, last).tolist()
            of_offers = claims is columns.offer_claims
            for position, (low, high) in enumerate(zip(lows, highs, strict=True)):
                if low == high:
                    continue
                for holder, held in _by_holder(standing, low, high):
                    if of_offers and holder not in covering[position]:
                        continue
                    offer_id = int(columns.offers.ids[holder]) if of_offers else None
                    found[position] += _best(one, claims, standing, held, offer_id)
    return [tuple(sorted(evidence, key=_order)) for evidence in found]


def chief_evidence(evidence: Sequence[Evidence]) -> dict[tuple[str, bool], Evidence]:
    """Of all evidence the best for each criterion, by (criterion, whether required); of equals, the first."""
    chief: dict[tuple[str, bool], Evidence] = {}
    for one in evidence:
        key = one.criterion, one.required
        if key not in chief or _worth(one) > _worth(chief[key]):
            chief[key] = one
    return chief


def _by_holder(standing: Standing, low: int, high: int) -> Iterator[tuple[int, list[int]]]:
    """Each holder between two positions, with the positions of its claims."""
    holders = standing.holder[low:high].tolist()
    begin = 0
    for end in range(1, len(holders) + 1):
        if end == len(holders) or holders[end] != holders[begin]:
            yield holders[begin], list(range(low + begin, low + end))
            begin = end


def _best(
    one: Asked, claims: ClaimColumns, standing: Standing, held: list[int], offer_id: int | None
) -> list[Evidence]:
    def claim_order(position: int) -> tuple[float, int, int]:
        proof = standing.proof[position]
        return float(one.values[proof]), int(proof), int(claims.expires[standing.claim[position]])

    def evidence(position: int, required: bool) -> Evidence:
        proof = standing.proof[position]
        expires = claims.expiry(standing.claim[position])
        return Evidence(
            one.criterion, PROOFS[proof].value, float(one.values[proof]), offer_id, expires, required
        )

    best: list[Evidence] = []
    if one.accepted is not None:
        accepted = [position for position in held if one.accepted[standing.proof[position]]]
        if accepted:
            best.append(evidence(max(accepted, key=claim_order), True))
    if one.importance is not None:
        wished = evidence(max(held, key=claim_order), False)
        if not best or wished.value > best[0].value:
            best.append(wished)
    return best


def _worth(evidence: Evidence) -> tuple[float, int, int]:
    expires = NEVER if evidence.expires is None else evidence.expires.toordinal()
    return evidence.value, PROOFS.index(evidence.proof), expires


def _order(evidence: Evidence) -> tuple:
    """By criterion, the organisation's before the offers', the must before the wish."""
    return (
        evidence.criterion,
        evidence.offer_id is not None,
        evidence.offer_id or 0,
        not evidence.required,
    )
