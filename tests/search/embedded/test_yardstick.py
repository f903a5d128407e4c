"""Whoosh's own searcher finds what ours finds, or measuring against it would say nothing."""

from search.embedded.yardstick import WhooshYardstick
from search.queries import SearchQuery
from tests.contracts.engine_makers import COMUNE_NAMES
from tests.search.factories import BERGAMO, NOW, TREE, claim, offer, supplier


def test_the_yardstick_finds_what_the_engine_finds(engine, tmp_path):
    world = [
        supplier(
            offer(
                "food.fruit.apples" if number % 2 else "care.parks",
                id=number,
                title=f"Mele {'renette' * (number % 3)}",
                description="dolci",
            ),
            id=number,
            claims=(claim("organic"),) if number % 4 else (),
        )
        for number in range(1, 60)
    ]
    engine.rebuild(world)
    yardstick = WhooshYardstick(tmp_path / "whoosh", TREE, COMUNE_NAMES)
    assert yardstick.build(world) == 59
    for query in (
        SearchQuery("mele"),
        SearchQuery("mele renette"),
        SearchQuery("renetta dolce", near=BERGAMO, radius_km=5.0, criteria=("organic",)),
    ):
        page = engine.search(query, NOW)
        ids, total = yardstick.search(query, limit=100)
        assert total == len(ids) == page.total > 10
        assert set(ids) >= {hit.offer_id for hit in page.hits}
    yardstick.add(supplier(offer(id=99, title="Unicorni"), id=1))
    assert yardstick.search(SearchQuery("unicorno"))[0] == [99]
