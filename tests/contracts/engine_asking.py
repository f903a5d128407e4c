"""How the contract suite asks: all pages of an answer, and searches of every kind."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from geo.points import BBox
from search.queries import MAX_PER_PAGE, SearchQuery
from tests.search import worlds
from tests.search.factories import CRITERIA, NOW
from tests.support.examples import examples

KINDS = ["producer", "caterer", "network"]

generated = settings(examples(18), suppress_health_check=[HealthCheck.function_scoped_fixture])


def ids(page):
    return {hit.offer_id for hit in page.hits}


def every_hit(engine, query, now=NOW, per_page=MAX_PER_PAGE):
    """All hits, page by page."""
    hits, page = [], 1
    while True:
        answer = engine.search(replace(query, page=page, per_page=per_page), now)
        hits += answer.hits
        if not answer.hits or len(hits) >= answer.total:
            assert len(hits) == answer.total
            return hits
        page += 1


@st.composite
def queries(draw, text):
    """A search with some filters."""
    near = draw(st.none() | worlds.points)
    boxes = st.sampled_from([BBox(9.60, 45.70, 9.67, 45.75), BBox(9.0, 45.0, 10.0, 46.0)])
    return SearchQuery(
        text=text,
        near=near,
        radius_km=draw(st.sampled_from([None, 0.0, 7.0, 15.0])) if near else None,
        bbox=draw(st.none() | st.none() | boxes),
        categories=tuple(draw(st.lists(st.sampled_from(worlds.CATEGORIES), max_size=2))),
        criteria=tuple(draw(st.lists(st.sampled_from([one.code for one in CRITERIA]), max_size=1))),
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), max_size=2))),
        month=draw(st.none() | st.integers(1, 12)),
    )
