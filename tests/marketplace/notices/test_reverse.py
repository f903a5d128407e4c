"""A saved search is answered by an offer exactly where the search finds the offer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import ComuniArea, Place, RadiusArea
from geo.points import Point
from marketplace.notices.reverse import Kept, ReverseIndex
from search.embedded import EmbeddedEngine
from search.queries import SearchQuery
from tests.contracts.engine_makers import COMUNE_NAMES
from tests.search.factories import CRITERIA, NOW, TREE, claim, offer, supplier
from tests.search.worlds import CATEGORIES, points, suppliers

#: Words that no other is near to in spelling, so that an engine looks for none in another one.
WORDS = ["formaggella", "zucchine", "trasporto", "bergamo", "alfa"]
EVERY_WORD = ["", *WORDS, '"formaggella zucchine"', "zucchine OR trasporto", "trasporto -zucchine"]


@st.composite
def searches(draw) -> SearchQuery:
    near = draw(st.none() | points)
    # "AND" asks an engine for all words, as a saved search does
    return SearchQuery(
        text=" AND ".join(word for word in draw(st.lists(st.sampled_from(EVERY_WORD), max_size=2)) if word),
        near=near,
        radius_km=draw(st.sampled_from([None, 0.001, 5.0, 12.0])) if near else None,
        categories=tuple(draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True))),
        criteria=tuple(draw(st.lists(st.sampled_from([one.code for one in CRITERIA]), max_size=1))),
        kinds=tuple(draw(st.lists(st.sampled_from(["producer", "caterer"]), max_size=1))),
        month=draw(st.sampled_from([None, None, 4, 7])),
        counted=False,
    )


def answered(kept: list[Kept], by) -> dict[int, list]:
    index = ReverseIndex(kept, TREE, CRITERIA, COMUNE_NAMES)
    return {offer.id: keys for offer, keys in index.answered_by(by, by.offers, NOW)}


@settings(max_examples=30)
@given(by=suppliers(1, 10), asked=st.lists(searches(), min_size=1, max_size=8), data=st.data())
def test_it_finds_what_running_every_search_would_find(tmp_path_factory, by, asked, data):
    titles = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
    by = _replaced(by, [data.draw(titles) for _offer in by.offers])
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"), TREE, CRITERIA, COMUNE_NAMES)
    engine.rebuild([by])
    run = {
        offer.id: [
            number
            for number, query in enumerate(asked)
            if any(hit.offer_id == offer.id for hit in engine.search(query, NOW).hits)
        ]
        for offer in by.offers
        if offer.published and by.active
    }
    assert answered([Kept(number, query) for number, query in enumerate(asked)], by) == run


def _replaced(by, titles):
    offers = tuple(
        replace(offer, title=title, description="") for offer, title in zip(by.offers, titles, strict=True)
    )
    return replace(by, offers=offers)


def test_all_words_must_be_there():
    by = supplier(offer(title="Formaggella stagionata"))
    kept = [
        Kept("both", SearchQuery(text="formaggella zucchine")),
        Kept("one", SearchQuery(text="formaggelle")),
    ]
    assert list(answered(kept, by).values()) == [["one"]]


def test_what_is_delivered_there_counts_from_however_far():
    here = Place(Point(45.7, 9.67), "016024", "BG")
    far = Point(38.0, 13.0)
    near_only = Kept("near", SearchQuery(near=here.point, radius_km=20))
    delivered = Kept("delivered", SearchQuery(near=here.point, radius_km=20), delivered_to=here)
    sicilian = supplier(offer(), seat=far, areas=(ComuniArea(frozenset({"016024"})),))
    assert list(answered([near_only, delivered], sicilian).values()) == [["delivered"]]
    elsewhere = supplier(
        offer(areas=(1,)),
        seat=far,
        areas=(ComuniArea(frozenset({"016024"})), RadiusArea(5, far)),
    )
    assert list(answered([near_only, delivered], elsewhere).values()) == [[]]


def test_the_label_of_a_criterion_finds_who_holds_it():
    label = CRITERIA["organic"].label_it
    kept = [Kept("label", SearchQuery(text=label))]
    holding = supplier(offer(title="Farina", claims=(claim("organic"),)))
    assert list(answered(kept, holding).values()) == [["label"]]
    assert list(answered(kept, supplier(offer(title="Farina"), claims=())).values()) == [[]]
