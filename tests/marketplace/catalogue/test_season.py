"""Twelve months and what there is in each."""

import pytest

from marketplace.catalogue.season_calendar import calendar_of, district_calendar
from marketplace.engines import categories
from marketplace.organisations.models import Status
from tests.factories import make_offer, make_organisation
from tests.support.sql import counted_statements

APPLES = "food.fruit.apples"


@pytest.fixture
def garden(session):
    return make_organisation(session, slug="orto")


def test_the_district_counts_producers_by_category_and_month(session, garden):
    other = make_organisation(session)
    make_offer(session, garden, category=APPLES, months={9, 10})
    make_offer(session, garden, category=APPLES, months={10, 11})
    make_offer(session, other, category=APPLES, months={10})
    ((branch, (row,)),) = district_calendar(session, categories(), "it")
    assert (branch, row.name, row.key) == ("Frutta", "Mele", APPLES)
    assert row.counts == (0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0)


def test_only_what_is_public_food_with_a_season_is_in_it(session, garden):
    make_offer(session, garden, category=APPLES)
    make_offer(session, garden, category=APPLES, months={1}, status="draft")
    make_offer(session, garden, category="crafts", months={1})
    make_offer(session, make_organisation(session, status=Status.SUSPENDED), category=APPLES, months={1})
    assert district_calendar(session, categories(), "it") == []


def test_a_producer_has_its_products_by_name(session, garden):
    make_offer(session, garden, title="Zucche", months={9})
    make_offer(session, garden, title="Mele", months={1, 12})
    make_offer(session, garden, title="Uova")
    rows = calendar_of(session, garden.id)
    assert [row.name for row in rows] == ["Mele", "Zucche"]
    assert rows[0].counts == (1, *[0] * 10, 1)


def test_the_calendars_say_in_words_what_they_show_in_colour(client, session, garden):
    make_offer(session, garden, title="Mele renette", category=APPLES, months={9, 10})
    session.commit()
    page = client.get("/organisations/orto/season", headers={"Accept-Language": "it"}).text
    assert page.count(">sì</span>") == 2
    assert page.count(">no</span>") == 10
    assert page.count('aria-current="date"') == 1
    page = client.get("/season", headers={"Accept-Language": "it"}).text
    assert "Mele" in page
    assert page.count('class="in-season') == 2


def test_the_calendars_of_nothing_say_what_to_do_next(client, session, garden):
    session.commit()
    assert client.get("/season").status_code == 200
    assert client.get("/organisations/orto/season").status_code == 200


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.APPLICANT])
def test_nobody_sees_the_season_of_who_is_not_public(client, session, garden, status):
    garden.status = status
    session.commit()
    assert client.get("/organisations/orto/season").status_code == 404


def test_the_questions_do_not_grow_with_the_offers(app, client, session):
    for number in range(30):
        make_offer(session, make_organisation(session), category=APPLES, months={number % 12 + 1})
    session.commit()
    with counted_statements(app) as asked:
        client.get("/season")
    assert len(asked) <= 3
