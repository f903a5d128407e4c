"""Everything that can be said of an offer: kept as it was written, refused beside its field where it does not fit."""

import pytest
import sqlalchemy as sa

from marketplace.catalogue.detail_models import OfferVariant
from marketplace.catalogue.models import Offer
from tests.factories import make_offer, make_organisation
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of

NEW = "/organisations/forno/offers/new"


@pytest.fixture
def bakery(session):
    return make_organisation(session, slug="forno")


@pytest.fixture
def people(app, session, bakery):
    return people_of(app, session, bakery)


def only_offer(session):
    session.expire_all()
    return session.scalars(sa.select(Offer)).one()


def test_every_part_of_the_form_is_kept_and_shown_to_everybody(people, session):
    people.owner.post(
        NEW,
        data=offer_data(
            box_size="6", minimum="1", multiple="0,5", maximum_per_member="4", available="90", capacity="40",
            capacity_period="week", raw_material="40", labour="35,5", transport="4,5", margin="20",
            ingredients="farina, acqua", allergens=["gluten", "sesame"], origin="Bergamo",
            establishment="SCIA 12/2024", net_amount="500", net_unit="g", weighed="y", deposit_cents="0,20",
            **{"variants-0-name": "Grande", "variants-0-price": "11", "variants-1-name": "Piccolo",
               "variants-1-available": "0"},
        ),
    )  # fmt: skip
    offer = only_offer(session)
    assert (offer.box_size, offer.minimum, offer.multiple, offer.maximum_per_member) == (
        6000,
        1000,
        500,
        4000,
    )
    assert (offer.available, offer.capacity, offer.capacity_period) == (90_000, 40_000, "week")
    assert offer.open_price == {"raw_material": 4000, "labour": 3550, "transport": 450, "margin": 2000}
    assert offer.food == {
        "ingredients": "farina, acqua",
        "allergens": ["gluten", "sesame"],
        "origin": "Bergamo",
        "establishment": "SCIA 12/2024",
        "net_amount": 500_000,
        "net_unit": "g",
        "weighed": True,
        "deposit_cents": 20,
    }
    variants = session.execute(sa.select(OfferVariant.name, OfferVariant.price, OfferVariant.available)).all()
    assert variants == [("Grande", 110_000, None), ("Piccolo", None, 0)]
    page = people.anonymous.get(f"/offers/{offer.id}", headers={"Accept-Language": "it"}).text
    for words in ("35,5\u00a0%", "farina, acqua", "SCIA 12/2024", "Grande", "0,20\u00a0€", "40\u00a0kg"):
        assert words in page


def test_the_form_opened_again_and_saved_changes_nothing(people, session, bakery):
    """What is shown can be read back, whatever is in it."""
    import re
    from html import unescape

    people.owner.post(
        NEW,
        data=offer_data(
            available="1234,5", months=["11", "12", "1"], raw_material="100", allergens=["none"],
            capacity="3", capacity_period="month", **{"variants-0-name": "A", "variants-0-price": "2,675"},
        ),
    )  # fmt: skip
    offer = only_offer(session)
    before = {
        name: getattr(offer, name)
        for name in ("price", "available", "months", "open_price", "food", "capacity")
    }
    page = people.owner.get(f"/offers/{offer.id}/edit").text
    form = re.search(r'<form method="post" novalidate>(.*?)</form>', page, re.S)[1]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name and (kind is None or kind[1] != "checkbox" or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            data.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        data[name] = re.search(r'<option selected value="([^"]*)"', body)[1]
    data["description"] = ""
    assert people.owner.post(f"/offers/{offer.id}/edit", data=data).status_code == 302
    session.expire_all()
    after = {name: getattr(offer, name) for name in before}
    assert after == before
    assert session.scalars(sa.select(OfferVariant.price)).all() == [26_750]


@pytest.mark.parametrize(
    "field, wrong",
    [
        ("minimum", {"minimum": "1,2", "multiple": "0,5"}),
        ("box_size", {"box_size": "5", "multiple": "2"}),
        ("maximum_per_member", {"maximum_per_member": "1", "minimum": "2"}),
        ("available", {"available": "1", "minimum": "2"}),
        ("capacity_period", {"capacity": "10"}),
        ("margin", {"raw_material": "50", "margin": "49,99"}),
        ("allergens", {"allergens": ["none", "milk"]}),
        ("variants", {"variants-0-name": "Grande", "variants-1-name": "grande"}),
        ("variants-0-name", {"variants-0-price": "3"}),
        ("title", {"title": "Pane bio"}),
        ("ingredients", {"ingredients": "farina biologica"}),
        ("variants", {"variants-0-name": "Bio da un chilo"}),
        ("capacity_period", {"capacity": "10", "capacity_period": "year"}),
        ("net_unit", {"net_amount": "5", "net_unit": "stone"}),
        ("allergens", {"allergens": ["gold"]}),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(people, session, field, wrong):
    answer = people.owner.post(NEW, data=offer_data(**wrong))
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert session.scalars(sa.select(Offer)).all() == []


@pytest.mark.parametrize(
    "strange", ["NaN", "Infinity", "1e5", "-0", "-1", "１２", "1_000", "10" * 15, "0x10", "²", "1.234"]
)
def test_a_strange_number_is_refused_in_every_new_field(people, session, strange):
    fields = (
        *("minimum", "multiple", "maximum_per_member", "capacity", "margin", "net_amount"),
        *("deposit_cents", "variants-0-price"),
    )
    data = offer_data(**dict.fromkeys(fields, strange), **{"variants-0-name": "Uno"})
    answer = people.owner.post(NEW, data=data)
    assert [field for field in fields if f'id="{field}-error"' not in answer.text] == []
    assert session.scalars(sa.select(Offer)).all() == []


def test_what_is_no_food_carries_no_food_sheet(people, session):
    people.owner.post(NEW, data=offer_data(category="crafts", ingredients="lana", allergens=["milk"]))
    assert only_offer(session).food is None


def test_the_food_sheet_is_hidden_where_the_category_is_no_food(people, session, bakery):
    scarf = make_offer(session, bakery, category="crafts")
    bread = make_offer(session, bakery, category="food.bakery.bread")
    session.commit()
    assert 'data-only-for="food" hidden' in people.owner.get(f"/offers/{scarf.id}/edit").text
    assert 'data-only-for="food" hidden' not in people.owner.get(f"/offers/{bread.id}/edit").text


def test_a_draft_is_seen_by_its_editors_only_until_it_is_published(people, session):
    answer = people.owner.post(NEW, data=offer_data(save_as="draft"))
    offer = only_offer(session)
    assert (offer.status, answer.location) == ("draft", f"/offers/{offer.id}/edit")
    assert people.anonymous.get(f"/offers/{offer.id}").status_code == 404
    data = offer_data(version=offer.version, save_as="published")
    assert people.editor.post(f"/offers/{offer.id}/edit", data=data).location == f"/offers/{offer.id}"
    assert people.anonymous.get(f"/offers/{offer.id}").status_code == 200


@pytest.mark.parametrize("pressed", ["withdrawn", "applicant", "", "x" * 5000])
def test_a_button_that_is_none_changes_no_status(people, session, pressed):
    people.owner.post(NEW, data=offer_data(save_as=pressed))
    assert only_offer(session).status == "published"


def test_a_button_proposes_categories_and_another_takes_one_without_saving(people, session):
    page = people.owner.post(NEW, data=offer_data(title="Mele golden", category="", guess="yes")).text
    assert 'name="take_category" value="food.fruit.apples"' in page
    page = people.owner.post(
        NEW, data=offer_data(title="Mele golden", category="", take_category="food.fruit.apples")
    ).text
    assert '<option selected value="food.fruit.apples"' in page
    assert session.scalars(sa.select(Offer)).all() == []


def test_the_proposals_come_as_a_part_of_the_page_too(people):
    part = people.owner.get("/offers/category-guesses", query_string={"title": "Pane di segale"}).text
    assert 'value="food.bakery.bread"' in part
    assert "<html" not in part


@pytest.mark.parametrize(
    "title", ["", "(" * 1000, "????*", "AND OR NOT", "x" * 10_000, "\x00", "[a TO z]", "'\"<script>"]
)
def test_strange_titles_mean_no_category_and_harm_nothing(people, title):
    assert people.owner.get("/offers/category-guesses", query_string={"title": title}).status_code == 200


def test_more_variants_can_be_asked_for_up_to_the_most(people, session):
    filled = {f"variants-{number}-name": f"V{number}" for number in range(25)}
    page = people.owner.post(NEW, data=offer_data(**filled, more_variants="yes")).text
    assert page.count('class="variant"') == 20


SCRIPT = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def test_texts_that_would_run_do_not(people, session):
    people.owner.post(
        NEW,
        data=offer_data(
            title=SCRIPT, description=f"[x](javascript:alert(1)) {SCRIPT}", ingredients=SCRIPT, origin=SCRIPT,
            establishment=SCRIPT[:60], **{"variants-0-name": SCRIPT},
        ),
    )  # fmt: skip
    offer = only_offer(session)
    for page in (
        people.anonymous.get(f"/offers/{offer.id}"),
        people.owner.get(f"/offers/{offer.id}/edit"),
        people.owner.get("/organisations/forno/catalogue"),
        people.owner.get(f"/offers/{offer.id}/versions"),
    ):
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text
        assert 'href="javascript:' not in page.text
