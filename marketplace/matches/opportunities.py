"""Who is looking for what an organisation offers: the open demands, by the same match as the buyer's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.catalogue.documents import supplier_documents
from marketplace.demands.models import Demand
from marketplace.demands.naming import lot_names
from marketplace.demands.queries import open_ranked_demands
from marketplace.demands.values import matchable, readable
from marketplace.i18n import current_language
from marketplace.matches.sentences import Naming
from marketplace.matches.supplier_sentences import sentence_to_supplier
from search.reverse import Opportunity, demands_for

#: Demands looked at, those that close first; a supplier reads no more at one sitting.
LOOKED_AT = 1000
#: Demands shown above and below the line.
SHOWN, MISSED_SHOWN = 50, 20


@dataclass(frozen=True, slots=True)
class ListedOpportunity:
    """A demand that the supplier could answer, or misses by one thing; ``sentences`` say why or what is missing."""

    demand: Demand
    opportunity: Opportunity
    sentences: tuple[str, ...]

    @property
    def distance_km(self) -> float:
        return (self.opportunity.match or self.opportunity.near_miss).distance_km


@dataclass(frozen=True, slots=True)
class Opportunities:
    answerable: tuple[ListedOpportunity, ...]
    missed: tuple[ListedOpportunity, ...]
    #: Whether the organisation has a seat and a published offer, without which nobody finds it.
    is_findable: bool


def opportunities(session: Session, organisation_id: int, now: datetime) -> Opportunities:
    """Open demands for one organisation, best first, then those for which it lacks one thing."""
    supplier = next(iter(supplier_documents(session, [organisation_id])), None)
    if supplier is None or supplier.seat is None or not supplier.offers:
        return Opportunities((), (), is_findable=False)
    demands = {demand.id: demand for demand in open_ranked_demands(session, now, limit=LOOKED_AT)}
    found = demands_for(
        supplier,
        [
            (demand.id, value)
            for demand, value in readable(demands.values())
            if demand.organisation_id != organisation_id
        ],
        tree=engines.categories(),
        criteria=engines.criteria(),
        now=now,
    )
    answerable = [each for each in found if each.match][:SHOWN]
    missed = [each for each in found if each.near_miss][:MISSED_SHOWN]
    return Opportunities(_listed(answerable, demands), _listed(missed, demands), is_findable=True)


def _listed(found: Sequence[Opportunity], demands: dict[int, Demand]) -> tuple[ListedOpportunity, ...]:
    language = current_language()
    listed = []
    for each in found:
        demand = demands[each.key]
        names = lot_names(
            matchable(demand).lots, engines.categories(), engines.cpv_labels(language), language
        )
        naming = Naming(engines.criteria(), names, language)
        reasons = (each.match or each.near_miss).reasons
        listed.append(
            ListedOpportunity(demand, each, tuple(sentence_to_supplier(reason, naming) for reason in reasons))
        )
    return tuple(listed)
