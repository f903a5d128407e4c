"""What a match answers: suppliers above the line, near misses below it, and the counts."""

from dataclasses import dataclass
from datetime import date

from search.reasons import Reason

COMPONENTS = ("fit", "proximity", "values", "price")
MUSTS = ("published", "category", "reach", "distance", "criteria", "reserved", "season", "capacity")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A criterion met: by which valid claim, and what it is worth for the demand's profile (0 to 1).

    ``offer_id`` is ``None`` where the organisation itself holds the claim.
    ``proof`` is the proof that counts (``declared`` for an unverified claim);
    ``expires`` its last valid day in Europe/Rome, ``None`` where it does not
    expire; ``required`` whether it satisfies a must.
    """

    criterion: str
    proof: str
    value: float
    offer_id: int | None = None
    expires: date | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class LotCover:
    """How a supplier covers one lot: its covering offers, best first, and the numbers behind fit and price.

    Best are those that fit best, then the cheapest in the lot's unit, then by
    id. ``similarity`` is the best of the categories, ``fit`` the best once the
    text counts too, ``share`` what is available of what is asked, all 0 to 1;
    ``best_price`` in ten-thousandths of a euro, with or without VAT as the
    demand says, ``None`` where there is none in the unit.
    """

    lot: int
    offer_ids: tuple[int, ...]
    similarity: float
    share: float
    best_price: float | None = None
    fit: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """One suitable supplier, with everything that explains its place.

    ``contributions`` map each component that was not dropped to its part of
    the score; they add up to ``score``. ``utilities`` are the same before
    weighting. ``lots`` are the covered ones; ``evidence`` is in order of
    criterion. ``reasons`` are codes and numbers of :data:`search.reasons.FACTS`.
    """

    rank: int
    supplier_id: int
    name: str
    score: float
    contributions: dict[str, float]
    utilities: dict[str, float]
    distance_km: float
    lots: tuple[LotCover, ...]
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A supplier in category that fails exactly one must, with what is missing and by how much."""

    supplier_id: int
    name: str
    distance_km: float
    failed: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a demand.

    ``considered``: placed, active suppliers with a published offer;
    ``in_category``: those of them that pass category; ``failed``: among
    these, how many failed each other must. ``dropped``: components on which
    the demand says nothing. ``weights``: the weights that counted.
    ``eligible`` and ``near_missed`` count all those above and below the line:
    ``matches`` and ``near_misses`` list the first of them, as many as asked.
    """

    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...]
    considered: int
    in_category: int
    failed: dict[str, int]
    dropped: tuple[str, ...]
    weights: dict[str, float]
    eligible: int = 0
    near_missed: int = 0
