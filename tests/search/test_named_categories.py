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
def test_of_equal_names_the_first_in_the_text_is_meant(text, expected):
    assert named_categories(parse_query_text(text), TREE) == expected


def test_a_name_with_several_meanings_gives_all_of_them():
    assert named_categories(parse_query_text("03222321"), TREE) >= {"food.fruit.apples", "food.fruit.pears"}


def test_a_longer_name_wins_over_an_earlier_one():
    assert named_categories(parse_query_text("mele e formaggi caprini"), TREE) == {"food.cheese.goat"}


def test_a_word_spelt_right_names_a_category():
    assert named_categories(parse_query_text("melle"), TREE, {"melle": "mele"}) == {"food.fruit.apples"}
