"""Which claims count for a demand, and as what (MATCHING, Valid claims and the table of proofs).

A claim counts until its last valid day in Europe/Rome, with its proof where it is verified and
admitted for the criterion, as ``declared`` where nobody verified it and the criterion admits
``declared``, and otherwise not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from search.claim_columns import PROOFS, UNKNOWN_PROOF, ClaimColumns
from search.columns import Columns
from search.criteria import CriteriaRegister, Proof
from search.demand import Demand
from search.validation import EvidenceValues

ROME = ZoneInfo("Europe/Rome")
NOTHING = -1
"""As an effective proof: the claim does not count."""
_DECLARED = PROOFS.index(Proof.DECLARED)


def rome_day(now: datetime) -> date:
    """The day in Europe/Rome of an aware moment. Raises ValueError for a naive one."""
    if now.tzinfo is None:
        raise ValueError("The moment of a match needs a time zone.")
    return now.astimezone(ROME).date()


@dataclass(frozen=True, eq=False)
class Standing:
    """The claims of one holder kind (suppliers, or offers) on one criterion that count today.

    ``holder`` are rows in ascending order, with repeats; ``proof`` the effective
    proof by number; ``claim`` the row among the claims.
    """

    holder: np.ndarray
    proof: np.ndarray
    claim: np.ndarray

    def holders_with(self, proofs: np.ndarray) -> np.ndarray:
        """Rows of the holders with one of the proofs (a mask by number)."""
        return self.holder[proofs[self.proof]]

    def best(self, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """For each of the ascending ``rows`` the highest value of its claims, 0 without; ``values`` by proof.

        The work is in proportion to the claims of one criterion and to the
        rows asked, whatever the size of the world.
        """
        best = np.zeros(len(rows))
        if len(rows) and len(self.holder):
            place = np.minimum(np.searchsorted(rows, self.holder), len(rows) - 1)
            asked = rows[place] == self.holder
            np.maximum.at(best, place[asked], values[self.proof[asked]])
        return best


@dataclass(frozen=True, eq=False)
class Asked:
    """A criterion that a demand asks, judged over the columns.

    ``accepted`` is a mask over the proofs by number where the criterion is
    required, else ``None``; ``importance`` is ``None`` where it is not
    preferred; ``values`` the worth of each proof by number, 0 to 1.
    """

    criterion: str
    accepted: np.ndarray | None
    importance: int | None
    values: np.ndarray
    suppliers: Standing
    offers: Standing


def effective_proofs(admitted: Iterable[str]) -> np.ndarray:
    """As what a claim counts: by verified (0 or 1) and the number of its proof; :data:`NOTHING` for not at all."""
    admitted = frozenset(admitted)
    table = np.full((2, len(PROOFS) + 1), NOTHING, dtype=np.int8)
    if Proof.DECLARED in admitted:
        table[0, :] = _DECLARED
    for number, proof in enumerate(PROOFS):
        if proof in admitted:
            table[1, number] = number
    table[1, UNKNOWN_PROOF] = NOTHING
    return table


def asked_criteria(
    demand: Demand, columns: Columns, criteria: CriteriaRegister, today: date, values: EvidenceValues
) -> tuple[Asked, ...]:
    """The criteria that the demand requires or prefers, in order of their codes, with the claims that count."""
    required = {one.criterion: one.proofs for one in demand.required}
    preferred = {one.criterion: one.importance for one in demand.preferred}
    worth = np.array([values[demand.profile][proof] for proof in PROOFS], dtype=np.float64)
    asked = []
    for code in sorted(required.keys() | preferred.keys()):
        effective = effective_proofs(criteria[code].proofs)
        asked.append(
            Asked(
                criterion=code,
                accepted=_proof_mask(required[code]) if code in required else None,
                importance=preferred.get(code),
                values=worth,
                suppliers=_standing(columns.supplier_claims, code, effective, today),
                offers=_standing(columns.offer_claims, code, effective, today),
            )
        )
    return tuple(asked)


def meets_required(asked: Iterable[Asked], columns: Columns, rows: np.ndarray) -> np.ndarray:
    """Mask over the offer ``rows``: those that hold every required criterion, themselves or by their supplier."""
    meets = np.ones(len(rows), dtype=np.bool_)
    suppliers = columns.offers.supplier[rows]
    for one in asked:
        if one.accepted is not None:
            by_supplier = np.zeros(len(columns), dtype=np.bool_)
            by_supplier[one.suppliers.holders_with(one.accepted)] = True
            by_offer = np.zeros(len(columns.offers), dtype=np.bool_)
            by_offer[one.offers.holders_with(one.accepted)] = True
            meets &= by_supplier[suppliers] | by_offer[rows]
    return meets


def _proof_mask(proofs: Iterable[str]) -> np.ndarray:
    mask = np.zeros(len(PROOFS), dtype=np.bool_)
    mask[[number for number, proof in enumerate(PROOFS) if proof in proofs]] = True
    return mask


def _standing(claims: ClaimColumns, code: str, effective: np.ndarray, today: date) -> Standing:
    part = claims.of_criterion(code)
    proof = effective[claims.verified[part].astype(np.intp), claims.proof[part]]
    counting = np.flatnonzero((proof != NOTHING) & (claims.expires[part] >= today.toordinal()))
    return Standing(claims.holder[part][counting], proof[counting], counting + part.start)
