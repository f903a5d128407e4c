"""Which offers hold which criterion on a day, for browsing: by a claim of the organisation or of the offer itself.

Any claim counts that counts in a match (:mod:`search.judging`), whatever its proof: unexpired; with
its proof where it is verified and admitted; as declared where nobody verified it and the criterion
admits that; otherwise not at all.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from search.claim_columns import ClaimColumns
from search.columns import Columns
from search.criteria import CriteriaRegister
from search.judging import NOTHING, effective_proofs


@dataclass(frozen=True, eq=False)
class HeldCriteria:
    """``by_offer`` is a mask of shape (criteria, offers), in the order of ``codes``."""

    codes: tuple[str, ...]
    by_offer: np.ndarray

    @classmethod
    def on(cls, today: date, columns: Columns, criteria: CriteriaRegister) -> "HeldCriteria":
        """The criteria held on a day (in Europe/Rome)."""
        codes = tuple(
            criterion.code
            for criterion in criteria
            if criterion.code in columns.supplier_claims.codes or criterion.code in columns.offer_claims.codes
        )
        by_offer = np.zeros((len(codes), len(columns.offers)), dtype=np.bool_)
        for mask, code in zip(by_offer, codes, strict=True):
            proofs = effective_proofs(criteria[code].proofs)
            by_supplier = np.zeros(len(columns), dtype=np.bool_)
            by_supplier[_holders(columns.supplier_claims, code, proofs, today)] = True
            np.take(by_supplier, columns.offers.supplier, out=mask)
            mask[_holders(columns.offer_claims, code, proofs, today)] = True
        return cls(codes, by_offer)

    def of(self, code: str) -> np.ndarray:
        """Mask of the offers that hold a criterion; none for one that nobody claims."""
        if code in self.codes:
            return self.by_offer[self.codes.index(code)]
        return np.zeros(self.by_offer.shape[1], dtype=np.bool_)

    def counts(self, rows: np.ndarray) -> dict[str, int]:
        """How many of these offers hold each criterion, those held by none left out."""
        if len(rows) * 8 < self.by_offer.shape[1]:
            held = self.by_offer[:, rows]
        else:  # a whole row is read faster than many places of it
            chosen = np.zeros(self.by_offer.shape[1], dtype=np.bool_)
            chosen[rows] = True
            held = self.by_offer & chosen
        totals = np.count_nonzero(held, axis=1)
        return {code: int(total) for code, total in zip(self.codes, totals, strict=True) if total}


def _holders(claims: ClaimColumns, code: str, proofs: np.ndarray, today: date) -> np.ndarray:
    part = claims.of_criterion(code)
    effective = proofs[claims.verified[part].astype(np.intp), claims.proof[part]]
    return claims.holder[part][(effective != NOTHING) & (claims.expires[part] >= today.toordinal())]
