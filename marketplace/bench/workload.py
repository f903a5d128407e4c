"""What is asked in a run: the same questions of every way, drawn once from the words and places of the district."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime

import numpy as np

from geo.points import BBox
from marketplace.bench.districts import SEED, DistrictMaker
from marketplace.bench.wording import COMMON
from search.demand import Demand, Lot, Preferred
from search.queries import MapQuery, SearchQuery

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The day on which claims are judged; part of the question, so that a run can be repeated."""
QUESTIONS = 40
"""How many different questions of each kind; fewer, and one long posting list would decide the figures."""
RADIUS_KM = 30.0


@dataclass(frozen=True, slots=True)
class Workload:
    """The questions of each work."""

    text: tuple[SearchQuery, ...]
    text_place_criteria: tuple[SearchQuery, ...]
    facets: tuple[SearchQuery, ...]
    map_box: tuple[MapQuery, ...]
    match_30km: tuple[Demand, ...]

    def first(self, count: int) -> "Workload":
        """The same with the first so many questions of each work."""
        return Workload(**{work.name: getattr(self, work.name)[:count] for work in fields(self)})


def make_workload(maker: DistrictMaker, questions: int = QUESTIONS, seed: int = SEED) -> Workload:
    """Texts are of one to three words, as people type them: see :func:`_text`."""
    draw = np.random.default_rng((seed, 3))
    texts = [_text(maker, draw, number) for number in range(questions)]
    criteria = [maker.common_criterion(draw) for _ in range(questions)]
    places = [maker.comune(draw) for _ in range(questions)]
    return Workload(
        text=tuple(SearchQuery(text=text) for text in texts),
        text_place_criteria=tuple(
            SearchQuery(text=text, near=place.point, radius_km=RADIUS_KM, criteria=(criterion,))
            for text, place, criterion in zip(texts, places, criteria, strict=True)
        ),
        facets=tuple(
            SearchQuery(text=text, near=place.point) for text, place in zip(texts, places, strict=True)
        ),
        map_box=tuple(MapQuery(bbox=_box(place.point, draw)) for place in places),
        match_30km=tuple(_demand(maker, draw, place) for place in places),
    )


def _text(maker: DistrictMaker, draw: np.random.Generator, number: int) -> str:
    """A name of a category, of a last one ("carote") or of one above ("verdura"); every other with one word more."""
    category = maker.popular_category(draw)
    if number % 4 >= 2:
        category = maker.above(category, draw)
    names = (category.label_it, *category.synonyms_it)
    words = [names[int(draw.integers(len(names)))]]
    if number % 2:
        words.append(COMMON[int(draw.integers(len(COMMON)))])
    return " ".join(" ".join(words).split()[:3]).lower()


def _box(centre, draw: np.random.Generator) -> BBox:
    """A window of a map: 10 to 60 km across."""
    half = float(draw.uniform(0.05, 0.3))
    return BBox(centre.lon - 1.4 * half, centre.lat - half, centre.lon + 1.4 * half, centre.lat + half)


def _demand(maker: DistrictMaker, draw: np.random.Generator, place) -> Demand:
    category = maker.popular_category(draw)
    asked = category.parent if category.parent and draw.random() < 0.5 else category.code
    wishes = dict.fromkeys(maker.common_criterion(draw) for _ in range(2))
    return Demand(
        place=place.place,
        lots=(Lot(category=asked),),
        max_distance_km=RADIUS_KM,
        preferred=tuple(Preferred(criterion) for criterion in wishes),
    )
