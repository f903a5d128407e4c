"""Claims as numpy columns, in order of criterion, then holder, so that one criterion is one slice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from search.criteria import Proof
from search.documents import ClaimDocument
from search.vocabulary import Vocabulary, merged

PROOFS = tuple(Proof)
"""Proofs by number, from the least to the most formal."""
_PROOF_NUMBERS = {proof.value: number for number, proof in enumerate(PROOFS)}
UNKNOWN_PROOF = len(PROOFS)
"""The number of a proof that nobody knows: such a claim counts as declared at most, and only if unverified."""
NEVER = np.iinfo(np.int32).max
"""In the column of expiries: the claim does not expire."""

CLAIM_TYPES = {
    "criterion": np.int32,
    "holder": np.int32,
    "proof": np.int8,
    "expires": np.int32,
    "verified": np.bool_,
}
"""The dtype of each column of the claims."""


@dataclass(frozen=True, eq=False)
class ClaimColumns:
    """One row per claim; ``holder`` is a row of the suppliers, or of the offers.

    ``expires`` is the last valid day as a proleptic ordinal
    (``date.toordinal``), :data:`NEVER` for none.
    """

    criterion: np.ndarray
    holder: np.ndarray
    proof: np.ndarray
    expires: np.ndarray
    verified: np.ndarray
    codes: Vocabulary

    def __len__(self) -> int:
        return len(self.criterion)

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.searchsorted(self.criterion, np.arange(len(self.codes) + 1))

    def of_criterion(self, code: str) -> slice:
        """The claims of one criterion, in order of their holders."""
        number = self.codes.number(code)
        return slice(0, 0) if number < 0 else slice(int(self._starts[number]), int(self._starts[number + 1]))

    def expiry(self, row: int) -> date | None:
        """The last valid day of one claim."""
        ordinal = int(self.expires[row])
        return None if ordinal == NEVER else date.fromordinal(ordinal)

    def renumbered(self, new_row: np.ndarray) -> "ClaimColumns":
        """The same for holders that have moved, in the same order; those with a negative new row are gone."""
        holder = new_row[self.holder]
        kept = np.flatnonzero(holder >= 0)
        return ClaimColumns(
            self.criterion[kept],
            holder[kept],
            self.proof[kept],
            self.expires[kept],
            self.verified[kept],
            self.codes,
        )

    @classmethod
    def concat(cls, parts: Sequence["ClaimColumns"], shifts: Sequence[int]) -> "ClaimColumns":
        """All claims, the holders of each part moved by its shift."""
        codes, maps = merged([part.codes for part in parts])
        columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in CLAIM_TYPES}
        columns["criterion"] = np.concatenate(
            [change[part.criterion] for part, change in zip(parts, maps, strict=True)]
        )
        columns["holder"] = np.concatenate(
            [part.holder + np.int32(shift) for part, shift in zip(parts, shifts, strict=True)]
        )
        return cls.ordered(columns, codes)

    @classmethod
    def ordered(cls, columns: dict[str, np.ndarray], codes: Vocabulary) -> "ClaimColumns":
        """Claims in any order, put into the order of this class; those of one holder keep theirs."""
        order = np.lexsort((columns["holder"], columns["criterion"]))
        return cls(codes=codes, **{name: column[order] for name, column in columns.items()})


class ClaimLists:
    """Collects the claims of a :class:`ClaimColumns`."""

    def __init__(self) -> None:
        self._rows: list[tuple] = []
        self._codes = Vocabulary()

    def add(self, holder: int, claims: Iterable[ClaimDocument]) -> None:
        """The holder, a row, makes these claims."""
        for claim in claims:
            self._rows.append(
                (
                    self._codes.add(claim.criterion),
                    holder,
                    _PROOF_NUMBERS.get(claim.proof, UNKNOWN_PROOF),
                    NEVER if claim.expires is None else claim.expires.toordinal(),
                    claim.verified,
                )
            )

    def columns(self) -> ClaimColumns:
        columns = zip(*self._rows, strict=True) if self._rows else ([] for _ in CLAIM_TYPES)
        return ClaimColumns.ordered(
            {
                name: np.array(column, dtype=dtype)
                for (name, dtype), column in zip(CLAIM_TYPES.items(), columns, strict=True)
            },
            self._codes,
        )
