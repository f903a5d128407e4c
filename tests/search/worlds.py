"""Generated worlds of suppliers and demands, small and full of coincidences, shared by the property tests.

Few points, names, prices and days, so that ties, borders and expiries meet often.
"""

from datetime import UTC, date, datetime

import shapely
from hypothesis import strategies as st

from geo.areas import ComuniArea, Place, PolygonArea, ProvinceArea, RadiusArea
from geo.points import Point
from search.criteria import EVIDENCE_VALUES, Proof
from search.demand import Demand, Lot, Mode, Preferred, Profile, Required, Weights
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from tests.search.factories import CRITERIA, TREE

POINTS = [Point(45.70 + 0.05 * row, 9.60 + 0.07 * column) for row in range(3) for column in range(3)]
COMUNI = ["016024", "016091", "017029"]
PROVINCES = ["BG", "BS"]
CATEGORIES = [category.code for category in TREE]
# Mostly a family in which everything is related, so that offers answer lots.
RELATED = [
    "food",
    "food.cheese",
    "food.cheese.goat",
    "food.cheese.goat",
    "food.cheese.cow",
    "food.cheese.cow",
]
CPV_CODES = ["03222321-7", "15541000", "15540000", "15549999", "77310000", "99000000", "032"]
UNITS = ["kg", "l"]
QUALIFICATIONS = ["albo_b", "art61"]
WORDS = ["formaggi", "caprino", "mele", "renetta", "cura", "di", "fresche", "parchi"]
# Around the end of 31 March in Rome, two days after the clocks went forward: 22:00 UTC is midnight.
MOMENTS = [
    datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 31, 22, 0, 0, tzinfo=UTC),
]
DAYS = [None, date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)]

texts = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
categories = st.sampled_from(RELATED * 4 + CATEGORIES)
months = st.sampled_from([frozenset(), frozenset({1}), frozenset({1, 4}), frozenset({7}), frozenset({4, 12})])
points = st.sampled_from(POINTS)
moments = st.sampled_from(MOMENTS)


@st.composite
def claims(draw) -> ClaimDocument:
    """A claim with an admitted proof."""
    criterion = draw(st.sampled_from([CRITERIA["anything"], *CRITERIA]))
    proof = draw(st.sampled_from(list(criterion.proofs)))
    return ClaimDocument(criterion.code, proof.value, draw(st.sampled_from(DAYS)), draw(st.booleans()))


def _polygon(at: Point) -> PolygonArea:
    # A corner of it lies on the point, and an edge passes through other points of the grid.
    return PolygonArea(shapely.Polygon([(at.lon, at.lat), (at.lon + 0.1, at.lat), (at.lon, at.lat + 0.06)]))


areas = st.one_of(
    st.builds(RadiusArea, st.sampled_from([0.0, 3.0, 8.0, 15.0]), points),
    st.builds(RadiusArea, st.just(40.0), points),
    st.builds(ComuniArea, st.frozensets(st.sampled_from(COMUNI), max_size=2)),
    st.builds(ProvinceArea, st.sampled_from(PROVINCES)),
    st.builds(_polygon, points),
)


@st.composite
def offers(draw, offer_id: int, areas: int = 0) -> OfferDocument:
    """An offer, mostly published, as vague or as precise as they come; ``areas`` are those of its supplier."""
    named = None
    if areas and draw(st.sampled_from([False, False, True])):
        named = tuple(sorted(draw(st.frozensets(st.integers(0, areas - 1)))))
    return OfferDocument(
        id=offer_id,
        title=draw(texts),
        category=draw(categories),
        unit=draw(st.sampled_from(["kg", "kg", *UNITS])),
        description=draw(texts),
        published=draw(st.sampled_from([True] * 6 + [False])),
        price=draw(st.sampled_from([None, 0, 9_000, 10_000, 12_345, 20_000, 30_000])),
        vat_rate=draw(st.sampled_from([0, 400, 1000, 2200])),
        months=draw(months),
        available=draw(st.sampled_from([1_000, 3_333, 10_000, 0, None])),
        claims=tuple(draw(st.lists(claims(), max_size=2))),
        areas=named,
    )


@st.composite
def suppliers(draw, supplier_id: int, first_offer_id: int) -> SupplierDocument:
    """A supplier, mostly active and placed."""
    reached = tuple(draw(st.lists(areas, min_size=draw(st.sampled_from([1, 1, 2, 0])), max_size=3)))
    return SupplierDocument(
        id=supplier_id,
        name=draw(st.sampled_from(["Alfa", "alfa", "Àlfa", "Zeta"])),
        active=draw(st.sampled_from([True] * 9 + [False])),
        seat=draw(points) if draw(st.sampled_from([True] * 9 + [False])) else None,
        comune=draw(st.sampled_from(COMUNI)),
        province=draw(st.sampled_from(PROVINCES)),
        kinds=frozenset({"producer"}),
        qualifications=draw(st.frozensets(st.sampled_from(QUALIFICATIONS))),
        areas=reached,
        claims=tuple(draw(st.lists(claims(), max_size=3))),
        offers=tuple(
            draw(offers(first_offer_id + n, len(reached)))
            for n in range(draw(st.sampled_from([1, 2, 3, 4, 0])))
        ),
    )


@st.composite
def worlds(draw, most: int = 6) -> list[SupplierDocument]:
    """Up to ``most`` suppliers, in no order of ids."""
    ids = draw(st.lists(st.integers(1, 99), min_size=1, max_size=most, unique=True))
    return [draw(suppliers(supplier_id, supplier_id * 10)) for supplier_id in ids]


@st.composite
def lots(draw) -> Lot:
    """A lot by category, CPV or both, with all that may be left out left out now and then."""
    by = draw(st.sampled_from(["category"] * 4 + ["cpv", "both"]))
    return Lot(
        category=draw(categories) if by != "cpv" else None,
        cpv=draw(st.sampled_from(CPV_CODES)) if by != "category" else None,
        text=draw(texts),
        quantity=draw(st.sampled_from([None, 1_000, 3_000, 10_000, 30_000])),
        unit=draw(st.sampled_from(["kg", "kg", "kg", "l", "ora", None])),
        budget=draw(st.sampled_from([None, 9_000, 10_000, 20_000])),
        splittable=draw(st.booleans()),
    )


@st.composite
def requirements(draw, profile: Profile) -> tuple[Required, ...]:
    """At most two required criteria, with proofs that the profile may accept."""
    able = [criterion for criterion in CRITERIA if criterion.requirable_proofs(profile)]
    chosen = draw(
        st.lists(
            st.sampled_from(able),
            max_size=draw(st.sampled_from([0, 1, 1, 2])),
            unique_by=lambda criterion: criterion.code,
        )
    )
    return tuple(
        Required(criterion.code, draw(st.frozensets(st.sampled_from(proofs), min_size=1, max_size=2)))
        for criterion in chosen
        for proofs in [[proof.value for proof in criterion.requirable_proofs(profile)]]
    )


@st.composite
def weights(draw, profile: Profile) -> Weights:
    """Weights that leave something to count: fit is never dropped."""
    amounts = st.sampled_from([0, 0.5, 1, 3, 10])
    given = amounts if profile == Profile.PUBLIC else st.none() | amounts
    return Weights(
        fit=draw(st.sampled_from([0.5, 1, 3])), proximity=draw(given), values=draw(given), price=draw(given)
    )


@st.composite
def demands(draw, profiles=tuple(Profile), modes=tuple(Mode)) -> Demand:
    """A demand that may be asked."""
    profile = draw(st.sampled_from(profiles))
    preferred = draw(st.lists(st.sampled_from([one.code for one in CRITERIA]), max_size=3, unique=True))
    return Demand(
        place=Place(
            draw(points), draw(st.sampled_from([None, *COMUNI])), draw(st.sampled_from([None, *PROVINCES]))
        ),
        lots=tuple(draw(st.lists(lots(), min_size=1, max_size=3))),
        profile=profile,
        mode=draw(st.sampled_from(modes)),
        max_distance_km=draw(st.sampled_from([None, None, None, 0.0, 6.0, 12.5])),
        half_life_km=draw(st.sampled_from([5.0, 10.0, 50.0])),
        required=draw(requirements(profile)),
        preferred=tuple(Preferred(code, draw(st.integers(1, 3))) for code in preferred),
        qualifications=draw(st.frozensets(st.sampled_from(QUALIFICATIONS), max_size=2))
        if draw(st.sampled_from([False, False, False, True]))
        else frozenset(),
        months=draw(months),
        weights=draw(weights(profile)),
        budget_with_vat=draw(st.sampled_from([None, True, False])),
        proximity_reason="Consegne quotidiane di pasti caldi." if profile == Profile.PUBLIC else "",
    )


def proof_value(profile: Profile, proof: str) -> float:
    """What a proof is worth."""
    return EVIDENCE_VALUES[profile][Proof(proof)]
