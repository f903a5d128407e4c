import pytest

from search.named_categories import named_categories
from search.query_text import parse_query_text
from tests.search.factories import TREE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("formaggi caprini", {"food.cheese.goat"}),
        ("formaggio", {"food.cheese", "food.cheese.goat", "food.cheese.cow"}),
        ("mela fresca", {"food.fruit.apples"}),
        ("buone mele con formaggio", {"food.fruit.apples"}),
        ("cura del verde", {"care", "care.parks", "care.trees"}),
        ("unicorno", set()),
        ("NOT mele", set()),
        ("", set()),
    ],
)
def test_the_first_category_named_in_a_text_is_the_one_meant(text, expected):
    assert named_categories(parse_query_text(text), TREE) == expected


def test_a_name_with_several_meanings_gives_all_of_them():
    assert named_categories(parse_query_text("03222321"), TREE) >= {"food.fruit.apples", "food.fruit.pears"}
