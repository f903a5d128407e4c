"""What can be asked of the catalogue, and the caps on asking."""

from dataclasses import dataclass

from geo.points import BBox, Point
from search.reasons import Reason

MAX_QUERY_CHARACTERS = 256
MAX_PER_PAGE = 100
DEFAULT_PER_PAGE = 20
MAX_RADIUS_KM = 2000.0
MAX_MAP_FEATURES = 500
#: Upper edges, in km, of the bands by which results are counted; the last band is open.
DISTANCE_BANDS_KM = (5.0, 15.0, 30.0, 70.0)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Free browsing of published offers of active organisations.

    Within ``categories`` (each with everything below it) and within ``kinds``
    any one suffices; of ``criteria`` all must hold. ``near`` sorts and measures;
    ``radius_km`` (seat to ``near``) and ``bbox`` (of the seat) restrict.
    ``month`` keeps offers of that month. ``page`` starts at 1. Where ``counted`` is false only the hits
    and their total are wanted: an engine leaves out what it would work out over all results, the facets and the
    suppliers for the map.
    """

    text: str = ""
    near: Point | None = None
    radius_km: float | None = None
    bbox: BBox | None = None
    categories: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    month: int | None = None
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """One offer found. ``score`` compares hits of one answer only (text relevance and nearness)."""

    offer_id: int
    supplier_id: int
    score: float
    distance_km: float | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of all the results (not of the page) fall under each value.

    ``distance`` counts per upper edge of :data:`DISTANCE_BANDS_KM` (``None``
    for the open band), empty without ``near``. A category counts what lies
    below it too.
    """

    category: dict[str, int]
    criterion: dict[str, int]
    kind: dict[str, int]
    distance: dict[float | None, int]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to a :class:`SearchQuery`.

    ``supplier_ids`` are the distinct suppliers of *all* results in order of
    their best hit, at most :data:`MAX_MAP_FEATURES`, for the map beside the
    list. ``did_you_mean`` is a better spelling that would find something.
    ``degraded`` is true when the plain database answered for a damaged index.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Facets
    supplier_ids: tuple[int, ...] = ()
    did_you_mean: str | None = None
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class MapQuery:
    """Suppliers with a published offer in a box, filtered as in :class:`SearchQuery`."""

    bbox: BBox | None = None
    categories: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MapCluster:
    """So many suppliers around a point, where there are too many to send each."""

    point: Point
    count: int


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """Either every supplier in the box (``supplier_ids``) or, above the cap, clusters of them."""

    supplier_ids: tuple[int, ...]
    clusters: tuple[MapCluster, ...]
    total: int
