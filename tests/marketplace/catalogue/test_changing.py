"""Changing an offer: by its editors only, and never over somebody else's change."""

import pytest

from marketplace.catalogue import operations
from marketplace.catalogue.models import Offer
from marketplace.errors import Conflict
from tests.factories import NOW, make_claim, make_offer, make_organisation
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of


@pytest.fixture
def offer(session):
    return make_offer(
        session, make_organisation(session), title="Pane", category="food.bakery.bread", price=40_000
    )


@pytest.fixture
def people(app, session, offer):
    return people_of(app, session, offer.organisation)


def stored(session, offer):
    session.expire_all()
    return session.get(Offer, offer.id)


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_who_edits_changes_it(people, session, offer, who):
    answer = getattr(people, who).post(
        f"/offers/{offer.id}/edit", data=offer_data(title="Pane di segale", version=offer.version)
    )
    assert answer.status_code == 302
    changed = stored(session, offer)
    assert (changed.title, changed.version) == ("Pane di segale", 2)


@pytest.mark.parametrize("action", ["edit", "withdraw", "republish"])
@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_change_nothing(people, session, offer, who, status, action):
    answer = getattr(people, who).post(
        f"/offers/{offer.id}/{action}", data=offer_data(title="Rubato", version="1")
    )
    assert answer.status_code == status
    assert (stored(session, offer).title, stored(session, offer).status) == ("Pane", "published")


@pytest.mark.parametrize("number", [str(2**63), "0", "-1", "9" * 5000, "abc"])
def test_an_id_that_is_none_is_no_page(people, number):
    assert people.owner.post(f"/offers/{number}/withdraw").status_code == 404


def test_the_form_shows_what_is_stored(people, offer):
    page = people.owner.get(f"/offers/{offer.id}/edit").text
    assert 'value="Pane"' in page
    assert 'value="4,00"' in page
    assert f'name="version" value="{offer.version}"' in page


def test_the_second_of_two_editors_sees_both_versions_and_nothing_is_lost(people, session, offer):
    opened = offer.version
    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(title="Pane della nonna", version=opened))
    answer = people.editor.post(
        f"/offers/{offer.id}/edit", data=offer_data(title="Pane del forno", version=opened)
    )
    assert answer.status_code == 409
    assert "Pane della nonna" in answer.text
    assert 'value="Pane del forno"' in answer.text
    assert stored(session, offer).title == "Pane della nonna"
    again = people.editor.post(
        f"/offers/{offer.id}/edit",
        data=offer_data(title="Pane del forno", version=stored(session, offer).version),
    )
    assert again.status_code == 302
    assert stored(session, offer).title == "Pane del forno"


def test_the_form_that_shows_a_conflict_carries_the_new_version(people, session, offer):
    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(title="Uno", version="1"))
    page = people.editor.post(f"/offers/{offer.id}/edit", data=offer_data(title="Due", version="1")).text
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize("version", ["", "x", "-1", "１", "9" * 5000, "1e0"])
def test_a_version_that_is_none_is_older_than_every_other(people, session, offer, version):
    answer = people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(title="Altro", version=version))
    assert answer.status_code == 409
    assert stored(session, offer).title == "Pane"


def test_two_transactions_that_read_the_same_version_do_not_overwrite_each_other(session, people, offer):
    values = operations.OfferValues(title="A", category="food.bakery.bread", unit="kg", vat_treatment="vat_4")
    owner = people.persons["owner"]
    # as another connection saves between this one's reading and writing
    session.connection().exec_driver_sql(f"update offer set version = version + 1 where id = {offer.id}")
    with pytest.raises(Conflict) as refused:
        operations.change_offer(session, owner, offer, values, version=offer.version, now=NOW)
    assert refused.value.code == "changed_meanwhile"


def test_organic_words_of_an_offer_need_its_own_certificate_or_the_organisations(people, session, offer):
    other = make_offer(session, offer.organisation)
    make_claim(session, offer.organisation, other)
    session.commit()
    data = offer_data(title="Pane biologico", version=offer.version)
    assert people.owner.post(f"/offers/{offer.id}/edit", data=data).status_code == 200
    make_claim(session, offer.organisation, offer)
    session.commit()
    assert people.owner.post(f"/offers/{offer.id}/edit", data=data).status_code == 302


def test_what_is_taken_out_has_no_page_and_comes_back(people, session, offer):
    people.owner.post(f"/offers/{offer.id}/withdraw")
    assert people.anonymous.get(f"/offers/{offer.id}").status_code == 404
    people.owner.post(f"/offers/{offer.id}/republish")
    assert people.anonymous.get(f"/offers/{offer.id}").status_code == 200


def test_taking_it_out_twice_is_once(people, session, offer):
    people.owner.post(f"/offers/{offer.id}/withdraw")
    version = stored(session, offer).version
    people.owner.post(f"/offers/{offer.id}/withdraw")
    assert stored(session, offer).version == version
