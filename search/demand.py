"""A demand as the matcher sees it (MATCHING, Inputs); :mod:`search.validation` says what may be asked."""

from dataclasses import dataclass
from enum import StrEnum

from geo.areas import Place
from search.criteria import Profile

__all__ = ["Demand", "InvalidDemand", "Lot", "Mode", "Preferred", "Profile", "Required", "Weights"]


class Mode(StrEnum):
    DELIVER = "deliver"
    ON_SITE = "on_site"
    COLLECT = "collect"
    REMOTE = "remote"


class InvalidDemand(ValueError):
    """A demand that may not be asked: ``field`` and ``code`` say what and why, ``values`` the numbers.

    Fields inside lists carry the position from 0: ``lots.0.quantity``. The codes are in
    :data:`search.validation.CODES`.
    """

    def __init__(self, field: str, code: str, **values):
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.values = field, code, values


@dataclass(frozen=True, slots=True)
class Lot:
    """One line of a demand.

    ``category`` wins over ``cpv`` where both are given. ``quantity`` is in
    thousandths of ``unit``; ``budget`` in ten-thousandths of a euro per unit,
    greater than 0, with or without VAT as the demand says; ``splittable`` lots
    may be shared among suppliers. A quantity or a budget without a unit
    compares with nothing: the share counts as whole, the price as unknown.
    """

    category: str | None = None
    cpv: str | None = None
    text: str = ""
    quantity: int | None = None
    unit: str | None = None
    budget: int | None = None
    splittable: bool = True


@dataclass(frozen=True, slots=True)
class Required:
    """A must: the criterion with at least one of the accepted proofs."""

    criterion: str
    proofs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Preferred:
    """A wish: the criterion, with importance 1 to 3."""

    criterion: str
    importance: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each component counts; ``None`` takes the community's default."""

    fit: float | None = None
    proximity: float | None = None
    values: float | None = None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What is needed, where, when, and what counts. See MATCHING for every rule.

    ``budget_with_vat`` ``None`` takes the profile's habit (community with,
    public without). ``proximity_reason`` is the written reason that a public
    buyer owes for a proximity weight above 0 or a ``max_distance_km``.
    """

    place: Place
    lots: tuple[Lot, ...]
    profile: Profile = Profile.COMMUNITY
    mode: Mode = Mode.DELIVER
    max_distance_km: float | None = None
    half_life_km: float = 10.0
    required: tuple[Required, ...] = ()
    preferred: tuple[Preferred, ...] = ()
    qualifications: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()
    weights: Weights = Weights()
    budget_with_vat: bool | None = None
    proximity_reason: str = ""

    @property
    def prices_with_vat(self) -> bool:
        """Whether budgets and the prices beside them include VAT."""
        return self.profile == Profile.COMMUNITY if self.budget_with_vat is None else self.budget_with_vat
