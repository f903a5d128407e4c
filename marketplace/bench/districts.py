"""Generated districts of any size, for measuring: suppliers over Lombardia with everything that a real one has.

The same seed gives the same district, and a smaller district is the beginning of a larger one: what
is supplier 7 of a thousand offers is supplier 7 of a million. Suppliers come one by one, so that a
district of any size takes no more memory than one supplier.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
import shapely

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from geo.comuni import Comune, ComuneRegister
from geo.distance import haversine_km_many
from geo.points import Point
from marketplace.bench.wording import Wording
from search.criteria import CriteriaRegister
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from search.taxonomy import Category, CategoryTree

SEED = 20_261_122
REGION = "Lombardia"
OFFERS_PER_SUPPLIER = 12
SEAT_SCATTER_DEGREES = 0.012
"""Standard deviation of a seat around its comune's point: about a kilometre."""
FIRST_EXPIRY, LAST_EXPIRY = date(2026, 1, 1), date(2030, 12, 31)
KINDS = (("producer", 0.86), ("caterer", 0.05), ("consumer_coop", 0.05), ("network", 0.04))
QUALIFICATIONS = ("albo_b", "art61", "runts", "sme")
UNITS = {"goods": ("kg", "piece", "box", "l", "jar"), "services": ("hour", "service", "day", "m2", "month")}
VAT_RATES = (400, 500, 1000, 2200)


class DistrictMaker:
    """Makes suppliers by their number."""

    def __init__(
        self, tree: CategoryTree, criteria: CriteriaRegister, comuni: ComuneRegister, seed: int = SEED
    ) -> None:
        self.wording = Wording(tree, seed)
        self._seed = seed
        self._tree = tree
        generator = np.random.default_rng((seed, 1))
        self._families = _families(tree, generator)
        self._popularity = _falling(len(self._families), 6)
        self._comuni = [comune for comune in comuni if comune.region == REGION]
        people = np.array([comune.population for comune in self._comuni], dtype=np.float64)
        self._people = np.cumsum(people) / people.sum()
        self._lats = np.array([comune.lat for comune in self._comuni])
        self._lons = np.array([comune.lon for comune in self._comuni])
        self._siglas = sorted({comune.sigla for comune in self._comuni})
        self._claims = [
            (criterion.code, tuple(str(proof) for proof in criterion.proofs)) for criterion in criteria
        ]
        generator.shuffle(self._claims)
        self._claimed = _falling(len(self._claims), 3)

    def suppliers(self, offers: int) -> Iterator[SupplierDocument]:
        """The first suppliers, together with exactly so many offers; ids count from 1."""
        number, made = 0, 0
        while made < offers:
            number += 1
            supplier = self.supplier(number, made + 1, offers - made)
            made += len(supplier.offers)
            yield supplier

    def supplier(self, number: int, first_offer_id: int, most: int) -> SupplierDocument:
        """One supplier with at most so many offers."""
        draw = np.random.default_rng((self._seed, 2, number))
        comune = self.comune(draw)
        scatter = draw.normal(0.0, SEAT_SCATTER_DEGREES, 2)
        seat = Point(comune.lat + scatter[0], comune.lon + scatter[1])
        name = self.wording.draw(draw, 3)
        count = min(most, 1 + int(draw.geometric(1 / (OFFERS_PER_SUPPLIER - 1))))
        return SupplierDocument(
            id=number,
            name=" ".join(word.capitalize() for word in name),
            active=True,
            seat=seat,
            comune=comune.istat,
            province=comune.sigla,
            kinds=frozenset({_chosen(KINDS, draw.random())}),
            qualifications=frozenset(code for code in QUALIFICATIONS if draw.random() < 0.15),
            areas=self._areas(draw, seat, comune.sigla),
            claims=self._drawn_claims(draw, int(draw.integers(0, 5))),
            offers=tuple(self._offers(draw, first_offer_id, count)),
        )

    def comune(self, draw: np.random.Generator) -> Comune:
        """One of the comuni, populous ones often."""
        return self._comuni[self._drawn(draw, self._people)]

    def popular_category(self, draw: np.random.Generator) -> Category:
        """One of the categories in which offers are, well-filled ones often."""
        family = self._families[self._drawn(draw, self._popularity)]
        return self._tree[family[int(draw.random() ** 2 * len(family))]]

    def above(self, category: Category, draw: np.random.Generator) -> Category:
        """One of the categories above, itself where there is none."""
        codes = self._tree.ancestors(category.code) or (category.code,)
        return self._tree[codes[int(draw.integers(len(codes)))]]

    def common_criterion(self, draw: np.random.Generator) -> str:
        """One of the criteria, those that many hold often."""
        return self._claims[self._drawn(draw, self._claimed)][0]

    def _areas(self, draw: np.random.Generator, seat: Point, sigla: str) -> tuple[Area, ...]:
        areas: list[Area] = []
        while len(areas) < 3:
            kind = draw.random()
            if kind < 0.5:
                areas.append(RadiusArea(float(draw.integers(5, 60)), seat))
            elif kind < 0.7:
                areas.append(self._comuni_around(draw, seat))
            elif kind < 0.85:
                areas.append(ProvinceArea(sigla if draw.random() < 0.7 else str(draw.choice(self._siglas))))
            else:
                areas.append(PolygonArea(_outline(draw, seat)))
            if draw.random() < 0.8:
                break
        return tuple(areas)

    def _comuni_around(self, draw: np.random.Generator, seat: Point) -> ComuniArea:
        kms = haversine_km_many(seat, self._lats, self._lons)
        nearest = np.argpartition(kms, 30)[: int(draw.integers(2, 30))]
        return ComuniArea(frozenset(self._comuni[at].istat for at in nearest.tolist()))

    def _offers(self, draw: np.random.Generator, first_id: int, count: int) -> Iterator[OfferDocument]:
        families = [self._families[self._drawn(draw, self._popularity)] for _ in range(1 + (count > 8))]
        chances = draw.random((count, 9))
        lengths = draw.integers(8, 45, count)
        texts = self.wording.draw(draw, int(lengths.sum()) + 2 * count)
        for number, (chance, length) in enumerate(zip(chances.tolist(), lengths.tolist(), strict=True)):
            family = families[number % len(families)]
            category = self._tree[family[int(chance[0] ** 2 * len(family))]]
            names = (category.label_it, *category.synonyms_it)
            title = [names[int(chance[1] * len(names))], *(texts.pop() for _ in range(2))]
            description = [texts.pop() for _ in range(length)]
            seasonal = category.code.startswith("food") and chance[2] < 0.4
            start = int(chance[3] * 12)
            yield OfferDocument(
                id=first_id + number,
                title=" ".join(title).capitalize(),
                category=category.code,
                unit=UNITS["goods" if category.kind == "goods" else "services"][int(chance[4] * 5)],
                description=" ".join(description).capitalize() + ".",
                price=None if chance[5] < 0.1 else int(20_000 * (0.2 + 8 * chance[5] ** 3)),
                vat_rate=VAT_RATES[int(chance[6] * len(VAT_RATES))],
                months=frozenset((start + step) % 12 + 1 for step in range(5)) if seasonal else frozenset(),
                available=int(chance[7] * 3_000_000) if chance[7] < 0.3 else None,
                claims=self._drawn_claims(draw, 1) if chance[8] < 0.1 else (),
            )

    def _drawn_claims(self, draw: np.random.Generator, count: int) -> tuple[ClaimDocument, ...]:
        claims = []
        for _ in range(count):
            criterion, proofs = self._claims[self._drawn(draw, self._claimed)]
            span = (LAST_EXPIRY - FIRST_EXPIRY).days
            claims.append(
                ClaimDocument(
                    criterion,
                    proofs[int(draw.integers(len(proofs)))],
                    None if draw.random() < 0.3 else FIRST_EXPIRY + timedelta(days=int(draw.integers(span))),
                    verified=bool(draw.random() < 0.8),
                )
            )
        return tuple(claims)

    @staticmethod
    def _drawn(draw: np.random.Generator, cumulative: np.ndarray) -> int:
        return int(np.searchsorted(cumulative, draw.random(), side="right"))


def _families(tree: CategoryTree, generator: np.random.Generator) -> list[list[str]]:
    """Leaves that one supplier offers together: those of each node right above them."""
    families: dict[str | None, list[str]] = {}
    for leaf in tree.leaves():
        families.setdefault(leaf.parent, []).append(leaf.code)
    shuffled = list(families.values())
    generator.shuffle(shuffled)
    for family in shuffled:
        generator.shuffle(family)
    return shuffled


def _falling(size: int, shift: int) -> np.ndarray:
    weights = 1.0 / (np.arange(size) + shift)
    return np.cumsum(weights) / weights.sum()


def _chosen(chances: Sequence[tuple[str, float]], chance: float) -> str:
    for value, share in chances:
        chance -= share
        if chance < 0:
            return value
    return chances[0][0]


def _outline(draw: np.random.Generator, seat: Point) -> shapely.Polygon:
    """A star-shaped outline around a seat, 5 to 30 km away, as somebody would draw on a map."""
    corners = int(draw.integers(6, 40))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = draw.uniform(0.05, 0.27, corners)
    return shapely.Polygon(
        np.column_stack([seat.lon + 1.4 * reach * np.cos(angles), seat.lat + reach * np.sin(angles)])
    )
