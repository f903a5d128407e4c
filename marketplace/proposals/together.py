"""Who could answer a demand together, from the same match as its page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.demands.models import Demand
from marketplace.demands.values import matchable
from marketplace.explore.map_points import points
from marketplace.explore.queries import OrganisationRow, organisation_rows
from search.combinations import AskedLot, Candidate, Combination, Combinations, combine

#: Suitable suppliers that are looked at, the best first.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Together:
    """``found`` as :func:`search.combinations.combine` gives it; lots by their number in the demand."""

    found: Combinations
    organisations: dict[int, OrganisationRow]
    km: dict[int, float]
    eligible: frozenset[int]
    map_points: dict

    def members(self, combination: Combination) -> list[OrganisationRow]:
        """Nearest first; whoever was suspended since the index last looked is left out."""
        return [self.organisations[id_] for id_ in combination.supplier_ids if id_ in self.organisations]

    @property
    def one_suffices(self) -> bool:
        return any(len(one.supplier_ids) == 1 and one.is_whole for one in self.found.found)


def together(session: Session, demand: Demand, now: datetime) -> Together:
    """The smallest, nearest, best sets of suitable suppliers that bring everything, or as much as there is."""
    asked = matchable(demand)
    answer = engines.search_engine().match(asked, now, limit=LOOKED_AT, near_miss_limit=0)
    found = combine(
        [AskedLot(lot.quantity, lot.splittable) for lot in asked.lots],
        [
            Candidate(
                match.supplier_id,
                0.0 if asked.mode == "remote" else match.distance_km,
                match.score,
                {cover.lot: _brings(asked.lots[cover.lot].quantity, cover.share) for cover in match.lots},
            )
            for match in answer.matches
        ],
    )
    named = {id_ for one in found.found for id_ in one.supplier_ids}
    organisations = organisation_rows(session, list(named))
    return Together(
        found,
        organisations,
        {match.supplier_id: match.distance_km for match in answer.matches},
        frozenset(match.supplier_id for match in answer.matches),
        points(organisations.values(), {id_: {"icon": "shop"} for id_ in organisations}),
    )


def _brings(quantity: int | None, share: float) -> int | None:
    """Thousandths; a share of 1 is all that is asked, or an amount that nobody knows."""
    return None if quantity is None or share >= 1.0 else round(share * quantity)
