"""Which components of the score count for a demand, and how much (MATCHING, Then the score)."""

from dataclasses import dataclass

from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.demand import Demand, Mode, Profile


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights that count, by component, and the components dropped because the demand is silent on them."""

    weights: dict[str, float]
    dropped: tuple[str, ...]

    @property
    def total(self) -> float:
        """The sum by which scores are divided; 0 only for a demand that validation refuses."""
        return sum(self.weights.values())


def dropped_components(demand: Demand) -> tuple[str, ...]:
    """The components on which the demand says nothing, in the order of :data:`COMPONENTS`."""
    silent = {
        "proximity": demand.mode == Mode.REMOTE,
        "values": not demand.preferred,
        "price": all(lot.budget is None for lot in demand.lots),
    }
    return tuple(component for component in COMPONENTS if silent.get(component, False))


def weighing(demand: Demand) -> Weighing:
    """The weights of a valid demand: a community's missing ones take the defaults, a public body has given all."""
    dropped = dropped_components(demand)
    weights = {}
    for component in COMPONENTS:
        if component not in dropped:
            given = getattr(demand.weights, component)
            if given is None and demand.profile == Profile.COMMUNITY:
                given = DEFAULT_WEIGHTS[component]
            weights[component] = float(given or 0.0)
    return Weighing(weights, dropped)
