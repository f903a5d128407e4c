"""The page of results: lines, filters, map, and what to do where there is nothing."""

import json
import re
from datetime import date

import pytest

from marketplace.catalogue.models import OfferStatus
from marketplace.organisations.models import Kind, Status
from tests.factories import make_claim, make_offer, make_organisation

BREAD, CARROTS = "food.bakery.bread", "food.vegetables.carrots"


@pytest.fixture
def mill(session):
    return make_organisation(session, slug="mulino", name="Mulino di prova")


def titles(page):
    return re.findall(r'class="stretched-link" href="/offers/\d+">([^<]+)<', page)


def map_points(page):
    found = re.search(r'<script type="application/json" data-map-points="map">(.*?)</script>', page, re.S)
    return json.loads(found[1])["features"]


def search(client, **asked):
    return client.get("/search", query_string=asked, headers={"Accept-Language": "it"}).text


def test_a_line_says_what_whose_where_how_far_when_and_how_it_is_proved(client, session, mill):
    make_claim(session, mill)
    make_offer(
        session, mill, title="Pane di segale", category=BREAD, price=45_000, months=frozenset({10, 11, 12})
    )
    page = search(client, q="pane", near="Bergamo")
    for words in (
        "Pane di segale",
        "Mulino di prova",
        "Bergamo (BG)",
        "4,50",
        "ottobre–dicembre",
        "Biologico: certificato",
    ):
        assert words in page
    assert re.search(r"a \d+(,\d)?\xa0km", page)


def test_what_is_not_public_is_nowhere(client, session, mill):
    make_offer(session, mill, title="Pane ritirato", category=BREAD, status=OfferStatus.WITHDRAWN)
    make_offer(session, mill, title="Pane in bozza", category=BREAD, status=OfferStatus.DRAFT)
    for status in (Status.APPLICANT, Status.SUSPENDED):
        make_offer(session, make_organisation(session, status=status), title="Pane altrui", category=BREAD)
    page = search(client, q="pane")
    assert titles(page) == []
    assert map_points(page) == []


def test_the_words_that_were_sought_are_marked_where_they_stand(client, session, mill):
    make_offer(
        session,
        mill,
        title="Filone",
        category=BREAD,
        description="Impasto **acido** & <b>lenta</b> lievitazione.",
    )
    page = search(client, q="lievitazione")
    assert "<mark>lievitazione</mark>" in page
    assert "**" not in page
    assert "acido &amp;" in page


def test_a_description_without_the_words_is_not_shown(client, session, mill):
    make_offer(session, mill, title="Pane", category=BREAD, description="Cotto a legna.")
    assert "Cotto a legna" not in search(client, q="pane")


def test_list_and_map_show_the_same_organisations(client, session, mill):
    other = make_organisation(session, lat=45.8, lon=9.9)
    for organisation in (mill, mill, other):
        make_offer(session, organisation, category=BREAD)
    page = search(client)
    ids = {str(feature["properties"]["id"]) for feature in map_points(page)}
    assert ids == set(re.findall(r'data-map-id="(\d+)"', page)) == {str(mill.id), str(other.id)}
    assert {feature["properties"]["icon"] for feature in map_points(page)} != {None}


def test_who_has_no_point_is_listed_and_not_on_the_map(client, session):
    make_offer(session, make_organisation(session, lat=None, lon=None), title="Pane", category=BREAD)
    page = search(client)
    assert titles(page) == ["Pane"]
    assert map_points(page) == []


def test_filters_narrow_and_each_in_use_can_be_taken_away(client, session, mill):
    make_claim(session, mill)
    make_offer(session, mill, title="Pane", category=BREAD)
    make_offer(session, make_organisation(session), title="Carote", category=CARROTS)
    page = search(client, category=[BREAD, CARROTS], criteria="organic", near="Bergamo", radius_km="15")
    assert titles(page) == ["Pane"]
    chosen = page[page.index("chosen-filters") :].split("</ul>")[0]
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/search[^"]+)"', chosen)]
    assert len(links) == 4
    assert any("category" not in link.replace(f"category={BREAD}", "") for link in links)
    for link in links:
        assert client.get(link).status_code == 200
    without_criterion = next(link for link in links if "criteria" not in link)
    assert sorted(titles(client.get(without_criterion).text)) == ["Carote", "Pane"]


def test_what_is_chosen_stays_among_the_filters_where_nothing_is_left(client, session, mill):
    make_offer(session, mill, title="Pane", category=BREAD)
    page = search(client, criteria="fair_trade", kind=Kind.CATERER.value, category=CARROTS)
    assert titles(page) == []
    for value in ("fair_trade", "caterer", CARROTS):
        assert re.search(rf'value="{re.escape(value)}"[^>]*checked', page)


def test_distances_can_be_chosen_and_left_again(client, session, mill):
    make_offer(session, mill, category=BREAD)
    page = search(client, near="Bergamo", radius_km="15")
    assert re.search(r'name="radius_km" value="15"[^>]*checked', page)
    assert re.search(r'name="radius_km" value=""', page)


def test_without_a_place_no_distance_is_asked(client, session, mill):
    make_offer(session, mill, category=BREAD)
    assert 'name="radius_km"' not in search(client)


def test_a_claim_that_is_expired_or_that_nobody_checked_is_not_told_as_certified(client, session, mill):
    make_claim(session, mill, expires=date(2020, 1, 1))
    make_claim(session, mill, criterion="work_inclusion", proof="register", verified=False, expires=None)
    chain = {"production_places": "Bergamo (BG)", "processing_places": "Bergamo (BG)", "intermediaries": "0"}
    make_claim(
        session, mill, criterion="short_chain", proof="signed", verified=False, expires=None, details=chain
    )
    make_offer(session, mill, title="Pane", category=BREAD)
    page = search(client)
    facts = page[page.index("fact-lines") :].split("</ul>")[0] if "fact-lines" in page else ""
    assert "Biologico" not in facts
    assert "Inserimento" not in facts
    assert "Filiera corta: dichiarato" in facts


def test_what_is_sold_out_says_so(client, session, mill):
    make_offer(session, mill, title="Pane", category=BREAD, available=0)
    assert "Esaurito" in search(client)


def test_pages_keep_the_search(client, session, mill):
    for _number in range(25):
        make_offer(session, mill, category=BREAD)
    first = search(client, q="pane")
    assert len(titles(first)) == 20
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert "q=pane" in following
    second = client.get(following.replace("&amp;", "&")).text
    assert len(titles(second)) == 5
    assert not set(titles(first)) & set(titles(second))


def test_a_page_beyond_the_last_is_empty_and_leads_back(client, session, mill):
    make_offer(session, mill, category=BREAD)
    assert client.get("/search?page=9999").status_code == 200


def test_a_place_that_several_bear_asks_which_and_keeps_the_rest(client):
    page = search(client, q="pane", near="Samone", criteria="organic")
    links = [link for link in re.findall(r'href="(/search\?[^"]+)"', page) if "Samone+%28TN%29" in link]
    assert links
    assert "q=pane" in links[0]
    assert "criteria=organic" in links[0]


def test_parameters_that_cannot_be_used_are_told(client):
    page = search(client, criteria="shiny", month="13", bbox="x", radius_km="5")
    assert page.count("notice-warning") == 4


def test_an_empty_answer_says_what_to_do_next(client):
    page = search(client, q="qwertyuiop", criteria="organic")
    assert "/try" in page
    assert 'href="/search"' in page
    assert 'href="/search?q=qwertyuiop"' in page


def test_while_the_index_is_missing_the_page_says_that_it_is_being_mended(client):
    assert "rimettendo in ordine" in search(client)


@pytest.mark.parametrize("q", ["", "f", "forma", "%", "_", "\x00", "🧀", "x" * 5000, "' or 1=1 --"])
def test_suggestions_are_a_list_whatever_is_typed(client, session, mill, q):
    make_offer(session, mill, title="Formaggella")
    answer = client.get("/suggest", query_string={"q": q})
    assert answer.status_code == 200
    assert isinstance(answer.json, list)
    assert (answer.json == ["Formaggella"]) == (q in {"f", "forma"})
