"""A stored demand as the matcher sees it."""

from geo.areas import Place
from geo.points import Point
from marketplace.demands.models import Demand
from marketplace.demands.types import PUBLIC_TYPES
from search import demand as values


def matchable(demand: Demand) -> values.Demand:
    """The plain value of a stored demand; lots must be loaded. Raises nothing: what is stored was validated."""
    return values.Demand(
        place=Place(Point(demand.lat, demand.lon), demand.comune, demand.province),
        lots=tuple(
            values.Lot(lot.category, lot.cpv, lot.text, lot.quantity, lot.unit, lot.budget, lot.splittable)
            for lot in demand.lots
        ),
        profile=values.Profile.PUBLIC if demand.type in PUBLIC_TYPES else values.Profile.COMMUNITY,
        mode=values.Mode(demand.mode),
        max_distance_km=demand.max_distance_m / 1000 if demand.max_distance_m is not None else None,
        half_life_km=demand.half_life_m / 1000,
        required=tuple(
            values.Required(must["criterion"], frozenset(must["proofs"])) for must in demand.required
        ),
        preferred=tuple(values.Preferred(wish["criterion"], wish["importance"]) for wish in demand.preferred),
        qualifications=frozenset(demand.qualifications),
        months=demand.months,
        weights=values.Weights(**demand.weights),
        budget_with_vat=demand.budget_with_vat,
        proximity_reason=demand.proximity_reason,
    )
