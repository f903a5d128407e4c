"""How good a ranked list is, given the grades of what it holds (0 to 3; what nobody judged has 0)."""

import math
from collections.abc import Iterable, Mapping, Sequence

NDCG_DEPTH, RECALL_DEPTH = 10, 20
RELEVANT = 2
"""The least grade that answers a query; grade 1 is related only."""


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = NDCG_DEPTH) -> float:
    """Normalised discounted cumulative gain, 0 to 1: the list's gain by that of the best possible list.

    Gain ``2 ** grade - 1``, discount ``log2(rank + 1)`` (Burges et al., Learning to Rank using Gradient Descent,
    2005). A query that nothing answers has no value: it may not be judged.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not best:
        raise ValueError("a query without an answer cannot be judged")
    return _gain(grades.get(offer, 0) for offer in ranked[:depth]) / best


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = RECALL_DEPTH) -> float:
    """Which part of the offers that answer the query are among the first, 0 to 1.

    Of as many as could be there: with 70 offers that answer it, 20 in the first 20 are all that can be asked.
    """
    relevant = {offer for offer, grade in grades.items() if grade >= RELEVANT}
    if not relevant:
        raise ValueError("a query without an answer cannot be judged")
    return len(relevant.intersection(ranked[:depth])) / min(depth, len(relevant))
