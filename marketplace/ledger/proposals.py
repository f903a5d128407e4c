"""Which payment is whose: a pure decision with its reasons, sure only where two things agree or a reference says it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.ledger.transfers import household_in

#: Words of a household's name that say nothing about whose it is.
_COMMON = frozenset({"famiglia", "fam", "sig", "sigra", "signora", "signor", "casa", "e", "de", "di", "da"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household of the group; ``owed`` cents that it has to pay, 0 where it owes nothing."""

    id: int
    name: str
    owed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """``reasons``: reference, name, amount."""

    household: int
    reasons: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return "reference" in self.reasons or len(self.reasons) > 1


def propose(amount: int, counterparty: str, text: str, candidates: Sequence[Candidate]) -> Proposal | None:
    """Whose payment this is; ``None`` where nothing, or as much for several, speaks for it. Only what came in."""
    if amount <= 0:
        return None
    said = household_in(f"{counterparty} {text}")
    if said is not None and any(candidate.id == said for candidate in candidates):
        return Proposal(said, ("reference",))
    words = _words(f"{counterparty} {text}")
    found = []
    for candidate in candidates:
        own = _words(candidate.name) - _COMMON
        reasons = []
        if own and own <= words:
            reasons.append("name")
        if candidate.owed == amount:
            reasons.append("amount")
        if reasons:
            found.append(Proposal(candidate.id, tuple(reasons)))
    if not found:
        return None
    # a name says more than an amount that happens to be owed
    found.sort(key=lambda one: (len(one.reasons), "name" in one.reasons), reverse=True)
    if len(found) > 1 and _rank(found[0]) == _rank(found[1]):
        return None
    return found[0]


def _rank(proposal: Proposal) -> tuple[int, bool]:
    return len(proposal.reasons), "name" in proposal.reasons


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return {
        word for word in re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
        if len(word) > 1
    }  # fmt: skip
