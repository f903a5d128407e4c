"""Amounts, quantities, distances and moments as people of each language read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace import formats
from marketplace.i18n import speaking


@pytest.fixture(params=["it", "en"])
def language(request, app):
    with app.test_request_context("/"), speaking(request.param):
        yield request.param


def say(language, italian, english):
    return {"it": italian, "en": english}[language].replace(" ", "\u00a0")


def test_cents_are_euros(language):
    assert formats.money(123_450) == say(language, "1.234,50 €", "€1,234.50")
    assert formats.money(-5) == say(language, "-0,05 €", "-€0.05")


def test_a_unit_price_shows_as_many_digits_as_it_has(language):
    assert formats.unit_price(50_000) == say(language, "5,00 €", "€5.00")
    assert formats.unit_price(26_750) == say(language, "2,675 €", "€2.675")
    assert formats.unit_price(26_751) == say(language, "2,6751 €", "€2.6751")


def test_a_quantity_has_its_unit(language):
    assert formats.quantity(2_500, "kg") == say(language, "2,5 kg", "2.5 kg")
    assert formats.quantity(333) == say(language, "0,333", "0.333")
    assert formats.quantity(1_000, "odd") == "1\u00a0odd"


def test_near_is_told_to_the_hundred_metres_and_far_to_the_kilometre(language):
    assert formats.km(3.26) == say(language, "3,3 km", "3.3 km")
    assert formats.km(9.97) == "10\u00a0km"
    assert formats.km(1234.4) == say(language, "1.234 km", "1,234 km")


def test_a_day_is_said_in_words_of_rome(language):
    assert formats.day(date(2026, 11, 21)) == {"it": "21 novembre 2026", "en": "21 November 2026"}[language]
    # half past eleven in the evening in London is already tomorrow in Rome
    assert formats.day(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)).startswith("22")
    assert formats.day("2026-11-21").startswith("21")


def test_of_two_moments_of_one_day_in_rome_the_day_is_said_once(language):
    begin = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    assert formats.moment_until(begin, begin + timedelta(hours=2)) == f"{formats.moment(begin)} – 20:30"
    night = begin + timedelta(hours=6)
    assert formats.moment_until(begin, night) == f"{formats.moment(begin)} – {formats.moment(night)}"
    assert formats.moment_until(begin, None) == formats.moment(begin)


def test_of_an_hour_that_comes_twice_it_is_said_which(language):
    first, second, other = (
        formats.moment(datetime(2026, 10, day, hour, 30, tzinfo=UTC))
        for day, hour in ((25, 0), (25, 1), (26, 1))
    )
    assert first != second
    assert ("(" in first, "(" in second, "(" in other) == (True, True, False)
    assert [text.split(" (")[0][-5:] for text in (first, second, other)] == ["02:30"] * 3


def test_a_moment_is_shown_on_the_wall_clock_of_rome(language):
    assert formats.moment(datetime(2026, 7, 1, 16, 30, tzinfo=UTC)).endswith("18:30")
    assert formats.moment(datetime(2026, 12, 1, 16, 30, tzinfo=UTC)).endswith("17:30")


def test_months_are_told_in_runs_also_over_the_new_year(app):
    with app.test_request_context("/"), speaking("it"):
        assert formats.months({6, 7, 8}) == "giugno–agosto"
        assert formats.months({11, 12, 1, 2}) == "novembre–febbraio"
        assert formats.months({3, 5}) == "marzo, maggio"


def test_nothing_is_shown_as_nothing(language):
    assert [
        filter_(None) for filter_ in (formats.money, formats.unit_price, formats.quantity, formats.km)
    ] == [""] * 4
    assert formats.day(None) == formats.moment(None) == ""
