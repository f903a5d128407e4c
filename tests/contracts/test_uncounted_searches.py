"""A search that wants its hits alone gets the same hits, and nothing that is counted over all results."""

from dataclasses import replace

from search.queries import SearchQuery
from tests.search.factories import BERGAMO, NOW, offer, supplier


def test_without_counts_the_hits_are_the_same(make_engine):
    engine = make_engine(
        supplier(*(offer("food.fruit.apples", id=number, title="Mele") for number in range(1, 31)))
    )
    for query in (SearchQuery("mele"), SearchQuery(near=BERGAMO), SearchQuery("mele", page=2)):
        whole = engine.search(query, NOW)
        alone = engine.search(replace(query, counted=False), NOW)
        assert (alone.hits, alone.total) == (whole.hits, whole.total)


def test_without_counts_there_are_neither_facets_nor_suppliers(make_engine):
    engine = make_engine(supplier(offer(id=1, title="Mele")))
    page = engine.search(SearchQuery("mele", near=BERGAMO, counted=False), NOW)
    assert (page.facets.category, page.facets.criterion, page.facets.kind, page.facets.distance) == ({},) * 4
    assert page.supplier_ids == ()
