"""The first page: what, where, go; and what is in season."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories import make_offer, make_organisation

NOVEMBER = datetime(2026, 11, 15, 9, 0, tzinfo=UTC)


def home(client, **asked):
    with time_machine.travel(NOVEMBER, tick=False):
        answer = client.get("/", query_string=asked, headers={"Accept-Language": "it"})
    assert answer.status_code == 200
    return answer.text


def titles(page):
    return re.findall(r'class="stretched-link" href="/offers/\d+">([^<]+)<', page)


def test_the_box_asks_what_and_where(client):
    page = home(client)
    assert 'name="q"' in page
    assert 'name="near"' in page
    assert 'action="/search"' in page


def test_what_is_in_season_this_month_is_shown_one_of_a_kind(client, session):
    organisation = make_organisation(session)
    for title, category, months in (
        ("Mele", "food.fruit.apples", {9, 10, 11}),
        ("Altre mele", "food.fruit.apples", {11}),
        ("Zucche", "food.vegetables.pumpkin", {11, 12}),
        ("Fragole", "food.fruit.strawberries", {5, 6}),
        ("Pane di sempre", "food.bakery.bread", set()),
        ("Ricotta d'autunno", "food.dairy.goat_cheese", {10, 11}),
        ("Pere di sempre", "food.fruit.pears", set()),
    ):
        make_offer(session, organisation, title=title, category=category, months=frozenset(months))
    shown = titles(home(client))
    assert "Zucche" in shown
    assert len({"Mele", "Altre mele"} & set(shown)) == 1
    assert len(shown) == 2


def test_what_is_sold_out_is_left_out_and_no_farm_fills_the_page(client, session):
    farm, other = make_organisation(session), make_organisation(session)
    crops = ("apples", "pears", "kiwi", "grapes")
    for crop in crops:
        make_offer(session, farm, title=crop, category=f"food.fruit.{crop}", months=frozenset({11}))
    make_offer(session, other, title="Zucche", category="food.vegetables.pumpkin", months=frozenset({11}))
    make_offer(
        session,
        other,
        title="Verze",
        category="food.vegetables.cabbages",
        months=frozenset({11}),
        available=0,
    )
    shown = titles(home(client))
    assert len(set(crops) & set(shown)) == 2
    assert "Zucche" in shown
    assert "Verze" not in shown


def test_near_a_place_the_nearest_come_first_and_the_far_ones_not_at_all(client, session):
    for title, category, lat in (
        ("Vicine", "food.fruit.apples", 45.71),
        ("Discoste", "food.vegetables.pumpkin", 45.85),
        ("Lontane", "food.fruit.pears", 44.0),
    ):
        make_offer(
            session,
            make_organisation(session, lat=lat, lon=9.67),
            title=title,
            category=category,
            months=frozenset({11}),
        )
    page = home(client, near="Bergamo")
    assert titles(page) == ["Vicine", "Discoste"]
    assert "vicino a Bergamo (BG)" in page


def test_nothing_in_season_says_what_to_do_next(client):
    assert "Guarda tutto il catalogo" in home(client)


@pytest.mark.parametrize(
    "near", ["Samone", "Nessunluogo", "\x00", "91, 181", "x" * 5000, "<img src=x onerror=alert(1)>"]
)
def test_a_place_that_is_not_understood_still_shows_the_page(client, near):
    page = home(client, near=near)
    assert "<img src=x" not in page
