"""The reverse view: which demands a supplier answers, as the ranking of each demand sees it.

Nothing is judged here. A supplier's eligibility, score and reasons depend on nobody else
(MATCHING, What must always hold, 3), so each demand is ranked in a world of this supplier alone;
only the rank among others is unknown, and is 1.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

from search.answer import Match, NearMiss
from search.constants import KM_DECIMALS, SCORE_DECIMALS
from search.criteria import EVIDENCE_VALUES, CriteriaRegister
from search.demand import Demand
from search.documents import SupplierDocument
from search.memory import World
from search.taxonomy import CategoryTree
from search.validation import EvidenceValues, validated


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A demand, by the key under which it was given, that a supplier answers or misses by one must.

    Exactly one of ``match`` and ``near_miss`` is set.
    """

    key: Hashable
    match: Match | None = None
    near_miss: NearMiss | None = None


def demands_for(
    supplier: SupplierDocument,
    demands: Iterable[tuple[Hashable, Demand]],
    *,
    tree: CategoryTree,
    criteria: CriteriaRegister,
    now: datetime,
    values: EvidenceValues = EVIDENCE_VALUES,
) -> tuple[Opportunity, ...]:
    """The demands (key, demand) for which the supplier is eligible, best score first, then its near misses.

    Equal ones are nearer first, then in the order given; near misses are in
    order of distance. Demands that it fails in more than one must, or that are
    not in its categories, are left out. Raises as :func:`search.ranking.rank`
    does; demands that are stored are valid.
    """
    world = World([supplier], tree, criteria, values)
    found = []
    for key, demand in demands:
        if not world.concerns(validated(demand, tree, criteria, values)):
            continue
        answer = world.match(demand, now)
        found += [Opportunity(key, match=match) for match in answer.matches]
        found += [Opportunity(key, near_miss=near_miss) for near_miss in answer.near_misses]
    return tuple(sorted(found, key=_order))


def _order(opportunity: Opportunity) -> tuple:
    if opportunity.match:
        match = opportunity.match
        return 0, -round(match.score, SCORE_DECIMALS), round(match.distance_km, KM_DECIMALS)
    return 1, 0.0, round(opportunity.near_miss.distance_km, KM_DECIMALS)
