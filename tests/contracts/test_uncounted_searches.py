"""A search that wants its hits alone gets the same hits, and nothing that is counted over all results."""

from dataclasses import replace

from search.queries import SearchQuery
from tests.search.factories import BERGAMO, NOW, claim, offer, supplier


def test_without_counts_the_hits_are_the_same(make_engine):
    engine = make_engine(
        supplier(*(offer("food.fruit.apples", id=number, title="Mele") for number in range(1, 31)))
    )
    for query in (SearchQuery("mele"), SearchQuery(near=BERGAMO), SearchQuery("mele", page=2)):
        whole = engine.search(query, NOW)
        alone = engine.search(replace(query, counted=False), NOW)
        assert (alone.hits, alone.total) == (whole.hits, whole.total)


def test_without_counts_texts_find_the_same_in_the_same_order(make_engine):
    engine = make_engine(
        supplier(
            *(
                offer(
                    "food.fruit.apples" if number % 3 else "food.fruit.pears",
                    id=number,
                    title="Mele rosse" if number % 4 else "Pere rosse mature",
                    description="di montagna " * (number % 5),
                    claims=(claim("organic"),) if number % 2 else (),
                )
                for number in range(1, 31)
            )
        )
    )
    texts = ("mele rosse", "mele montagna", "mele mature", "pere", "melle rosse", "rosse -montagna", "zzz")
    several = ({}, {"criteria": ("organic",)}, {"categories": ("food.fruit",)}, {"page": 2, "per_page": 7})
    for text in texts:
        for filters in several:
            query = SearchQuery(text, **filters)
            whole = engine.search(query, NOW)
            alone = engine.search(replace(query, counted=False), NOW)
            assert (alone.hits, alone.total, alone.did_you_mean) == (
                whole.hits,
                whole.total,
                whole.did_you_mean,
            )


def test_without_counts_there_are_neither_facets_nor_suppliers(make_engine):
    engine = make_engine(supplier(offer(id=1, title="Mele")))
    page = engine.search(SearchQuery("mele", near=BERGAMO, counted=False), NOW)
    assert (page.facets.category, page.facets.criterion, page.facets.kind, page.facets.distance) == ({},) * 4
    assert page.supplier_ids == ()
