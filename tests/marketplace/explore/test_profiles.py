"""The pages of an organisation and of an offer: everything public, and nothing else."""

import json
import re
from datetime import date

import pytest

from marketplace.catalogue.models import OfferStatus
from marketplace.organisations.models import Status
from tests.factories import make_area, make_claim, make_membership, make_offer, make_organisation, make_user

BREAD = "food.bakery.bread"


@pytest.fixture
def mill(session):
    return make_organisation(
        session, slug="mulino", name="Mulino di prova", description="Dal **1902**.", email="mulino@example.org",
        phone="035 000 000", website="https://example.org/mulino", address="Via dei Mulini 1",
    )  # fmt: skip


def read(client, path):
    answer = client.get(path, headers={"Accept-Language": "it"})
    assert answer.status_code == 200
    return answer.text


def areas(page):
    found = re.search(r'<script type="application/json" data-map-areas>(.*?)</script>', page, re.S)
    return json.loads(found[1])["features"] if found else []


def test_an_organisation_shows_who_it_is_what_it_offers_and_how_to_reach_it(client, session, mill):
    make_offer(session, mill, title="Pane di segale", category=BREAD)
    page = read(client, "/organisations/mulino")
    for words in ("Mulino di prova", "<strong>1902</strong>", "Pane di segale", "mailto:mulino@example.org", "tel:035000000",
                  "https://example.org/mulino", "Via dei Mulini 1", "Bergamo (BG)"):  # fmt: skip
        assert words in page


def test_facts_are_told_with_their_numbers_and_days_and_what_expired_as_expired(client, session, mill):
    make_claim(session, mill)
    make_claim(
        session,
        mill,
        criterion="fair_trade",
        proof="register",
        expires=date(2020, 1, 1),
        details={"number": "77"},
    )
    page = read(client, "/organisations/mulino")
    assert "IT-BIO-000" in page
    assert "31 dicembre 2027" in page
    assert page.index("IT-BIO-000") < page.index("scaduto")
    assert "1 gennaio 2020" in page


def test_what_holds_for_one_offer_only_says_for_which(client, session, mill):
    offer = make_offer(session, mill, title="Pane di segale", category=BREAD)
    make_claim(session, mill, offer)
    assert "solo per Pane di segale" in read(client, "/organisations/mulino")


def test_where_it_delivers_is_told_in_words_and_drawn(client, session, mill):
    make_area(session, mill, radius_m=12_500, minimum_cents=5000, days=[2, 5])
    make_area(session, mill, kind="comuni", codes=["016077", "016024"], radius_m=None)
    make_area(session, mill, kind="province", codes=["MI"], radius_m=None)
    ring = [[9.6, 45.6], [9.7, 45.6], [9.7, 45.7], [9.6, 45.6]]
    make_area(
        session, mill, kind="polygon", polygon={"type": "Polygon", "coordinates": [ring]}, radius_m=None
    )
    page = read(client, "/organisations/mulino")
    for words in ("50,00", "martedì, venerdì", "Bergamo, Clusone", "MI"):
        assert words in page
    shapes = areas(page)
    assert [shape["geometry"]["type"] for shape in shapes] == ["Point", "Polygon"]
    assert shapes[0]["properties"]["radius_km"] == 12.5


def test_who_has_no_point_has_no_map(client, session):
    organisation = make_organisation(session, slug="senza", lat=None, lon=None)
    make_area(session, organisation)
    assert "data-map-points" not in read(client, "/organisations/senza")


@pytest.mark.parametrize("status", [Status.APPLICANT, Status.SUSPENDED])
def test_who_is_not_active_has_no_page_nor_have_its_offers(client, session, mill, status):
    offer = make_offer(session, mill, category=BREAD)
    mill.status = status
    session.commit()
    assert client.get("/organisations/mulino").status_code == 404
    assert client.get(f"/offers/{offer.id}").status_code == 404


@pytest.mark.parametrize("status", [OfferStatus.DRAFT, OfferStatus.WITHDRAWN])
def test_what_is_not_published_has_no_page(client, session, mill, status):
    offer = make_offer(session, mill, title="Segreto", category=BREAD, status=status)
    assert client.get(f"/offers/{offer.id}").status_code == 404
    assert "Segreto" not in read(client, "/organisations/mulino")


@pytest.mark.parametrize(
    "path", ["/organisations/nessuna", "/organisations/../x", "/organisations/" + "x" * 3000,
             "/offers/0", "/offers/-1", f"/offers/{2**63}", "/offers/" + "9" * 5000, "/offers/1e5"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_address_that_no_database_can_keep_is_refused(client):
    assert client.get("/organisations/%00").status_code in (400, 404)


def test_an_offer_shows_price_months_quantity_and_who_sells_it(client, session, mill):
    offer = make_offer(
        session, mill, title="Pane di segale", category=BREAD, price=45_000, months=frozenset({1, 2}),
        available=12_000, box_size=2_000, lead_time_days=3, description="Cotto a **legna**",
    )  # fmt: skip
    page = read(client, f"/offers/{offer.id}")
    for words in ("Pane di segale", "4,50", "gennaio–febbraio", "12\xa0kg", "2\xa0kg", "3 giorni",
                  "<strong>legna</strong>", "/organisations/mulino", "10 %"):  # fmt: skip
        assert words in page


def test_no_person_is_named_on_a_public_page(client, session, mill):
    person = make_user(session, name="Zelinda Riservata", email="zelinda@example.org")
    make_membership(session, person, mill)
    offer = make_offer(session, mill, category=BREAD)
    for path in ("/organisations/mulino", f"/offers/{offer.id}", "/search", "/"):
        page = read(client, path)
        assert "Zelinda" not in page
        assert "zelinda@" not in page


def test_an_offer_of_a_category_that_is_gone_is_still_shown(client, session, mill):
    offer = make_offer(
        session, mill, title="Cosa", category="gone.long.ago", unit="parsec", vat_treatment="old"
    )
    assert "Cosa" in read(client, f"/offers/{offer.id}")
    assert "Cosa" in read(client, "/organisations/mulino")
    assert "Cosa" in read(client, "/search")


def test_an_empty_catalogue_says_so(client, mill, session):
    session.commit()
    assert "Non ha ancora pubblicato niente" in read(client, "/organisations/mulino")
