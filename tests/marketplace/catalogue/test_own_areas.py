"""Offers that go to some of their organisation's areas: chosen, kept, shown, and true when an area goes."""

import pytest
import sqlalchemy as sa

from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer
from marketplace.catalogue.versions import versions_of
from marketplace.organisations.models import DeliveryArea
from tests.factories import make_area, make_offer, make_organisation
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of


@pytest.fixture
def house(session):
    return make_organisation(session)


@pytest.fixture
def areas(session, house):
    near = make_area(session, house, kind="radius", radius_m=5_000)
    provinces = make_area(session, house, kind="province", radius_m=None, codes=["BG", "BS"])
    session.refresh(house)
    return near.id, provinces.id


@pytest.fixture
def offer(session, house, areas):
    return make_offer(session, house, title="Pane", category="food.bakery.bread")


@pytest.fixture
def people(app, session, house):
    return people_of(app, session, house)


def stored(session, offer):
    session.expire_all()
    return session.get(Offer, offer.id)


def change(people, offer, chosen):
    data = offer_data(title="Pane", version=offer.version, area_ids=[str(id_) for id_ in chosen])
    return people.editor.post(f"/offers/{offer.id}/edit", data=data).status_code


def test_chosen_areas_are_kept_shown_and_indexed(people, house, areas, offer, session):
    assert change(people, offer, areas[:1]) == 302
    assert stored(session, offer).area_ids == [areas[0]]
    page = people.editor.get(f"/offers/{offer.id}").text
    assert "Entro 5" in page
    assert "BS" not in page
    assert "solo: Entro 5" in people.editor.get(f"/organisations/{house.slug}").text
    assert "Entro 5" in people.editor.get(f"/offers/{offer.id}/versions").text
    [document] = supplier_documents(session, [house.id])
    assert len(document.areas) == 3
    assert document.offers[0].areas == (0,)
    change(people, stored(session, offer), areas[1:])
    [document] = supplier_documents(session, [house.id])
    assert document.offers[0].areas == (1, 2)


@pytest.mark.parametrize("ticked", [0, 2])
def test_none_and_all_mean_wherever_the_organisation_delivers(people, areas, offer, session, ticked):
    change(people, offer, areas[:1])
    change(people, stored(session, offer), areas[:ticked])
    assert stored(session, offer).area_ids is None
    assert [one.content["area_ids"] for one in versions_of(session, offer)][:2] == [None, [areas[0]]]


def test_the_areas_of_others_cannot_be_chosen(people, offer, session):
    foreign = make_area(session, make_organisation(session), kind="province", codes=["MI"])
    assert change(people, offer, [foreign.id]) == 200
    assert stored(session, offer).area_ids is None


def test_an_area_to_which_alone_an_offer_goes_stays(people, areas, offer, session):
    change(people, offer, areas[:1])
    page = people.editor.post(f"/areas/{areas[0]}/remove", follow_redirects=True).text
    assert "Pane" in page
    assert session.get(DeliveryArea, areas[0]) is not None


def test_of_several_areas_the_removed_one_is_left(people, house, areas, offer, session):
    make_area(session, house, kind="province", codes=["MI"])
    session.refresh(house)
    change(people, offer, areas)
    assert people.editor.post(f"/areas/{areas[0]}/remove").status_code == 302
    left = stored(session, offer)
    assert (left.area_ids, session.get(DeliveryArea, areas[0])) == ([areas[1]], None)
    assert versions_of(session, left)[0].content["area_ids"] == [areas[1]]


def test_last_season_copied_goes_where_it_went(people, house, areas, offer, session):
    change(people, offer, areas[:1])
    people.editor.post(f"/offers/{offer.id}/withdraw")
    people.editor.post(f"/organisations/{house.slug}/catalogue/copy", data={"offer": [str(offer.id)]})
    copies = session.scalars(sa.select(Offer.area_ids).where(Offer.id != offer.id)).all()
    assert copies == [[areas[0]]]
